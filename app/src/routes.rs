//! Which address shows which page.

use crate::{
    about::{AboutPage, ReceiptPage},
    account::{LoginPage, SignupPage},
    add::AddPage,
    boot::{Boot, provide_boot},
    documents::{DocumentPage, DocumentsPage},
    frame::{PrivateFrame, PublicFrame},
    home::HomePage,
    marker::MarkerPage,
    markers::MarkersPage,
    overview::OverviewPage,
    records::RecordPage,
    settings::SettingsPage,
    timeline::TimelinePage,
    ui::state::NotFound,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    hooks::use_location,
    path,
};

/// All pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_boot(SharedValue::new(Boot::from_context).into_inner());
    view! {
        <Router>
            <ClearFailure/>
            <Routes fallback=|| view! { <PublicFrameAround/> }>
                <ParentRoute path=path!("") view=PublicFrame ssr=SsrMode::Async>
                    <Route path=path!("/") view=HomePage/>
                    <Route path=path!("/signup") view=SignupPage/>
                    <Route path=path!("/login") view=LoginPage/>
                    <Route path=path!("/about") view=AboutPage/>
                    <Route path=path!("/receipt") view=ReceiptPage/>
                </ParentRoute>
                <ParentRoute path=path!("") view=PrivateFrame ssr=SsrMode::Async>
                    <Route path=path!("/overview") view=OverviewPage/>
                    <Route path=path!("/markers") view=MarkersPage/>
                    <Route path=path!("/markers/:key") view=MarkerPage/>
                    <Route path=path!("/timeline") view=TimelinePage/>
                    <Route path=path!("/records/:id") view=RecordPage/>
                    <Route path=path!("/documents") view=DocumentsPage/>
                    <Route path=path!("/documents/:id") view=DocumentPage/>
                    <Route path=path!("/add") view=AddPage/>
                    <Route path=path!("/settings") view=SettingsPage/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// A refused form belongs to the page that was answered; moving on forgets it.
#[component]
fn ClearFailure() -> impl IntoView {
    let here = use_location().pathname;
    let failure = crate::boot::use_boot().failure;
    Effect::new(move |before: Option<String>| {
        let now = here.get();
        if before.is_some_and(|b| b != now) {
            failure.set(None);
        }
        now
    });
}

#[component]
fn PublicFrameAround() -> impl IntoView {
    view! {
        <main id="main" class="Public">
            <NotFound/>
        </main>
    }
}
