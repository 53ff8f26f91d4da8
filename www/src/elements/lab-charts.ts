import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Chart, Report } from '../host/index.ts';
import { hostTitle, type HostId } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './lab-chart.ts';

/** A chart of nothing has nothing to say. */
function chartsOf({ charts = [] }: Report): Chart[] {
  return charts.filter(({ series }) => series.some(({ marks }) => marks.length > 0));
}

/** What the lab draws of each report. */
@customElement('gs-lab-charts')
export class LabCharts extends PageElement {
  @live() reports!: ReadonlyMap<HostId, Report>;
  /** Whose figures they are. */
  @property() heading = 'What your machine says';

  protected override render() {
    if (this.reports.size === 0) return nothing;
    const both = this.reports.size > 1;
    return html`<section class="charts" aria-labelledby="charts-title">
      <h2 id="charts-title">${this.heading}</h2>
      ${[...this.reports].map(
        ([host, report]) => html`
          ${both ? html`<h3>${hostTitle(host)}</h3>` : nothing}
          <div class="chart-row">
            ${chartsOf(report).map(
              (chart, i) =>
                html`<gs-lab-chart .chart=${chart} name=${`gilscope-${report.experiment.lab}-${i + 1}-${host}`} host=${both ? hostTitle(host) : ''}></gs-lab-chart>`,
            )}
          </div>
        `,
      )}
    </section>`;
  }
}
