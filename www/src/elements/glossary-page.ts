import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { GLOSSARY, type Term } from '../glossary.ts';
import { PageElement } from './page-element.ts';

/** The site's words and what they mean. */
@customElement('gs-glossary-page')
export class GlossaryPage extends PageElement {
  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Words – gilscope';
    document.body.dataset.state = 'idle';
  }

  protected override render() {
    return html`<h1>Words</h1>
      <p class="lead">What the words on this site mean, the simple ones first.</p>
      ${GLOSSARY.map(
        ({ topic, terms }) =>
          html`<section class="glossary"><h2>${topic}</h2><dl>${terms.map((term) => this.#term(term))}</dl></section>`,
      )}`;
  }

  #term({ term, meaning }: Term) {
    return html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`;
  }
}
