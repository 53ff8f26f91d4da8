//! Every field, presets, and links with what they hold.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};

pub fn tests() -> Vec<SiteTest> {
    tests!(CHROMIUM;
        a_field_among_all_settings_changes_the_experiment_and_the_link,
        a_field_out_of_bounds_says_why_and_one_that_does_not_act_says_so,
        a_preset_fills_the_fields,
        a_link_with_a_result_shows_it_as_recorded_elsewhere_and_is_compared_with_a_run_here,
        a_result_that_cannot_be_read_is_one_error_and_its_experiment_still_runs,
    )
}

/// Small, and of a kind of its own.
pub const SMALL: &str = "#size=200000&chunk=2&model=serial,threads,processes&runs=3&warmup=0&workers=2";

/// Their fields are made when they are unfolded.
async fn unfold_all_settings(page: &Page) -> Result<()> {
    page.click("all-settings").await?;
    ensure!(eventually(async || Ok(!page.all("field-seed").await?.is_empty())).await?, "no fields");
    Ok(())
}

async fn a_field_among_all_settings_changes_the_experiment_and_the_link(page: &Page) -> Result<()> {
    page.open("#size=1000").await?;
    unfold_all_settings(page).await?;
    for (field, text) in [("chunk", "7"), ("seed", "5"), ("background", "1"), ("sweep", "size=10; size=20")] {
        page.fill(&format!("field-{field}"), text).await?;
    }
    let choose = "
        const field = document.querySelector('[data-testid=field-channel]');
        field.value = 'transfer';
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    page.js(choose, vec![]).await?;
    let link = page.fragment().await?;
    for field in ["chunk=7", "seed=5", "background=1", "channel=transfer", "sweep=size%3D10%3Bsize%3D20"] {
        ensure!(link.split(['#', '&']).any(|told| told == field), "{field} is not in {link}");
    }
    ensure!(page.all("error").await?.is_empty());
    page.reload().await?;
    unfold_all_settings(page).await?;
    ensure!(page.value("field-chunk").await? == "7" && page.value("field-channel").await? == "transfer");
    let every = "return [...document.querySelectorAll('[id^=field-]')].map(({ id }) => id.slice(6)).sort()";
    page.open("").await?;
    unfold_all_settings(page).await?;
    let mut fields: Vec<String> = serde_json::from_value(page.js(every, vec![]).await?)?;
    fields.extend(["lab", "model", "trace"].map(String::from));
    fields.sort();
    let mut all = gilscope::experiment::FIELDS.map(String::from);
    all.sort();
    ensure!(fields == all, "the lab is chosen in the menu, the models by boxes, the trace by the page: {fields:?}");
    Ok(())
}

async fn a_field_out_of_bounds_says_why_and_one_that_does_not_act_says_so(page: &Page) -> Result<()> {
    page.open("#size=1000").await?;
    unfold_all_settings(page).await?;
    page.fill("field-chunk", "10001").await?;
    let error = page.text("error").await?;
    ensure!(error.contains("10001") && error.contains("because no run has more tasks"), "{error}");
    let chunk = page.one("field-chunk").await?;
    ensure!(chunk.attr("aria-invalid").await?.as_deref() == Some("true"));
    let described = chunk.attr("aria-describedby").await?.context("a description")?;
    ensure!(described.split(' ').any(|id| id == "error-chunk"), "{described}");
    ensure!(!page.one("run-button").await?.is_enabled().await?);
    page.fill("field-chunk", "1").await?;
    ensure!(page.text("idle-start-method").await?.contains("a browser has only one way"));
    ensure!(page.text("about-cores").await.is_err() && page.all("idle-chunk").await?.is_empty());
    Ok(())
}

async fn a_preset_fills_the_fields(page: &Page) -> Result<()> {
    page.open("#lab=io").await?;
    unfold_all_settings(page).await?;
    page.click("presets").await?;
    let chunks = page.all("preset").await?.into_iter().nth(2).context("three presets")?;
    chunks.click().await?;
    ensure!(eventually(async || Ok(page.value("field-chunk").await? == "100")).await?, "in chunks");
    ensure!(page.value("field-tasks").await? == "4000");
    ensure!(page.all("error").await?.is_empty());
    Ok(())
}

/// A link with a result, as the page makes it.
async fn link_with_result(page: &Page) -> Result<String> {
    page.open(SMALL).await?;
    page.race().await?;
    // No clipboard is to be had in every browser without a window.
    page.js("navigator.clipboard.writeText = async (text) => { window.copied = text; }", vec![]).await?;
    page.click("copy-result").await?;
    let copied = async || Ok(page.js("return window.copied ?? ''", vec![]).await?.as_str().context("text")?.to_owned());
    ensure!(eventually(async || Ok(!copied().await?.is_empty())).await?, "nothing was copied");
    copied().await
}

async fn a_link_with_a_result_shows_it_as_recorded_elsewhere_and_is_compared_with_a_run_here(
    page: &Page,
) -> Result<()> {
    let link = link_with_result(page).await?;
    ensure!(link.len() < 2_600, "{} letters", link.len());
    page.session().goto("about:blank").await?;
    page.session().goto(&link).await?;
    page.reaches("done").await?;
    let label = page.text("recorded-label").await?;
    ensure!(label.contains("elsewhere") && label.contains("nothing of it was measured on your machine"), "{label}");
    ensure!(!page.text("verdict").await?.is_empty() && page.all("results-table").await?.len() == 1);
    ensure!(page.all("run-button").await?.is_empty(), "nothing is measured on this page");
    page.click("run-here").await?;
    page.reaches("idle").await?;
    unfold_all_settings(page).await?;
    ensure!(page.value("field-chunk").await? == "2" && page.value("field-size").await? == "200000");
    page.race().await?;
    page.click("compare-link").await?;
    let names = "return [...document.querySelectorAll('[data-testid=compare-chosen]')].map((li) => li.firstElementChild.textContent)";
    // The page that is left is done, too.
    let there = async || Ok(page.js(names, vec![]).await?.as_array().is_some_and(|names| names.len() == 2));
    ensure!(eventually(there).await?, "not two reports are compared");
    let names: Vec<String> = serde_json::from_value(page.js(names, vec![]).await?)?;
    ensure!(names[0].starts_with("the recorded result"), "{names:?}");
    ensure!(names[1] == "this page, in the browser", "{names:?}");
    Ok(())
}

async fn a_result_that_cannot_be_read_is_one_error_and_its_experiment_still_runs(page: &Page) -> Result<()> {
    page.open("").await?;
    let packed = "
        const stream = new Blob([args[0]]).stream().pipeThrough(new CompressionStream('deflate-raw'));
        const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
        let letters = '';
        for (const byte of bytes) letters += String.fromCharCode(byte);
        return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');";
    let pack = async |text: &str| -> Result<String> {
        Ok(page.js_async(packed, vec![json!(text)]).await?.as_str().context("text")?.to_owned())
    };
    let newer = pack(r#"{"schema": "gilscope.report/9"}"#).await?;
    let markup = pack("<img src=x onerror=alert(1)>").await?;
    // Unpacks to two MiB.
    let bomb = pack(&"0".repeat(2 << 20)).await?;
    let cut = &newer[..newer.len() - 7];
    let wrong = [
        (cut, "cut off or changed"),
        (&bomb, "cut off or changed"),
        (&newer, "gilscope.report/9"),
        (&markup, "not a gilscope report"),
    ];
    for (i, (result, told)) in wrong.into_iter().enumerate() {
        // Another query is another page.
        page.session().goto(format!("{}/?{i}#size=1234&workers=2&result={result}", page.origin())).await?;
        page.reaches("error").await?;
        let error = page.text("error").await?;
        ensure!(error.contains(told), "{result}: {error}");
        ensure!(page.all("results-table").await?.is_empty() && page.all("recorded-label").await?.is_empty());
    }
    page.click("run-here").await?;
    page.reaches("idle").await?;
    ensure!(page.value("field-size").await? == "1234", "the experiment is still in the link");
    Ok(())
}
