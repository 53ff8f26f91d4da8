//! One test in one browser: what it needs is started, what it left is looked at, all is ended.

use std::fs;

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

/// Make a test of each of these functions in each browser. `[flags]` are those of `gilscope serve`.
macro_rules! in_every_browser {
    ($flags:tt $($name:ident),* $(,)?) => {
        mod chromium {
            $(#[test]
            fn $name() {
                crate::browser::test(crate::driver::Engine::Chromium, &$flags, super::$name);
            })*
        }
        mod firefox {
            $(#[test]
            fn $name() {
                crate::browser::test(crate::driver::Engine::Firefox, &$flags, super::$name);
            })*
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
        page.close().await?;
        let complaints = complaints?;
        let heard = complaints.join("\n");
        result.with_context(|| format!("the browser's complaints: [{heard}]"))?;
        ensure!(complaints.is_empty(), "the browser complains:\n{heard}");
        Ok(())
    });
    if let Err(error) = tested {
        panic!("{engine:?}: {error:?}");
    }
}

/// All processes below `parent`, as far as this system tells.
pub fn descendants(parent: u32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let processes = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let parents: Vec<(u32, u32)> = processes.filter_map(|pid: u32| Some((pid, parent_of(pid)?))).collect();
    let mut found = vec![parent];
    let mut next = 0;
    while let Some(&of) = found.get(next) {
        found.extend(parents.iter().filter(|(_, parent)| *parent == of).map(|(pid, _)| pid));
        next += 1;
    }
    found.split_off(1)
}

fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it may hold anything, also spaces and brackets.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// The web workers of a browser whose driver is `driver`: thread by thread, how long each has computed, in
/// ticks of the system's clock. Linux only; elsewhere none is seen.
pub fn worker_threads(driver: u32) -> Vec<(String, u64)> {
    let folders = descendants(driver).into_iter().filter_map(|pid| fs::read_dir(format!("/proc/{pid}/task")).ok());
    let threads = folders.flatten().filter_map(|thread| Some(thread.ok()?.path()));
    let worker = threads.filter_map(|thread| {
        let name = fs::read_to_string(thread.join("comm")).ok()?;
        let is_worker = name.starts_with("DedicatedWorker") || name.starts_with("DOM Worker");
        let stat = fs::read_to_string(thread.join("stat")).ok().filter(|_| is_worker)?;
        let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        Some((thread.display().to_string(), ticks))
    });
    worker.collect()
}
