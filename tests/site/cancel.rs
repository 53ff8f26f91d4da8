//! Cancelling: by button, by key, by signal; nothing goes on afterwards.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::{By, Key};

use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};
use gilscope_tests::driver::Engine;
use gilscope_tests::processes::worker_threads;

pub fn tests() -> Vec<SiteTest> {
    tests!(EVERY_ENGINE;
        the_button_cancels_and_another_run_works,
        escape_cancels_and_no_worker_is_left,
        a_signal_rejects_with_an_abort_error_and_no_worker_is_left,
        a_run_that_waits_for_its_turn_can_be_cancelled,
        a_signal_is_heard_at_any_time,
    )
}

/// Goes on until somebody stops it.
const ENDLESS: &str = "#size=40000000&runs=1000&warmup=100&workers=2";

/// Start, and wait until tasks are being computed by a model of several workers.
async fn under_way(page: &Page) -> Result<()> {
    page.open(ENDLESS).await?;
    page.click("run-button").await?;
    let script = "return document.querySelector('[data-testid=clock-threads]').textContent";
    ensure!(eventually(async || Ok(page.js(script, vec![]).await? != "")).await?, "the race does not get going");
    ensure!(page.text("run-button").await? == "Cancel");
    Ok(())
}

/// Where the system tells: Chromium's threads of workers end, Firefox keeps some for the next worker, at rest.
pub async fn no_worker_is_left(page: &Page) -> Result<()> {
    let at_rest = async || {
        let before = worker_threads(page.driver_pid());
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        let after = worker_threads(page.driver_pid());
        Ok(if page.engine == Engine::Chromium { after.is_empty() } else { after == before })
    };
    ensure!(eventually(at_rest).await?, "workers go on: {:?}", worker_threads(page.driver_pid()));
    Ok(())
}

/// That the check above can see workers at all.
fn workers_are_seen(page: &Page) -> Result<()> {
    let seen = worker_threads(page.driver_pid());
    ensure!(!cfg!(target_os = "linux") || seen.len() >= 2, "the workers of a run under way are not seen: {seen:?}");
    Ok(())
}

async fn the_button_cancels_and_another_run_works(page: &Page) -> Result<()> {
    under_way(page).await?;
    page.click("run-button").await?;
    page.reaches("cancelled").await?;
    ensure!(page.text("status").await? == "cancelled");
    ensure!(page.all("error").await?.is_empty());
    page.js("location.hash = '#size=100000&runs=1&warmup=0&workers=2'", vec![]).await?;
    ensure!(eventually(async || Ok(page.value("field-size").await? == "100000")).await?);
    page.race().await?;
    page.is_judged_by(&["browser"]).await
}

async fn escape_cancels_and_no_worker_is_left(page: &Page) -> Result<()> {
    under_way(page).await?;
    workers_are_seen(page)?;
    page.session().find(By::Css("body")).await?.send_keys(Key::Escape).await?;
    page.reaches("cancelled").await?;
    no_worker_is_left(page).await
}

async fn a_signal_rejects_with_an_abort_error_and_no_worker_is_left(page: &Page) -> Result<()> {
    page.open("").await?;
    let body = "
        const cancel = new AbortController();
        const onTrace = (event) => { if (event.type === 'round-end' && event.run === 3) cancel.abort(); };
        try {
            await window.gilscope.run(args[0], { signal: cancel.signal, onTrace });
        } catch (error) {
            return [error.name, error.report?.warnings.map(({ code }) => code) ?? []];
        }";
    let experiment = json!({"size": 2_000_000, "tasks": 4, "workers": [2], "runs": 1000, "warmup": 0});
    let rejected = page.js_async(body, vec![experiment]).await?;
    ensure!(rejected[0] == "AbortError", "{rejected}");
    let codes = rejected[1].as_array().is_some_and(|codes| codes.contains(&json!("cancelled")));
    ensure!(codes, "what was measured before comes with the error, and says so: {rejected}");
    no_worker_is_left(page).await
}

async fn a_run_that_waits_for_its_turn_can_be_cancelled(page: &Page) -> Result<()> {
    page.open("").await?;
    let body = "
        const [first, second] = [new AbortController(), new AbortController()];
        const name = (error) => error.name;
        let running, others = 0;
        await new Promise((begun) => {
            const onTrace = ({ type }) => type === 'begin' && begun();
            running = window.gilscope.run(args[0], { signal: first.signal, onTrace }).catch(name);
        });
        const waiting = window.gilscope.run(args[0], { signal: second.signal, onTrace: () => others++ }).catch(name);
        setTimeout(() => second.abort(), 100);
        const waited = await waiting;
        first.abort();
        return [await running, waited, others];";
    let names = page.js_async(body, vec![endless()]).await?;
    ensure!(names == json!(["AbortError", "AbortError", 0]), "{names}");
    no_worker_is_left(page).await
}

/// Between the call and the first worker there are many steps; a signal may come in any of them.
async fn a_signal_is_heard_at_any_time(page: &Page) -> Result<()> {
    page.open("").await?;
    let body = "
        const early = [];
        for (let steps = -1; steps < 20; steps++) {
            const cancel = new AbortController();
            if (steps < 0) cancel.abort();
            const run = window.gilscope.run(args[0], { signal: cancel.signal }).then(() => 'ran', ({ name }) => name);
            for (let step = 0; step < steps; step++) await (steps < 10 ? undefined : navigator.locks.query());
            cancel.abort();
            const late = new Promise((resolve) => setTimeout(resolve, 15000, `goes on after ${steps} steps`));
            early.push(await Promise.race([run, late]));
            if (early.at(-1) !== 'AbortError') break;
        }
        return early;";
    let names: Vec<String> = serde_json::from_value(page.js_async(body, vec![endless()]).await?)?;
    ensure!(names.iter().all(|name| name == "AbortError"), "{names:?}");
    no_worker_is_left(page).await
}

fn endless() -> serde_json::Value {
    json!({"size": 40_000_000, "workers": [2], "runs": 1000})
}
