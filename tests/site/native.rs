//! The native switch: the same experiment on this machine's own threads and processes.

use anyhow::{Context, Result, ensure};
use gilscope::report::{HostKind, Report};

use crate::browser::Options;
use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};
use gilscope_tests::invariants;

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(CHROMIUM;
            both_hosts_race_side_by_side_and_agree,
            a_native_run_can_be_cancelled,
            a_connection_that_is_cut_is_taken_up_where_it_was,
            a_run_goes_on_while_the_page_is_reloaded,
            a_page_without_a_place_to_run_says_so,
            a_companion_that_answers_nothing_is_named,
        ),
        tests!(CHROMIUM, Options { pythons: true, ..Options::default() }; a_python_runs_beside_the_browser),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Goes on until somebody stops it.
const ENDLESS: &str = "#size=200000&tasks=20&runs=1000&warmup=0&workers=2&model=serial,processes";

/// Run natively and nowhere else.
async fn natively(page: &Page, fragment: &str) -> Result<()> {
    page.open(fragment).await?;
    page.offers("native-switch").await?;
    page.click("native-switch").await?;
    page.click("browser-switch").await
}

/// Wait until a native run measures.
async fn measures(page: &Page) -> Result<()> {
    ensure!(eventually(async || Ok(page.text("status").await?.contains("round"))).await?, "no round begins");
    Ok(())
}

async fn both_hosts_race_side_by_side_and_agree(page: &Page) -> Result<()> {
    page.open("#size=1500000&tasks=6&runs=2&warmup=0&workers=2").await?;
    page.offers("native-switch").await?;
    page.click("native-switch").await?;
    page.race().await?;
    page.is_judged_by(&["browser", "native"]).await?;
    for model in ["threads", "processes", "free-threads"] {
        ensure!(page.text(&format!("speedup-{model}")).await?.ends_with('×'));
        ensure!(page.text(&format!("speedup-{model}-native-2")).await?.ends_with('×'));
    }
    let rows = page.js("return document.querySelectorAll('[data-testid=results-table] tbody tr').length", vec![]);
    ensure!(rows.await? == 8);

    let [browser, native] = [saved(page, "download-report").await?, saved(page, "download-report-native").await?];
    ensure!(browser.host.kind == HostKind::Browser && native.host.kind == HostKind::Native);
    ensure!(browser.experiment == native.experiment);
    invariants::hold(&browser);
    invariants::hold(&native);
    let wrong = invariants::answers([&browser, &native]);
    ensure!(wrong.is_empty(), "{wrong:?}");
    Ok(())
}

/// The report in the file that a button offers.
async fn saved(page: &Page, hook: &str) -> Result<Report> {
    let listen = "
        window.saved = undefined;
        const create = URL.createObjectURL;
        URL.createObjectURL = (blob) => {
            blob.text().then((text) => { window.saved = text; });
            URL.createObjectURL = create;
            return create.call(URL, blob);
        };";
    page.js(listen, vec![]).await?;
    page.click(hook).await?;
    let script = "return window.saved ?? null";
    ensure!(eventually(async || Ok(!page.js(script, vec![]).await?.is_null())).await?, "{hook} saves nothing");
    Ok(Report::from_json(page.js(script, vec![]).await?.as_str().unwrap_or_default())?)
}

async fn a_native_run_can_be_cancelled(page: &Page) -> Result<()> {
    natively(page, ENDLESS).await?;
    page.click("run-button").await?;
    measures(page).await?;
    page.click("run-button").await?;
    page.reaches("cancelled").await?;
    // The companion is free again.
    page.js("location.hash = '#size=1000&tasks=1&runs=1&warmup=0&workers=2&model=serial'", vec![]).await?;
    ensure!(eventually(async || Ok(page.value("field-size").await? == "1000")).await?);
    page.race().await?;
    // Of serial alone.
    page.is_not_judged().await
}

async fn a_companion_that_answers_nothing_is_named(page: &Page) -> Result<()> {
    natively(page, "#size=1000&tasks=1&runs=1&warmup=0&workers=2&model=serial").await?;
    // It has all parts of the page then.
    page.race().await?;
    // Nobody waits for half a minute here.
    let hasten = "const page = window.wrappedJSObject ?? window;
        const { setTimeout } = page;
        page.setTimeout = (call, ms, ...rest) => setTimeout.call(page, call, Math.min(ms, 500), ...rest);";
    page.js(hasten, vec![]).await?;
    page.server().suspend()?;
    page.click("run-button").await?;
    page.reaches("error").await?;
    let error = page.text("error").await?;
    ensure!(error.contains("the native companion has not answered for 30 s"), "{error}");
    Ok(())
}

async fn a_connection_that_is_cut_is_taken_up_where_it_was(page: &Page) -> Result<()> {
    natively(page, "#size=200000&tasks=20&runs=10&warmup=0&workers=2&model=serial,processes").await?;
    // The first connection ends after three pieces, the second cannot be had, later ones are as they are.
    let cut = "
        window.asked = [];
        window.statuses = new Set();
        new MutationObserver(() => window.statuses.add(document.querySelector('[data-testid=status]').textContent))
            .observe(document.body, { subtree: true, childList: true, characterData: true });
        const real = window.fetch;
        window.fetch = async (url, init) => {
            if (!String(url).includes('/events')) return real(url, init);
            window.asked.push(Number(new URL(url).searchParams.get('from')));
            if (window.asked.length === 2) throw new TypeError('no network');
            const response = await real(url, init);
            if (window.asked.length > 1) return response;
            const reader = response.body.getReader();
            let pieces = 0;
            return new Response(new ReadableStream({
                async pull(controller) {
                    const { done, value } = await reader.read();
                    if (!done && ++pieces <= 3) return controller.enqueue(value);
                    await reader.cancel();
                    controller.error(new TypeError('network error'));
                },
            }));
        };";
    page.js(cut, vec![]).await?;
    page.race().await?;
    let asked: Vec<u64> = serde_json::from_value(page.js("return window.asked", vec![]).await?)?;
    ensure!(asked.len() == 3 && asked[0] == 0 && asked[1] > 0 && asked[1] == asked[2], "{asked:?}");
    let statuses: Vec<String> = serde_json::from_value(page.js("return [...window.statuses]", vec![]).await?)?;
    ensure!(statuses.iter().any(|status| status == "connection lost, trying again…"), "{statuses:?}");
    let processes = "return document.querySelector('[data-testid=results-table]').textContent.includes('processes')";
    ensure!(page.js(processes, vec![]).await? == true, "the rest of the run is missing");
    Ok(())
}

async fn a_run_goes_on_while_the_page_is_reloaded(page: &Page) -> Result<()> {
    natively(page, ENDLESS).await?;
    page.click("run-button").await?;
    measures(page).await?;
    page.reload().await?;
    page.offers("pick-up").await?;
    page.click("pick-up").await?;
    measures(page).await?;
    page.click("run-button").await?;
    page.reaches("cancelled").await?;
    // What was measured before the reload and after it is in one report.
    ensure!(page.text("results-table").await?.contains("serial"));
    page.reload().await?;
    page.offers("native-switch").await?;
    ensure!(page.all("pick-up").await?.is_empty(), "a run that was cancelled is offered again");
    Ok(())
}

async fn a_page_without_a_place_to_run_says_so(page: &Page) -> Result<()> {
    page.open("").await?;
    page.offers("browser-switch").await?;
    page.click("browser-switch").await?;
    ensure!(!page.one("run-button").await?.is_enabled().await?);
    ensure!(
        page.js("return document.querySelector('#run-reason').textContent", vec![]).await? == "Choose where to run."
    );
    Ok(())
}

async fn a_python_runs_beside_the_browser(page: &Page) -> Result<()> {
    page.open("#size=400000&tasks=4&runs=1&warmup=0&workers=2&model=serial,threads,processes").await?;
    page.offers("pythons").await?;
    let choose = "
        document.querySelector('[data-testid=pythons]').open = true;
        const first = document.querySelector('[data-testid^=cpython-]');
        first.click();
        return first.dataset.testid.replace(/-switch$/, '');";
    let python = page.js(choose, vec![]).await?;
    page.race().await?;
    page.is_judged_by(&["browser", python.as_str().context("a host")?]).await
}
