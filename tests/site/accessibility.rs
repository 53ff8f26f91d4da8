//! What axe finds against WCAG 2.2 AA, on every page, in both themes.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(EVERY_ENGINE;
            axe_finds_nothing_in_a_lab_and_its_results,
        ),
        tests!(CHROMIUM;
            axe_finds_nothing_on_the_other_pages,
            axe_finds_nothing_in_a_tutorial_and_an_embed,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/node_modules/axe-core/axe.min.js");
/// All levels up to WCAG 2.2 AA, and what axe's authors recommend beside it.
const RULES: &str = "const found = await axe.run(document, { resultTypes: ['violations'], runOnly:
    ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return found.violations.map(({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.map(({ target, failureSummary }) => `${target} (${failureSummary})`).join('; ')}`)";

/// # Errors
/// When axe finds anything, in either theme.
async fn look(page: &Page, what: &str) -> Result<()> {
    for _ in 0..2 {
        look_once(page, what).await?;
        page.click("theme-toggle").await?;
    }
    Ok(())
}

async fn look_once(page: &Page, what: &str) -> Result<()> {
    let axe = fs::read_to_string(AXE).context("axe-core, which `cargo xtask build` installs")?;
    page.js(&axe, vec![]).await?;
    let found = page.js_async(RULES, vec![]).await?;
    let found: Vec<String> = serde_json::from_value::<Vec<Value>>(found)?.iter().map(Value::to_string).collect();
    ensure!(found.is_empty(), "{what}:\n{}", found.join("\n"));
    Ok(())
}

async fn axe_finds_nothing_in_a_lab_and_its_results(page: &Page) -> Result<()> {
    page.open("#size=100000&runs=3&warmup=0&workers=2").await?;
    look(page, "before a run").await?;
    page.race().await?;
    page.js("for (const details of document.querySelectorAll('details')) details.open = true", vec![]).await?;
    look(page, "after it, all unfolded").await
}

async fn axe_finds_nothing_on_the_other_pages(page: &Page) -> Result<()> {
    for fragment in ["#lab=convoy", "#decide", "#compare", "#history", "#glossary"] {
        page.open(fragment).await?;
        look(page, fragment).await?;
    }
    Ok(())
}

async fn axe_finds_nothing_in_a_tutorial_and_an_embed(page: &Page) -> Result<()> {
    page.session().set_script_timeout(std::time::Duration::from_secs(60)).await?;
    page.session().goto(format!("{}/tutorial.html", page.origin())).await?;
    look_once(page, "the tutorial").await?;
    for theme in ["light", "dark"] {
        page.session().goto(format!("{}/embed.html?theme={theme}#lab=race", page.origin())).await?;
        page.reaches("idle").await?;
        // Its words may come a moment after Run can be pressed.
        let headed = async || Ok(page.js("return document.querySelector('h1') !== null", vec![]).await? == true);
        ensure!(eventually(headed).await?, "an embed has no heading");
        look_once(page, &format!("an embed, {theme}")).await?;
    }
    Ok(())
}
