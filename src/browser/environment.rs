//! What the browser tells about itself.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = userAgent)]
    static USER_AGENT: String;
    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = hardwareConcurrency)]
    static HARDWARE_CONCURRENCY: Option<u32>;
    #[wasm_bindgen(thread_local_v2, js_name = crossOriginIsolated)]
    static CROSS_ORIGIN_ISOLATED: Option<bool>;
}

/// Logical cores as the browser says, which can be wrong: the ceiling is measured.
pub fn logical_cores() -> u32 {
    HARDWARE_CONCURRENCY.with(|cores| cores.unwrap_or(1)).max(1)
}

/// Why memory cannot be shared between workers here, if it cannot.
pub fn unshared_reason() -> Option<String> {
    let isolated = CROSS_ORIGIN_ISOLATED.with(|isolated| isolated.unwrap_or(false));
    if !isolated {
        let text = "this page is not cross-origin isolated, so the browser gives its workers no shared memory: the \
                    server must send the headers COOP and COEP, or Document-Isolation-Policy";
        return Some(text.into());
    }
    // Some builds of WebKit are isolated and still have none.
    let shares = js_sys::Reflect::has(&js_sys::global(), &"SharedArrayBuffer".into()).unwrap_or(false);
    (!shares).then(|| "this browser has no SharedArrayBuffer, so its workers cannot share memory".into())
}

/// The browser's name and major version, from its user agent string, e.g. "Firefox 153".
pub fn engine() -> String {
    USER_AGENT.with(|agent| engine_of(agent))
}

fn engine_of(agent: &str) -> String {
    // In this order, because most browsers also claim to be some of the later ones.
    let names = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chromium"), ("Version/", "WebKit")];
    let found = names.iter().find_map(|(mark, name)| Some((name, agent.split_once(mark)?.1)));
    match found {
        Some((name, rest)) => format!("{name} {}", rest.split(['.', ' ']).next().unwrap_or_default()),
        None => "unknown browser".into(),
    }
}

/// The system part of the user agent string, e.g. "X11; Linux x86_64".
pub fn os() -> String {
    USER_AGENT.with(|agent| {
        let inside = agent.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        inside.map_or_else(|| "unknown system".into(), |(inside, _)| inside.to_owned())
    })
}
