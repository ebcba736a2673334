//! The place to drop files on, and the list of those on their way.

use super::{
    CutOff, Progress, Upload,
    words::{sentence, words},
};
use crate::{
    boot::{for_profile, use_lang, use_texts},
    i18n::fmt,
    ui::icon::Icon,
};
use leptos::{ev, prelude::*};

/// Where files are dropped or picked.
#[component]
pub fn UploadZone(
    /// Called when nothing is on its way any more and something arrived.
    done: Callback<()>,
) -> impl IntoView {
    let t = use_texts();
    let action = for_profile("/documents/upload");
    let uploads = list();
    let over = RwSignal::new(false);
    let rests = RwSignal::new(Vec::<CutOff>::new());
    Effect::new(move |_| {
        tidy();
        rests.set(cut_off());
    });
    // (files on their way, files that arrived)
    Effect::new(move |before: Option<(usize, usize)>| {
        let now = uploads.with(|all| {
            let count = |f: &dyn Fn(&Upload) -> bool| all.iter().filter(|u| f(u)).count();
            (count(&|u| !u.has_ended()), count(&Upload::has_arrived))
        });
        if before.is_some_and(|b| b.0 > 0 && now.0 == 0) && now.1 > 0 {
            done.run(());
        }
        now
    });
    let picked = move |e: ev::Event| {
        rests.set(Vec::new());
        from_input(&e);
    };
    let on_drop = move |e: ev::DragEvent| {
        e.prevent_default();
        over.set(false);
        rests.set(Vec::new());
        from_drop(&e);
    };
    view! {
        <form class="Drop" class:is-over=move || over.get() method="post" action=action enctype="multipart/form-data"
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
        {move || rests.get().into_iter().map(|c| cut_off_note(c, rests)).collect_view()}
        <p class="Hidden" role="status">{move || said(&uploads.get())}</p>
        <ul class="Uploads" aria-label=words(use_lang()).list>
            <For each=move || uploads.get() key=|u| u.number children=upload_row/>
        </ul>
    }
}

/// How all stand, for those who do not see the bars: said when one ends, not for every byte.
fn said(all: &[Upload]) -> String {
    let w = words(use_lang());
    if all.is_empty() {
        return String::new();
    }
    let count = |f: &dyn Fn(&Upload) -> bool| all.iter().filter(|u| f(u)).count();
    let (n, failed) =
        (count(&Upload::has_arrived), count(&|u| matches!(u.progress.get(), Progress::Failed(_))));
    let mut out = w.arrived.replace("{n}", &n.to_string()).replace("{d}", &all.len().to_string());
    if failed > 0 {
        out.push_str(", ");
        out.push_str(&w.failed.replace("{n}", &failed.to_string()));
    }
    out
}

fn cut_off_note(c: CutOff, rests: RwSignal<Vec<CutOff>>) -> AnyView {
    let lang = use_lang();
    let w = words(lang);
    let text =
        w.cut_off.replace("{n}", &fmt::size(lang, c.received)).replace("{d}", &fmt::size(lang, c.size));
    let drop_it = move |_| {
        discard(&c);
        rests.update(|all| all.retain(|o| o.key != c.key));
    };
    view! {
        <div class="Notice"><p>{text}</p><p><button class="Link" type="button" on:click=drop_it>{w.discard}</button></p></div>
    }
    .into_any()
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
        Progress::Failed(reason) => sentence(lang, &reason),
        Progress::Cancelled => t.upload_cancelled.to_owned(),
    };
    let value = move || if u.has_arrived() { 100 } else { percent(u.sent.get(), u.size) }.to_string();
    let is_failed = move || u.progress.with(|p| matches!(p, Progress::Failed(_)));
    let name = u.name.get_value();
    view! {
        <li class="Upload" class:is-failed=is_failed>
            <span class="Upload-name">{name.clone()}</span>
            <progress max="100" value=value aria-label=name></progress>
            <span class="Upload-state">{state}</span>
            <span class="Upload-end">{move || acts(u)}</span>
        </li>
    }
    .into_any()
}

/// What can be done with a file as it stands.
fn acts(u: Upload) -> AnyView {
    let (t, w) = (use_texts(), words(use_lang()));
    let button = |text: &'static str, act: fn(Upload)| {
        let label = format!("{text}: {}", u.name.get_value());
        view! { <button class="Link" type="button" aria-label=label on:click=move |_| act(u)>{text}</button> }
            .into_any()
    };
    match u.progress.get() {
        Progress::Done(id) | Progress::Known(id) if !id.is_empty() => {
            view! { <a class="Link" href=format!("/documents/{id}")>{t.open}</a> }.into_any()
        }
        Progress::Waiting | Progress::Sending => button(t.cancel, cancel),
        Progress::Broken => view! { {button(w.now, again)} " " {button(t.cancel, cancel)} }.into_any(),
        Progress::Failed(_) => button(t.try_again, again),
        Progress::Done(_) | Progress::Known(_) | Progress::Cancelled => ().into_any(),
    }
}

#[cfg(feature = "hydrate")]
use super::browser::{again, cancel, cut_off, discard, from_drop, from_input, list, tidy};

#[cfg(not(feature = "hydrate"))]
use still::{again, cancel, cut_off, discard, from_drop, from_input, list, tidy};

/// On the server nothing moves.
#[cfg(not(feature = "hydrate"))]
mod still {
    use super::{CutOff, Upload};
    use leptos::{ev, prelude::RwSignal};

    pub fn list() -> RwSignal<Vec<Upload>> {
        RwSignal::new(Vec::new())
    }
    pub fn from_input(_: &ev::Event) {}
    pub fn from_drop(_: &ev::DragEvent) {}
    pub fn cancel(_: Upload) {}
    pub fn again(_: Upload) {}
    pub fn tidy() {}
    pub fn cut_off() -> Vec<CutOff> {
        Vec::new()
    }
    pub fn discard(_: &CutOff) {}
}

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
