//! A lab within the pages of other sites: which rung of the isolation ladder it reaches, and the element that embeds it.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::complaints::collect;
use crate::page::{Page, eventually};
use crate::static_host::{Files, Headers, StaticHost};
use crate::trials::{SiteTest, tests};
use gilscope_tests::driver::Engine;

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(EVERY_ENGINE;
            every_page_around_reaches_its_rung,
            a_page_runs_a_lab_and_hears_of_it,
            labs_of_one_page_take_turns,
            where_frames_are_forbidden_a_link_and_the_reason_are_left,
        ),
        tests!(CHROMIUM;
            attributes_are_fields_and_a_change_is_followed,
            the_embed_code_loses_nothing,
            the_tutorial_runs_its_labs,
            the_page_in_the_readme_works,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const QUICK: &str = r#"size="200000" runs="1" warmup="0" workers="2""#;
const ISOLATED: Headers =
    &[("cross-origin-opener-policy", "same-origin"), ("cross-origin-embedder-policy", "require-corp")];

/// How a page puts a lab into itself.
#[derive(Clone, Copy)]
enum By {
    Element,
    /// A frame made by hand, with these attributes.
    Frame(&'static str),
}

struct Around {
    name: &'static str,
    headers: Headers,
    /// Of the companion's origin alone.
    strict: bool,
    by: By,
    /// In Chromium, and in Firefox.
    rungs: [&'static str; 2],
}

const fn around(name: &'static str, headers: Headers, by: By, rungs: [&'static str; 2]) -> Around {
    Around { name, headers, strict: false, by, rungs }
}

/// Chromium takes isolation from the frame's own headers. Firefox takes it from the page around, whatever `allow` says.
const AROUND: [Around; 6] = [
    around("no headers", &[], By::Element, ["1", "3"]),
    around("isolated", ISOLATED, By::Element, ["2", "2"]),
    around("isolated, frame without `allow`", ISOLATED, By::Frame(""), ["1 or 2", "1 or 2"]),
    around(
        "`sandbox=\"allow-scripts allow-same-origin\"`",
        &[],
        By::Frame("sandbox='allow-scripts allow-same-origin'"),
        ["1 or 2", "3"],
    ),
    around("`sandbox=\"allow-scripts\"`", &[], By::Frame("sandbox='allow-scripts'"), ["4", "4"]),
    Around { strict: true, ..around("strict Content-Security-Policy", &[], By::Element, ["1", "3"]) },
];

async fn every_page_around_reaches_its_rung(page: &Page) -> Result<()> {
    for around in AROUND {
        let host = page_around(page, &around).await?;
        page.session().goto(format!("{}/", host.origin)).await?;
        enter(page, around.by).await?;
        // To WebKit nothing is of the same origin in such a frame, not even what it comes from: no script may come.
        if page.engine == Engine::WebKit && around.name.contains("\"allow-scripts\"") {
            let said = async || anyhow::Ok(page.js("return document.body.innerText", vec![]).await?.to_string());
            let told = async || Ok(said().await?.contains("open gilscope on a page of its own"));
            ensure!(eventually(told).await?, "{}", said().await?);
            println!("| {} | {:?} | none: a link and the reason | |", around.name, page.engine);
            page.session().enter_default_frame().await?;
            continue;
        }
        page.reaches("idle").await?;
        let ladder = page.one("ladder").await?;
        let rung = ladder.attr("data-rung").await?.context("a rung")?;
        let models = if rung == "4" { vec![] } else { models_that_run(page).await? };
        let name = around.name;
        println!("| {name} | {:?} | {rung} | {} |", page.engine, models.join(", "));
        let [in_chromium, elsewhere] = around.rungs;
        let expected = if page.engine == Engine::Chromium { in_chromium } else { elsewhere };
        ensure!(rung == expected, "{name}: rung {rung}, not {expected}: {}", ladder.text().await?);
        ensure!(rung == "4" || models.iter().any(|model| model == "processes"), "{name}: {models:?}");
        ensure!(rung == "3" || rung == "4" || models.len() == 4, "{name}: {models:?}");
        ensure!(rung != "3" || models == ["serial", "threads", "processes"], "{name}: {models:?}");
        ensure!(rung != "4" || !page.one("run-button").await?.is_enabled().await?, "{name}: there is nothing to press");
        page.session().enter_default_frame().await?;
    }
    Ok(())
}

/// Wait until the frame's page is there, and look into it from then on.
async fn enter(page: &Page, by: By) -> Result<()> {
    let script = match by {
        By::Element => "return document.querySelector('gilscope-lab')?.shadowRoot?.querySelector('iframe') ?? null",
        By::Frame(_) => "return document.querySelector('iframe')",
    };
    let there = async || Ok(!page.js(script, vec![]).await?.is_null());
    ensure!(eventually(there).await?, "no frame");
    let frame = page.session().execute(script, vec![]).await?.element()?;
    Ok(frame.enter_frame().await?)
}

/// Press Run, and read from the lanes which models ran.
async fn models_that_run(page: &Page) -> Result<Vec<String>> {
    page.race().await?;
    let mut ran = Vec::new();
    for model in ["serial", "threads", "processes", "free-threads"] {
        let lane = page.text(&format!("lane-{model}")).await?;
        if !lane.contains("Not available here") {
            ran.push(model.to_owned());
        }
    }
    Ok(ran)
}

async fn page_around(page: &Page, around: &Around) -> Result<StaticHost> {
    let origin = page.origin();
    let policy =
        around.strict.then(|| format!("default-src 'none'; script-src {origin}; frame-src {origin}; img-src data:"));
    let body = match around.by {
        By::Element => element(page, QUICK),
        By::Frame(attributes) => {
            let fragment = QUICK.replace('"', "").replace(' ', "&");
            format!("<iframe {attributes} width='800' height='900' src='{origin}/embed.html#{fragment}'></iframe>")
        }
    };
    host(around.headers, policy.as_deref(), &body).await
}

fn element(page: &Page, attributes: &str) -> String {
    let origin = page.origin();
    format!(
        "<script type='module' src='{origin}/gilscope-lab.js'></script>
         <gilscope-lab {attributes}><a href='{origin}/'>the lab</a></gilscope-lab>"
    )
}

/// Another site with one page. Browsers obey a policy in the page as they do one in a header.
async fn host(headers: Headers, policy: Option<&str>, body: &str) -> Result<StaticHost> {
    let policy = policy.map(|policy| format!("<meta http-equiv='Content-Security-Policy' content=\"{policy}\">"));
    let html = format!(
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>{}<title>A page</title>
         <link rel='icon' href='data:,'></head><body>{body}</body></html>",
        policy.unwrap_or_default()
    );
    let mut files = Files::default();
    files.pages.insert("/", (headers, html));
    StaticHost::start(files).await
}

/// Go to a page of another site with these labs, and keep what they tell.
async fn open(page: &Page, body: &str) -> Result<StaticHost> {
    let host = host(&[], None, body).await?;
    page.session().set_script_timeout(std::time::Duration::from_secs(60)).await?;
    page.session().goto(format!("{}/", host.origin)).await?;
    let listen = "
        window.lab = document.querySelector('gilscope-lab');
        window.told = [];
        for (const name of ['report', 'state']) {
            document.addEventListener(`gilscope:${name}`, ({ target, detail }) =>
                window.told.push({ name, target: target.id, ...(name === 'state' ? detail : {}) }));
        }
        return customElements.whenDefined('gilscope-lab').then(() => null);";
    page.js_async(listen, vec![]).await?;
    Ok(host)
}

async fn a_page_runs_a_lab_and_hears_of_it(page: &Page) -> Result<()> {
    let far = "<div style='height: 4000px'></div><gilscope-lab id='far' lab='io'></gilscope-lab>";
    let _host = open(page, &format!("{}{far}", element(page, QUICK))).await?;
    let report = page.js_async("return window.lab.run()", vec![]).await?;
    ensure!(report["schema"] == "gilscope.report/1" && report["experiment"]["size"] == 200_000, "{report}");
    // What has no shape is not heard by the frame, and what does not come from the frame not by the page.
    let forged = "
        const gilscope = 'gilscope.embed/1';
        const { contentWindow } = window.lab.shadowRoot.querySelector('iframe');
        const wrong = [null, 'run', { type: 'run', id: 9 }, { gilscope, type: 'run', id: '9' }, { gilscope, type: 'theme', theme: 'red' },
            { gilscope, type: 'follow', fragment: 'javascript:0' }];
        for (const data of wrong) contentWindow.postMessage(data, '*');
        postMessage({ gilscope, type: 'report', report: {} }, '*');
        return new Promise((done) => setTimeout(done, 300, null));";
    page.js_async(forged, vec![]).await?;
    let told = page.js("return window.told", vec![]).await?;
    let told = told.as_array().context("a list")?;
    let phases: Vec<_> = told.iter().filter_map(|told| told["phase"].as_str()).collect();
    ensure!(phases.contains(&"idle") && phases.contains(&"running") && phases.last() == Some(&"done"), "{phases:?}");
    ensure!(told.iter().filter(|told| told["name"] == "report").count() == 1, "{told:?}");
    // Nothing far away is loaded, and the frame has the height of what is in it.
    let far = "return document.querySelector('#far').shadowRoot.querySelectorAll('iframe').length";
    ensure!(page.js(far, vec![]).await? == 0);
    enter(page, By::Element).await?;
    let fits = "return Math.abs(innerHeight - document.documentElement.getBoundingClientRect().height) < 2";
    ensure!(eventually(async || Ok(page.js(fits, vec![]).await? == true)).await?, "the frame is too high or too low");
    page.session().enter_default_frame().await?;

    let cancelled = "
        window.lab.setAttribute('runs', '1000');
        const running = window.lab.run();
        window.lab.addEventListener('gilscope:state', ({ detail }) => detail.progress > 0 && window.lab.cancel());
        return running.then(() => 'ran', ({ name }) => name);";
    ensure!(page.js_async(cancelled, vec![]).await? == "AbortError");
    Ok(())
}

async fn attributes_are_fields_and_a_change_is_followed(page: &Page) -> Result<()> {
    let attributes = r#"id="one" class="wide" data-x="1" theme="dark" model="serial,processes" tasks="6""#;
    let _host = open(page, &element(page, &format!("{QUICK} {attributes}"))).await?;
    let of = "
        args[0] && window.lab.setAttribute(...args[0]);
        const { experiment } = await window.lab.run();
        return [experiment.models, experiment.tasks, experiment.workers];";
    let run = async |change: Value| page.js_async(of, vec![change]).await;
    ensure!(run(Value::Null).await? == json!([["serial", "processes"], 6, [2]]));
    ensure!(run(json!(["workers", "1"])).await? == json!([["serial", "processes"], 6, [1]]));
    let refused = run(json!(["workers", "many"])).await.unwrap_err().to_string();
    ensure!(refused.contains("workers") && refused.contains("many"), "{refused}");
    ensure!(run(json!(["workers", "2"])).await? == json!([["serial", "processes"], 6, [2]]));

    let theme = "return getComputedStyle(document.documentElement).colorScheme";
    for (name, scheme) in [("dark", "dark"), ("light", "light"), ("auto", "light dark")] {
        page.js("window.lab.setAttribute('theme', arguments[0])", vec![json!(name)]).await?;
        enter(page, By::Element).await?;
        ensure!(eventually(async || Ok(page.js(theme, vec![]).await? == scheme)).await?, "not {scheme}");
        page.session().enter_default_frame().await?;
    }
    enter(page, By::Element).await?;
    let full = page.one("full-page").await?.prop("href").await?.context("a link")?;
    let (site, fragment) = full.split_once('#').context("a fragment")?;
    ensure!(site == format!("{}/", page.origin()) && fragment.contains("tasks=6&"), "{full}");
    let shown = "return document.querySelector('[data-testid=field-size]').checkVisibility()";
    ensure!(page.js(shown, vec![]).await? == false, "the settings are open");
    page.session().enter_default_frame().await?;
    Ok(())
}

async fn labs_of_one_page_take_turns(page: &Page) -> Result<()> {
    let lab = |id: &str| element(page, &format!("{QUICK} id='{id}'"));
    let _host = open(page, &format!("{}{}", lab("one"), lab("other"))).await?;
    let body = "
        const labs = [...document.querySelectorAll('gilscope-lab')];
        const reports = await Promise.all(labs.map((lab) => lab.run()));
        return [reports.length, window.told];";
    let answer = page.js_async(body, vec![]).await?;
    ensure!(answer[0] == 2);
    let told = answer[1].as_array().context("a list")?;
    let waits = |id: &str| told.iter().any(|told| told["target"] == id && told["phase"] == "waiting");
    ensure!(waits("one") != waits("other"), "one waits for the other: {told:?}");
    // Who waits runs only after the other's report.
    let waiting = if waits("one") { "one" } else { "other" };
    let own = |told: &&Value| told["target"] == waiting && told["name"] == "state";
    let phases: Vec<_> = told.iter().filter(own).filter_map(|told| told["phase"].as_str()).collect();
    let turn = phases.iter().rposition(|phase| *phase == "waiting").context("it waits")?;
    ensure!(phases[turn + 1] == "running" && phases.last() == Some(&"done"), "{phases:?}");
    let first = told.iter().position(|told| told["name"] == "report").context("a report")?;
    let waited = told.iter().rposition(|told| told["target"] == waiting && told["phase"] == "waiting");
    ensure!(told[first]["target"] != waiting && Some(first + 1) >= waited, "{told:?}");
    Ok(())
}

async fn where_frames_are_forbidden_a_link_and_the_reason_are_left(page: &Page) -> Result<()> {
    let policy = format!("default-src 'none'; script-src {}; img-src data:", page.origin());
    let host = host(&[], Some(&policy), &element(page, QUICK)).await?;
    page.session().goto(format!("{}/", host.origin)).await?;
    page.js_async("await customElements.whenDefined('gilscope-lab')", vec![]).await?;
    let refused = page.js_async("return document.querySelector('gilscope-lab').run()", vec![]).await;
    let refused = refused.unwrap_err().to_string();
    ensure!(refused.contains("frame-src") && refused.contains(page.origin()), "{refused}");
    let left = "
        const { shadowRoot } = document.querySelector('gilscope-lab');
        const [fallback] = shadowRoot.querySelector('slot').assignedElements();
        return [fallback.innerText, shadowRoot.querySelector('a').href];";
    let [fallback, link]: [String; 2] = serde_json::from_value(page.js(left, vec![]).await?)?;
    ensure!(fallback == "the lab" && link.contains("#size=200000&runs=1"), "{fallback}, {link}");
    // Nothing else is to complain of.
    let complaints = collect(page.browser()).await?;
    ensure!(complaints.iter().all(|complaint| complaint.contains("Content")), "{complaints:?}");
    Ok(())
}

async fn the_embed_code_loses_nothing(page: &Page) -> Result<()> {
    page.open(
        "#lab=race&workload=mandelbrot&size=300&chunk=2&seed=5&model=serial,processes&switch-interval=20&workers=1,2",
    )
    .await?;
    let fragment = page.fragment().await?;
    page.js("navigator.clipboard.writeText = async (text) => { window.copied = text; }", vec![]).await?;
    page.click("copy-embed").await?;
    let code = page.js("return window.copied", vec![]).await?;
    let host = host(&[], None, code.as_str().context("code")?).await?;
    page.session().goto(format!("{}/", host.origin)).await?;
    enter(page, By::Element).await?;
    page.reaches("idle").await?;
    let full = page.one("full-page").await?.prop("href").await?.context("a link")?;
    page.session().enter_default_frame().await?;
    page.session().goto(&full).await?;
    page.reaches("idle").await?;
    let back = page.fragment().await?;
    ensure!(sorted(&back) == sorted(&fragment), "{back}, not {fragment}");
    Ok(())
}

fn sorted(fragment: &str) -> Vec<&str> {
    let mut fields: Vec<_> = fragment.trim_start_matches('#').split('&').collect();
    fields.sort_unstable();
    fields
}

async fn the_tutorial_runs_its_labs(page: &Page) -> Result<()> {
    page.session().set_script_timeout(std::time::Duration::from_secs(60)).await?;
    page.session().goto(format!("{}/tutorial.html", page.origin())).await?;
    let body = "
        await customElements.whenDefined('gilscope-lab');
        const labs = [...document.querySelectorAll('gilscope-lab')];
        const heard = new Promise((resolve) => document.addEventListener('gilscope:report', resolve, { once: true }));
        Object.entries(args[0]).forEach(([name, value]) => labs[0].setAttribute(name, value));
        await labs[0].run();
        const { target, detail } = await heard;
        return [target === labs[0], detail.verdict.lab, labs.map((lab) => lab.getAttribute('lab'))];";
    let quick = json!({"size": "20000", "runs": "1", "warmup": "0"});
    let [own, lab, labs]: [Value; 3] = serde_json::from_value(page.js_async(body, vec![quick]).await?)?;
    ensure!(own == true && lab == "race", "{lab}");
    ensure!(labs.as_array().is_some_and(|labs| labs.len() > 4), "{labs}");
    Ok(())
}

async fn the_page_in_the_readme_works(page: &Page) -> Result<()> {
    let (_, readme) = include_str!("../../README.md").split_once("```html\n").context("a page")?;
    let (html, _) = readme.split_once("```").context("its end")?;
    let html = html.replace("http://127.0.0.1:8765", page.origin());
    // A reader has the time for tasks of the usual size.
    let quick = html.replace("theme=\"auto\"", &format!("theme=\"auto\" {}", QUICK.replace("workers=\"2\"", "")));
    ensure!(quick != html);
    let _host = open(page, &quick).await?;
    page.js("document.querySelector('button').click()", vec![]).await?;
    let output = "return document.querySelector('output').value";
    let is_verdict =
        |text: &str| ["Confirmed: ", "Refuted here: ", "Could not tell"].iter().any(|start| text.starts_with(start));
    let told = async || Ok(page.js(output, vec![]).await?.as_str().is_some_and(is_verdict));
    ensure!(eventually(told).await?, "{}", page.js(output, vec![]).await?);
    Ok(())
}
