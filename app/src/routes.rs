//! Which address shows which page.

use crate::{
    about::{AboutPage, ReceiptPage},
    access_log::AccessLogPage,
    account::{ConfirmPage, ForgotPage, LoginPage, ResetPage, SentPage, SignupPage, StopPage, VerifyPage},
    add::AddPage,
    admin::{
        AdminHomePage, AdminLogPage, AdminReportsPage, AdminSettingsPage,
        grants::{GrantPage, GrantsPage},
        people::{PeoplePage, PersonPage},
    },
    ask::{AskPage, AskSettingsPage},
    boot::{Boot, provide_boot},
    documents::{DocumentPage, DocumentsPage},
    factors::{FactorsPage, LoginCodePage, ProvePage},
    frame::{PrivateFrame, PublicFrame},
    home::HomePage,
    marker::MarkerPage,
    markers::MarkersPage,
    notices::NoticesPage,
    overview::OverviewPage,
    profiles::ProfilesPage,
    records::RecordPage,
    settings::{AccountPage, SessionsPage, SettingsPage},
    sights::{SightsPage, WatchPage},
    timeline::TimelinePage,
    tokens::TokensPage,
    ui::state::{NotFound, Switched},
    wire::Postcard,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    hooks::use_location,
    path,
};

/// Pages that the browser loads when they are first opened (feature `split`): a visit begins on one
/// page, and the program for the others need not come with it.
///
/// They come in a few groups. A file is made for every set of groups that share a piece of the
/// program, so with a group per page one page would need dozens of files.
#[cfg(feature = "split")]
mod later {
    use super::*;
    use leptos_router::ChooseView;

    macro_rules! groups {
        ($($group:ident $preload:ident: $($route:ident $page:ident,)+;)+) => {
            /// One type for all pages: the framework's own way is a type for each, and each type
            /// costs every first visit two kilobytes.
            #[derive(Clone, Copy)]
            pub enum Later {
                $($($route,)+)+
            }

            $(
                #[lazy]
                fn $group(page: Later) -> AnyView {
                    match page {
                        $(Later::$route => view! { <$page/> }.into_any(),)+
                        _ => ().into_any(),
                    }
                }
            )+

            impl ChooseView for Later {
                async fn choose(self) -> AnyView {
                    match self {
                        $($(Self::$route)|+ => $group(self).await,)+
                    }
                }
                async fn preload(&self) {
                    match self {
                        $($(Self::$route)|+ => $preload().await,)+
                    }
                }
            }
        };
    }

    groups! {
        arriving __preload_arriving:
            About AboutPage,
            Home HomePage,
            Login LoginPage,
            LoginCode LoginCodePage,
            Receipt ReceiptPage,
            Signup SignupPage,;
        linked __preload_linked:
            Confirm ConfirmPage,
            Forgot ForgotPage,
            Reset ResetPage,
            Sent SentPage,
            Stop StopPage,
            Verify VerifyPage,;
        looking __preload_looking:
            Markers MarkersPage,
            Overview OverviewPage,
            Timeline TimelinePage,;
        charting __preload_charting:
            Marker MarkerPage,;
        asking __preload_asking:
            Ask AskPage,
            AskSettings AskSettingsPage,;
        working __preload_working:
            Account AccountPage,
            AccessLog AccessLogPage,
            Add AddPage,
            Document DocumentPage,
            Documents DocumentsPage,
            Factors FactorsPage,
            Notices NoticesPage,
            Prove ProvePage,
            Profiles ProfilesPage,
            Record RecordPage,
            Sessions SessionsPage,
            Settings SettingsPage,
            Sights SightsPage,
            Watch WatchPage,
            Tokens TokensPage,;
        running __preload_running:
            AdminHome AdminHomePage,
            AdminLog AdminLogPage,
            AdminReports AdminReportsPage,
            AdminSettings AdminSettingsPage,
            Grant GrantPage,
            Grants GrantsPage,
            People PeoplePage,
            OnePerson PersonPage,;
    }
}

#[cfg(feature = "split")]
macro_rules! page {
    ($later:ident, $now:ident) => {
        later::Later::$later
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
    provide_boot(SharedValue::<_, Postcard>::new_with_encoding(Boot::from_context).into_inner());
    view! {
        <Router>
            <ClearFailure/>
            <Routes fallback=|| view! { <PublicFrameAround/> }>
                <ParentRoute path=path!("") view=PublicFrame ssr=SsrMode::Async>
                    <Route path=path!("/") view=page!(Home, HomePage)/>
                    <Route path=path!("/signup") view=page!(Signup, SignupPage)/>
                    <Route path=path!("/login") view=page!(Login, LoginPage)/>
                    <Route path=path!("/login/code") view=page!(LoginCode, LoginCodePage)/>
                    <Route path=path!("/forgot") view=page!(Forgot, ForgotPage)/>
                    <Route path=path!("/reset") view=page!(Reset, ResetPage)/>
                    <Route path=path!("/verify") view=page!(Verify, VerifyPage)/>
                    <Route path=path!("/confirm") view=page!(Confirm, ConfirmPage)/>
                    <Route path=path!("/stop") view=page!(Stop, StopPage)/>
                    <Route path=path!("/sent") view=page!(Sent, SentPage)/>
                    <Route path=path!("/about") view=page!(About, AboutPage)/>
                    <Route path=path!("/receipt") view=page!(Receipt, ReceiptPage)/>
                </ParentRoute>
                <ParentRoute path=path!("") view=PrivateFrame ssr=SsrMode::Async>
                    <Route path=path!("/overview") view=page!(Overview, OverviewPage)/>
                    <Route path=path!("/markers") view=page!(Markers, MarkersPage)/>
                    <Route path=path!("/markers/:key") view=page!(Marker, MarkerPage)/>
                    <Route path=path!("/ask") view=page!(Ask, AskPage)/>
                    <Route path=path!("/ask/:id") view=page!(Ask, AskPage)/>
                    <Route path=path!("/timeline") view=page!(Timeline, TimelinePage)/>
                    <Route path=path!("/records/:id") view=page!(Record, RecordPage)/>
                    <Route path=path!("/documents") view=page!(Documents, DocumentsPage)/>
                    <Route path=path!("/documents/:id") view=page!(Document, DocumentPage)/>
                    <Route path=path!("/add") view=page!(Add, AddPage)/>
                    <Route path=path!("/settings/ask") view=page!(AskSettings, AskSettingsPage)/>
                    <Route path=path!("/settings/account") view=page!(Account, AccountPage)/>
                    <Route path=path!("/settings/factors") view=page!(Factors, FactorsPage)/>
                    <Route path=path!("/prove") view=page!(Prove, ProvePage)/>
                    <Route path=path!("/settings/sessions") view=page!(Sessions, SessionsPage)/>
                    <Route path=path!("/settings") view=page!(Settings, SettingsPage)/>
                    <Route path=path!("/settings/access-log") view=page!(AccessLog, AccessLogPage)/>
                    <Route path=path!("/settings/profiles") view=page!(Profiles, ProfilesPage)/>
                    <Route path=path!("/settings/tokens") view=page!(Tokens, TokensPage)/>
                    <Route path=path!("/settings/notices") view=page!(Notices, NoticesPage)/>
                    <Route path=path!("/settings/grants") view=page!(Sights, SightsPage)/>
                    <Route path=path!("/settings/grants/:id") view=page!(Watch, WatchPage)/>
                </ParentRoute>
                <Route path=path!("/admin") view=page!(AdminHome, AdminHomePage) ssr=SsrMode::Async/>
                <Route path=path!("/admin/log") view=page!(AdminLog, AdminLogPage) ssr=SsrMode::Async/>
                <Route path=path!("/admin/reports") view=page!(AdminReports, AdminReportsPage) ssr=SsrMode::Async/>
                <Route path=path!("/admin/settings") view=page!(AdminSettings, AdminSettingsPage) ssr=SsrMode::Async/>
                <Route path=path!("/admin/people") view=page!(People, PeoplePage) ssr=SsrMode::Async/>
                <Route path=path!("/admin/people/:id") view=page!(OnePerson, PersonPage) ssr=SsrMode::Async/>
                <Route path=path!("/admin/grants") view=page!(Grants, GrantsPage) ssr=SsrMode::Async/>
                <Route path=path!("/admin/grants/:id") view=page!(Grant, GrantPage) ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

/// A refused form belongs to the page that was answered; moving on forgets it.
#[component]
fn ClearFailure() -> impl IntoView {
    let here = use_location().pathname;
    let boot = crate::boot::use_boot();
    Effect::new(move |before: Option<String>| {
        let now = here.get();
        if before.is_some_and(|b| b != now) {
            boot.failure.set(None);
            boot.shown.set(None);
        }
        now
    });
}

#[component]
fn PublicFrameAround() -> impl IntoView {
    // A plain upload answers at an address that is no page.
    let is_switched = crate::boot::use_boot().is_switched();
    let inside =
        if is_switched { view! { <Switched/> }.into_any() } else { view! { <NotFound/> }.into_any() };
    view! { <main id="main" class="Public">{inside}</main> }
}
