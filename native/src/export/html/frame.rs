//! What every page has around it.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Nothing is fetched and nothing runs; the styles stand in the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const STYLE: &str = include_str!("style.css");

pub fn page(title: &str, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – gilscope" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main { (body) }
                footer { "Written by gilscope " (env!("CARGO_PKG_VERSION")) "." }
            }
        }
    }
    .into_string()
}

/// A line with a sign, for what a reader should know first.
pub fn notice(kind: &str, text: &str) -> Markup {
    html! { p class=(format!("notice {kind}")) { (text) } }
}
