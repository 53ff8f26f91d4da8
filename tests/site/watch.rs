//! Watching: the live trace, on the page and through its API.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use gilscope::experiment::{Experiment, Model};
use gilscope::report::Report;
use gilscope::session::Event;
use gilscope::trace::{self, State, Transition};
use serde_json::json;

use crate::page::Page;
use crate::trials::{SiteTest, tests};

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(EVERY_ENGINE;
            every_lane_draws_while_it_runs,
            what_was_heard_live_is_the_trace_of_the_report,
        ),
        tests!(CHROMIUM_AND_FIREFOX;
            a_round_is_heard_while_it_runs,
        ),
        tests!(CHROMIUM;
            every_task_is_heard_once_a_round,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

async fn every_lane_draws_while_it_runs(page: &Page) -> Result<()> {
    page.open("#size=15000000&runs=2&warmup=0&workers=2").await?;
    // Looks at every canvas while the run goes on, and notes the lanes that are not blank.
    let look = "
        window.drawn = {};
        const timer = setInterval(() => {
            if (document.body.dataset.state !== 'running') return;
            for (const canvas of document.querySelectorAll('canvas[data-testid^=timeline]')) {
                const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                if (data.some((byte) => byte !== 0)) window.drawn[canvas.dataset.testid] = true;
            }
        }, 100);";
    page.js(look, vec![]).await?;
    page.race().await?;
    let mut drawn: Vec<String> = serde_json::from_value(page.js("return Object.keys(window.drawn)", vec![]).await?)?;
    drawn.sort();
    ensure!(
        drawn == ["timeline-free-threads", "timeline-processes", "timeline-serial", "timeline-threads"],
        "{drawn:?}"
    );
    Ok(())
}

/// The events of a run through the API, and its report.
async fn watched(page: &Page, experiment: &Experiment) -> Result<(Vec<Event>, Report)> {
    let body = "
        const events = [];
        const report = await window.gilscope.run(args[0], { onTrace: (event) => events.push(event) });
        return { events, report };";
    let mut heard = page.js_async(body, vec![json!(experiment)]).await?;
    let report = Report::from_json(&heard["report"].to_string())?;
    Ok((serde_json::from_value(heard["events"].take())?, report))
}

fn experiment() -> Experiment {
    let small = Experiment { size: 24_000_000, workers: vec![2], runs: 2, warmup: 1, ..Experiment::default() };
    Experiment { trace: true, switch_interval_s: 0.001, ..small }
}

async fn a_round_is_heard_while_it_runs(page: &Page) -> Result<()> {
    page.open("").await?;
    let (events, report) = watched(page, &experiment()).await?;
    ensure!(matches!(events.first(), Some(Event::Begin { .. })));
    let mut rounds = 0;
    // By worker, what the round under way has told so far.
    let mut heard: HashMap<u32, Vec<Transition>> = HashMap::new();
    for event in &events {
        match event {
            Event::RoundStart { .. } => heard.clear(),
            Event::Trace { worker, transitions, now_us, .. } => {
                ensure!(transitions.iter().all(|transition| transition.at_us <= *now_us), "told before it happened");
                heard.entry(*worker).or_default().extend(transitions);
            }
            Event::RoundEnd { run, round, start_us, end_us, .. } => {
                rounds += 1;
                let model = report.runs[*run as usize].model;
                let within = |at_us: f64| (*start_us..=*end_us).contains(&at_us);
                let ran = heard.values().filter(|transitions| {
                    transitions.iter().any(|one| one.state == State::Running && within(one.at_us))
                });
                let least = if model == Model::Serial { 1 } else { 2 };
                ensure!(ran.count() >= least, "{model}, round {round}: who ran was not told before its end");
                let live = events.iter().any(|event| match event {
                    Event::Trace { run: of, now_us, .. } => of == run && start_us < now_us && now_us < end_us,
                    _ => false,
                });
                ensure!(live, "{model}, round {round}: nothing was told while it ran");
            }
            _ => {}
        }
    }
    ensure!(rounds == 4 * 3, "{rounds} rounds");
    Ok(())
}

async fn what_was_heard_live_is_the_trace_of_the_report(page: &Page) -> Result<()> {
    page.open("").await?;
    let (events, report) = watched(page, &experiment()).await?;
    let mut live: HashMap<(u32, u32), Vec<Transition>> = HashMap::new();
    for event in events {
        if let Event::Trace { run, worker, transitions, .. } = event {
            live.entry((run, worker)).or_default().extend(transitions);
        }
    }
    for (run, of_run) in (0..).zip(report.trace.context("a trace")?) {
        for track in of_run.tracks {
            let heard = live.get(&(run, track.worker)).context("a worker that nobody heard of")?;
            ensure!(heard.is_sorted_by(|a, b| a.at_us <= b.at_us), "out of order: {heard:?}");
            // A worker's end is noted by the page, which does not know what it has computed.
            let (last, lived) = heard.split_last().context("a life")?;
            ensure!(last.state == State::Dead, "a worker's end was not told");
            ensure!(lived.is_sorted_by(|a, b| a.work <= b.work), "work undone: {lived:?}");
            let spans = trace::spans(heard, f64::INFINITY);
            ensure!(spans == track.spans, "{}, worker {}: not what was heard", of_run.model, track.worker);
        }
    }
    Ok(())
}

async fn every_task_is_heard_once_a_round(page: &Page) -> Result<()> {
    page.open("").await?;
    let experiment = Experiment { size: 50_000, tasks: 9, chunk: 2, runs: 2, warmup: 0, ..experiment() };
    let (events, report) = watched(page, &experiment).await?;
    let mut heard: HashMap<u32, Vec<u32>> = HashMap::new();
    for event in events {
        match event {
            Event::Task { run, task, .. } => heard.entry(run).or_default().push(task),
            Event::RoundEnd { run, .. } => {
                let mut tasks = heard.remove(&run).unwrap_or_default();
                tasks.sort_unstable();
                ensure!(tasks == (0..9).collect::<Vec<_>>(), "{}: {tasks:?}", report.runs[run as usize].model);
            }
            _ => {}
        }
    }
    Ok(())
}
