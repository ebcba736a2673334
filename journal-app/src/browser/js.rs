//! Objects of JavaScript that have no types here.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// A property that is there.
pub fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|v| !v.is_undefined() && !v.is_null())
}

/// A property that is a text.
pub fn text(of: &JsValue, name: &str) -> Option<String> {
    get(of, name)?.as_string()
}

/// A new object.
pub fn object<const N: usize>(pairs: [(&str, JsValue); N]) -> JsValue {
    let out = Object::new();
    for (name, value) in pairs {
        // A new object takes every property.
        let _ = Reflect::set(&out, &name.into(), &value);
    }
    out.into()
}
