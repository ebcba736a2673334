//! The frame inside a page: its title, and what is shown while its data is on its way.

use crate::{
    ui::state::{failed, loading},
    wire::Read,
};
use leptos::prelude::*;
use leptos_meta::Title;

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
pub fn show<T>(resource: Read<T>, draw: impl Fn(T) -> AnyView + Send + Sync + Clone + 'static) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    view! {
        <Transition fallback=loading>
            {move || {
                let draw = draw.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => draw(value),
                        Err(e) => failed(&e),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}
