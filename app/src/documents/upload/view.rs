//! The place to drop files on, and the list of those on their way.

use super::{Progress, Upload};
use crate::{
    boot::{use_lang, use_texts},
    i18n::fmt,
    ui::icon::Icon,
};
use leptos::{ev, prelude::*};

/// Where files are dropped or picked.
#[component]
pub fn UploadZone(
    /// Called when all chosen files have arrived.
    done: Callback<()>,
) -> impl IntoView {
    let t = use_texts();
    let uploads = RwSignal::new(Vec::<Upload>::new());
    let over = RwSignal::new(false);
    let picked = move |e: ev::Event| from_input(&e, uploads, done);
    let on_drop = move |e: ev::DragEvent| {
        e.prevent_default();
        over.set(false);
        from_drop(&e, uploads, done);
    };
    view! {
        <form class="Drop" class:is-over=move || over.get() method="post" action="/documents/upload" enctype="multipart/form-data"
            on:dragover=move |e: ev::DragEvent| { e.prevent_default(); over.set(true); }
            on:dragleave=move |_| over.set(false)
            on:drop=on_drop>
            <p class="Drop-title">{Icon::Upload.view()}<span>{t.drop_here}</span></p>
            <div class="Drop-acts">
                <label class="Pick Button">{Icon::File.view()}<span>{t.pick_files}</span>
                    <input type="file" name="file" multiple on:change=picked/></label>
                <label class="Pick Button is-quiet NeedsScript">{Icon::Folder.view()}<span>{t.pick_folder}</span>
                    <input {..leptos::attr::custom::custom_attribute("webkitdirectory", "")} type="file" multiple on:change=picked/></label>
                <label class="Pick Button is-quiet NeedsScript is-phone">{Icon::Camera.view()}<span>{t.pick_camera}</span>
                    <input type="file" accept="image/*" capture="environment" on:change=picked/></label>
                <button class="Button is-quiet NoScript" type="submit">{t.upload}</button>
            </div>
            <p class="Fine">{t.drop_formats}</p>
        </form>
        <ul class="Uploads" aria-live="polite">
            <For each=move || uploads.get() key=|u| u.number children=upload_row/>
        </ul>
    }
}

#[allow(clippy::cast_possible_truncation)]
fn percent(sent: u64, size: u64) -> u8 {
    if size == 0 { 100 } else { (u128::from(sent) * 100 / u128::from(size)).min(100) as u8 }
}

fn upload_row(u: Upload) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let state = move || match u.progress.get() {
        Progress::Waiting => t.upload_waiting.to_owned(),
        Progress::Sending => format!("{} / {}", fmt::size(lang, u.sent.get()), fmt::size(lang, u.size)),
        Progress::Broken => t.upload_broken.to_owned(),
        Progress::Done(_) => t.upload_done.to_owned(),
        Progress::Known(_) => t.upload_known.to_owned(),
        Progress::Failed(reason) => reason.unwrap_or_else(|| t.upload_failed.to_owned()),
        Progress::Cancelled => t.upload_cancelled.to_owned(),
    };
    let value = move || percent(u.sent.get(), u.size).to_string();
    let end = move || {
        match u.progress.get() {
        Progress::Done(id) | Progress::Known(id) if !id.is_empty() => {
            view! { <a class="Link" href=format!("/documents/{id}")>{t.open}</a> }.into_any()
        }
        _ if u.has_ended() => ().into_any(),
        _ => view! {
            <button class="Link" type="button" on:click=move |_| u.progress.set(Progress::Cancelled)>{t.cancel}</button>
        }
        .into_any(),
    }
    };
    let name = u.name.get_value();
    view! {
        <li class="Upload">
            <span class="Upload-name">{name.clone()}</span>
            <progress max="100" value=value aria-label=name></progress>
            <span class="Upload-state">{state}</span>
            <span class="Upload-end">{end}</span>
        </li>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
use super::browser::{from_drop, from_input};

#[cfg(not(feature = "hydrate"))]
fn from_input(_e: &ev::Event, _uploads: RwSignal<Vec<Upload>>, _done: Callback<()>) {}
#[cfg(not(feature = "hydrate"))]
fn from_drop(_e: &ev::DragEvent, _uploads: RwSignal<Vec<Upload>>, _done: Callback<()>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_of_huge_and_empty_files_is_right() {
        assert_eq!(percent(0, 0), 100);
        assert_eq!(percent(u64::MAX / 2, u64::MAX), 49);
        assert_eq!(percent(5, 4), 100);
    }
}
