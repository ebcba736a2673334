//! Reading a QR code with the camera.

use crate::{
    browser::{
        js::{get, object},
        window, worker,
    },
    camera,
    ui::{bits, state::App},
};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

fn call(of: &JsValue, name: &str, args: &Array) -> Option<JsValue> {
    get(of, name)?.dyn_into::<Function>().ok()?.apply(of, args).ok()
}

async fn awaited(promise: JsValue) -> Option<JsValue> {
    JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()
}

/// What gives the camera, where pages may ask for it.
fn devices() -> Option<JsValue> {
    get(&window()?.navigator(), "mediaDevices").filter(JsValue::is_object)
}

async fn camera() -> Option<JsValue> {
    let devices = devices()?;
    let wish = object([("video", object([("facingMode", "environment".into())]))]);
    awaited(call(&devices, "getUserMedia", &Array::of1(&wish))?).await
}

fn end(stream: &JsValue) {
    let tracks = call(stream, "getTracks", &Array::new()).map(|t| Array::from(&t)).unwrap_or_default();
    for track in tracks.iter() {
        call(&track, "stop", &Array::new());
    }
}

/// A button for the camera; nothing where the browser has none for pages. `found` gets the text.
pub fn button(app: App, found: impl Fn(String) + Copy + Send + 'static) -> AnyView {
    if devices().is_none() {
        return ().into_any();
    }
    let s = app.lang.sync();
    let (is_on, is_impossible) = (RwSignal::new(false), RwSignal::new(false));
    let screen = NodeRef::<html::Video>::new();
    // The page may be left while it runs.
    on_cleanup(move || {
        is_on.try_set(false);
    });
    let start = move || {
        is_on.set(true);
        is_impossible.set(false);
        spawn_local(async move {
            let Some(stream) = camera().await else {
                is_on.try_set(false);
                is_impossible.try_set(true);
                return;
            };
            if let Some(video) = screen.try_get_untracked().flatten() {
                let _ = Reflect::set(&video, &"srcObject".into(), &stream);
                call(&video, "play", &Array::new());
                let canvas = canvas();
                while is_on.try_get_untracked() == Some(true) {
                    if let Some(text) = canvas.as_ref().and_then(|canvas| look(canvas, &video)) {
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
                // The attribute alone does not mute a video that script made, and one with sound is not played.
                <video class="Camera" node_ref=screen muted=true prop:muted=true playsinline=true aria-label=s.camera_view></video>
                {bits::button("Button is-quiet", s.camera_stop, move || is_on.set(false))}
            }.into_any()
        } else {
            bits::button("Button is-quiet", s.camera, start)
        }}
        {move || is_impossible.get().then(|| view! { <p class="Fine" role="status">{s.camera_no}</p> })}
    }
    .into_any()
}

/// What one picture of the camera is drawn on.
fn canvas() -> Option<HtmlCanvasElement> {
    window()?.document()?.create_element("canvas").ok()?.dyn_into().ok()
}

/// The text of the code that the camera sees. Read here and not by the browser: most have no reader of codes.
fn look(canvas: &HtmlCanvasElement, video: &HtmlVideoElement) -> Option<String> {
    let (width, height) = camera::scaled(video.video_width(), video.video_height())?;
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let often = object([("willReadFrequently", true.into())]);
    let drawing: CanvasRenderingContext2d =
        canvas.get_context_with_context_options("2d", &often).ok()??.dyn_into().ok()?;
    let (w, h) = (f64::from(width), f64::from(height));
    drawing.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, w, h).ok()?;
    camera::text(&drawing.get_image_data(0.0, 0.0, w, h).ok()?.data(), width)
}
