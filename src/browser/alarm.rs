//! The page's timers.

use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setInterval)]
    fn set_interval(body: &JsValue, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearInterval)]
    fn clear_interval(id: &JsValue);
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(body: &JsValue, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// Calls again and again until it is dropped.
pub struct Ticker {
    id: JsValue,
    _body: Closure<dyn FnMut()>,
}

impl Ticker {
    pub fn start(ms: u32, body: impl FnMut() + 'static) -> Self {
        let body = Closure::new(body);
        Self { id: set_interval(body.as_ref(), ms.into()), _body: body }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        clear_interval(&self.id);
    }
}

/// Calls once, unless it is dropped before.
pub struct Alarm {
    id: JsValue,
    _body: Closure<dyn FnMut()>,
}

impl Alarm {
    /// In `us` microseconds at the earliest: browsers would cut off what is no whole millisecond.
    pub fn set(us: f64, body: impl FnMut() + 'static) -> Self {
        let body = Closure::new(body);
        Self { id: set_timeout(body.as_ref(), (us / 1e3).ceil().max(0.0)), _body: body }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}
