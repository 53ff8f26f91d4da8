//! What a browser has to complain about: errors on the console, uncaught exceptions, unhandled rejections,
//! violations of the Content-Security-Policy, files that were not found.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::{Command, ExtensionCommand};

use crate::browser::Browser;
use gilscope_tests::driver::Engine;

/// In Firefox's own context: all that its consoles keep, of pages and of workers.
const OF_FIREFOX: &str = r#"
    // A page that is left while its database is at work: Firefox says so of itself, and of no page.
    const leaving = (error) => error.category === 'indexedDB' && /UnknownErr in (ActorDestroy|BeginVersionChange)/.test(error.errorMessage);
    const warning = Ci.nsIScriptError.warningFlag | Ci.nsIScriptError.infoFlag;
    const ours = (error) => error instanceof Ci.nsIScriptError && !(error.flags & warning) &&
        !/^(chrome|resource|moz-extension):/.test(error.sourceName) && error.category !== 'chrome javascript' && !leaving(error);
    const errors = Services.console.getMessageArray().filter(ours)
        .map((error) => `${error.category}: ${error.errorMessage} (${error.sourceName}:${error.lineNumber})`);
    Services.console.reset();
    return errors;
"#;

/// A page's console.error in Firefox goes to the process of the page, so the page keeps it. WebKit's driver tells nothing
/// at all.
pub const KEEP_CONSOLE_ERRORS: &str = r"
    if (window.consoleErrors) return;
    window.consoleErrors = [];
    const error = console.error;
    console.error = (...words) => { window.consoleErrors.push(words.map(String).join(' ')); error.apply(console, words); };
    if (!/^(?!.*(Chrome|Firefox)).*WebKit/.test(navigator.userAgent)) return;
    const keep = (name, words) => addEventListener(name, (event) => window.consoleErrors.push(`${name}: ${words(event)}`), true);
    keep('error', ({ message, target }) => message ?? target.src ?? target.href);
    keep('unhandledrejection', ({ reason }) => reason);
    keep('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
        `Content-Security-Policy ${effectiveDirective} ${blockedURI}`);
";

/// All complaints since the last call.
pub async fn collect(browser: &Browser) -> Result<Vec<String>> {
    match browser.engine {
        Engine::Chromium => of_chromium(browser).await,
        Engine::Firefox => of_firefox(browser).await,
        Engine::WebKit => kept(browser).await,
    }
}

async fn of_chromium(browser: &Browser) -> Result<Vec<String>> {
    let entries = send(browser, "/se/log", json!({"type": "browser"})).await?;
    let entries = entries.as_array().context("a list of entries")?;
    let severe = entries.iter().filter(|entry| entry["level"] == "SEVERE");
    Ok(severe.map(|entry| format!("{}: {}", entry["source"], entry["message"])).collect())
}

/// What the page has kept itself.
async fn kept(browser: &Browser) -> Result<Vec<String>> {
    let take = "const kept = window.consoleErrors ?? []; if (kept.length > 0) window.consoleErrors = []; return kept;";
    let kept = serde_json::from_value::<Vec<String>>(browser.js(take, vec![]).await?)?;
    Ok(kept.into_iter().map(|text| format!("console.error: {text}")).collect())
}

async fn of_firefox(browser: &Browser) -> Result<Vec<String>> {
    let kept = kept(browser).await?;
    let errors = in_firefox_itself(browser, OF_FIREFOX).await?;
    Ok(serde_json::from_value::<Vec<String>>(errors)?.into_iter().chain(kept).collect())
}

/// What a script answers that runs with Firefox's own rights, not with a page's.
pub async fn in_firefox_itself(browser: &Browser, script: &str) -> Result<Value> {
    send(browser, "/moz/context", json!({"context": "chrome"})).await?;
    let answer = browser.js(script, vec![]).await;
    send(browser, "/moz/context", json!({"context": "content"})).await?;
    answer
}

/// A command of one driver only.
#[derive(Debug)]
struct Own(&'static str, Value);

impl ExtensionCommand for Own {
    fn parameters_json(&self) -> Option<Value> {
        Some(self.1.clone())
    }

    fn method(&self) -> Method {
        Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        self.0.into()
    }
}

pub async fn send(browser: &Browser, endpoint: &'static str, parameters: Value) -> Result<Value> {
    let command = Command::ExtensionCommand(Box::new(Own(endpoint, parameters)));
    Ok(browser.session.handle().cmd(command).await?.value()?)
}
