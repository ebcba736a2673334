//! Reading a QR code with the camera.

use crate::{
    browser::{
        Result, Trouble,
        js::{get, object},
        window,
        worker::{self, Helper},
    },
    camera,
    part::part,
    ui::{bits, state::App},
};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

/// The name of the worker's task.
pub const CODE: &str = "code";
/// Milliseconds for one picture; the first time the worker starts in them, too.
const PATIENCE: i32 = 20_000;
/// Pictures in a row that may fail.
const FAILURES: u32 = 5;

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
    let running = StoredValue::new_local(None::<JsValue>);
    // Whatever becomes of the reading, the camera ends.
    let stop = move || {
        is_on.try_set(false);
        if let Some(stream) = running.try_update_value(Option::take).flatten() {
            end(&stream);
        }
    };
    // The page may be left while it runs.
    on_cleanup(stop);
    let start = move || {
        is_on.set(true);
        is_impossible.set(false);
        spawn_local(async move {
            let Some(stream) = camera().await else {
                is_on.try_set(false);
                is_impossible.try_set(true);
                return;
            };
            let video = screen.try_get_untracked().flatten();
            let Some(video) = video.filter(|_| is_on.try_get_untracked() == Some(true)) else {
                return end(&stream);
            };
            let _ = Reflect::set(&video, &"srcObject".into(), &stream);
            running.try_set_value(Some(stream));
            call(&video, "play", &Array::new());
            match watched(&video, is_on).await {
                Ok(Some(text)) => {
                    stop();
                    found(text);
                }
                Ok(None) => {}
                Err(_) => {
                    stop();
                    is_impossible.try_set(true);
                }
            }
        });
    };
    view! {
        {move || if is_on.get() {
            view! {
                // The attribute alone does not mute a video that script made, and one with sound is not played.
                <video class="Camera" node_ref=screen muted=true prop:muted=true playsinline=true aria-label=s.camera_view></video>
                {bits::button("Button is-quiet", s.camera_stop, stop)}
            }.into_any()
        } else {
            bits::button("Button is-quiet", s.camera, start)
        }}
        {move || is_impossible.get().then(|| view! { <p class="Fine" role="status">{s.camera_no}</p> })}
    }
    .into_any()
}

/// The text of the first code that the camera sees; nothing where it was ended before. Fails where reading does, again
/// and again.
async fn watched(video: &HtmlVideoElement, is_on: RwSignal<bool>) -> Result<Option<String>> {
    let canvas = canvas().ok_or(Trouble::Failed)?;
    let (mut helper, mut failures) = (Helper::start(), 0);
    while is_on.try_get_untracked() == Some(true) {
        if let Some(picture) = look(&canvas, video) {
            match read(helper.as_ref(), &picture).await {
                Ok(Some(text)) => return Ok(is_on.try_get_untracked().filter(|on| *on).map(|_| text)),
                Ok(None) => failures = 0,
                // Some pictures end the reader, or keep it for ever: another one looks at the next.
                Err(trouble) => {
                    failures += 1;
                    if failures > FAILURES {
                        return Err(trouble);
                    }
                    helper = Helper::start();
                }
            }
        }
        for _ in 0..4 {
            worker::paint().await;
        }
    }
    Ok(None)
}

/// What one picture of the camera is drawn on.
fn canvas() -> Option<HtmlCanvasElement> {
    window()?.document()?.create_element("canvas").ok()?.dyn_into().ok()
}

/// What the camera sees: the width, and the brightness of each pixel.
fn look(canvas: &HtmlCanvasElement, video: &HtmlVideoElement) -> Option<Vec<u8>> {
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
    let picture = drawing.get_image_data(0.0, 0.0, w, h).ok()?.data();
    Some([&width.to_le_bytes()[..], &camera::grey(&picture)].concat())
}

/// The text of a code in a picture. Read by ourselves, for most browsers have no reader of codes; and in a worker, for
/// whatever stands before the camera must not stop the page.
async fn read(helper: Option<&Helper>, picture: &[u8]) -> Result<Option<String>> {
    let answer = match helper {
        Some(helper) => helper.task(CODE, picture, PATIENCE).await?,
        None => read_code(picture.to_vec()).await.map_err(|_| Trouble::Failed)?,
    };
    Ok(answer.get(0).as_string())
}

type Worked = std::result::Result<Array, &'static str>;

fn code_now(picture: Vec<u8>) -> Worked {
    let (width, grey) = picture.split_first_chunk::<4>().ok_or("failed")?;
    let text = camera::text(grey, u32::from_le_bytes(*width));
    Ok(text.map(|text| Array::of1(&text.into())).unwrap_or_default())
}

part!(fn code_later(picture: Vec<u8>) -> Worked, devices: code_now);

/// The task of the worker: a list with the text of the code in a picture, or nothing in it.
pub async fn read_code(picture: Vec<u8>) -> Worked {
    code_later(picture).await.unwrap_or(Err("no-part"))
}
