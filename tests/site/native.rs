//! The native switch: the same experiment on this machine's own threads and processes.

use anyhow::{Result, ensure};
use gilscope::report::{HostKind, Report};

use crate::browser::in_every_browser;
use crate::invariants;
use crate::page::{Page, eventually};

in_every_browser!([]
    both_hosts_race_side_by_side_and_agree,
    a_native_run_can_be_cancelled,
);

async fn both_hosts_race_side_by_side_and_agree(page: &Page) -> Result<()> {
    page.open("#size=1500000&tasks=6&runs=2&warmup=0&workers=2").await?;
    page.click("native-switch").await?;
    page.race().await?;
    let mut places = Vec::new();
    for verdict in page.all("verdict").await? {
        places.push(verdict.attr("data-place").await?.unwrap_or_default());
    }
    ensure!(places == ["browser", "native"], "{places:?}");
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
    page.open("#size=100000&tasks=2&runs=1000&warmup=0&workers=2&model=serial").await?;
    page.click("native-switch").await?;
    // A serial run in the browser would take its thousand rounds first; the page asks its companion alone.
    page.js("location.hash = '#size=1000&tasks=1&runs=1&warmup=0&workers=2&model=serial'", vec![]).await?;
    ensure!(eventually(async || Ok(page.value("field-size").await? == "1000")).await?);
    let body = "
        const { content } = document.querySelector('meta[name=gilscope-token]');
        const cancel = new AbortController();
        const response = await fetch('api/run', {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-gilscope-token': content },
            body: JSON.stringify({ size: 20000, tasks: 100, runs: 1000, models: ['serial', 'processes'], workers: [2] }),
            signal: cancel.signal,
        });
        await response.body.getReader().read();
        cancel.abort();
        return response.status;";
    ensure!(page.js_async(body, vec![]).await? == 200);
    // The companion is free again.
    page.race().await?;
    ensure!(page.all("verdict").await?.len() == 2);
    Ok(())
}
