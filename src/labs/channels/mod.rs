//! `channels`: what a message costs, by the way it goes.

use super::finding::{Part, Quantity};
use super::words::{bytes, seconds};
use super::{Analysis, Lab, Setting, point};
use crate::chart::{Axis, Chart, Form, Mark, Unit};
use crate::experiment::{Channel, Experiment, Model};
use crate::report::{HostKind, Report, Run, Verdict};
use crate::stats::Estimate;
use crate::sync::scenario::Primitive;

/// Sizes of a message, and how many there are.
const SMALL: (u32, u32) = (100, 500);
const LARGE: (u32, u32) = (1 << 20, 30);
/// Ways that differ by less than this share cost the same.
const SAME: f64 = 0.1;

pub static LAB: Lab = Lab {
    id: "channels",
    question: "Pipe, queue or shared memory?",
    watch: "A small and a large message to one worker, by every way there is. Watch what each way costs.",
    claim: "pipe, queue and shared memory differ in cost",
    article: "pipe faster than queue; shared memory lowest level",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn ways(host: HostKind) -> [(Channel, &'static str); 3] {
    match host {
        HostKind::Browser => [
            (Channel::Message, "message, cloned"),
            (Channel::Transfer, "message, transferred"),
            (Channel::SharedMemory, "shared memory, told by message"),
        ],
        _ => [
            (Channel::Message, "pipe"),
            (Channel::Queue, "queue: a thread writes to the pipe"),
            (Channel::SharedMemory, "shared memory, told by pipe"),
        ],
    }
}

/// The lowest level: no message at all, only words that both see.
const RING: &str = "ring in shared memory";

fn experiment(setting: &Setting) -> Experiment {
    let at = |channel: Channel, (size, tasks): (u32, u32)| {
        let tasks = if setting.quick { tasks / 5 } else { tasks };
        point(&[
            ("workload", "checksum".to_owned()),
            ("model", Model::Processes.name().to_owned()),
            ("channel", channel.name().to_owned()),
            ("size", size.to_string()),
            ("tasks", tasks.to_string()),
            ("workers", "1".to_owned()),
        ])
    };
    let sent = ways(setting.host).into_iter().flat_map(|(channel, _)| [at(channel, SMALL), at(channel, LARGE)]);
    let operations = setting.size(10_000, 1_000).to_string();
    let ring = point(&[
        ("workload", "primitive"),
        ("primitive", Primitive::Queue.name()),
        ("model", "threads,processes"),
        ("size", operations.as_str()),
        ("tasks", "2"),
        ("workers", "2"),
    ]);
    Experiment {
        workload: "checksum".into(),
        runs: setting.size(7, 3),
        sweep: sent.chain([ring]).collect(),
        ..Experiment::default()
    }
}

fn of(report: &Report, channel: Channel, size: u32) -> Option<&Run> {
    report.runs.iter().find(|run| {
        let experiment = report.experiment_of(run);
        experiment.workload == "checksum" && experiment.channel == channel && experiment.size == size
    })
}

fn ring(report: &Report, model: Model) -> Option<&Run> {
    report.runs.iter().find(|run| run.model == model && report.experiment_of(run).workload == "primitive")
}

/// What turns the time of `run` into that of one message.
fn a_message(report: &Report, run: &Run) -> f64 {
    let experiment = report.experiment_of(run);
    let messages = if experiment.workload == "primitive" { experiment.size } else { experiment.tasks };
    f64::from(messages).recip()
}

fn charts(report: &Report) -> Vec<Chart> {
    let mut chart = Chart::new(
        "What it costs to hand over one message, with its answer",
        Form::Bars,
        Axis::new("", Unit::None),
        Axis::log("a message", Unit::Seconds),
    );
    for (size, _) in [SMALL, LARGE] {
        let runs =
            ways(report.host.kind).into_iter().filter_map(|(channel, name)| Some((name, of(report, channel, size)?)));
        let marks = runs.map(|(name, run)| Mark::of(name, &run.elapsed_s).times(a_message(report, run)));
        chart = chart.with(bytes(size.into()), marks.collect::<Vec<_>>());
    }
    let rings = [(Model::Processes, "processes"), (Model::Threads, "threads")];
    let rings = rings.into_iter().filter_map(|(model, name)| Some((name, ring(report, model)?)));
    let marks =
        rings.map(|(name, run)| Mark::of(format!("{RING}, {name}"), &run.elapsed_s).times(a_message(report, run)));
    vec![chart.with("4 B, without an answer", marks.collect::<Vec<_>>())]
}

fn judge(report: &Report) -> Option<Verdict> {
    let cost = |run: &Run| run.elapsed_s.median * a_message(report, run);
    let of_size = |size: u32| {
        let runs = ways(report.host.kind)
            .into_iter()
            .filter_map(|(channel, name)| Some((cost(of(report, channel, size)?), name)));
        let costs: Vec<_> = runs.collect();
        (costs.len() > 1).then_some(costs)
    };
    let told = |costs: &[(f64, &str)]| {
        costs.iter().map(|(cost, name)| format!("{name} {}", seconds(*cost))).collect::<Vec<_>>().join(", ")
    };
    let (small, large) = (of_size(SMALL.0)?, of_size(LARGE.0)?);
    let spread = |costs: &[(f64, &str)]| {
        let least = costs.iter().map(|(cost, _)| *cost).fold(f64::INFINITY, f64::min);
        let most = costs.iter().map(|(cost, _)| *cost).fold(0.0, f64::max);
        most / least - 1.0
    };
    let ring =
        ring(report, Model::Processes).map(|run| format!("; a {RING} handed over 4 B in {}", seconds(cost(run))));
    let figures = format!(
        "a message of {} took {}; one of {} {}{}",
        bytes(SMALL.0.into()),
        told(&small),
        bytes(LARGE.0.into()),
        told(&large),
        ring.unwrap_or_default()
    );
    let differ = spread(&small).max(spread(&large));
    let finding = Quantity::from(Estimate { value: differ, ci95: None }).at_least(SAME);
    let part = Part::new("the ways", finding, figures, "");
    Some(LAB.verdict(report, "what a message costs depends on its way and its size", &[part]))
}

#[cfg(test)]
mod tests;
