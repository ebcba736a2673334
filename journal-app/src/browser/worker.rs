//! Hands tasks to a worker of the same program; does them here where there can be none.

use super::{Result, Trouble, window, work};
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// Where the worker's script lies; the page says so, for its name has its contents in it.
fn script() -> Option<String> {
    window()?.document()?.document_element()?.dyn_into::<web_sys::HtmlElement>().ok()?.dataset().get("worker")
}

/// Does a task of [`work`]; the parts of its answer.
pub async fn task(name: &str, secret: &str, data: &[u8]) -> Result<Vec<Vec<u8>>> {
    let answer = match Helper::start() {
        // It ends with the task: its memory held the passphrase.
        Some(helper) => answer(asked(&helper.0, name, secret, data)?).await,
        None => {
            paint().await;
            work::run(name, secret, data).map_err(work::trouble)
        }
    }?;
    Ok(answer.iter().map(|part| Uint8Array::new(&part).to_vec()).collect())
}

/// A worker, for one task or several; ended when it is dropped.
pub struct Helper(Worker);

impl Helper {
    /// Starts one; `None` where there can be none.
    pub fn start() -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        Worker::new_with_options(&script()?, &options).ok().map(Self)
    }

    /// Does a task within so many milliseconds. After a failure the worker may be stuck in it: another one is needed.
    pub async fn task(&self, name: &str, data: &[u8], patience: i32) -> Result<Array> {
        let late = Promise::new(&mut |_, reject| {
            if let Some(window) = window() {
                let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&reject, patience);
            }
        });
        let asked: JsValue = asked(&self.0, name, "", data)?.into();
        answer(Promise::race(&Array::of2(&asked, &late.into()))).await
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

fn asked(worker: &Worker, name: &str, secret: &str, data: &[u8]) -> Result<Promise> {
    let message = Array::of3(&name.into(), &secret.into(), &Uint8Array::from(data));
    let promise = Promise::new(&mut |resolve, reject| {
        let answered = Closure::once_into_js(move |event: MessageEvent| {
            let _ = resolve.call1(&JsValue::NULL, &event.data());
        });
        worker.set_onmessage(Some(answered.unchecked_ref()));
        let failed = Closure::once_into_js(move |_: JsValue| {
            let _ = reject.call1(&JsValue::NULL, &"failed".into());
        });
        worker.set_onerror(Some(failed.unchecked_ref()));
    });
    worker.post_message(&message).map_err(|_| Trouble::Failed)?;
    Ok(promise)
}

async fn answer(promise: Promise) -> Result<Array> {
    let answer = JsFuture::from(promise).await.map_err(|_| Trouble::Failed)?;
    match answer.as_string() {
        Some(code) => Err(work::trouble(&code)),
        None => answer.dyn_into().map_err(|_| Trouble::Failed),
    }
}

/// Waits until what the page says now can be seen.
pub async fn paint() {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 50);
        }
    });
    let _ = JsFuture::from(promise).await;
}
