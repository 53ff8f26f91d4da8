//! `race`: CPU-bound work gains nothing from threads under the lock and almost the ceiling from
//! processes.

mod swept;

use super::words::{plural, times};
use super::{Analysis, Lab, Setting};
use crate::chart::{Across, Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{Report, Verdict};

/// Up to this speed-up threads have gained nothing: below 1.3 times, noise can make it.
const NOTHING: f64 = 1.15;
/// A machine whose bare workers gain less than this has nothing to show.
const SOMETHING: f64 = 1.3;
/// From this share of the ceiling on processes have gained almost all there is.
const ALMOST_ALL: f64 = 0.85;

pub static LAB: Lab = Lab {
    id: "race",
    question: "Do my threads take turns?",
    watch: "Four equal tasks, run by one worker, by threads, by processes, and by threads without the lock. Watch \
            the threads: only one row is solid at a time. The hatched ones wait for the lock.",
    claim: "CPU-bound work: threads gain nothing, processes gain almost the number of cores",
    article: "4 x sum of squares, n = 10,000,000, on 4 cores: one after another 4.0 s, 4 threads 4.2 s (0.95x), \
              4 processes 1.1 s (3.6x)",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    Experiment {
        size: setting.size(40_000_000, 8_000_000),
        runs: setting.size(5, 3),
        workers: vec![setting.workers()],
        ..Experiment::default()
    }
}

fn charts(report: &Report) -> Vec<Chart> {
    if !report.experiment.sweep.is_empty() {
        return swept::charts(report);
    }
    let chart = Chart::new(
        "How many times as fast as one task after another",
        Form::Bars,
        Axis::new("model", Unit::None),
        Axis::new("speed-up", Unit::Ratio),
    );
    let runs = report.runs.iter().filter_map(|run| {
        let name = if report.experiment.workers.len() > 1 && !run.model.is_alone() {
            format!("{}, {}", run.model, run.workers)
        } else {
            run.model.to_string()
        };
        Some(Mark::of(name, run.speedup.as_ref()?))
    });
    let mut chart = chart.with("this machine", runs.collect::<Vec<_>>());
    for (workers, ceiling) in &report.host.ceiling {
        chart = chart.line(Source::Measured, Across::Y, format!("ceiling for {workers}"), *ceiling);
    }
    vec![chart.line(Source::Article, Across::Y, "the article's 4 processes on 4 cores", 3.6).line(
        Source::Article,
        Across::Y,
        "the article's 4 threads",
        0.95,
    )]
}

fn judge(report: &Report) -> Option<Verdict> {
    if !report.experiment.sweep.is_empty() {
        return None;
    }
    let threads = report.widest(Model::Threads).filter(|run| run.workers > 1)?;
    let processes = report.widest(Model::Processes).filter(|run| run.workers > 1)?;
    let (threads_speedup, processes_speedup) = (threads.speedup.as_ref()?, processes.speedup.as_ref()?);
    let ceiling = report.host.ceiling.get(&processes.workers.to_string())?;
    let share = processes.efficiency?;
    let threads_hold = threads_speedup.median <= NOTHING;
    let processes_hold = share >= ALMOST_ALL;
    let figures = format!(
        "{} ran {} as fast as one task after another, {} {}; the ceiling here is {ceiling:.2}x",
        plural(threads.workers, "thread under the lock", "threads under the lock"),
        times(threads_speedup),
        plural(processes.workers, "process", "processes"),
        times(processes_speedup),
    );
    if *ceiling < SOMETHING {
        let text = format!(
            "Does not hold here, because even bare workers side by side gained only {ceiling:.2}x: the cores were busy, \
             or there is only one. {figures}."
        );
        return Some(Verdict { lab: LAB.id.into(), holds: false, text });
    }
    let text = match (threads_hold, processes_hold) {
        (true, true) => format!("Holds here: {figures}."),
        (false, _) => format!(
            "Does not hold here, because the threads were faster than one task after another, which the lock should \
             prevent: {figures}. Look for warnings above."
        ),
        (true, false) => format!(
            "Does not hold here, because the processes reached only {:.0} % of what the machine can give; short tasks, \
             few tasks for the workers or a busy machine do that: {figures}.",
            share * 100.0
        ),
    };
    Some(Verdict { lab: LAB.id.into(), holds: threads_hold && processes_hold, text })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::experiment::Experiment;
    use crate::report::{HostFacts, HostKind, MachineFacts, Run, SCHEMA};
    use crate::stats::Summary;

    pub fn report(threads: f64, processes: f64, ceiling: f64) -> Report {
        let run = |model, speedup: f64| Run {
            model,
            workers: 2,
            elapsed_s: Summary::of(vec![1.0]).unwrap(),
            speedup: Summary::of(vec![speedup; 3]),
            efficiency: Some(speedup / ceiling),
            startup_s: Summary::of(vec![1.0]).unwrap(),
            point: None,
            first_s: None,
            task_s: None,
            memory_bytes: None,
            rss_bytes: None,
            counted: None,
            lock: None,
            channel: None,
            deaths: Vec::new(),
            per_worker: vec![],
            answer: "1".into(),
            warnings: vec![],
        };
        Report {
            schema: SCHEMA.into(),
            version: "0".into(),
            measured_unix_s: None,
            host: HostFacts {
                kind: HostKind::Native,
                engine: String::new(),
                os: String::new(),
                logical_cores: 2,
                machine: MachineFacts::default(),
                ceiling: [("2".to_owned(), ceiling)].into(),
                isolated: true,
                lock: None,
            },
            experiment: Experiment::default(),
            runs: vec![run(Model::Threads, threads), run(Model::Processes, processes)],
            warnings: vec![],
            verdict: None,
            charts: vec![],
            trace: None,
        }
    }

    fn verdict(threads: f64, processes: f64, ceiling: f64) -> (bool, String) {
        let verdict = judge(&report(threads, processes, ceiling)).unwrap();
        (verdict.holds, verdict.text)
    }

    #[test]
    fn it_holds_when_threads_gain_nothing_and_processes_almost_the_ceiling() {
        let (holds, text) = verdict(0.98, 1.9, 1.95);
        assert!(holds);
        assert_eq!(
            text,
            "Holds here: 2 threads under the lock ran 0.98x (0.98-0.98) as fast as one task after another, \
             2 processes 1.90x (1.90-1.90); the ceiling here is 1.95x."
        );
    }

    #[test]
    fn it_says_which_half_does_not_hold() {
        assert!(verdict(1.8, 1.9, 1.95).1.contains("because the threads were faster"));
        assert!(verdict(1.0, 1.2, 1.95).1.contains("because the processes reached only 62 %"));
        assert!(!verdict(1.8, 1.9, 1.95).0 && !verdict(1.0, 1.2, 1.95).0);
    }

    #[test]
    fn a_machine_with_nothing_to_gain_is_named_as_the_reason() {
        let (holds, text) = verdict(1.0, 1.05, 1.05);
        assert!(!holds && text.contains("even bare workers side by side gained only 1.05x"), "{text}");
    }

    #[test]
    fn without_processes_there_is_nothing_to_judge() {
        let mut report = report(1.0, 1.9, 1.95);
        report.runs.pop();
        assert_eq!(judge(&report), None);
    }
}
