//! The runs that a browser keeps.

use anyhow::{Context, Result, ensure};
use gilscope::report::Report;
use serde_json::Value;

use crate::page::{Page, eventually};
use crate::playground::SMALL;
use crate::trials::{SiteTest, tests};

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(CHROMIUM_AND_FIREFOX;
            runs_are_kept_over_a_reload_shown_compared_exported_and_deleted,
        ),
        tests!(CHROMIUM;
            a_run_that_cannot_be_kept_is_shown_all_the_same,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Go to a page of the site within the site.
async fn go(page: &Page, fragment: &str, state: &str) -> Result<()> {
    page.js("location.hash = arguments[0]", vec![fragment.into()]).await?;
    page.reaches(state).await
}

async fn count(page: &Page, runs: usize) -> Result<()> {
    let is = async || Ok(page.all("history-entry").await?.len() == runs);
    ensure!(eventually(is).await?, "not {runs} runs");
    Ok(())
}

async fn empty(page: &Page) -> Result<()> {
    let is = async || Ok(page.all("history-empty").await?.len() == 1);
    ensure!(eventually(is).await?, "there are runs");
    Ok(())
}

/// What a press of this button would save.
async fn saved(page: &Page, hook: &str) -> Result<String> {
    let catch = "
        window.saved = undefined;
        URL.createObjectURL = (blob) => { blob.text().then((text) => (window.saved = text)); return '#saved'; };
        HTMLAnchorElement.prototype.click = () => {};";
    page.js(catch, vec![]).await?;
    page.click(hook).await?;
    let is_saved = async || Ok(page.js("return window.saved !== undefined", vec![]).await? == true);
    ensure!(eventually(is_saved).await?, "nothing is saved");
    Ok(page.js("return window.saved", vec![]).await?.as_str().context("text")?.to_owned())
}

async fn runs_are_kept_over_a_reload_shown_compared_exported_and_deleted(page: &Page) -> Result<()> {
    page.open("#history").await?;
    empty(page).await?;
    for runs in 1..=2 {
        page.open(SMALL).await?;
        page.reload().await?;
        page.race().await?;
        // It appears, although the list may be there before it.
        go(page, "#history", "idle").await?;
        count(page, runs).await?;
    }
    page.reload().await?;
    count(page, 2).await?;

    let reports: Vec<Value> = serde_json::from_str(&saved(page, "history-export").await?)?;
    ensure!(reports.len() == 2);
    for report in &reports {
        let report = Report::from_json(&report.to_string())?;
        ensure!(report.runs.len() == 3 && report.trace.is_none() && report.measured_unix_s.is_some());
    }

    for choice in page.all("history-choose").await? {
        choice.click().await?;
    }
    page.click("history-compare").await?;
    page.reaches("done").await?;
    ensure!(page.all("compare-chosen").await?.len() == 2 && !page.all("compare-table").await?.is_empty());

    go(page, "#history", "idle").await?;
    count(page, 2).await?;
    page.all("history-open").await?[0].click().await?;
    page.reaches("done").await?;
    let label = page.text("recorded-label").await?;
    ensure!(label.contains("Recorded on") && label.contains("by this browser"), "{label}");

    go(page, "#history", "idle").await?;
    count(page, 2).await?;
    page.all("history-delete").await?[0].click().await?;
    count(page, 1).await?;
    page.click("history-delete-all").await?;
    count(page, 1).await?;
    page.click("history-delete-sure").await?;
    count(page, 0).await?;
    page.reload().await?;
    empty(page).await
}

async fn a_run_that_cannot_be_kept_is_shown_all_the_same(page: &Page) -> Result<()> {
    page.open(SMALL).await?;
    let refuse = "IDBFactory.prototype.open = () => { throw new DOMException('no storage here', 'SecurityError'); };";
    page.js(refuse, vec![]).await?;
    page.race().await?;
    let told = async || Ok(page.all("notice-unkept").await?.len() == 1);
    ensure!(eventually(told).await?, "nothing is said");
    ensure!(page.text("notice-unkept").await?.contains("no storage here"));
    ensure!(page.all("results-table").await?.len() == 1 && page.all("error").await?.is_empty());
    Ok(())
}
