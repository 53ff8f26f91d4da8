//! One test in one browser: what it needs is started, what it left is looked at, all is ended.

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use thirtyfour::WebDriver;
use tokio::runtime;
use tokio::sync::Semaphore;

use crate::complaints;
use crate::driver::{Driver, Engine};
use crate::page::Page;
use crate::server::Server;

/// Each measures with two workers or more; more browsers at once would only wait for each other.
static BROWSERS: Semaphore = Semaphore::const_new(2);

/// What the page has asked for that this machine does not have: other sites of a test are on it, too.
const ABROAD: &str = "
    const ours = (name) => ['127.0.0.1', 'localhost', ''].includes(new URL(name).hostname);
    return performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !ours(name));";

/// Make a test of each of these functions in each browser. `[flags]` are those of `gilscope serve`. WebKit, which paints
/// by the processor here and takes three times as long, is tried in every run only `with WebKit`; the rest is
/// `cargo xtask test --only site -- webkit -- --include-ignored`.
macro_rules! in_every_browser {
    ($flags:tt with WebKit: $($name:ident),* $(,)?) => {
        crate::browser::in_every_browser!(@ chromium Chromium $flags [] $($name)*);
        crate::browser::in_every_browser!(@ firefox Firefox $flags [] $($name)*);
        #[cfg(target_os = "linux")]
        crate::browser::in_every_browser!(@ webkit WebKit $flags [] $($name)*);
    };
    ($flags:tt $($name:ident),* $(,)?) => {
        crate::browser::in_every_browser!(@ chromium Chromium $flags [] $($name)*);
        crate::browser::in_every_browser!(@ firefox Firefox $flags [] $($name)*);
        #[cfg(target_os = "linux")]
        crate::browser::in_every_browser!(@ webkit WebKit $flags [#[ignore = "takes long"]] $($name)*);
    };
    (@ $module:ident $engine:ident $flags:tt [$($attribute:tt)*] $($name:ident)*) => {
        mod $module {
            crate::browser::in_every_browser!(@@ $engine $flags [$($attribute)*] $($name)*);
        }
    };
    (@@ $engine:ident $flags:tt $attributes:tt $($name:ident)*) => {
        $(crate::browser::in_every_browser!(@@@ $engine $flags $attributes $name);)*
    };
    (@@@ $engine:ident $flags:tt [$($attribute:tt)*] $name:ident) => {
        #[test]
        $($attribute)*
        fn $name() {
            crate::browser::test(crate::driver::Engine::$engine, &$flags, super::$name);
        }
    };
}
pub(crate) use in_every_browser;

/// Run `body` on a page of a fresh server in a fresh browser.
///
/// # Panics
/// When the body fails, or the browser has anything to complain about.
pub fn test(engine: Engine, flags: &[&str], body: impl AsyncFnOnce(&Page) -> Result<()>) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let tested = runtime.block_on(async {
        let _turn = BROWSERS.acquire().await?;
        let server = Server::start(flags)?;
        let driver = Driver::start(engine)?;
        let capabilities: Map<String, Value> = serde_json::from_value(driver.capabilities.clone())?;
        let session = WebDriver::new(&driver.url, thirtyfour::Capabilities::from(capabilities));
        let session = session.await.with_context(|| format!("{engine:?} does not start"))?;
        let page = Page::new(engine, session, server, driver);
        let result = body(&page).await;
        let complaints = complaints::collect(&page).await;
        let abroad = page.js(ABROAD, vec![]).await;
        page.close().await?;
        let complaints = complaints?;
        let heard = complaints.join("\n");
        result.with_context(|| format!("the browser's complaints: [{heard}]"))?;
        ensure!(complaints.is_empty(), "the browser complains:\n{heard}");
        let abroad = abroad?;
        ensure!(abroad == serde_json::json!([]), "the page asked other machines for {abroad}");
        Ok(())
    });
    if let Err(error) = tested {
        // In one piece: a backtrace would tell of the test alone, and hide this from whoever reads the end of a log.
        panic!("{engine:?}: {error:#}");
    }
}
