//! The race page, as a reader and as a caller of its API meet it.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use gilscope::experiment::Experiment;
use gilscope::labs;
use gilscope::report::{Outcome, Report};
use gilscope_tests::driver::Engine;
use serde_json::{Value, json};
use thirtyfour::{By, Key, WebDriver, WebElement};

use crate::browser::Browser;
use crate::complaints;
use crate::server::Server;

/// A verdict as the page shows it.
pub struct Verdict {
    pub host: String,
    /// `None` where the page says that there is no verdict.
    pub outcome: Option<Outcome>,
    pub text: String,
}

/// Nothing here takes nearly as long, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(180);
const POLL: Duration = Duration::from_millis(50);

pub struct Page {
    pub engine: Engine,
    browser: Browser,
    server: Server,
}

impl Page {
    pub fn new(browser: Browser, server: Server) -> Self {
        Self { engine: browser.engine, browser, server }
    }

    pub fn session(&self) -> &WebDriver {
        &self.browser.session
    }

    pub fn driver_pid(&self) -> u32 {
        self.browser.driver.pid()
    }

    pub fn origin(&self) -> &str {
        &self.server.origin
    }

    pub fn server(&self) -> &Server {
        &self.server
    }

    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// The browser can be used again; the server ends when it is dropped.
    pub fn leave(self) -> (Browser, Server) {
        (self.browser, self.server)
    }

    /// Go to the page with this fragment and wait until it can be used.
    pub async fn open(&self, fragment: &str) -> Result<()> {
        self.session().set_script_timeout(PATIENCE).await?;
        self.session().goto(format!("{}/{fragment}", self.origin())).await?;
        self.ready().await
    }

    pub async fn reload(&self) -> Result<()> {
        self.session().refresh().await?;
        self.ready().await
    }

    async fn ready(&self) -> Result<()> {
        self.js(complaints::KEEP_CONSOLE_ERRORS, vec![]).await?;
        self.reaches("idle").await
    }

    /// Wait until `body` has this state.
    pub async fn reaches(&self, state: &str) -> Result<()> {
        // What Run does not need wakes up a moment after it can be pressed; tests look for that, too.
        let script = "const asleep = document.querySelector('gs-lab-controls:not(:defined)');
            return asleep ? 'waking up' : document.body?.dataset.state ?? 'not there yet'";
        let is = async || Ok(self.js(script, vec![]).await? == state);
        if eventually(is).await? {
            return Ok(());
        }
        let (now, text) = (self.js(script, vec![]).await?, self.js("return document.body.innerText", vec![]).await?);
        bail!("the page is {now}, not {state}: {text}")
    }

    /// Run a script in the page. Firefox passes no `undefined`.
    pub async fn js(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.browser.js(script, arguments).await
    }

    /// Run an async function body in the page; what it throws is the error.
    pub async fn js_async(&self, body: &str, arguments: Vec<Value>) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async (...args) => {{ {body} }})(...[...arguments].slice(0, -1)).then(
                 (value) => done(JSON.stringify({{ value }})),
                 (error) => done(JSON.stringify({{ error: `${{error?.name}}: ${{error?.message}}` }})));"
        );
        let text =
            self.session().execute_async(script, arguments).await.with_context(|| body.to_owned())?.json().clone();
        let mut answer: Value = serde_json::from_str(text.as_str().context("text")?)?;
        match answer.get("error") {
            Some(error) => bail!("{error}"),
            None => Ok(answer["value"].take()),
        }
    }

    /// Run an experiment through the page's API.
    pub async fn run(&self, experiment: &Experiment) -> Result<Report> {
        let report = self.js_async("return window.gilscope.run(args[0])", vec![json!(experiment)]).await?;
        Ok(Report::from_json(&report.to_string())?)
    }

    pub async fn all(&self, hook: &str) -> Result<Vec<WebElement>> {
        Ok(self.session().find_all(By::Css(format!("[data-testid={hook}]"))).await?)
    }

    /// The only element with this hook.
    pub async fn one(&self, hook: &str) -> Result<WebElement> {
        let mut all = self.all(hook).await?;
        match (all.pop(), all.len()) {
            (Some(element), 0) => Ok(element),
            (_, more) => bail!("{} elements are {hook}", more + 1),
        }
    }

    pub async fn text(&self, hook: &str) -> Result<String> {
        Ok(self.one(hook).await?.text().await?)
    }

    /// Wait for what is there only once the companion has told its hosts.
    pub async fn offers(&self, hook: &str) -> Result<()> {
        let is = eventually(async || Ok(self.all(hook).await?.len() == 1)).await?;
        if is { Ok(()) } else { bail!("{hook} is not offered") }
    }

    /// Click once it stands still: a driver clicks where it was when the driver looked.
    pub async fn click(&self, hook: &str) -> Result<()> {
        let element = self.one(hook).await?;
        let script =
            "const { x, y } = document.querySelector(`[data-testid=${arguments[0]}]`)?.getBoundingClientRect() ?? {};
            return [x, y]";
        let place = async || self.js(script, vec![hook.into()]).await;
        let is_still = async || {
            let before = place().await?;
            tokio::time::sleep(POLL).await;
            Ok(before == place().await?)
        };
        ensure!(eventually(is_still).await?, "{hook} does not stand still");
        Ok(element.click().await?)
    }

    /// What a control holds.
    pub async fn value(&self, hook: &str) -> Result<String> {
        self.one(hook).await?.prop("value").await?.context("a value")
    }

    /// Type into a field in place of what it holds.
    pub async fn fill(&self, hook: &str, text: &str) -> Result<()> {
        let field = self.one(hook).await?;
        Ok(field.send_keys(Key::Control + "a").await.and(field.send_keys(text).await)?)
    }

    /// Press Run and wait for the end.
    pub async fn race(&self) -> Result<()> {
        self.click("run-button").await?;
        self.reaches("done").await
    }

    /// The verdict of each host, in their order.
    ///
    /// # Errors
    /// When one is not what the core makes of the report beside it.
    pub async fn verdicts(&self) -> Result<Vec<Verdict>> {
        let script = "
            const { reports } = document.querySelector('gs-lab-lanes').measurement;
            return [...document.querySelectorAll('[data-testid=verdict]')].map(({ dataset, lastElementChild }) =>
                [dataset.host, dataset.outcome ?? null, lastElementChild.textContent, JSON.stringify(reports.get(dataset.host))]);";
        let shown: Vec<(String, Option<String>, String, String)> =
            serde_json::from_value(self.js(script, vec![]).await?)?;
        ensure!(!shown.is_empty(), "the page shows no verdict");
        let verdict = |(host, outcome, text, report): (String, Option<String>, String, String)| {
            let report = Report::from_json(&report)?;
            let lab = labs::ALL.iter().find(|lab| lab.id == report.experiment.lab).context("a lab")?;
            let judged = lab.analysis.judge(&report);
            let outcome = outcome.map(|outcome| serde_json::from_value(outcome.into())).transpose()?;
            ensure!(outcome == judged.as_ref().map(|verdict| verdict.outcome), "{host}: {text}, not {judged:?}");
            let none = || vec!["No verdict: "];
            let expected = judged.as_ref().map_or_else(none, |verdict| {
                std::iter::once(&verdict.text)
                    .chain(verdict.parts.iter().map(|part| &part.text))
                    .map(String::as_str)
                    .collect()
            });
            for part in expected {
                ensure!(text.contains(part), "{host}: {text}, not {part}");
            }
            Ok(Verdict { host, outcome, text })
        };
        shown.into_iter().map(verdict).collect()
    }

    /// That each of these hosts has judged the lab's claim, either way.
    pub async fn is_judged_by(&self, hosts: &[&str]) -> Result<()> {
        let verdicts = self.verdicts().await?;
        let judges: Vec<_> = verdicts.iter().map(|verdict| verdict.host.as_str()).collect();
        ensure!(judges == hosts, "verdicts of {judges:?}, not of {hosts:?}");
        let open: Vec<_> = verdicts.iter().filter(|verdict| verdict.outcome.is_none()).map(|one| &one.text).collect();
        ensure!(open.is_empty(), "not judged: {open:?}");
        Ok(())
    }

    /// That what was measured is too little for a verdict, and that the page says so.
    pub async fn is_not_judged(&self) -> Result<()> {
        let verdicts = self.verdicts().await?;
        let judged = verdicts.iter().find(|verdict| verdict.outcome.is_some());
        ensure!(judged.is_none(), "judged: {}", judged.map_or("", |verdict| &verdict.text));
        Ok(())
    }

    pub async fn fragment(&self) -> Result<String> {
        Ok(self.js("return location.hash", vec![]).await?.as_str().context("text")?.to_owned())
    }
}

/// Whether something comes true before patience ends.
pub async fn eventually<F: Future<Output = Result<bool>>>(mut is: impl FnMut() -> F) -> Result<bool> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if is().await? {
            return Ok(true);
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(false)
}
