//! What a first visit fetches.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use crate::browser::Options;
use crate::page::Page;
use crate::trials::{SiteTest, tests};

pub fn tests() -> Vec<SiteTest> {
    // Firefox takes no Brotli over plain HTTP.
    tests!(CHROMIUM, Options { only_chromium: true, ..Options::default() }; at_most_200_kb_are_fetched_before_the_first_run_and_the_rest_with_it)
}

/// Kilobytes as memory has them: 1,024 bytes.
const MOST_BYTES: u64 = 200 * 1024;

/// Bytes on the wire, by file, up to the moment when Run could be pressed; or all so far.
async fn fetched(page: &Page, until_ready: bool) -> Result<BTreeMap<String, u64>> {
    let script = "
        const end = arguments[0] ? performance.getEntriesByName('gilscope-ready')[0].startTime : Infinity;
        const loads = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
        const before = loads.filter(({ startTime }) => startTime <= end);
        return Object.fromEntries(before.map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]));";
    Ok(serde_json::from_value(page.js(script, vec![until_ready.into()]).await?)?)
}

fn has(files: &BTreeMap<String, u64>, name: &str) -> bool {
    files.iter().any(|(file, bytes)| file.contains(name) && file.contains(".wasm") && *bytes > 0)
}

async fn at_most_200_kb_are_fetched_before_the_first_run_and_the_rest_with_it(page: &Page) -> Result<()> {
    page.open("#size=1000&runs=1&warmup=0&workers=2").await?;
    let before = fetched(page, true).await?;
    ensure!(before.values().sum::<u64>() <= MOST_BYTES, "{} bytes: {before:#?}", before.values().sum::<u64>());
    ensure!(has(&before, "measuring") && !has(&before, "analysis"), "{before:#?}");
    page.race().await?;
    let after = fetched(page, false).await?;
    ensure!(has(&after, "analysis"), "{after:#?}");
    Ok(())
}
