//! Run after run on one page, some of them cancelled at any moment: nothing is left behind. `GILSCOPE_SOAK=500` soaks
//! for as many runs.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::browser::Options;
use crate::cancel::no_worker_is_left;
use crate::page::Page;
use crate::trials::{SiteTest, tests};
use gilscope_tests::processes::{Footprint, descendants, footprint, soak};

pub fn tests() -> Vec<SiteTest> {
    tests!(CHROMIUM_AND_FIREFOX, Options { fresh: true, ..Options::default() };
        run_after_run_leaves_nothing_behind,
        cancelled_at_any_moment_a_run_leaves_nothing_behind,
    )
}

/// Runs until whatever is made once is there.
const SETTLED: u32 = 10;
/// So many are asked for at once: a script may not take for ever.
const BATCH: u32 = 10;

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
    let (before, after) =
        over(page, soak(10), body, |answers| answers.as_array().is_some_and(|all| all.len() == 4)).await?;
    nothing_grew("runs", soak(10), before, after)?;
    smooth(page).await
}

async fn cancelled_at_any_moment_a_run_leaves_nothing_behind(page: &Page) -> Result<()> {
    page.open("").await?;
    let body = "
        const ends = new Set();
        for (let i = 0; i < args[0]; i++) {
            const cancel = new AbortController();
            setTimeout(() => cancel.abort(), Math.random() * 600);
            const experiment = { size: 200_000, workers: [2], runs: 1000 };
            ends.add(await window.gilscope.run(experiment, { signal: cancel.signal }).then(() => 'ran', ({ name }) => name));
        }
        return [...ends];";
    let (before, after) = over(page, soak(20), body, |ends| *ends == json!(["AbortError"])).await?;
    nothing_grew("cancelled runs", soak(20), before, after)?;
    page.race().await?;
    ensure!(page.all("verdict").await?.len() == 1);
    smooth(page).await
}

/// What the browser holds after it has settled, and after as many times more.
async fn over(
    page: &Page,
    times: u32,
    body: &str,
    is_right: impl Fn(&serde_json::Value) -> bool,
) -> Result<(Footprint, Footprint)> {
    let rest = async |times: u32| {
        let mut left = times;
        while left > 0 {
            let now = left.min(BATCH);
            let told = page.js_async(body, vec![json!(now)]).await?;
            ensure!(is_right(&told), "{told}");
            left -= now;
        }
        no_worker_is_left(page).await?;
        Ok(footprint(&descendants(page.driver_pid())))
    };
    Ok((rest(SETTLED).await?, rest(times).await?))
}

fn nothing_grew(what: &str, times: u32, before: Footprint, after: Footprint) -> Result<()> {
    eprintln!("{times} {what}: {before:?}, then {after:?}");
    ensure!(after.processes <= before.processes + 1, "{before:?}, then {after:?}");
    // Browsers have threads and files of their own, which come and go.
    ensure!(after.threads <= before.threads + 16, "{before:?}, then {after:?}");
    ensure!(after.descriptors <= before.descriptors + 64, "{before:?}, then {after:?}");
    // Garbage is collected when the browser likes to; a memory that is never given back is 1 MiB a worker and more.
    let most = before.private_kib + 96 * 1024 + u64::from(times) * 64;
    ensure!(after.private_kib <= most, "{before:?}, then {after:?}");
    Ok(())
}

/// The page still answers at once.
async fn smooth(page: &Page) -> Result<()> {
    let beats = "
        let beats = 0;
        const beat = () => ++beats < 20 && requestAnimationFrame(beat);
        requestAnimationFrame(beat);
        return new Promise((done) => setTimeout(() => done(beats), 3000));";
    let beats = page.js_async(beats, vec![]).await?;
    ensure!(beats == 20, "{beats} frames in 3 s");
    Ok(())
}
