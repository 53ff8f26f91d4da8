import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live as same } from 'lit/directives/live.js';
import { fieldName, inOrder, pointInWords, sweeps, texts, valueInWords } from '../fields.ts';
import type { Settings } from '../settings.ts';
import type { Point } from '../whole.ts';
import { live, PageElement } from './page-element.ts';

/** What each field takes over all points: "size: 1,000, 10,000". */
function ranges(sweep: Point[]): [string, string][] {
  const fields = inOrder([...new Set(sweep.flatMap((point) => Object.keys(point)))]);
  return fields.map((field) => {
    const values = [...new Set(sweep.map((point) => point[field]).filter((value) => value !== undefined))];
    return [fieldName(field), values.map((value) => valueInWords(field, value)).join(' · ')];
  });
}

/** The points at which the experiment is run, one after another; or one point of the reader's own. Fires `points`. */
@customElement('gs-sweep-points')
export class SweepPoints extends PageElement {
  @live() settings!: Settings;

  #tell(text: string): void {
    this.dispatchEvent(new CustomEvent('points', { detail: text }));
  }

  protected override render() {
    const { experiment, error } = this.settings;
    const { sweep } = experiment;
    // A field that every point sets has no control of its own.
    const wrong = error && (error.field === 'sweep' || sweeps(experiment, error.field)) ? error : undefined;
    return html`
      <label class="all-points">
        <input
          type="checkbox"
          data-testid="sweep-switch"
          .checked=${same(sweep.length > 0)}
          @change=${(event: Event) =>
            this.#tell((event.target as HTMLInputElement).checked ? texts(this.settings.own(this.settings.isQuick)).sweep : '')}
        />
        ${sweep.length > 0 ? `all ${sweep.length} points, one after another` : 'all points of this lab'}
      </label>
      ${sweep.length > 0
        ? html`<dl class="ranges">
              ${ranges(sweep).map(([name, values]) => html`<dt>${name}</dt><dd>${values}</dd>`)}
            </dl>
            <details>
              <summary class="note">each point</summary>
              <ol class="note points">${sweep.map((point) => html`<li>${pointInWords(point)}</li>`)}</ol>
              <label class="note" for="field-sweep">the same as text, to change</label>
              <textarea
                id="field-sweep"
                data-testid="field-sweep"
                rows="4"
                spellcheck="false"
                .value=${same(this.settings.texts.sweep)}
                @input=${(event: Event) => this.#tell((event.target as HTMLTextAreaElement).value)}
              ></textarea>
            </details>`
        : html`<p class="note">One point: what the fields below say. The lab’s verdict needs all of its points.</p>`}
      <p class="error" role=${wrong ? 'alert' : nothing} data-testid=${wrong ? 'error' : nothing}>
        ${wrong ? `${fieldName(wrong.field)} “${wrong.value}” cannot be used: ${wrong.remedy}` : ''}
      </p>
    `;
  }
}
