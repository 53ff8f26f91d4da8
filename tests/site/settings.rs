//! The controls and the link that holds them.

use anyhow::{Result, ensure};
use thirtyfour::Key;

use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};

pub fn tests() -> Vec<SiteTest> {
    tests!(CHROMIUM;
        the_link_brings_every_field_back,
        what_is_typed_is_in_the_link_and_survives_a_reload,
        a_malformed_link_says_so_and_the_defaults_stand_in,
        what_a_link_of_a_later_version_adds_is_told_and_the_rest_is_used,
        a_bad_field_shows_one_error_and_nothing_can_be_run,
        a_slider_leaves_the_sweep_for_one_point_of_the_reader_s_own,
        the_keyboard_alone_runs_the_race,
    )
}

const FIELDS: [&str; 6] = ["workload", "size", "tasks", "workers", "runs", "switch-interval"];

async fn values(page: &Page) -> Result<Vec<String>> {
    let mut values = Vec::new();
    for field in FIELDS {
        values.push(page.value(&format!("field-{field}")).await?);
    }
    for model in ["serial", "threads", "processes", "free-threads"] {
        if page.one(&format!("field-model-{model}")).await?.is_selected().await? {
            values.push(model.to_owned());
        }
    }
    Ok(values)
}

/// The fields of a link, in any order.
fn fields(fragment: &str) -> Vec<&str> {
    let mut fields: Vec<_> = fragment.trim_start_matches('#').split('&').collect();
    fields.sort_unstable();
    fields
}

async fn the_link_brings_every_field_back(page: &Page) -> Result<()> {
    let link = "#workload=monte-carlo-pi&size=1000&tasks=3&chunk=2&seed=7&model=serial,processes&workers=1,3&runs=4\
                &warmup=0&switch-interval=2.5";
    page.open(link).await?;
    let expected = ["monte-carlo-pi", "1000", "3", "1,3", "4", "2.5", "serial", "processes"];
    ensure!(values(page).await? == expected, "{:?}", values(page).await?);
    page.race().await?;
    ensure!(fields(&page.fragment().await?) == fields(link), "{}", page.fragment().await?);
    page.reload().await?;
    ensure!(values(page).await? == expected, "{:?}", values(page).await?);
    ensure!(fields(&page.fragment().await?) == fields(link), "{}", page.fragment().await?);
    Ok(())
}

async fn what_is_typed_is_in_the_link_and_survives_a_reload(page: &Page) -> Result<()> {
    page.open("").await?;
    for (field, text) in
        [("size", "12345"), ("tasks", "7"), ("workers", "1,2"), ("runs", "9"), ("switch-interval", "0.5")]
    {
        page.fill(&format!("field-{field}"), text).await?;
    }
    page.click("field-model-threads").await?;
    let link = page.fragment().await?;
    for field in ["size=12345", "tasks=7", "workers=1,2", "runs=9", "switch-interval=0.5"] {
        ensure!(fields(&link).contains(&field), "{field} is not in {link}");
    }
    ensure!(fields(&link).contains(&"model=serial,processes,free-threads"), "{link}");
    page.reload().await?;
    let expected = ["sum-of-squares", "12345", "7", "1,2", "9", "0.5", "serial", "processes", "free-threads"];
    ensure!(values(page).await? == expected, "{:?}", values(page).await?);
    Ok(())
}

async fn a_malformed_link_says_so_and_the_defaults_stand_in(page: &Page) -> Result<()> {
    page.open("").await?;
    let defaults = values(page).await?;
    // Which links are malformed, and what is said of each, the core and the unit tests of the settings know.
    page.open("#size=777").await?;
    page.js("location.hash = 'workers=two'", vec![]).await?;
    ensure!(eventually(async || Ok(page.all("error").await?.len() == 1)).await?, "nothing is said");
    let text = page.text("error").await?;
    ensure!(text.contains("workers") && text.contains("two"), "{text}");
    ensure!(values(page).await? == defaults, "{:?}", values(page).await?);
    ensure!(page.one("run-button").await?.is_enabled().await?, "the defaults can be run");
    page.reload().await?;
    ensure!(page.all("error").await?.len() == 1, "also after a reload");
    Ok(())
}

async fn what_a_link_of_a_later_version_adds_is_told_and_the_rest_is_used(page: &Page) -> Result<()> {
    page.open("#%F0%9F=%&size=777").await?;
    ensure!(page.all("notice-unknown").await?.len() == 1 && page.all("error").await?.is_empty());
    ensure!(page.value("field-size").await? == "777");
    page.fill("field-size", "778").await?;
    ensure!(page.all("notice-unknown").await?.is_empty(), "from here on the experiment is the reader's");
    Ok(())
}

async fn a_bad_field_shows_one_error_and_nothing_can_be_run(page: &Page) -> Result<()> {
    page.open("#size=1000").await?;
    for (field, bad, good) in [("workers", "0", "2"), ("switch-interval", "0", "1")] {
        let hook = format!("field-{field}");
        page.fill(&hook, bad).await?;
        ensure!(page.all("error").await?.len() == 1, "{field}: one error");
        ensure!(page.one(&hook).await?.attr("aria-invalid").await?.as_deref() == Some("true"), "{field} is invalid");
        ensure!(!page.one("run-button").await?.is_enabled().await?, "{field}: Run is disabled");
        page.fill(&hook, good).await?;
        ensure!(page.all("error").await?.is_empty(), "{field}: mended");
        ensure!(page.one("run-button").await?.is_enabled().await?, "{field}: Run is enabled again");
    }
    for model in ["serial", "threads", "processes", "free-threads"] {
        page.click(&format!("field-model-{model}")).await?;
    }
    ensure!(page.all("error").await?.len() == 1, "no model is left to run");
    ensure!(!page.one("run-button").await?.is_enabled().await?);
    Ok(())
}

async fn a_slider_leaves_the_sweep_for_one_point_of_the_reader_s_own(page: &Page) -> Result<()> {
    let drag = "
        const slider = document.querySelector(`[data-testid=slider-${arguments[0]}]`);
        slider.value = slider.max;
        slider.dispatchEvent(new Event('input', { bubbles: true }));";
    for (lab, field, most) in [("convoy", "switch-interval", "100"), ("free-threading", "shared", "100")] {
        page.open(&format!("#lab={lab}&runs=1")).await?;
        ensure!(page.one("sweep-switch").await?.is_selected().await?, "{lab} begins with all its points");
        page.js(drag, vec![field.into()]).await?;
        let left = async || Ok(!page.one("sweep-switch").await?.is_selected().await?);
        ensure!(eventually(left).await?, "{lab}: the points are still there");
        ensure!(page.value(&format!("field-{field}")).await? == most, "{lab}: {field}");
        ensure!(page.all("error").await?.is_empty(), "{lab}");
    }
    Ok(())
}

async fn the_keyboard_alone_runs_the_race(page: &Page) -> Result<()> {
    page.open("#size=100000&runs=1&warmup=0&workers=2&model=serial,processes").await?;
    let focused = "return document.activeElement?.dataset.testid ?? ''";
    for _ in 0..10 {
        let action = page.session().action_chain();
        action.send_keys(Key::Tab).perform().await?;
        if page.js(focused, vec![]).await? == "run-button" {
            page.session().action_chain().send_keys(Key::Enter).perform().await?;
            return page.reaches("done").await;
        }
    }
    anyhow::bail!("Tab does not reach Run")
}
