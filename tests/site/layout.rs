//! Small windows, and both colour schemes.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::browser::Options;
use crate::complaints::send;
use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};
use gilscope_tests::driver::Engine;

pub fn tests() -> Vec<SiteTest> {
    let until = Some("the redesign of the first minute");
    // Only Chromium tells layout shifts.
    let redesign = Options { fails_until: until, only_chromium: true, ..Options::default() };
    [
        tests!(CHROMIUM, redesign; nothing_moves_during_a_run, nothing_moves_during_a_run_on_a_phone),
        tests!(CHROMIUM_AND_FIREFOX;
            a_phone_needs_no_sideways_scrolling,
        ),
        tests!(CHROMIUM;
            the_theme_can_be_switched_and_is_kept,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const PHONE_WIDTH: u32 = 390;

/// A window may be no narrower than some 450 pixels, so the page's own area is made narrow.
async fn narrow(page: &Page) -> Result<()> {
    match page.engine {
        Engine::Chromium => {
            resize(page, PHONE_WIDTH).await?;
        }
        Engine::Firefox => {
            send(page.browser(), "/moz/context", json!({"context": "chrome"})).await?;
            let script = "gBrowser.selectedBrowser.style.maxWidth = `${arguments[0]}px`";
            let narrowed = page.js(script, vec![PHONE_WIDTH.into()]).await;
            send(page.browser(), "/moz/context", json!({"context": "content"})).await?;
            narrowed?;
        }
        // As narrow as its small browser may be.
        Engine::WebKit => page.session().set_window_rect(0, 0, PHONE_WIDTH, 900).await?,
    }
    Ok(())
}

/// Give the page of a Chromium this width, as a phone's where it is narrow.
async fn resize(page: &Page, width: u32) -> Result<()> {
    let is_phone = width < 600;
    let (height, density) = if is_phone { (844, 2) } else { (900, 1) };
    let metrics = json!({"width": width, "height": height, "deviceScaleFactor": density, "mobile": is_phone});
    let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics});
    send(page.browser(), "/goog/cdp/execute", command).await.map(drop)
}

/// How narrow that made it.
fn narrowed(engine: Engine, window: u32) -> bool {
    window == PHONE_WIDTH || engine == Engine::WebKit && window <= 450
}

/// The window's width, and that of what is in it.
async fn widths(page: &Page) -> Result<(u32, u32)> {
    let script = "return [window.innerWidth, document.documentElement.scrollWidth]";
    Ok(serde_json::from_value(page.js(script, vec![]).await?)?)
}

async fn a_phone_needs_no_sideways_scrolling(page: &Page) -> Result<()> {
    page.open("#size=100000&runs=3&warmup=0&workers=1,2").await?;
    narrow(page).await?;
    page.reload().await?;
    let (window, content) = widths(page).await?;
    ensure!(narrowed(page.engine, window) && content <= window, "at rest: {content} pixels in {window}");
    page.race().await?;
    let (window, content) = widths(page).await?;
    ensure!(narrowed(page.engine, window) && content <= window, "with results: {content} pixels in {window}");
    let unfold = "for (const details of document.querySelectorAll('details')) details.open = true;
                  // What they hold is rendered now at the latest.
                  await new Promise((drawn) => setTimeout(drawn, 100));";
    page.js_async(unfold, vec![]).await?;
    let (window, content) = widths(page).await?;
    ensure!(content <= window, "unfolded: {content} pixels in {window}");
    Ok(())
}

async fn the_theme_can_be_switched_and_is_kept(page: &Page) -> Result<()> {
    page.open("").await?;
    let ground = "return getComputedStyle(document.documentElement).colorScheme + getComputedStyle(document.body).backgroundColor";
    let before = page.js(ground, vec![]).await?;
    page.click("theme-toggle").await?;
    let after = page.js(ground, vec![]).await?;
    ensure!(before != after, "still {before}");
    page.reload().await?;
    ensure!(page.js(ground, vec![]).await? == after, "a reload forgets it");
    Ok(())
}

/// The most that all layout shifts of a run may add up to: <https://web.dev/articles/cls> calls 0.1 good for a whole visit.
const MOST_SHIFT: f64 = 0.02;

async fn nothing_moves_during_a_run(page: &Page) -> Result<()> {
    resize(page, 1280).await?;
    no_lab_moves(page).await
}

async fn nothing_moves_during_a_run_on_a_phone(page: &Page) -> Result<()> {
    resize(page, PHONE_WIDTH).await?;
    no_lab_moves(page).await
}

async fn no_lab_moves(page: &Page) -> Result<()> {
    for lab in ["race", "io", "convoy"] {
        page.open(&format!("#lab={lab}&runs=1&warmup=0&size=2000")).await?;
        let (shift, what) = shift_of_a_run(page).await?;
        ensure!(shift <= MOST_SHIFT, "{lab}: a shift of {shift:.3}: {what}");
    }
    Ok(())
}

/// The layout shifts from the press of Run to the end, added up, and what moved most.
///
/// Those within half a second of the press count, too, although the score of a page leaves them out.
async fn shift_of_a_run(page: &Page) -> Result<(f64, String)> {
    let observe = "
        window.shifts = [];
        const note = ({ value, sources }) => {
            const name = ({ node }) => node && `${node.nodeName.toLowerCase()} ${node.className ?? ''}`.trim();
            const moved = sources.map((source) => `${name(source)}: ${source.previousRect.y} to ${source.currentRect.y}`);
            window.shifts.push([value, moved.join('; ')]);
        };
        new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: 'layout-shift' });";
    page.js(observe, vec![]).await?;
    page.race().await?;
    let charts = "return document.querySelectorAll('[data-testid=chart]').length === \
                  document.querySelectorAll('[data-testid=chart] .drawing svg').length";
    ensure!(eventually(async || Ok(page.js(charts, vec![]).await? == true)).await?, "charts are not drawn");
    // A shift is reported after its frame.
    let frames = "for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); return window.shifts;";
    let shifts: Vec<(f64, String)> = serde_json::from_value(page.js_async(frames, vec![]).await?)?;
    let most = shifts.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or_else(String::new, |shift| shift.1.clone());
    Ok((shifts.iter().map(|shift| shift.0).sum(), most))
}
