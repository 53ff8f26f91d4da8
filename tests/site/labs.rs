//! Every lab, from its link to its charts; the path through them; the decision at its end.

use anyhow::{Context, Result, ensure};
use gilscope::labs::{self, Lab};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(CHROMIUM;
            a_few_labs_are_judged_and_draw_their_charts,
            every_lab_explains_itself_and_leads_to_the_next,
            a_lab_is_chosen_by_the_keyboard,
            a_chart_is_saved_as_files_that_stand_alone,
            the_decision_rests_on_what_was_measured,
        ),
        // Minutes: in a full run only.
        tests!(NONE; every_lab_is_judged_and_draws_its_charts),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Quick, in one round: whatever the machine says to that is right.
async fn open_small(page: &Page, lab: &str) -> Result<()> {
    page.open(&format!("#lab={lab}&warmup=0")).await?;
    if !page.all("quick-switch").await?.is_empty() {
        page.click("quick-switch").await?;
    }
    page.fill("field-runs", "1").await
}

/// Labs that differ in what they need of a browser: waiting, background workers, counting together, data, deaths.
const A_FEW: [&str; 5] = ["io", "convoy", "free-threading", "channels", "worker-death"];

async fn a_few_labs_are_judged_and_draw_their_charts(page: &Page) -> Result<()> {
    for lab in labs::ALL.iter().filter(|lab| A_FEW.contains(&lab.id)) {
        is_judged_and_drawn(page, lab).await.with_context(|| lab.id)?;
    }
    Ok(())
}

async fn every_lab_is_judged_and_draws_its_charts(page: &Page) -> Result<()> {
    for lab in labs::ALL {
        is_judged_and_drawn(page, lab).await.with_context(|| lab.id)?;
    }
    Ok(())
}

async fn is_judged_and_drawn(page: &Page, lab: &Lab) -> Result<()> {
    open_small(page, lab.id).await?;
    ensure!(page.js("return document.querySelector('h1').textContent", vec![]).await? == lab.question);
    page.race().await?;
    page.is_judged_by(&["browser"]).await?;
    let charts = page.all("chart").await?.len();
    ensure!(charts > 0, "no chart");
    let drawn = "return document.querySelectorAll('[data-testid=chart] .drawing svg').length";
    ensure!(eventually(async || Ok(page.js(drawn, vec![]).await? == charts)).await?, "not drawn");
    // Each names its marks in words and figures, too.
    let of_each = "
        return [...document.querySelectorAll('[data-testid=chart]')].map((chart) => [
            chart.querySelector('[role=img]').getAttribute('aria-label'),
            [...chart.querySelectorAll('[data-testid=chart-table] tbody td')].filter((td) => /\\d/.test(td.textContent)).length,
        ]);";
    let of_each: Vec<(String, usize)> = serde_json::from_value(page.js(of_each, vec![]).await?)?;
    ensure!(of_each.iter().all(|(words, figures)| words.contains(char::is_numeric) && *figures > 0), "{of_each:?}");
    Ok(())
}

async fn every_lab_explains_itself_and_leads_to_the_next(page: &Page) -> Result<()> {
    page.open("").await?;
    for (lab, next) in labs::ALL.iter().zip(labs::ALL.iter().skip(1).map(Some).chain([None])) {
        page.js("location.hash = arguments[0]", vec![format!("lab={}", lab.id).into()]).await?;
        let asks = "return document.querySelector('h1').textContent";
        ensure!(eventually(async || Ok(page.js(asks, vec![]).await? == lab.question)).await?, "{}", lab.id);
        page.js("scrollTo(0, document.body.scrollHeight)", vec![]).await?;
        let told = "return [document.querySelectorAll('[data-testid=explanation] p').length,
            document.querySelectorAll('.listing pre').length]";
        let told = async || {
            let [paragraphs, listings]: [u32; 2] = serde_json::from_value(page.js(told, vec![]).await?)?;
            Ok(paragraphs > 0 && listings > 0)
        };
        ensure!(eventually(told).await?, "{}: no explanation, or no listing", lab.id);
        let link = page.one("next-question").await?.attr("href").await?.unwrap_or_default();
        // WebKit gives it as a whole.
        let fragment = next.map_or("#decide".to_owned(), |next| format!("#lab={}", next.id));
        ensure!(link.ends_with(&fragment), "{}: {link}", lab.id);
    }
    Ok(())
}

async fn a_lab_is_chosen_by_the_keyboard(page: &Page) -> Result<()> {
    page.open("").await?;
    page.js("document.querySelector('[data-testid=lab-menu]').focus()", vec![]).await?;
    let last = labs::ALL.last().context("a lab")?;
    page.session().action_chain().send_keys(Key::Enter).perform().await?;
    // Firefox also stops at the list itself.
    let focused = "return document.activeElement.textContent";
    for _ in 0..=labs::ALL.len() {
        page.session().action_chain().send_keys(Key::Tab).perform().await?;
        if page.js(focused, vec![]).await? == last.question {
            break;
        }
    }
    page.session().action_chain().send_keys(Key::Enter).perform().await?;
    let now = "return [document.querySelector('h1').textContent, document.title,
        document.querySelector('.menu [aria-current=page]').textContent]";
    let title = format!("{} – gilscope", last.question);
    let expected = json!([last.question, title, last.question]);
    ensure!(eventually(async || Ok(page.js(now, vec![]).await? == expected)).await?, "{}", page.js(now, vec![]).await?);
    Ok(())
}

/// What a button saves: its type, its length, and its text.
async fn saved(page: &Page, hook: &str) -> Result<(String, usize, String)> {
    let listen = "
        window.saved = null;
        const create = URL.createObjectURL;
        URL.createObjectURL = (blob) => {
            blob.text().then((text) => { window.saved = [blob.type, blob.size, text]; });
            URL.createObjectURL = create;
            return create.call(URL, blob);
        };";
    page.js(listen, vec![]).await?;
    page.click(hook).await?;
    let script = "return window.saved";
    ensure!(eventually(async || Ok(page.js(script, vec![]).await? != Value::Null)).await?, "{hook} saves nothing");
    Ok(serde_json::from_value(page.js(script, vec![]).await?)?)
}

async fn a_chart_is_saved_as_files_that_stand_alone(page: &Page) -> Result<()> {
    page.open("#size=200000&runs=3&warmup=0&workers=2").await?;
    page.race().await?;
    let drawn = "return document.querySelectorAll('.drawing svg').length";
    ensure!(eventually(async || Ok(page.js(drawn, vec![]).await? == 1)).await?);
    let (kind, _, svg) = saved(page, "save-svg").await?;
    ensure!(kind == "image/svg+xml" && svg.starts_with("<svg xmlns="), "{kind}: {svg}");
    ensure!(!svg.contains("var(") && !svg.contains("<style"), "it depends on the page: {svg}");
    let (kind, bytes, _) = saved(page, "save-png").await?;
    ensure!(kind == "image/png" && bytes > 5_000, "{kind}, {bytes} bytes");
    let (kind, _, csv) = saved(page, "download-csv").await?;
    let lines: Vec<_> = csv.lines().collect();
    ensure!(kind == "text/csv" && lines.len() == 5 && lines[0].contains("elapsed_s"), "{csv}");
    Ok(())
}

async fn the_decision_rests_on_what_was_measured(page: &Page) -> Result<()> {
    page.open("#decide").await?;
    ensure!(page.all("advice").await?.is_empty() && page.all("cost-map").await?.is_empty(), "before measuring");
    page.race().await?;
    ensure!(!page.text("advice").await?.is_empty());
    let costs = page.text("costs").await?;
    ensure!(costs.contains("starting a process") && costs.contains("ms"), "{costs}");
    let drawn = "return document.querySelectorAll('[data-testid=cost-map] .drawing svg').length";
    ensure!(eventually(async || Ok(page.js(drawn, vec![]).await? == 1)).await?, "no map");
    // What waits all the time needs no second core.
    page.fill("case-wait_share", "100").await?;
    page.session().action_chain().send_keys(Key::Tab).perform().await?;
    let advice = async || page.one("advice").await?.attr("data-model").await.context("advice");
    let advised = async || Ok(["event-loop", "threads"].map(|model| Some(model.to_owned())).contains(&advice().await?));
    ensure!(eventually(advised).await?, "{:?}", advice().await?);
    Ok(())
}
