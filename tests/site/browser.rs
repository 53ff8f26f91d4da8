//! A browser for each test: one that an earlier test has left idle, in a fresh tab, or a fresh one where that matters.
//! Afterwards what it complained of is looked at.

use std::sync::{LazyLock, Mutex};

use anyhow::{Context, Result, ensure};
use gilscope_tests::driver::{Driver, Engine};
use serde_json::{Map, Value};
use thirtyfour::{WebDriver, WindowHandle};
use tokio::runtime::{self, Runtime};

use crate::complaints;
use crate::page::Page;
use crate::server::Server;

/// The resources of other machines that the page has asked for. This machine also serves the other sites of a test.
const FOREIGN: &str = "
    const ours = (name) => ['127.0.0.1', 'localhost', ''].includes(new URL(name).hostname);
    return performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !ours(name));";

/// One for all tests: a connection to a driver lives on the runtime that opened it.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime"));

/// Browsers that no test is using.
static IDLE: Mutex<Vec<Browser>> = Mutex::new(Vec::new());

/// A browser and the driver that it belongs to.
pub struct Browser {
    pub engine: Engine,
    pub session: WebDriver,
    pub driver: Driver,
}

impl Browser {
    async fn start(engine: Engine) -> Result<Self> {
        let driver = Driver::start(engine)?;
        let capabilities: Map<String, Value> = serde_json::from_value(driver.capabilities.clone())?;
        let session = WebDriver::new(&driver.url, thirtyfour::Capabilities::from(capabilities)).await;
        let session = session.with_context(|| format!("{engine:?} does not start"))?;
        Ok(Self { engine, session, driver })
    }

    /// An idle browser of this engine, or a new one. Tests come engine by engine, so idle browsers of others are ended.
    async fn take(engine: Engine) -> Result<Self> {
        let (found, others) = {
            let mut idle = IDLE.lock().expect("unpoisoned");
            let (mut same, others): (Vec<_>, Vec<_>) = idle.drain(..).partition(|browser| browser.engine == engine);
            let found = same.pop();
            idle.extend(same);
            (found, others)
        };
        for browser in others {
            browser.quit().await;
        }
        match found {
            Some(browser) => Ok(browser),
            None => Self::start(engine).await,
        }
    }

    /// Leave nothing of this test to the next one: its tabs are closed. Storage needs no clearing, because every test has
    /// origins of its own.
    async fn close_tabs(&self) -> Result<()> {
        let old: Vec<WindowHandle> = self.session.windows().await?;
        let fresh = self.session.new_tab().await?;
        for tab in old {
            self.session.switch_to_window(tab).await?;
            self.session.close_window().await?;
        }
        self.session.switch_to_window(fresh).await?;
        // The test has read its own; a page that is being closed may complain once more.
        complaints::collect(self).await.map(drop)
    }

    /// Run a script in the tab.
    pub async fn js(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        let value = self.session.execute(script, arguments).await;
        Ok(value.with_context(|| script.to_owned())?.json().clone())
    }

    async fn quit(self) {
        // The driver ends what does not listen.
        let _ = self.session.quit().await;
    }
}

/// End the browsers that are still idle.
pub fn quit_all() {
    let idle = std::mem::take(&mut *IDLE.lock().expect("unpoisoned"));
    RUNTIME.block_on(async {
        for browser in idle {
            browser.quit().await;
        }
    });
}

/// How a test starts.
#[derive(Clone, Copy, Default)]
pub struct Options {
    /// The flags of `gilscope serve`.
    pub flags: &'static [&'static str],
    /// Whether the server finds the Pythons of this machine.
    pub pythons: bool,
    /// In a browser that no test has used: for tests of starting, stopping, leaking and storage.
    pub fresh: bool,
    /// It measures what no other engine tells, so there is no such test for them.
    pub only_chromium: bool,
    /// A known failure: what will make it pass. Until then it counts as left out, not as passed, and passing fails.
    pub fails_until: Option<&'static str>,
}

/// Run `body` on a page of a fresh server.
///
/// # Errors
/// When the body fails, or the browser complains of anything.
pub fn test(engine: Engine, options: Options, body: impl AsyncFnOnce(&Page) -> Result<()>) -> Result<()> {
    RUNTIME.block_on(async {
        let server = Server::start(options.flags, options.pythons)?;
        let browser = if options.fresh { Browser::start(engine).await? } else { Browser::take(engine).await? };
        let page = Page::new(browser, server);
        let result = body(&page).await;
        let complaints = complaints::collect(page.browser()).await;
        let foreign = page.js(FOREIGN, vec![]).await;
        let checked = async {
            let complaints = complaints?;
            let text = complaints.join("\n");
            result.with_context(|| format!("the browser's complaints: [{text}]"))?;
            ensure!(complaints.is_empty(), "the browser complains:\n{text}");
            let foreign = foreign?;
            ensure!(foreign == serde_json::json!([]), "the page asked other machines for {foreign}");
            anyhow::Ok(())
        };
        let checked = checked.await;
        // The page goes before its server does, which it would miss.
        let (browser, _server) = page.leave();
        if checked.is_ok() && !options.fresh {
            browser.close_tabs().await?;
            IDLE.lock().expect("unpoisoned").push(browser);
        } else {
            browser.quit().await;
        }
        checked
    })
}
