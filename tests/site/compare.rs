//! Reports side by side: files, what this page measured, and files that are no reports.

use anyhow::{Result, ensure};
use gilscope::experiment::{Experiment, Model};
use serde_json::json;

use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};
use gilscope_tests::reports;

pub fn tests() -> Vec<SiteTest> {
    tests!(CHROMIUM;
        files_are_compared_in_words_charts_and_tables,
        what_this_page_measured_is_compared_with_a_file,
        a_file_that_is_no_report_is_named,
    )
}

fn small() -> Experiment {
    Experiment {
        size: 200_000,
        models: vec![Model::Serial, Model::Threads],
        runs: 3,
        warmup: 0,
        ..Experiment::default()
    }
}

fn report() -> String {
    json!(reports::native(&small())).to_string()
}

/// Choose files, as a reader does with the page's input.
async fn choose(page: &Page, files: &[(&str, &str)]) -> Result<()> {
    let script = "
        const input = document.querySelector('[data-testid=compare-files]');
        const transfer = new DataTransfer();
        for (const [name, text] of arguments[0]) transfer.items.add(new File([text], name));
        input.files = transfer.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));";
    page.js(script, vec![json!(files)]).await?;
    Ok(())
}

async fn files_are_compared_in_words_charts_and_tables(page: &Page) -> Result<()> {
    page.open("#compare").await?;
    ensure!(page.text("compare-hint").await? == "Two reports are needed.");
    // A name is text, whatever it looks like.
    choose(page, &[("first.json", &report()), ("<b>second</b>.json", &report())]).await?;
    page.reaches("done").await?;
    ensure!(page.all("compare-chosen").await?.len() == 2);
    ensure!(!page.all("compare-sentence").await?.is_empty());
    let sentence = page.all("compare-sentence").await?[0].text().await?;
    ensure!(sentence.contains("threads/serial") && sentence.contains("<b>second</b>.json"), "{sentence}");
    let tables =
        "return [...document.querySelectorAll('[data-testid=compare-table]')].map((table) => table.dataset.quantity)";
    let tables: Vec<String> = serde_json::from_value(page.js(tables, vec![]).await?)?;
    ensure!(
        tables.iter().any(|table| table == "speedup") && tables.iter().any(|table| table == "elapsed"),
        "{tables:?}"
    );
    let charts = page.all("chart").await?.len();
    let drawn = "return document.querySelectorAll('[data-testid=chart] .drawing svg').length";
    ensure!(charts > 2 && eventually(async || Ok(page.js(drawn, vec![]).await? == charts)).await?, "{charts} charts");
    Ok(())
}

async fn what_this_page_measured_is_compared_with_a_file(page: &Page) -> Result<()> {
    page.open("#size=200000&model=serial,threads&runs=3&warmup=0&workers=2").await?;
    page.race().await?;
    page.click("compare-link").await?;
    page.reaches("idle").await?;
    ensure!(page.text("compare-hint").await? == "One more report is needed.");
    choose(page, &[("native.json", &report())]).await?;
    page.reaches("done").await?;
    let names = "return [...document.querySelectorAll('[data-testid=compare-chosen]')].map((li) => li.firstElementChild.textContent)";
    ensure!(page.js(names, vec![]).await? == json!(["this page, in the browser", "native.json"]));
    Ok(())
}

async fn a_file_that_is_no_report_is_named(page: &Page) -> Result<()> {
    let right = report();
    let newer = right.replace("gilscope.report/1", "gilscope.report/9");
    let wrong =
        [("{}", "is not a gilscope report"), ("<html>", "carries no gilscope report"), (&newer, "gilscope.report/9")];
    for (i, (text, told)) in wrong.into_iter().enumerate() {
        // Another query is another page.
        page.open(&format!("?{i}#compare")).await?;
        choose(page, &[("right.json", &right), ("wrong.json", text)]).await?;
        page.reaches("error").await?;
        let error = page.text("error").await?;
        ensure!(error.starts_with("wrong.json cannot be compared: ") && error.contains(told), "{error}");
        ensure!(page.all("compare-table").await?.is_empty());
    }
    Ok(())
}
