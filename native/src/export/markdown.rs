//! The table of times, for an issue or a README.

use std::fmt::Write;

use gilscope::report::Report;

use super::Exporter;
use crate::print::{self, figures};

pub struct MarkdownExporter;

impl Exporter for MarkdownExporter {
    fn render(&self, report: &Report) -> anyhow::Result<Vec<u8>> {
        let mut text =
            String::from("| Model | Workers | Time | 95 % interval | Speed-up | 95 % interval | Efficiency |\n");
        text.push_str("|:---|---:|---:|:---|---:|:---|---:|\n");
        for row in figures::times(report) {
            let (time, speedup) = (row.time, row.speedup);
            let cells = [
                format!("`{}`", row.model),
                row.workers,
                time.median,
                time.interval,
                speedup.median,
                speedup.interval,
                row.efficiency,
            ];
            writeln!(text, "| {} |", cells.join(" | "))?;
        }
        if let Some(verdict) = &report.verdict {
            writeln!(text, "\n{}", verdict.text)?;
            for (number, part) in verdict.parts.iter().enumerate() {
                writeln!(text, "{}- {}", if number == 0 { "\n" } else { "" }, part.text)?;
            }
        }
        for warning in print::warning_texts(report) {
            writeln!(text, "\nWarning: {warning}")?;
        }
        Ok(text.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::tests::report;

    #[test]
    fn the_table_has_the_figures_of_the_printed_one() {
        let text = MarkdownExporter.render(&report()).unwrap();
        insta::assert_snapshot!(String::from_utf8(text).unwrap(), @r"
        | Model | Workers | Time | 95 % interval | Speed-up | 95 % interval | Efficiency |
        |:---|---:|---:|:---|---:|:---|---:|
        | `serial` | 1 | 1.260 s | [1.200, 1.300] | 1.00x |  |  |
        | `threads` | 2 | 1.310 s | [1.300, 1.350] | 0.96x | [0.92, 0.96] | 49 % |
        | `processes` | 2 | 0.650 s | [0.640, 0.660] | 1.94x | [1.90, 1.95] | 99 % |

        Confirmed: threads took turns and gained nothing, processes ran in parallel.

        - 2 threads ran 0.96x (0.92-0.96) as fast as one task after another.
        - 2 processes ran 1.94x (1.90-1.95) as fast, of the 1.96x that this machine can do.

        Warning: Something else used the machine: close it and run again.

        Warning: threads (2 workers): 1 of 3 samples lies far from the others.
        ");
    }
}
