import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PageElement } from './page-element.ts';

/** A report, as a file holds it. */
export interface ReportFile {
  name: string;
  text: string;
}

/** Which reports are compared, in which order; tells by `files` what is chosen, by `order` what is left. */
@customElement('gs-compare-files')
export class CompareFiles extends PageElement {
  @property({ attribute: false }) files: ReportFile[] = [];
  @state() private over = false;

  async #take(list: FileList | null | undefined): Promise<void> {
    const chosen = await Promise.all([...(list ?? [])].map(async (file) => ({ name: file.name, text: await file.text() })));
    if (chosen.length > 0) this.#tell([...this.files, ...chosen]);
  }

  #tell(files: ReportFile[]): void {
    this.dispatchEvent(new CustomEvent('files', { detail: files }));
  }

  #drop(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    void this.#take(event.dataTransfer?.files);
  }

  #hover(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.over = over;
  }

  protected override render() {
    return html`<div
        class="drop ${this.over ? 'over' : ''}"
        data-testid="compare-drop"
        @dragover=${(event: DragEvent) => this.#hover(event, true)}
        @dragleave=${(event: DragEvent) => this.#hover(event, false)}
        @drop=${(event: DragEvent) => this.#drop(event)}
      >
        <label for="compare-files">Drop reports here, or choose them</label>
        <input
          id="compare-files"
          type="file"
          multiple
          accept=".json,.html,application/json,text/html"
          data-testid="compare-files"
          @change=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            // The same file can be chosen again.
            void this.#take(input.files).then(() => (input.value = ''));
          }}
        />
      </div>
      ${this.files.length > 0 ? html`<ol class="chosen">${this.files.map((file, i) => this.#chosen(file, i))}</ol>` : nothing}`;
  }

  #chosen({ name }: ReportFile, i: number) {
    const others = this.files.filter((_, other) => other !== i);
    return html`<li data-testid="compare-chosen">
      <span>${name}</span> ${i === 0
        ? html`<span class="note">the reference</span>`
        : html`<button type="button" class="quiet" @click=${() => this.#tell([this.files[i]!, ...others])}>
            Make ${name} the reference
          </button>`}
      <button type="button" class="quiet" aria-label="Leave out ${name}" @click=${() => this.#tell(others)}>Leave out</button>
    </li>`;
  }
}
