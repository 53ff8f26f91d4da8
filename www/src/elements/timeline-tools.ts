import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Measurement } from '../measurement.ts';
import { live, PageElement } from './page-element.ts';
import './column-help.ts';

const HELP =
  'Point at a lane, or tap it: the line below says what was when. Drag to move. Ctrl or ⌘ with the wheel, a pinch or a double click ' +
  'zooms; Shift with the wheel moves. By keyboard: Tab to a timeline; up and down choose a lane, Shift with left and right ' +
  'goes from span to span, left and right move, + and − zoom, 0 shows all, Home and End go to the ends. Where many spans share a ' +
  'pixel, each kind fills as much of its height as its share of the time.';

interface Tool {
  hook: string;
  sign: string;
  name: string;
  use: (scale: Measurement['scale']) => void;
}

const TOOLS: readonly Tool[] = [
  { hook: 'earlier', sign: '◂', name: 'Earlier', use: (scale) => scale.pan(-0.5) },
  { hook: 'later', sign: '▸', name: 'Later', use: (scale) => scale.pan(0.5) },
  { hook: 'zoom-out', sign: '−', name: 'Zoom out', use: (scale) => scale.zoom(0.5) },
  { hook: 'zoom-in', sign: '+', name: 'Zoom in', use: (scale) => scale.zoom(2) },
  { hook: 'zoom-all', sign: 'all', name: 'Show all of the time', use: (scale) => scale.whole() },
];

/** Moves what all timelines have in view, for those who neither drag nor pinch nor turn a wheel. */
@customElement('gs-timeline-tools')
export class TimelineTools extends PageElement {
  @live() measurement!: Measurement;

  protected override render() {
    const { scale } = this.measurement;
    return html`<div class="tools" role="group" aria-label="What the timelines show of the time">
      ${TOOLS.map(
        ({ hook, sign, name, use }) =>
          html`<button type="button" data-testid=${hook} aria-label=${name} title=${name} @click=${() => use(scale)}>${sign}</button>`,
      )}
      <gs-column-help hook="timeline" label="How to move and zoom" help=${HELP}></gs-column-help>
    </div>`;
  }
}
