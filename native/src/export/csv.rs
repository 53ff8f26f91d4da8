//! One line a model and worker count, for spreadsheets: times in seconds, what is absent is empty.

use gilscope::report::{Report, Run};
use gilscope::stats::Summary;
use serde::Serialize;

use super::Exporter;

pub struct CsvExporter;

impl Exporter for CsvExporter {
    fn render(&self, report: &Report) -> anyhow::Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for run in &report.runs {
            writer.serialize(Line::of(run))?;
        }
        Ok(writer.into_inner()?)
    }
}

#[derive(Serialize)]
struct Line {
    /// Of the experiment's sweep, counted from 0.
    point: Option<u32>,
    model: String,
    workers: u32,
    rounds: usize,
    median_s: f64,
    min_s: f64,
    max_s: f64,
    ci95_low_s: Option<f64>,
    ci95_high_s: Option<f64>,
    speedup: Option<f64>,
    speedup_ci95_low: Option<f64>,
    speedup_ci95_high: Option<f64>,
    efficiency: Option<f64>,
    startup_median_s: f64,
    memory_median_bytes: Option<f64>,
    rss_median_bytes: Option<f64>,
    first_answer_median_s: Option<f64>,
    task_p50_s: Option<f64>,
    task_p90_s: Option<f64>,
    task_p99_s: Option<f64>,
    forced_switches: Option<u64>,
    lock_held_s: Option<f64>,
    lock_waiting_s: Option<f64>,
    messages: Option<u64>,
    message_bytes: Option<u64>,
}

impl Line {
    fn of(run: &Run) -> Self {
        let (ci95_low_s, ci95_high_s) = ends(Some(&run.elapsed_s));
        let (speedup_ci95_low, speedup_ci95_high) = ends(run.speedup.as_ref());
        Self {
            point: run.point,
            model: run.model.to_string(),
            workers: run.workers,
            rounds: run.elapsed_s.samples.len(),
            median_s: run.elapsed_s.median,
            min_s: run.elapsed_s.min,
            max_s: run.elapsed_s.max,
            ci95_low_s,
            ci95_high_s,
            speedup: run.speedup.as_ref().map(|speedup| speedup.median),
            speedup_ci95_low,
            speedup_ci95_high,
            efficiency: run.efficiency,
            startup_median_s: run.startup_s.median,
            memory_median_bytes: run.memory_bytes.as_ref().map(|memory| memory.median),
            rss_median_bytes: run.rss_bytes.as_ref().map(|rss| rss.median),
            first_answer_median_s: run.first_s.as_ref().map(|first| first.median),
            task_p50_s: run.task_s.map(|task| task.p50),
            task_p90_s: run.task_s.map(|task| task.p90),
            task_p99_s: run.task_s.map(|task| task.p99),
            forced_switches: run.lock.as_ref().map(|lock| lock.forced_switches),
            lock_held_s: run.lock.as_ref().and_then(|lock| lock.held_s),
            lock_waiting_s: run.lock.as_ref().and_then(|lock| lock.waiting_s),
            messages: run.channel.map(|channel| channel.messages),
            message_bytes: run.channel.map(|channel| channel.bytes),
        }
    }
}

fn ends(summary: Option<&Summary>) -> (Option<f64>, Option<f64>) {
    let interval = summary.and_then(|summary| summary.ci95);
    (interval.map(|[low, _]| low), interval.map(|[_, high]| high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::tests::report;

    #[test]
    fn every_run_is_a_line_under_named_columns() {
        let text = CsvExporter.render(&report()).unwrap();
        insta::assert_snapshot!(String::from_utf8(text).unwrap(), @r"
        point,model,workers,rounds,median_s,min_s,max_s,ci95_low_s,ci95_high_s,speedup,speedup_ci95_low,speedup_ci95_high,efficiency,startup_median_s,memory_median_bytes,rss_median_bytes,first_answer_median_s,task_p50_s,task_p90_s,task_p99_s,forced_switches,lock_held_s,lock_waiting_s,messages,message_bytes
        ,serial,1,3,1.26,1.2,1.3,1.2,1.3,1.0,1.0,1.0,,0.00008,,,,,,,,,,,
        ,threads,2,3,1.31,1.3,1.35,1.3,1.35,0.96,0.92,0.96,0.49,0.00015,,,,,,,780,3.92,3.9,,
        ,processes,2,3,0.65,0.64,0.66,0.64,0.66,1.94,1.9,1.95,0.99,0.0022,,,,,,,,,,24,3600
        ");
    }
}
