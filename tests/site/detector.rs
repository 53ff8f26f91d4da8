//! That the detector of complaints detects: were it blind, every other test would pass too easily.

use anyhow::{Result, ensure};

use crate::complaints::collect;
use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};

pub fn tests() -> Vec<SiteTest> {
    tests!(EVERY_ENGINE;
        a_page_that_works_gives_no_complaint,
        every_kind_of_failure_is_a_complaint,
    )
}

async fn a_page_that_works_gives_no_complaint(page: &Page) -> Result<()> {
    page.open("#size=1000&runs=1&warmup=0&workers=2").await?;
    page.race().await?;
    let complaints = collect(page.browser()).await?;
    ensure!(complaints.is_empty(), "{complaints:?}");
    Ok(())
}

async fn every_kind_of_failure_is_a_complaint(page: &Page) -> Result<()> {
    let failures = [
        ("uncaught", "setTimeout(() => { throw new Error('uncaught'); });"),
        ("unhandled", "setTimeout(() => { Promise.reject(new Error('unhandled')); });"),
        ("told", "console.error('told');"),
        // No text becomes a script: Trusted Types throw.
        ("rusted", "setTimeout(() => { document.createElement('script').textContent = 'void 0'; });"),
        ("Content", "document.head.append(Object.assign(document.createElement('style'), { textContent: 'a { }' }));"),
        ("evil", "document.body.append(Object.assign(new Image(), { src: 'http://evil.example/x.png' }));"),
    ];
    page.open("").await?;
    let mut missing = Vec::new();
    for (sign, script) in failures {
        page.js(script, vec![]).await?;
        let heard = eventually(async || {
            let complaints = collect(page.browser()).await?;
            Ok(complaints.iter().any(|complaint| complaint.contains(sign)))
        });
        if !heard.await? {
            missing.push(script);
        }
    }
    ensure!(missing.is_empty(), "nobody complains of {missing:#?}");
    // One of them was to ask another machine.
    page.js("performance.clearResourceTimings()", vec![]).await?;
    Ok(())
}
