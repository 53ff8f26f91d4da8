//! The site in real browsers. Every test runs in Chromium and in Firefox, and fails on any error that
//! the page, its workers or its Content-Security-Policy report.

mod invariants;
mod support;

#[path = "site/browser.rs"]
mod browser;
#[path = "site/complaints.rs"]
mod complaints;
#[path = "site/driver.rs"]
mod driver;
#[path = "site/page.rs"]
mod page;
mod processes;
#[path = "site/server.rs"]
mod server;
#[path = "site/static_host.rs"]
mod static_host;

#[path = "site/accessibility.rs"]
mod accessibility;
#[path = "site/api.rs"]
mod api;
#[path = "site/cancel.rs"]
mod cancel;
#[path = "site/compare.rs"]
mod compare;
#[path = "site/deaths.rs"]
mod deaths;
#[path = "site/detector.rs"]
mod detector;
#[path = "site/embedding.rs"]
mod embedding;
#[path = "site/history.rs"]
mod history;
#[path = "site/labs.rs"]
mod labs;
#[path = "site/layout.rs"]
mod layout;
#[path = "site/misfortune.rs"]
mod misfortune;
#[path = "site/native.rs"]
mod native;
#[path = "site/offline.rs"]
mod offline;
#[path = "site/pictures.rs"]
mod pictures;
#[path = "site/playground.rs"]
mod playground;
#[path = "site/race.rs"]
mod race;
#[path = "site/settings.rs"]
mod settings;
#[path = "site/soak.rs"]
mod soak;
#[path = "site/timeline.rs"]
mod timeline;
#[path = "site/unshared.rs"]
mod unshared;
#[path = "site/watch.rs"]
mod watch;
#[path = "site/weight.rs"]
mod weight;
