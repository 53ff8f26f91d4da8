//! Run after run on one page, some of them cancelled at any moment: nothing is left behind. `GILSCOPE_SOAK=500` soaks
//! for as many runs.

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};

use crate::browser::Options;
use crate::cancel::no_worker_is_left;
use crate::complaints::{in_firefox_itself, send};
use crate::page::Page;
use crate::trials::{SiteTest, tests};
use gilscope_tests::driver::Engine;
use gilscope_tests::processes::{Footprint, descendants, footprint, soak};

pub fn tests() -> Vec<SiteTest> {
    tests!(CHROMIUM_AND_FIREFOX, Options { fresh: true, ..Options::default() };
        run_after_run_leaves_nothing_behind,
        cancelled_at_any_moment_a_run_leaves_nothing_behind,
    )
}

/// Runs until all that is made once is there.
const SETTLED: u32 = 6;
/// So many are asked for at once, because a script has a time-out.
const BATCH: u32 = 10;
/// At most so many, and at least two: a leak goes on growing, what a browser keeps for a while does not.
const ROUNDS: u32 = 4;

async fn run_after_run_leaves_nothing_behind(page: &Page) -> Result<()> {
    page.open("").await?;
    let body = "
        const answers = new Set();
        for (let i = 0; i < args[0]; i++) {
            const { runs } = await window.gilscope.run({ size: 20_000, tasks: 6, workers: [2], runs: 1, warmup: 0 });
            runs.forEach(({ model, answer }) => answers.add(`${model} ${answer}`));
        }
        return [...answers];";
    // All models, one answer.
    nothing_grows(page, soak(8), body, |answers| answers.as_array().is_some_and(|all| all.len() == 4)).await
}

async fn cancelled_at_any_moment_a_run_leaves_nothing_behind(page: &Page) -> Result<()> {
    page.open("#size=20000&runs=1&warmup=0&workers=2").await?;
    let body = "
        const ends = new Set();
        for (let i = 0; i < args[0]; i++) {
            const cancel = new AbortController();
            setTimeout(() => cancel.abort(), Math.random() * 300);
            const experiment = { size: 200_000, workers: [2], runs: 1000 };
            ends.add(await window.gilscope.run(experiment, { signal: cancel.signal }).then(() => 'ran', ({ name }) => name));
        }
        return [...ends];";
    nothing_grows(page, soak(12), body, |ends| *ends == json!(["AbortError"])).await?;
    page.race().await?;
    page.is_judged_by(&["browser"]).await
}

/// Do it `times` times, again and again, until the browser holds no more than after the first few.
async fn nothing_grows(page: &Page, times: u32, body: &str, is_right: impl Fn(&Value) -> bool) -> Result<()> {
    let after = async |times: u32| {
        let mut left = times;
        while left > 0 {
            let now = left.min(BATCH);
            let answer = page.js_async(body, vec![json!(now)]).await?;
            ensure!(is_right(&answer), "{answer}");
            left -= now;
        }
        no_worker_is_left(page).await?;
        collect_garbage(page).await?;
        Ok(footprint(&descendants(page.driver_pid())))
    };
    let mut seen = vec![after(SETTLED).await?];
    for round in 1..=ROUNDS {
        let now = after(times).await?;
        if round > 1 && !has_grown(times * round, seen[0], now) {
            return Ok(());
        }
        seen.push(now);
    }
    bail!("{times} runs more, again and again, leave more and more behind: {seen:#?}")
}

/// A browser frees the memory of a worker that has ended when it collects its garbage, which may be many runs later.
async fn collect_garbage(page: &Page) -> Result<()> {
    let browser = page.browser();
    if page.engine == Engine::Firefox {
        // What the button of about:memory does.
        in_firefox_itself(browser, "Services.obs.notifyObservers(null, 'child-mmu-request'); Cu.forceGC();").await?;
    } else {
        send(browser, "/goog/cdp/execute", json!({"cmd": "HeapProfiler.collectGarbage", "params": {}})).await?;
    }
    Ok(())
}

/// Whether it is more by something for every other run.
fn has_grown(times: u32, before: Footprint, now: Footprint) -> bool {
    let some = u64::from(times) / 2;
    let grown = |of: fn(Footprint) -> usize| of(now) >= of(before) + some as usize;
    // A worker's memory is 1 MiB and more.
    let private = now.private_kib >= before.private_kib + some * 1024;
    now.processes > before.processes || grown(|of| of.threads) || grown(|of| of.descriptors) || private
}
