//! How the page behaves to its reader: a race on it in Chromium, with everything drawn.

use serde::Deserialize;
use thirtyfour::prelude::*;

use super::browser::Browser;
use super::table::{Figure, Target};

/// What Chromium noted from the navigation to the end of the run.
#[derive(Deserialize)]
struct Noted {
    /// Milliseconds from the navigation to the largest thing that was drawn before Run was pressed.
    largest_ms: f64,
    /// Milliseconds by which tasks before Run was usable went over 50 (Lighthouse's "total blocking time").
    blocked_ms: f64,
    /// Milliseconds of each task over 50 from Run to the end.
    long_ms: Vec<f64>,
    /// All layout shifts that no input had asked for, together.
    shifted: f64,
}

/// Notes what was buffered since the navigation, and what is to come.
const NOTE: &str = "
    window.noted = { longtask: [], 'layout-shift': [], 'largest-contentful-paint': [] };
    for (const [type, entries] of Object.entries(noted))
        new PerformanceObserver((list) => entries.push(...list.getEntries())).observe({ type, buffered: true });
    addEventListener('click', () => (window.pressed = performance.now()), { capture: true, once: true });";

/// Waits for the end of the run, and tells.
const TELL: &str = "const done = arguments[0];
    const ready = performance.getEntriesByName('gilscope-ready')[0].startTime;
    const over = (tasks) => tasks.reduce((sum, { duration }) => sum + duration - 50, 0);
    const look = () => {
        if (document.body.dataset.state !== 'done') return setTimeout(look, 100);
        // The charts and figures are drawn after it.
        setTimeout(() => done({
            largest_ms: noted['largest-contentful-paint'].at(-1)?.startTime ?? 0,
            blocked_ms: over(noted.longtask.filter(({ startTime }) => startTime < ready)),
            long_ms: noted.longtask.filter(({ startTime }) => startTime >= pressed).map(({ duration }) => duration),
            shifted: noted['layout-shift'].reduce((sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value), 0),
        }), 1000);
    };
    look();";

pub async fn race(browser: &Browser) -> anyhow::Result<Vec<Figure>> {
    // Another address than before, or only the fragment would change.
    browser.session.goto(format!("{}?race#size=20000000&runs=3", browser.url)).await?;
    browser.session.query(By::Css("body[data-state=idle]")).first().await?;
    browser.session.execute(NOTE, vec![]).await?;
    // By the driver, as a reader would: what moves then was asked for.
    browser.session.find(By::Css("[data-testid=run-button]")).await?.click().await?;
    let noted: Noted = browser.session.execute_async(TELL, vec![]).await?.convert()?;
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let count = noted.long_ms.len() as f64;
    let longest_ms = noted.long_ms.into_iter().reduce(f64::max);
    let mut figures = vec![
        Figure::milliseconds("largest contentful paint", vec![noted.largest_ms / 1e3], Target::AtMost(1200.0)),
        Figure::milliseconds(
            "total blocking time until Run is usable",
            vec![noted.blocked_ms / 1e3],
            Target::AtMost(150.0),
        ),
        Figure::count("layout shift from load to the run's end", noted.shifted, Target::AtMost(0.01)),
        Figure::count("tasks over 50 ms from Run to the run's end", count, Target::AtMost(0.0)),
    ];
    figures.extend(longest_ms.map(|ms| Figure::milliseconds("the longest of them", vec![ms / 1e3], Target::None)));
    Ok(figures)
}
