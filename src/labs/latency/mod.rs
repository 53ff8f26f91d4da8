//! `latency`: a worker started for every request, against workers that wait for one.

use super::finding::{Part, Quantity};
use super::words::seconds;
use super::{Analysis, Lab, Setting, percentiles, point};
use crate::chart::{Axis, Chart, Form, Unit};
use crate::experiment::{Dispatch, Experiment, Model};
use crate::report::{HostKind, Report, Verdict};
use crate::stats::{Estimate, Percentiles};

/// Slower by less than this may be noise.
const SLOWER: f64 = 1.3;

pub static LAB: Lab = Lab {
    id: "latency",
    question: "A new worker for every request?",
    watch: "Requests that come one after another, to a worker that waits for them, then each to a new worker. Watch \
            how long one request in twenty takes.",
    claim: "starting a worker per request is slower with processes than with threads",
    article: "",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    Experiment {
        size: 200_000,
        tasks: setting.size(50, 10),
        models: vec![Model::Threads, Model::Processes],
        workers: vec![1],
        runs: setting.size(3, 1),
        sweep: [Dispatch::Warm, Dispatch::Fresh].map(|dispatch| point(&[("dispatch", dispatch.name())])).into(),
        ..Experiment::default()
    }
}

fn requests(report: &Report, model: Model, dispatch: Dispatch) -> Option<Percentiles> {
    let run = report.runs.iter().find(|run| run.model == model && report.experiment_of(run).dispatch == dispatch)?;
    run.task_s
}

fn charts(report: &Report) -> Vec<Chart> {
    let mut chart = Chart::new(
        "How long a request took",
        Form::Lines,
        Axis::new("", Unit::None),
        Axis::log("from request to answer", Unit::Seconds),
    );
    for (dispatch, how) in [(Dispatch::Warm, "waiting"), (Dispatch::Fresh, "started for each request")] {
        for model in [Model::Threads, Model::Processes] {
            let marks = requests(report, model, dispatch).map(|all| percentiles(&all)).unwrap_or_default();
            chart = chart.with(format!("{model}, {how}"), marks);
        }
    }
    vec![chart]
}

fn judge(report: &Report) -> Option<Verdict> {
    let threads = requests(report, Model::Threads, Dispatch::Fresh)?;
    let processes = requests(report, Model::Processes, Dispatch::Fresh)?;
    let warm = requests(report, Model::Processes, Dispatch::Warm)?;
    let figures = format!(
        "a request with a process started for it took {} (99 %: {}), with a thread {} (99 %: {}), with a process that was \
         waiting {}",
        seconds(processes.p50),
        seconds(processes.p99),
        seconds(threads.p50),
        seconds(threads.p99),
        seconds(warm.p50)
    );
    let middle = |of: &Percentiles| Estimate { value: of.p50, ci95: of.p50_ci95 };
    let slower = middle(&processes).over(middle(&threads)).map(Quantity::from)?.at_least(SLOWER);
    let against = if report.host.kind == HostKind::Browser {
        "a new process was as quick as a new thread: in a browser both are web workers. Keep them waiting"
    } else {
        "a request with a new process was as quick as one with a new thread"
    };
    let part = Part::new("requests", slower, figures, against);
    Some(LAB.verdict(report, "a new worker for each request costs more with processes than with threads", &[part]))
}

#[cfg(test)]
mod tests;
