//! Files that do not come, browsers that refuse, devices without memory, messages that get lost: each has a name and a
//! remedy, and what can still run runs.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use gilscope::experiment::{Experiment, Model};
use gilscope::report::{Report, WarningCode};
use serde_json::{Value, json};

use crate::complaints;
use crate::page::{Page, eventually};
use crate::static_host::{DIST, Fate, Files, Headers, StaticHost};
use crate::trials::{SiteTest, tests};
use gilscope_tests::invariants;
use gilscope_tests::reports::{closed_form, small};

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(EVERY_ENGINE;
            a_policy_that_forbids_webassembly_is_named,
            a_policy_that_forbids_workers_is_named_and_the_rest_of_the_site_works,
            a_worker_whose_script_is_missing_is_named,
            a_device_with_little_memory_runs_the_race,
            a_device_without_memory_for_all_workers_runs_the_others,
            a_device_without_memory_for_any_worker_says_so,
        ),
        tests!(CHROMIUM_AND_FIREFOX;
            a_module_that_is_missing_or_broken_or_late_is_named,
            a_browser_that_keeps_nothing_measures_all_the_same,
            a_site_whose_scripts_do_not_come_says_so,
            a_run_that_was_disturbed_says_by_what,
        ),
        tests!(CHROMIUM;
            a_part_of_the_site_that_is_missing_is_named,
            a_part_of_the_site_that_never_comes_is_named_and_waiting_for_it_can_be_cancelled,
            a_message_that_is_lost_costs_a_worker_and_no_answer,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

type Edit = fn(&str, Vec<u8>) -> Fate;

const QUICK: &str = "#size=200000&runs=1&warmup=0&workers=2";

const ISOLATED: Headers =
    &[("cross-origin-opener-policy", "same-origin"), ("cross-origin-embedder-policy", "require-corp")];

/// An isolated host that sends this policy.
macro_rules! policy {
    ($policy:literal) => {
        &[
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("content-security-policy", $policy),
        ]
    };
}
const NO_WASM: Headers = policy!(
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; worker-src 'self'"
);
const NO_WORKERS: Headers = policy!(
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'"
);

async fn host(headers: Headers, edit: Option<Edit>) -> Result<StaticHost> {
    StaticHost::start(Files { folder: Some((PathBuf::from(DIST), "/", headers)), edit, ..Files::default() }).await
}

async fn visit(page: &Page, host: &StaticHost, fragment: &str, state: &str) -> Result<()> {
    page.session().set_script_timeout(std::time::Duration::from_secs(180)).await?;
    page.session().goto(format!("{}/{fragment}", host.origin)).await?;
    page.reaches(state).await.with_context(|| fragment.to_owned())
}

/// What the page says is wrong has all of these words.
async fn says(page: &Page, words: &[&str]) -> Result<()> {
    let said = async || Ok(page.all("error").await?.len() == 1);
    ensure!(eventually(said).await?, "no error is shown");
    let error = page.text("error").await?;
    ensure!(words.iter().all(|word| error.contains(word)), "{error}");
    Ok(())
}

/// The browser complains of what was done to it, too; of this alone.
async fn complains_only_of(page: &Page, signs: &[&str]) -> Result<()> {
    let others: Vec<_> = complaints::collect(page.browser()).await?;
    let others: Vec<_> = others.iter().filter(|said| !signs.iter().any(|sign| said.contains(sign))).collect();
    ensure!(others.is_empty(), "{others:#?}");
    Ok(())
}

async fn a_policy_that_forbids_webassembly_is_named(page: &Page) -> Result<()> {
    let host = host(NO_WASM, None).await?;
    visit(page, &host, "", "error").await?;
    says(page, &["could not start here", "forbids WebAssembly", "'wasm-unsafe-eval'"]).await?;
    complains_only_of(page, &["Content Security Policy", "Content-Security-Policy", "unsafe-eval"]).await
}

async fn a_policy_that_forbids_workers_is_named_and_the_rest_of_the_site_works(page: &Page) -> Result<()> {
    let host = host(NO_WORKERS, None).await?;
    visit(page, &host, QUICK, "idle").await?;
    page.click("run-button").await?;
    page.reaches("error").await?;
    says(page, &["script could not be loaded", "worker-src needs 'self'"]).await?;
    // No worker is needed for what was measured before.
    page.js("location.hash = '#compare'", vec![]).await?;
    ensure!(eventually(async || Ok(page.all("compare-drop").await?.len() == 1)).await?, "no page to compare");
    complains_only_of(page, &["Content Security Policy", "Content-Security-Policy", "worker-src"]).await
}

async fn a_worker_whose_script_is_missing_is_named(page: &Page) -> Result<()> {
    let host = host(ISOLATED, Some(|path, content| if is_worker(path) { Fate::Missing } else { Fate::Comes(content) }))
        .await?;
    visit(page, &host, QUICK, "idle").await?;
    page.click("run-button").await?;
    page.reaches("error").await?;
    says(page, &["script could not be loaded", "missing from the site"]).await?;
    complains_only_of(page, &["404", "worker-"]).await
}

async fn a_module_that_is_missing_or_broken_or_late_is_named(page: &Page) -> Result<()> {
    let missing: Edit = |path, content| if is_module(path) { Fate::Missing } else { Fate::Comes(content) };
    let broken: Edit = |path, mut content| {
        content.truncate(if is_module(path) { 5_000 } else { usize::MAX });
        Fate::Comes(content)
    };
    // Nobody waits a minute here.
    let late: Edit = |path, content| match path {
        "/" => scripted(
            content,
            "const timeout = AbortSignal.timeout; AbortSignal.timeout = () => timeout.call(AbortSignal, 500);",
        ),
        path if is_module(path) => Fate::NeverComes,
        _ => Fate::Comes(content),
    };
    let cases = [
        (missing, ["the site has no WebAssembly (status 404", "reload the page"]),
        (broken, ["its WebAssembly cannot be compiled", "reload the page"]),
        (late, ["its WebAssembly did not come within", "look at the connection"]),
    ];
    for (edit, words) in cases {
        let host = host(ISOLATED, Some(edit)).await?;
        visit(page, &host, "", "error").await?;
        says(page, &words).await?;
    }
    // The last one is of the service worker, whose host ends with its case.
    complains_only_of(page, &["404", "_bg-", "when fetching the script"]).await
}

/// Nobody waits a minute here.
const HASTEN: &str = "{ const { setTimeout } = window;
    window.setTimeout = (call, ms, ...rest) => setTimeout(call, Math.min(ms, 1500), ...rest); }";

async fn a_part_of_the_site_that_never_comes_is_named_and_waiting_for_it_can_be_cancelled(page: &Page) -> Result<()> {
    let late: Edit = |path, content| match path {
        path if path.contains("/lab-outcome-") => Fate::NeverComes,
        _ => Fate::Comes(content),
    };
    let host = host(ISOLATED, Some(late)).await?;
    visit(page, &host, QUICK, "idle").await?;
    page.click("run-button").await?;
    page.reaches("running").await?;
    page.click("run-button").await?;
    page.reaches("cancelled").await?;

    // Nor has the picture come that tasks are drawn in.
    let late: Edit = |path, content| match path {
        path if path.contains("/lab-sight-") => Fate::NeverComes,
        _ => Fate::Comes(content),
    };
    let host = self::host(ISOLATED, Some(late)).await?;
    page.session().goto(format!("{}/#workload=mandelbrot&size=64&runs=1&warmup=0", host.origin)).await?;
    let is = async |state: &str| {
        let now = async || Ok(page.js("return document.body.dataset.state", vec![]).await? == state);
        ensure!(eventually(now).await?, "not {state}");
        anyhow::Ok(())
    };
    is("idle").await?;
    page.click("run-button").await?;
    is("running").await?;
    page.click("run-button").await?;
    is("cancelled").await?;

    let hastened: Edit = |path, content| match path {
        "/" => scripted(content, HASTEN),
        path if path.contains("/lab-outcome-") => Fate::NeverComes,
        _ => Fate::Comes(content),
    };
    let host = self::host(ISOLATED, Some(hastened)).await?;
    visit(page, &host, QUICK, "idle").await?;
    page.click("run-button").await?;
    page.reaches("error").await?;
    says(page, &["a part of the site could not be loaded (it did not come within 60 s)", "reload the page"]).await?;
    complains_only_of(page, &["when fetching the script"]).await
}

async fn a_part_of_the_site_that_is_missing_is_named(page: &Page) -> Result<()> {
    let missing: Edit = |path, content| {
        if path.contains("/decide-page-") { Fate::Missing } else { Fate::Comes(content) }
    };
    let host = host(ISOLATED, Some(missing)).await?;
    visit(page, &host, QUICK, "idle").await?;
    page.js("location.hash = '#decide'", vec![]).await?;
    says(page, &["This page cannot be shown", "a part of the site could not be loaded", "reload the page"]).await?;
    // The others are there.
    page.js("location.hash = '#glossary'", vec![]).await?;
    ensure!(eventually(async || Ok(page.all("error").await?.is_empty())).await?, "the error stays");
    complains_only_of(page, &["404", "decide-page"]).await
}

async fn a_site_whose_scripts_do_not_come_says_so(page: &Page) -> Result<()> {
    let missing: Edit = |path, content| if path.ends_with(".js") { Fate::Missing } else { Fate::Comes(content) };
    let host = host(ISOLATED, Some(missing)).await?;
    page.session().goto(format!("{}/", host.origin)).await?;
    let told = "return document.querySelector('.slow').checkVisibility({ visibilityProperty: true })";
    ensure!(page.js(told, vec![]).await? == false, "it is said before anything can be late");
    // The test does not wait ten seconds for it.
    page.js("document.getAnimations().forEach((animation) => animation.finish())", vec![]).await?;
    ensure!(eventually(async || Ok(page.js(told, vec![]).await? == true)).await?, "nothing is said");
    complains_only_of(page, &["404", ".js"]).await
}

/// What a device does that has room for so many pages of 64 KiB in one memory, and no more.
macro_rules! room_for {
    ($pages:literal) => {
        concat!(
            "{ const { Memory } = WebAssembly; WebAssembly.Memory = function (descriptor) { if (descriptor.maximum > ",
            $pages,
            ") throw new RangeError('no room'); return new Memory(descriptor); }; }"
        )
    };
}

async fn a_device_with_little_memory_runs_the_race(page: &Page) -> Result<()> {
    let little: Edit = |path, content| match path {
        "/" => scripted(content, room_for!(512)),
        path if is_worker(path) => Fate::Comes([room_for!(512).as_bytes(), &content].concat()),
        _ => Fate::Comes(content),
    };
    let host = host(ISOLATED, Some(little)).await?;
    visit(page, &host, "", "idle").await?;
    let experiment = Experiment { size: 200_000, workers: vec![2], ..small("sum-of-squares") };
    let report = page.run(&experiment).await?;
    invariants::hold(&report);
    ensure!(report.runs.iter().all(|run| run.answer == closed_form(&experiment)), "{:?}", report.runs);
    for model in [Model::Serial, Model::Threads, Model::Processes, Model::FreeThreads] {
        ensure!(report.widest(model).is_some(), "{model}: {:?}", report.warnings);
    }
    Ok(())
}

async fn a_device_without_memory_for_all_workers_runs_the_others(page: &Page) -> Result<()> {
    // The first three workers get a memory, for the ceiling.
    let three: Edit = |path, content| match path {
        "/" => scripted(
            content,
            // What the site keeps would come without the query.
            "delete Navigator.prototype.serviceWorker;
            let workers = 0; window.Worker = class extends Worker {
                constructor(url, options) { super(++workers > 3 ? `${url}?none` : url, options); }
            };",
        ),
        path if is_worker(path) => {
            let none = concat!("if (location.search === '?none') ", room_for!(0), ";");
            Fate::Comes([none.as_bytes(), &content].concat())
        }
        _ => Fate::Comes(content),
    };
    let host = host(ISOLATED, Some(three)).await?;
    visit(page, &host, QUICK, "idle").await?;
    page.race().await?;
    let table = page.text("results-table").await?;
    ensure!(table.contains("threads") && table.contains("free-threads"), "{table}");
    ensure!(!table.contains("serial") && !table.contains("processes"), "{table}");
    let told = page.js("return document.body.innerText", vec![]).await?;
    let told = told.as_str().context("text")?;
    for words in
        ["rocesses (2 workers) could not be measured", "this device has no memory left", "ask for fewer workers"]
    {
        ensure!(told.contains(words), "{words}: {told}");
    }
    Ok(())
}

async fn a_device_without_memory_for_any_worker_says_so(page: &Page) -> Result<()> {
    let none: Edit = |path, content| {
        Fate::Comes(if is_worker(path) { [room_for!(0).as_bytes(), &content].concat() } else { content })
    };
    let host = host(ISOLATED, Some(none)).await?;
    visit(page, &host, QUICK, "idle").await?;
    page.click("run-button").await?;
    page.reaches("error").await?;
    says(page, &["this device has no memory left", "ask for fewer workers"]).await
}

async fn a_browser_that_keeps_nothing_measures_all_the_same(page: &Page) -> Result<()> {
    let forgetful: Edit = |path, content| {
        match path {
        "/" => scripted(
            content,
            "for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
                Object.defineProperty(window, name, { get() { throw new DOMException('refused', 'SecurityError'); } });",
        ),
        _ => Fate::Comes(content),
    }
    };
    let host = host(ISOLATED, Some(forgetful)).await?;
    visit(page, &host, QUICK, "idle").await?;
    page.click("theme-toggle").await?;
    ensure!(page.js("return document.documentElement.dataset.theme", vec![]).await? != Value::Null, "no theme");
    page.race().await?;
    page.is_judged_by(&["browser"]).await?;
    let unkept = async || Ok(page.all("notice-unkept").await?.len() == 1);
    ensure!(eventually(unkept).await?, "nobody says that it is not kept");
    ensure!(page.text("notice-unkept").await?.contains("refused"));
    page.js("location.hash = '#history'", vec![]).await?;
    says(page, &["refused"]).await
}

/// Loses the next message to a worker, or the next answer from one (`FromWorker::Partials`), when it is told to.
const TO_WORKER: &str = "const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
        const lost = message.tag === 'frame' && window.loses;
        window.loses &&= !lost;
        if (!lost) postMessage.call(this, message, ...rest);
    };";
const FROM_WORKER: &str = "const { set } = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage');
    Object.defineProperty(Worker.prototype, 'onmessage', {
        set(handler) {
            set.call(this, handler && ((event) => {
                const lost = event.data.tag === 'frame' && event.data.frame[0] === 2 && window.loses;
                window.loses &&= !lost;
                if (!lost) handler(event);
            }));
        },
    });";

async fn a_message_that_is_lost_costs_a_worker_and_no_answer(page: &Page) -> Result<()> {
    let to_worker: Edit = |path, content| if path == "/" { scripted(content, TO_WORKER) } else { Fate::Comes(content) };
    let from_worker: Edit =
        |path, content| if path == "/" { scripted(content, FROM_WORKER) } else { Fate::Comes(content) };
    for edit in [to_worker, from_worker] {
        let host = host(ISOLATED, Some(edit)).await?;
        visit(page, &host, "", "idle").await?;
        let experiment = Experiment {
            models: vec![Model::Processes],
            workers: vec![2],
            tasks: 8,
            runs: 2,
            warmup: 0,
            size: 400_000,
            ..small("sum-of-squares")
        };
        let body = "
            const page = window.wrappedJSObject ?? window;
            const onTrace = ({ type, run }) => (page.loses ??= type === 'round-start' && run === 0 ? true : undefined);
            return window.gilscope.run(args[0], { onTrace, patienceS: 3 });";
        let report = Report::from_json(&page.js_async(body, vec![json!(experiment)]).await?.to_string())?;
        let processes = report.widest(Model::Processes).with_context(|| format!("{:?}", report.warnings))?;
        ensure!(processes.answer == closed_form(&experiment), "{}", processes.answer);
        let told = processes.warnings.iter().find(|warning| warning.code == WarningCode::WorkerDied);
        ensure!(told.context("nothing was lost")?.text.contains("not heard of for 3 s"), "{told:?}");
        invariants::hold(&report);
    }
    Ok(())
}

async fn a_run_that_was_disturbed_says_by_what(page: &Page) -> Result<()> {
    page.open("").await?;
    let disturbed = async |how: &str| {
        let body = format!(
            "let disturb = () => {{ {how} }};
             const onTrace = ({{ type }}) => type === 'round-end' && (disturb?.(), disturb = undefined);
             return window.gilscope.run({{ size: 200_000, workers: [2], runs: 3, warmup: 0 }}, {{ onTrace }});"
        );
        let report = Report::from_json(&page.js_async(&body, vec![]).await?.to_string())?;
        let codes: Vec<_> = report.warnings.iter().map(|warning| warning.code).collect();
        anyhow::Ok(codes)
    };
    let held_up = "for (const until = performance.now() + 3500; performance.now() < until; );";
    // Firefox gives its driver a window beside the page's own.
    let slept = "const { Date } = window.wrappedJSObject ?? window;
        const { now } = Date;
        Date.now = () => now.call(Date) + 60_000;";
    let hidden = "const { document } = window.wrappedJSObject ?? window;
        Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));";
    let undisturbed = disturbed("").await?;
    ensure!(!undisturbed.contains(&WarningCode::StoodStill) && !undisturbed.contains(&WarningCode::HiddenTab));
    for (how, code) in
        [(held_up, WarningCode::StoodStill), (slept, WarningCode::StoodStill), (hidden, WarningCode::HiddenTab)]
    {
        let codes = disturbed(how).await?;
        ensure!(codes.contains(&code), "{how}: {codes:?}");
    }
    Ok(())
}

fn is_worker(path: &str) -> bool {
    path.starts_with("/assets/worker-")
}

fn is_module(path: &str) -> bool {
    path.contains("measuring_bg-")
}

/// A page with a script that runs before all others.
fn scripted(html: Vec<u8>, script: &str) -> Fate {
    let html = String::from_utf8(html).expect("a page is text");
    Fate::Comes(html.replacen("<head>", &format!("<head><script>{script}</script>"), 1).into_bytes())
}
