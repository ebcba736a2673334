//! The frame inside a page: its title, and what is shown while its data is on its way.

use crate::{
    ui::state::{failed, loading},
    wire::{Answer, Carry, Read, Travels},
};
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

/// Title in the tab and as heading, and one line of context.
pub fn heading(title: impl Into<String>, context: impl IntoView + 'static) -> AnyView {
    let title: String = title.into();
    let tab = format!("{title} · Keepwell");
    view! {
        <Title text=tab/>
        <div class="Heading">
            <h1>{title}</h1>
            <p class="Heading-context">{context}</p>
        </div>
    }
    .into_any()
}

/// Draws what a resource brings, or its error, or a quiet place-holder while it is away.
pub fn show<T: Travels>(resource: Read<T>, draw: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
    let draw = move |answer: Answer| match answer.and_then(|a| a.open()) {
        Ok(value) => draw(value),
        Err(e) => failed(&e),
    };
    answer(resource.answer(), Arc::new(draw), loading)
}

/// [`show`] for any type, and for any place-holder.
pub fn answer(
    resource: Resource<Answer, Carry>,
    draw: Arc<dyn Fn(Answer) -> AnyView + Send + Sync>,
    meanwhile: fn() -> AnyView,
) -> AnyView {
    view! {
        <Transition fallback=meanwhile>
            {move || {
                let draw = draw.clone();
                Suspend::new(async move { draw(resource.await) })
            }}
        </Transition>
    }
    .into_any()
}
