//! `data`: what it costs to bring data to a worker.

use super::finding::{Part, Quantity};
use super::words::{bytes, percent, seconds};
use super::{Analysis, Lab, Setting, point};
use crate::chart::{Across, Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Channel, Experiment, Model};
use crate::report::{HostKind, Report, Run, Verdict};
use crate::stats::Estimate;

/// Bytes that come with a task, and how many tasks. One byte is as good as none: a message costs something by itself.
const SIZES: [(u32, u32); 7] =
    [(1, 32), (1 << 10, 32), (1 << 14, 32), (1 << 17, 16), (1 << 20, 16), (1 << 24, 4), (1 << 26, 2)];
/// The one that the parts are shown for.
const SHOWN: u32 = 1 << 24;
/// Data that takes this share of a task's time to bring decides how long the task takes.
const DECIDES: f64 = 0.5;

pub static LAB: Lab = Lab {
    id: "data",
    question: "What does it cost to send data?",
    watch: "Tasks that do little with the data they are given, from one byte to many megabytes. Watch how much of \
            the time is spent on sending.",
    claim: "workers that exchange large objects pay for serialization and copying",
    article: "\"kills performance\"",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn channels(host: HostKind) -> [Channel; 3] {
    match host {
        HostKind::Browser => [Channel::Message, Channel::Transfer, Channel::SharedMemory],
        _ => [Channel::Message, Channel::Queue, Channel::SharedMemory],
    }
}

/// What a channel is on this host.
fn name(channel: Channel, host: HostKind) -> &'static str {
    match (channel, host) {
        (Channel::Message, HostKind::Browser) => "structured clone",
        (Channel::Message, _) => "pipe",
        (Channel::Transfer, _) => "transfer",
        (Channel::Queue, _) => "queue",
        (Channel::SharedMemory, _) => "shared memory",
    }
}

fn experiment(setting: &Setting) -> Experiment {
    let sizes = SIZES.into_iter().take(if setting.quick { 6 } else { SIZES.len() });
    let at = |workload: &str, model: Model, channel: Channel, (size, tasks): (u32, u32)| {
        let (size, tasks) = (size.to_string(), tasks.to_string());
        let named = [("workload", workload), ("model", model.name()), ("channel", channel.name())];
        point(&[&named[..], &[("size", size.as_str()), ("tasks", tasks.as_str())]].concat())
    };
    let sent =
        sizes.flat_map(|size| channels(setting.host).map(|channel| at("checksum", Model::Processes, channel, size)));
    let beside = [("copy", Model::Serial), ("checksum", Model::Threads)];
    let beside = beside.map(|(workload, model)| at(workload, model, Channel::Message, (SHOWN, 4)));
    Experiment {
        workload: "checksum".into(),
        workers: vec![1],
        runs: setting.size(5, 3),
        sweep: sent.chain(beside).collect(),
        ..Experiment::default()
    }
}

/// A task with this much data, by this channel, in seconds.
struct Parts {
    serialize: f64,
    transfer: f64,
    compute: f64,
}

impl Parts {
    fn of(run: &Run, tasks: u32) -> Self {
        let all = f64::from(tasks) * run.elapsed_s.samples.len() as f64;
        let running: f64 = run.per_worker.iter().map(|worker| worker.running_s).sum();
        let (serialize, transfer) = run.channel.map_or((0.0, 0.0), |channel| (channel.serialize_s, channel.transfer_s));
        Self { serialize: serialize / all, transfer: transfer.max(0.0) / all, compute: running / all }
    }

    fn bringing(&self) -> f64 {
        self.serialize + self.transfer
    }
}

fn sent(report: &Report, channel: Channel) -> Vec<(u32, Parts)> {
    let runs =
        report.runs.iter().filter(|run| run.model == Model::Processes).map(|run| (report.experiment_of(run), run));
    let mut sent: Vec<_> = runs
        .filter(|(experiment, _)| experiment.channel == channel)
        .map(|(experiment, run)| (experiment.size, Parts::of(run, experiment.tasks)))
        .collect();
    sent.sort_by_key(|(size, _)| *size);
    sent
}

/// The parts for the size that is shown.
fn shown(report: &Report, channel: Channel) -> Option<Parts> {
    sent(report, channel).into_iter().find(|(size, _)| *size == SHOWN).map(|(_, parts)| parts)
}

fn of_model(report: &Report, model: Model) -> Option<(Experiment, &Run)> {
    report.runs.iter().find(|run| run.model == model).map(|run| (report.experiment_of(run), run))
}

/// Bytes a second of a plain copy within one worker.
fn copying(report: &Report) -> Option<f64> {
    let (experiment, run) = of_model(report, Model::Serial)?;
    let copied = Parts::of(run, experiment.tasks).compute;
    (copied > 0.0).then(|| f64::from(experiment.size) / copied)
}

fn charts(report: &Report) -> Vec<Chart> {
    let host = report.host.kind;
    let mut rows: Vec<(&str, Parts)> =
        channels(host).into_iter().filter_map(|channel| Some((name(channel, host), shown(report, channel)?))).collect();
    let threads = of_model(report, Model::Threads)
        .map(|(experiment, run)| ("a thread: same heap", Parts::of(run, experiment.tasks)));
    rows.extend(threads);
    let bar = |of: fn(&Parts) -> f64| rows.iter().map(|(name, parts)| Mark::at(*name, of(parts))).collect::<Vec<_>>();
    let parts = Chart::new(
        format!("Where the time of a task with {} of data goes", bytes(SHOWN.into())),
        Form::Stack,
        Axis::new("", Unit::None),
        Axis::new("a task", Unit::Seconds),
    )
    .with("serialize", bar(|parts| parts.serialize))
    .with("transfer", bar(|parts| parts.transfer))
    .with("compute", bar(|parts| parts.compute));
    let mut bandwidth = Chart::new(
        "How fast data comes to a worker",
        Form::Lines,
        Axis::log("data of a task", Unit::Bytes),
        Axis::log("serialize and transfer", Unit::BytesPerSecond),
    );
    for channel in channels(host) {
        let marks = sent(report, channel).into_iter().filter(|(_, parts)| parts.bringing() > 0.0);
        let marks = marks.map(|(size, parts)| Mark::at(size, f64::from(size) / parts.bringing()));
        bandwidth = bandwidth.with(name(channel, host), marks.collect::<Vec<_>>());
    }
    let plain = copying(report).into_iter();
    vec![parts, plain.fold(bandwidth, |chart, at| chart.line(Source::Measured, Across::Y, "a plain memory copy", at))]
}

fn judge(report: &Report) -> Option<Verdict> {
    let host = report.host.kind;
    let parts = shown(report, Channel::Message)?;
    let share = parts.bringing() / (parts.bringing() + parts.compute);
    let rate = |parts: &Parts| f64::from(SHOWN) / parts.bringing();
    let against = |parts: &Parts| {
        let plain = copying(report).map(|plain| format!(", {:.2}x a plain memory copy", rate(parts) / plain));
        format!("{}/s{}", bytes(rate(parts)), plain.unwrap_or_default())
    };
    let others = channels(host)
        .into_iter()
        .skip(1)
        .filter_map(|channel| Some(format!("; by {} at {}", name(channel, host), against(&shown(report, channel)?))));
    let figures = format!(
        "bringing {} to a process by {} took {} for {} of computing, {} of the task, at {}{}; a thread has it on its heap",
        bytes(SHOWN.into()),
        name(Channel::Message, host),
        seconds(parts.bringing()),
        seconds(parts.compute),
        percent(share),
        against(&parts),
        others.collect::<String>()
    );
    // The parts are sums over all rounds, so there is no interval: a smaller share refutes nothing.
    let decides = Quantity::from(Estimate { value: share, ci95: None }).at_least(DECIDES);
    let part = Part::new("data", decides, figures, "");
    Some(LAB.verdict(report, "bringing a large object to a process takes longer than computing with it", &[part]))
}

#[cfg(test)]
mod tests;
