//! The site on a host that only has files: under any path, isolated without the host's help, and without a network.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::page::{Page, eventually};
use crate::static_host::{DIST, Files, Headers, StaticHost};
use crate::trials::{SiteTest, tests};

pub fn tests() -> Vec<SiteTest> {
    // In a WebKitGTK that other tests have used, the service worker once did not come.
    tests!(CHROMIUM_AND_FIREFOX;
        any_path_will_do,
        a_host_without_headers_is_isolated_after_one_reload_and_works_offline,
        a_reload_that_does_not_help_is_not_repeated,
        the_companion_and_its_frames_keep_nothing,
    )
}

/// Those of `www/public/_headers` that isolate.
const ISOLATING: Headers = &[
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "cross-origin"),
];
const QUICK: &str = "#size=200000&runs=1&warmup=0&workers=2";
const ISOLATED: &str = "return window.crossOriginIsolated";
const REGISTERED: &str = "return (await navigator.serviceWorker.getRegistrations()).length";

async fn serve(folder: &Path, under: &'static str, headers: Headers) -> Result<StaticHost> {
    StaticHost::start(Files { folder: Some((folder.to_owned(), under, headers)), ..Files::default() }).await
}

async fn any_path_will_do(page: &Page) -> Result<()> {
    let host = serve(Path::new(DIST), "/a/b/", ISOLATING).await?;
    page.session().goto(format!("{}/a/b/{QUICK}", host.origin)).await?;
    page.reaches("idle").await?;
    page.race().await?;
    ensure!(page.text("results-table").await?.contains("free-threads"));
    // Isolated by its host, so there is nothing to reload for; the worker is there for the time without a network.
    ensure!(eventually(async || Ok(page.js_async(REGISTERED, vec![]).await? == 1)).await?, "no service worker");
    ensure!(host.asked_for("/a/b/") == 1, "it was loaded {} times", host.asked_for("/a/b/"));
    Ok(())
}

async fn a_host_without_headers_is_isolated_after_one_reload_and_works_offline(page: &Page) -> Result<()> {
    let folder = copy_of_the_site()?;
    let mut host = serve(folder.path(), "/", &[]).await?;
    page.session().set_script_timeout(std::time::Duration::from_secs(60)).await?;
    page.session().goto(format!("{}/{QUICK}", host.origin)).await?;
    let isolated = async || Ok(page.js(ISOLATED, vec![]).await.is_ok_and(|isolated| isolated == true));
    ensure!(eventually(isolated).await?, "it never was isolated");
    page.reaches("idle").await?;
    page.race().await?;
    ensure!(page.text("results-table").await?.contains("free-threads"));
    ensure!(host.asked_for("/") == 2, "it was loaded {} times", host.asked_for("/"));

    // A new version takes the place of the old one, and of all that was kept of it.
    let before = caches(page).await?;
    edit(&folder.path().join("index.html"), "<title>", "<title>New: ")?;
    let version = before[0].rsplit(' ').next().context("a version")?;
    edit(&folder.path().join("sw.js"), version, "another")?;
    reload(page).await?;
    ensure!(page.js(ISOLATED, vec![]).await? == true, "isolated once, and no longer");
    let expected = vec![before[0].replace(version, "another")];
    ensure!(eventually(async || Ok(caches(page).await? == expected)).await?, "{:?}", caches(page).await?);

    host.stop().await;
    reload(page).await?;
    let head = page.js_async("return (await fetch('./')).text()", vec![]).await?;
    ensure!(head.as_str().is_some_and(|html| html.contains("<title>New: ")), "the old page was kept");
    ensure!(page.js(ISOLATED, vec![]).await? == true, "what was kept is not isolated");
    page.race().await?;
    ensure!(page.text("results-table").await?.contains("free-threads"));
    Ok(())
}

async fn a_reload_that_does_not_help_is_not_repeated(page: &Page) -> Result<()> {
    let folder = copy_of_the_site()?;
    edit(&folder.path().join("sw.js"), "require-corp", "unsafe-none")?;
    edit(&folder.path().join("sw.js"), "Document-Isolation-Policy", "X-Nothing")?;
    let host = serve(folder.path(), "/", &[]).await?;
    page.session().goto(format!("{}/{QUICK}", host.origin)).await?;
    let reloaded = async || Ok(host.asked_for("/") == 2);
    ensure!(eventually(reloaded).await?, "it was loaded {} times", host.asked_for("/"));
    page.reaches("idle").await?;
    page.race().await?;
    ensure!(page.js(ISOLATED, vec![]).await? == false && host.asked_for("/") == 2);
    Ok(())
}

async fn the_companion_and_its_frames_keep_nothing(page: &Page) -> Result<()> {
    for path in ["", "tutorial.html", "embed.html"] {
        page.session().goto(format!("{}/{path}", page.origin())).await?;
        page.js_async(
            "return document.readyState === 'complete' || new Promise((done) => addEventListener('load', done))",
            vec![],
        )
        .await?;
        ensure!(page.js_async(REGISTERED, vec![]).await? == 0, "{path}");
    }
    Ok(())
}

/// As a reader does it: drivers pass the service worker by.
async fn reload(page: &Page) -> Result<()> {
    page.js("document.body.dataset.state = 'old'; location.reload()", vec![]).await?;
    page.reaches("idle").await
}

async fn caches(page: &Page) -> Result<Vec<String>> {
    Ok(serde_json::from_value(page.js_async("return caches.keys()", vec![]).await?)?)
}

fn copy_of_the_site() -> Result<tempfile::TempDir> {
    let copy = tempfile::tempdir()?;
    fs::create_dir(copy.path().join("assets"))?;
    for folder in ["", "assets"] {
        for entry in fs::read_dir(Path::new(DIST).join(folder)).context("`cargo xtask build` makes the site")? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), copy.path().join(folder).join(entry.file_name()))?;
            }
        }
    }
    Ok(copy)
}

fn edit(file: &Path, from: &str, to: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    ensure!(text.contains(from), "{} has no {from}", file.display());
    Ok(fs::write(file, text.replace(from, to))?)
}
