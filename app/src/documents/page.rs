//! The Documents page.

use super::{api::documents, live::listen, rows::document_list, upload::UploadZone};
use crate::{
    boot::use_texts,
    ui::{
        page::{heading, show},
        state::empty,
    },
    wire,
};
use leptos::prelude::*;

/// All documents, with the means to bring more.
#[component]
pub fn DocumentsPage() -> impl IntoView {
    let t = use_texts();
    let list = wire::read(|| (), |()| documents());
    listen(move || list.refetch());
    view! {
        {heading(t.documents, t.documents_text)}
        <UploadZone done=Callback::new(move |()| list.refetch())/>
        {show(list, move |all| {
            if all.is_empty() {
                empty(t.documents_empty, t.documents_empty_text, ().into_any())
            } else {
                document_list(all)
            }
        })}
    }
}
