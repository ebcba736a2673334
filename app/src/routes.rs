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

/// Pages that the browser loads when they are first opened (feature `split`): most visits begin on
/// one page, and the program for the others need not come with it.
#[cfg(feature = "split")]
mod later {
    use super::*;
    use leptos_router::{LazyRoute, lazy_route};

    pub struct Add;
    #[lazy_route]
    impl LazyRoute for Add {
        fn data() -> Self {
            Self
        }
        fn view(_this: Self) -> AnyView {
            view! { <AddPage/> }.into_any()
        }
    }

    pub struct Document;
    #[lazy_route]
    impl LazyRoute for Document {
        fn data() -> Self {
            Self
        }
        fn view(_this: Self) -> AnyView {
            view! { <DocumentPage/> }.into_any()
        }
    }

    pub struct Documents;
    #[lazy_route]
    impl LazyRoute for Documents {
        fn data() -> Self {
            Self
        }
        fn view(_this: Self) -> AnyView {
            view! { <DocumentsPage/> }.into_any()
        }
    }

    pub struct Marker;
    #[lazy_route]
    impl LazyRoute for Marker {
        fn data() -> Self {
            Self
        }
        fn view(_this: Self) -> AnyView {
            view! { <MarkerPage/> }.into_any()
        }
    }

    pub struct Record;
    #[lazy_route]
    impl LazyRoute for Record {
        fn data() -> Self {
            Self
        }
        fn view(_this: Self) -> AnyView {
            view! { <RecordPage/> }.into_any()
        }
    }

    pub struct Settings;
    #[lazy_route]
    impl LazyRoute for Settings {
        fn data() -> Self {
            Self
        }
        fn view(_this: Self) -> AnyView {
            view! { <SettingsPage/> }.into_any()
        }
    }

    pub struct Timeline;
    #[lazy_route]
    impl LazyRoute for Timeline {
        fn data() -> Self {
            Self
        }
        fn view(_this: Self) -> AnyView {
            view! { <TimelinePage/> }.into_any()
        }
    }
}

#[cfg(feature = "split")]
macro_rules! page {
    ($later:ident, $now:ident) => {
        leptos_router::Lazy::<later::$later>::new()
    };
}
#[cfg(not(feature = "split"))]
macro_rules! page {
    ($later:ident, $now:ident) => {
        $now
    };
}

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
                    <Route path=path!("/markers/:key") view=page!(Marker, MarkerPage)/>
                    <Route path=path!("/timeline") view=page!(Timeline, TimelinePage)/>
                    <Route path=path!("/records/:id") view=page!(Record, RecordPage)/>
                    <Route path=path!("/documents") view=page!(Documents, DocumentsPage)/>
                    <Route path=path!("/documents/:id") view=page!(Document, DocumentPage)/>
                    <Route path=path!("/add") view=page!(Add, AddPage)/>
                    <Route path=path!("/settings") view=page!(Settings, SettingsPage)/>
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
