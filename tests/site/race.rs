//! Run, from the press of a button to the verdict.

use anyhow::{Context, Result, ensure};
use gilscope::experiment::Experiment;
use serde_json::json;

use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};
use gilscope_tests::reports::closed_form;

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(EVERY_ENGINE;
            a_race_ends_in_four_lanes_a_table_and_a_verdict,
            nothing_leaves_the_origin,
        ),
        tests!(CHROMIUM;
            a_second_run_takes_the_place_of_the_first,
            a_picture_fills_its_canvas,
            pictures_are_shown_before_and_after,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

async fn a_race_ends_in_four_lanes_a_table_and_a_verdict(page: &Page) -> Result<()> {
    page.open("#size=2000000&tasks=4&runs=3&warmup=0&workers=2").await?;
    ensure!(page.all("verdict").await?.is_empty() && page.all("results-table").await?.is_empty());
    page.race().await?;
    page.is_judged_by(&["browser"]).await?;
    let table = page.text("results-table").await?;
    for model in ["serial", "threads", "processes", "free-threads"] {
        ensure!(table.contains(model), "{model} is not in the table: {table}");
        ensure!(!page.text(&format!("clock-{model}")).await?.is_empty(), "{model} has no time");
        ensure!(page.text(&format!("speedup-{model}")).await?.ends_with('×'), "{model} has no speed-up");
        ensure!(page.text(&format!("lane-{model}")).await?.contains(model));
        let label = page.one(&format!("timeline-{model}")).await?.attr("aria-label").await?.context("a label")?;
        ensure!(label.contains("worker 0: running"), "{label}");
    }
    ensure!(page.text("run-button").await? == "Run again");
    let answer = closed_form(&Experiment { size: 2_000_000, ..Experiment::default() });
    let text = page.js("return document.querySelector('.results').textContent", vec![]).await?;
    let text = text.as_str().context("text")?;
    ensure!(text.contains("Every model gave the same answer") && text.contains(&answer), "{answer} is not in {text}");
    Ok(())
}

async fn a_second_run_takes_the_place_of_the_first(page: &Page) -> Result<()> {
    page.open("#size=200000&model=serial,threads&runs=1&warmup=0&workers=2").await?;
    page.race().await?;
    ensure!(!page.text("results-table").await?.contains("processes"));
    page.fill("field-size", "300000").await?;
    page.click("field-model-processes").await?;
    ensure!(page.all("notice-stale").await?.len() == 1, "the figures are of other settings");
    page.click("run-button").await?;
    page.reaches("done").await?;
    ensure!(page.text("results-table").await?.contains("processes"));
    ensure!(page.all("notice-stale").await?.is_empty());
    Ok(())
}

async fn a_picture_fills_its_canvas(page: &Page) -> Result<()> {
    page.open("#workload=mandelbrot&size=128&tasks=16&runs=1&warmup=0&workers=2").await?;
    page.race().await?;
    let pixels = "
        const canvas = document.querySelector('gs-tile-picture canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const words = new Uint32Array(data.buffer);
        return [canvas.width, words.filter((word) => word >>> 24 !== 255).length, new Set(words).size]";
    let [width, clear, colours]: [u32; 3] = serde_json::from_value(page.js(pixels, vec![]).await?)?;
    ensure!(width == 128 && clear == 0 && colours > 10, "{clear} pixels of {width}² are clear, {colours} colours");
    let experiment =
        Experiment { size: 128, tasks: 16, runs: 1, warmup: 0, ..Experiment::of("mandelbrot").expect("a workload") };
    let answer = gilscope_tests::reports::native(&experiment).runs[0].answer.clone();
    let text = page.js("return document.querySelector('.results').textContent", vec![]).await?;
    ensure!(text.as_str().context("text")?.contains(&answer), "{answer} is not in {text}");
    Ok(())
}

async fn pictures_are_shown_before_and_after(page: &Page) -> Result<()> {
    page.open("#workload=image-resize&size=600&tasks=2&runs=1&warmup=0&workers=2").await?;
    ensure!(page.all("before-after").await?.is_empty(), "nothing has been run");
    page.race().await?;
    let canvases = "
        return [...document.querySelectorAll('[data-testid=before-after] canvas')].map((canvas) => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return [canvas.width, new Set(new Uint32Array(data.buffer)).size > 10];
        });";
    let expected = json!([[256, true], [64, true], [256, true], [64, true]]);
    ensure!(eventually(async || Ok(page.js(canvases, vec![]).await? == expected)).await?, "not drawn");
    let caption = page.text("before-after").await?;
    ensure!(caption.contains("256 × 256") && caption.contains("64 × 64"), "{caption}");
    Ok(())
}

async fn nothing_leaves_the_origin(page: &Page) -> Result<()> {
    page.open("#size=200000&runs=1&warmup=0&workers=2").await?;
    page.race().await?;
    let names = page.js("return performance.getEntriesByType('resource').map(({ name }) => name)", vec![]).await?;
    let names: Vec<String> = serde_json::from_value(names)?;
    ensure!(names.iter().any(|name| name.ends_with(".wasm")), "{names:?}");
    let abroad: Vec<_> = names.iter().filter(|name| !name.starts_with(&format!("{}/", page.origin()))).collect();
    ensure!(abroad.is_empty(), "{abroad:?}");
    Ok(())
}
