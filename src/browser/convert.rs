//! Values of the core as values of JavaScript, and back.

use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsError, JsValue};

pub fn to_ts<T: Tsify + serde::Serialize>(value: T) -> Result<Ts<T>, JsValue> {
    value.into_ts().map_err(conversion_error)
}

pub fn conversion_error(error: tsify::Error) -> JsValue {
    JsError::from(error).into()
}
