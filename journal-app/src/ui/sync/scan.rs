//! Reading a QR code with the camera, where the browser can.

use crate::{
    browser::{
        js::{get, object},
        window, worker,
    },
    ui::{bits, state::App},
};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

fn call(of: &JsValue, name: &str, args: &Array) -> Option<JsValue> {
    get(of, name)?.dyn_into::<Function>().ok()?.apply(of, args).ok()
}

async fn awaited(promise: JsValue) -> Option<JsValue> {
    JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()
}

/// The browser's reader of codes.
fn detector() -> Option<JsValue> {
    let class: Function = get(&js_sys::global(), "BarcodeDetector")?.dyn_into().ok()?;
    let options = object([("formats", Array::of1(&"qr_code".into()).into())]);
    Reflect::construct(&class, &Array::of1(&options)).ok()
}

async fn camera() -> Option<JsValue> {
    let devices = get(&window()?.navigator(), "mediaDevices")?;
    let wish = object([("video", object([("facingMode", "environment".into())]))]);
    awaited(call(&devices, "getUserMedia", &Array::of1(&wish))?).await
}

fn end(stream: &JsValue) {
    let tracks = call(stream, "getTracks", &Array::new()).map(|t| Array::from(&t)).unwrap_or_default();
    for track in tracks.iter() {
        call(&track, "stop", &Array::new());
    }
}

/// A button for the camera; nothing where the browser reads no codes. `found` gets the text.
pub fn button(app: App, found: impl Fn(String) + Copy + Send + 'static) -> AnyView {
    let Some(detector) = detector() else { return ().into_any() };
    let s = app.lang.sync();
    let (is_on, is_impossible) = (RwSignal::new(false), RwSignal::new(false));
    let screen = NodeRef::<html::Video>::new();
    let detector = StoredValue::new_local(detector);
    // The page may be left while it runs.
    on_cleanup(move || {
        is_on.try_set(false);
    });
    let start = move || {
        is_on.set(true);
        spawn_local(async move {
            let Some(stream) = camera().await else {
                is_on.try_set(false);
                is_impossible.try_set(true);
                return;
            };
            if let Some(video) = screen.try_get_untracked().flatten() {
                let _ = Reflect::set(&video, &"srcObject".into(), &stream);
                call(&video, "play", &Array::new());
                while is_on.try_get_untracked() == Some(true) {
                    if let Some(text) = look(&detector, &video).await {
                        is_on.try_set(false);
                        found(text);
                    }
                    for _ in 0..4 {
                        worker::paint().await;
                    }
                }
            }
            end(&stream);
        });
    };
    view! {
        {move || if is_on.get() {
            view! {
                <video class="Camera" node_ref=screen muted=true playsinline=true aria-label=s.camera_view></video>
                {bits::button("Button is-quiet", s.camera_stop, move || is_on.set(false))}
            }.into_any()
        } else {
            bits::button("Button is-quiet", s.camera, start)
        }}
        {move || is_impossible.get().then(|| view! { <p class="Fine" role="status">{s.camera_no}</p> })}
    }
    .into_any()
}

/// The text of the code that the camera sees.
async fn look(detector: &StoredValue<JsValue, LocalStorage>, video: &JsValue) -> Option<String> {
    let found = detector.try_with_value(|d| call(d, "detect", &Array::of1(video))).flatten()?;
    let codes = Array::from(&awaited(found).await?);
    get(&codes.get(0), "rawValue")?.as_string()
}
