//! The timelines: what they show is what the report's trace says, and keys and buttons reach all of it.

use anyhow::{Context, Result, ensure};
use gilscope::experiment::Model;
use gilscope::report::Report;
use gilscope::trace::{RunTrace, Span, State, Window};
use serde_json::json;
use thirtyfour::{Key, TypingData};

use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(EVERY_ENGINE;
            the_lock_s_lane_has_one_holder_and_it_is_the_trace_s,
        ),
        tests!(CHROMIUM;
            keys_and_buttons_move_the_time_that_is_in_view,
            stepping_over_spans_tells_what_the_trace_says,
            what_the_time_went_into_adds_up_to_the_wall_time,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const RACE: &str = "#size=6000000&tasks=4&runs=2&warmup=0&workers=2&switch-interval=1";

/// The report that the page shows.
async fn report(page: &Page) -> Result<Report> {
    let script = "return JSON.stringify(document.querySelector('gs-lab-lanes').measurement.reports.get('browser'))";
    Ok(Report::from_json(page.js(script, vec![]).await?.as_str().context("text")?)?)
}

fn trace_of_threads(report: &Report) -> Result<&RunTrace> {
    report.trace.iter().flatten().find(|run| run.model == Model::Threads).context("a trace of threads")
}

/// What is in view, in microseconds.
async fn view(page: &Page) -> Result<(f64, f64)> {
    let script =
        "const { view } = document.querySelector('gs-lab-lanes').measurement.scale; return [view.from_us, view.to_us]";
    Ok(serde_json::from_value(page.js(script, vec![]).await?)?)
}

async fn axis(page: &Page) -> Result<String> {
    let script = "return document.querySelector('[data-testid=time-axis]').textContent.replace(/\\s+/g, ' ')";
    Ok(page.js(script, vec![]).await?.as_str().context("text")?.to_owned())
}

async fn press(page: &Page, keys: impl Into<TypingData>) -> Result<()> {
    Ok(page.session().action_chain().send_keys(keys).perform().await?)
}

/// Put the focus on the timeline of threads.
async fn focus(page: &Page) -> Result<()> {
    page.js("document.querySelector('[data-testid=timeline-threads]').focus()", vec![]).await?;
    Ok(())
}

async fn keys_and_buttons_move_the_time_that_is_in_view(page: &Page) -> Result<()> {
    page.open(RACE).await?;
    ensure!(!page.one("zoom-in").await?.is_displayed().await?, "there is nothing to look at yet");
    page.race().await?;
    let (whole, whole_axis) = (view(page).await?, axis(page).await?);
    page.click("zoom-in").await?;
    let (from_us, to_us) = view(page).await?;
    ensure!(
        ((to_us - from_us) * 2.0 - whole.1).abs() < 1.0 && from_us > 0.0,
        "half of {whole:?}, not {from_us} to {to_us}"
    );
    ensure!(eventually(async || Ok(axis(page).await? != whole_axis)).await?, "the axis stays {whole_axis}");
    page.click("later").await?;
    ensure!((view(page).await?.1 - whole.1).abs() < 1.0, "later is the second half");
    page.click("earlier").await?;
    page.click("zoom-out").await?;
    ensure!(view(page).await? == whole, "zooming out shows all again");

    focus(page).await?;
    press(page, "+++").await?;
    let (from_us, to_us) = view(page).await?;
    ensure!(((to_us - from_us) * 8.0 - whole.1).abs() < 1.0, "an eighth of {whole:?}, not {from_us} to {to_us}");
    press(page, Key::End).await?;
    ensure!((view(page).await?.1 - whole.1).abs() < 1.0, "End is the end");
    press(page, Key::Left).await?;
    ensure!(view(page).await?.1 < whole.1);
    press(page, Key::Home).await?;
    ensure!(view(page).await?.0 == 0.0, "Home is the start");
    press(page, "0").await?;
    ensure!(view(page).await? == whole);
    ensure!(eventually(async || Ok(axis(page).await? == whole_axis)).await?, "{}", axis(page).await?);

    // A wheel is the page's, unless it is to zoom.
    let wheel = "
        const canvas = document.querySelector('[data-testid=timeline-threads]');
        const turn = (ctrlKey) => !canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: -160, ctrlKey, cancelable: true }));
        return [turn(false), turn(true)];";
    ensure!(page.js(wheel, vec![]).await? == json!([false, true]), "which wheels are taken from the page");
    ensure!(view(page).await?.1 - view(page).await?.0 < whole.1);
    Ok(())
}

/// The spans of a track that reach into a round, from its start on.
fn within(spans: &[Span], round: Window) -> Vec<Span> {
    let inside = spans.iter().filter(|span| span.end_us > round.start_us && span.start_us < round.end_us);
    inside
        .map(|span| Span {
            start_us: span.start_us.max(round.start_us) - round.start_us,
            end_us: span.end_us.min(round.end_us) - round.start_us,
            ..*span
        })
        .collect()
}

async fn stepping_over_spans_tells_what_the_trace_says(page: &Page) -> Result<()> {
    page.open(RACE).await?;
    page.race().await?;
    let report = report(page).await?;
    let trace = trace_of_threads(&report)?;
    let round = *trace.samples.last().context("a round")?;
    focus(page).await?;
    // The lock's lane comes first; then back to the first span of the lane.
    press(page, Key::Down).await?;
    press(page, Key::Down).await?;
    press(page, "[[[[[[").await?;
    let spans = within(&trace.tracks[1].spans, round);
    ensure!(spans.len() > 8, "worker 1 has {} spans", spans.len());
    for span in &spans[..8] {
        let told = page.text("told-threads").await?;
        let from = format!("from {:.2} ms", span.start_us / 1e3);
        let task = span.task.map_or(String::new(), |task| format!(", task {task}"));
        let says = told.starts_with(&format!("worker 1, {}: ", span.state.name()));
        ensure!(says && told.ends_with(&format!("{from}{task}")), "{told}, not {span:?}");
        page.session().action_chain().key_down(Key::Shift).send_keys(Key::Right).key_up(Key::Shift).perform().await?;
    }
    page.js("for (const details of document.querySelectorAll('.spent details')) details.open = true", vec![]).await?;
    let listed = async || Ok(page.all("spans-serial").await?.len() == 1);
    ensure!(eventually(listed).await?, "no table of spans");
    Ok(())
}

/// Who holds the lock from when on, as the trace says; `None` for nobody.
fn holders(trace: &RunTrace, round: Window) -> Vec<(f64, Option<u32>)> {
    let held = |span: &Span| span.state == State::Running && !span.unlocked;
    let turns = trace.tracks.iter().flat_map(|track| {
        let spans = within(&track.spans, round).into_iter().filter(held);
        spans.map(|span| (span.start_us, span.end_us, track.worker)).collect::<Vec<_>>()
    });
    let mut turns: Vec<_> = turns.collect();
    turns.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut changes: Vec<(f64, Option<u32>)> = Vec::new();
    let mut free_us = 0.0;
    for (start_us, end_us, worker) in turns {
        if start_us > free_us {
            changes.push((free_us, None));
        }
        if start_us > free_us || changes.last().is_none_or(|last| last.1 != Some(worker)) {
            changes.push((start_us, Some(worker)));
        }
        free_us = end_us;
    }
    if free_us < round.end_us - round.start_us {
        changes.push((free_us, None));
    }
    changes
}

async fn the_lock_s_lane_has_one_holder_and_it_is_the_trace_s(page: &Page) -> Result<()> {
    page.open(RACE).await?;
    let listen = "
        const line = document.querySelector('[data-testid=told-threads]');
        window.told = new Set();
        new MutationObserver(() => window.told.add(line.textContent)).observe(line, { childList: true, characterData: true, subtree: true });";
    page.js(listen, vec![]).await?;
    let mut told: Vec<String> = Vec::new();
    // A busy machine may leave the page no moment within a turn.
    for _ in 0..10 {
        page.race().await?;
        told = serde_json::from_value(page.js("return [...window.told]", vec![]).await?)?;
        if told.iter().any(|told| told.starts_with("worker")) {
            break;
        }
    }
    let known = ["", "nobody holds the lock", "worker 0 holds the lock", "worker 1 holds the lock"];
    ensure!(told.iter().all(|told| known.contains(&told.as_str())), "{told:?}");
    ensure!(told.iter().any(|told| told.starts_with("worker")), "nobody was told to hold it: {told:?}");
    ensure!(page.text("told-threads").await?.is_empty(), "nobody holds it any more");

    let report = report(page).await?;
    let trace = trace_of_threads(&report)?;
    let lane = "
        const lanes = document.querySelector('gs-lab-lanes');
        lanes.measurement.showRound(arguments[0]);
        const { round } = lanes.measurement.shown.find(({ model }) => model === 'threads');
        const { lock } = round;
        return [lock.at_us.map((us, i) => [us - round.start_us, lock.holder(i) ?? null]), lock.forced.filter(Boolean).length];";
    let mut forced = 0;
    for (i, &round) in trace.samples.iter().enumerate() {
        let shown = page.js(lane, vec![json!(i)]).await?;
        let (shown, marked): (Vec<(f64, Option<u32>)>, u64) = serde_json::from_value(shown)?;
        let expected = holders(trace, round);
        ensure!(shown.is_sorted_by(|a, b| a.0 < b.0), "out of order: {shown:?}");
        ensure!(shown.len() == expected.len(), "{} changes, {} in the trace", shown.len(), expected.len());
        for (shown, expected) in shown.iter().zip(&expected) {
            ensure!(shown.1 == expected.1 && (shown.0 - expected.0).abs() < 0.01, "{shown:?}, not {expected:?}");
        }
        forced += marked;
    }
    let run = report.runs.iter().find(|run| run.model == Model::Threads).context("threads")?;
    let switches = run.lock.as_ref().context("a lock")?.forced_switches;
    // A worker that was asked for the lock as its work ended is counted too, and has no mark.
    let least = switches.saturating_sub(2 * trace.samples.len() as u64);
    ensure!(forced > 0 && (least..=switches).contains(&forced), "{forced} marks of {switches} forced switches");
    Ok(())
}

async fn what_the_time_went_into_adds_up_to_the_wall_time(page: &Page) -> Result<()> {
    page.open("#workload=matrix-kernel&size=200&tasks=4&runs=2&warmup=0&workers=2&model=serial,threads,processes")
        .await?;
    page.race().await?;
    let report = report(page).await?;
    for run in &report.runs {
        let elapsed_s: f64 = run.elapsed_s.samples.iter().sum();
        for worker in &run.per_worker {
            let parts = [
                worker.running_s,
                worker.waiting_s,
                worker.blocked_s,
                worker.sending_s,
                worker.receiving_s,
                worker.idle_s,
            ];
            ensure!((parts.iter().sum::<f64>() - elapsed_s).abs() < 1e-5, "{}: {parts:?} of {elapsed_s}", run.model);
            ensure!(worker.unlocked_s <= worker.running_s);
        }
        let unlocked_s: f64 = run.per_worker.iter().map(|worker| worker.unlocked_s).sum();
        ensure!((unlocked_s > 0.0) == (run.model == Model::Threads), "{}: {unlocked_s} s without the lock", run.model);
        let script = "
            const cells = [...document.querySelectorAll(`[data-testid=shares-${arguments[0]}] tbody .figure`)];
            const sum = document.querySelector(`[data-testid=sum-${arguments[0]}]`).textContent;
            return [cells.reduce((sum, cell) => sum + parseInt(cell.textContent), 0), sum];";
        let (percent, sum): (f64, String) = serde_json::from_value(page.js(script, vec![json!(run.model)]).await?)?;
        let all = 100.0 * f64::from(run.workers);
        ensure!(
            (percent - all).abs() < 6.0 && sum.ends_with("; the parts add up to it."),
            "{}: {percent} %, {sum}",
            run.model
        );
    }
    Ok(())
}
