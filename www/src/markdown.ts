// The little Markdown that explanations are written in: paragraphs, `code`, *emphasis*, **strong**.

import { html, type TemplateResult } from 'lit';

const SPANS = /(`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*)/;

function span(text: string): unknown {
  if (text.startsWith('`')) return html`<code>${text.slice(1, -1).replaceAll('\n', ' ')}</code>`;
  if (text.startsWith('**')) return html`<strong>${text.slice(2, -2)}</strong>`;
  return text.startsWith('*') ? html`<em>${text.slice(1, -1)}</em>` : text;
}

/** Every text goes through the template, so none of it is taken for markup. */
export function markdown(source: string): TemplateResult[] {
  const paragraphs = source.split(/\n\s*\n/).map((paragraph) => paragraph.trim());
  return paragraphs.filter(Boolean).map((paragraph) => {
    const parts = paragraph.split(SPANS).map((text, i) => (i % 2 === 1 ? span(text) : text));
    return html`<p>${parts}</p>`;
  });
}
