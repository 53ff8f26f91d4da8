//! The pictures of the README, taken from the page as it is: `cargo xtask pictures`.

use std::fs::{self, File};
use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use gif::{Encoder, Frame, Repeat};
use png::{Decoder, Transformations};
use serde_json::{Value, json};

use crate::complaints::send;
use crate::page::Page;
use crate::trials::{SiteTest, tests};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/pictures");
/// A window that shows the question, the lanes, and after the run the verdict.
const SIZE: [u16; 2] = [1180, 860];
/// Tasks long enough to see, and few enough rounds for a picture that is soon over.
const EXPERIMENT: &str = "#workers=2&runs=2&warmup=1&size=60000000";
const PAUSE: Duration = Duration::from_millis(500);

pub fn tests() -> Vec<SiteTest> {
    tests!(NONE; pictures)
}

async fn pictures(page: &Page) -> Result<()> {
    fs::create_dir_all(FOLDER)?;
    let pictures = run(page).await?;
    let file = File::create(Path::new(FOLDER).join("race.gif"))?;
    let [width, height] = SIZE;
    let mut gif = Encoder::new(file, width, height, &[])?;
    gif.set_repeat(Repeat::Infinite)?;
    let last = pictures.len() - 1;
    for (i, png) in pictures.iter().enumerate() {
        let mut frame = Frame::from_rgba_speed(width, height, &mut pixels(png)?, 10);
        // The end is there to be read.
        frame.delay = if i == last { 800 } else { u16::try_from(PAUSE.as_millis() / 10)? };
        gif.write_frame(&frame)?;
    }
    for theme in ["light", "dark"] {
        set_theme(page, theme).await?;
        fs::write(Path::new(FOLDER).join(format!("race-{theme}.png")), look(page).await?)?;
    }
    Ok(())
}

/// The page before, during and after a race.
async fn run(page: &Page) -> Result<Vec<Vec<u8>>> {
    let [width, height] = SIZE;
    let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
    devtools(page, "Emulation.setDeviceMetricsOverride", metrics).await?;
    set_theme(page, "light").await?;
    page.open(EXPERIMENT).await?;
    let mut frames = vec![look(page).await?];
    page.click("run-button").await?;
    while page.js("return document.body.dataset.state", vec![]).await? == "running" {
        tokio::time::sleep(PAUSE).await;
        frames.push(look(page).await?);
    }
    // Charts come a moment later.
    tokio::time::sleep(Duration::from_secs(1)).await;
    frames.push(look(page).await?);
    Ok(frames)
}

async fn set_theme(page: &Page, theme: &str) -> Result<()> {
    let features = json!([{"name": "prefers-color-scheme", "value": theme}]);
    devtools(page, "Emulation.setEmulatedMedia", json!({ "features": features })).await
}

async fn devtools(page: &Page, command: &str, parameters: Value) -> Result<()> {
    send(page.browser(), "/goog/cdp/execute", json!({"cmd": command, "params": parameters})).await.map(drop)
}

/// What the window shows, as PNG.
async fn look(page: &Page) -> Result<Vec<u8>> {
    Ok(page.session().screenshot_as_png().await?)
}

/// Four bytes a pixel.
fn pixels(png: &[u8]) -> Result<Vec<u8>> {
    let mut decoder = Decoder::new(Cursor::new(png));
    decoder.set_transformations(Transformations::ALPHA | Transformations::STRIP_16);
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
    reader.next_frame(&mut pixels)?;
    Ok(pixels)
}
