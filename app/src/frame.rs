//! What stands around the pages: the public header, and the places of somebody signed in.

use crate::{
    account::api::who,
    boot::{use_boot, use_texts},
    i18n::Texts,
    profiles::{NowShowing, Switcher},
    ui::{
        form::post_form,
        icon::Icon,
        state::{Switched, enrol_first, sign_in_again},
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet},
    hooks::use_location,
};

/// Header and footer of pages that need no account.
#[component]
pub fn PublicFrame() -> impl IntoView {
    let (t, boot) = (use_texts(), use_boot());
    let actions = if boot.must_enrol {
        view! { <a class="Button" rel="external" href="/settings/factors">{t.factors_manage}</a> }.into_any()
    } else if boot.signed_in {
        let me = wire::read(|| (), |()| who());
        view! { <Switcher me/> <A href="/overview" attr:class="Button">{t.to_overview}</A> }.into_any()
    } else {
        view! {
            <A href="/login" attr:class="Button is-quiet">{t.sign_in}</A>
            <A href="/signup" attr:class="Button">{t.sign_up}</A>
        }
        .into_any()
    };
    view! {
        <a class="Skip" href="#main" rel="external">{t.skip}</a>
        <header class="PublicHeader">
            {brand("/")}
            <nav class="PublicHeader-actions" aria-label=t.account>{actions}</nav>
        </header>
        <main id="main" class="Public" tabindex="-1"><Outlet/></main>
        <footer class="PublicFooter">
            {trust_links(t)}
            {language_switch()}
        </footer>
    }
}

/// The pages about trust. All but the last are served without the app, hence `external`.
pub(crate) fn trust_links(t: &'static Texts) -> AnyView {
    view! {
        <nav class="TrustLinks" aria-label=t.trust>
            <a rel="external" href="/security">{t.security}</a>
            <a rel="external" href="/privacy">{t.privacy}</a>
            <a rel="external" href="/terms">{t.terms}</a>
            <a rel="external" href="/disclosure">{t.report_weakness}</a>
            <a href="/about">{t.about}</a>
        </nav>
    }
    .into_any()
}

/// The mark and the name.
pub(crate) fn brand(href: &'static str) -> AnyView {
    view! {
        <a class="Brand" href=href>
            <svg class="Brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                <rect x="2" y="2" width="28" height="28" rx="8" class="Brand-box"/>
                <path d="M8 19h4l3-9 4 13 2.5-6H24" class="Brand-line"/>
            </svg>
            <span>"Keepwell"</span>
        </a>
    }
    .into_any()
}

/// A button per language that may be chosen; a plain post, so that the choice is kept in a cookie.
fn language_switch() -> Option<AnyView> {
    let lang = use_boot().lang;
    let here = use_location().pathname.get_untracked();
    use_boot().offered.choices().next()?;
    let buttons = use_boot()
        .offered
        .choices()
        .map(|l| {
            let pressed = if l == lang { "true" } else { "false" };
            view! { <button class="Link" type="submit" name="lang" value=l.as_str() lang=l.as_str() aria-pressed=pressed>{l.own_name()}</button> }
        })
        .collect_view();
    let body = view! { <input type="hidden" name="next" value=here/> {buttons} }.into_any();
    Some(post_form("/", "choose_lang", "LangSwitch", body))
}

/// Around the one page that whoever runs the instance may see before they have a second factor.
fn enrolling() -> AnyView {
    let t = use_texts();
    let here = use_location().pathname;
    let may = move || matches!(here.get().as_str(), "/settings/factors" | "/prove");
    view! {
        <a class="Skip" href="#main" rel="external">{t.skip}</a>
        <header class="PublicHeader">{brand("/")}</header>
        <main id="main" class="Public" tabindex="-1">
            {move || if may() { view! { <Outlet/> }.into_any() } else { enrol_first() }}
        </main>
    }
    .into_any()
}

/// The places of somebody signed in: a bar at the bottom of a phone, a rail on a wide screen.
#[component]
pub fn PrivateFrame() -> impl IntoView {
    let (t, boot) = (use_texts(), use_boot());
    if !boot.signed_in {
        return sign_in_again().into_any();
    }
    if boot.must_enrol {
        return enrolling();
    }
    let me = wire::read(|| (), |()| who());
    // A page that forgets a refused form must not be drawn anew for that.
    let is_switched = Memo::new(move |_| boot.is_switched());
    let place = |href: &'static str, icon: Icon, text: &'static str| {
        view! { <li><A href=href>{icon.view()}<span>{text}</span></A></li> }
    };
    view! {
        <a class="Skip" href="#main" rel="external">{t.skip}</a>
        <div class="Frame">
            <header class="Top">
                {brand("/overview")}
                <Switcher me/>
            </header>
            <nav class="Places" aria-label=t.places>
                <ul>
                    {place("/overview", Icon::Overview, t.overview)}
                    {place("/markers", Icon::Markers, t.markers)}
                    {place("/timeline", Icon::Timeline, t.timeline)}
                    {place("/ask", Icon::Ask, t.ask)}
                    {place("/settings", Icon::More, t.more)}
                </ul>
            </nav>
            <nav class="AddPlace" aria-label=t.add><A href="/add" attr:class="Button">{Icon::Add.view()}<span>{t.add}</span></A></nav>
            <main id="main" class="Main" tabindex="-1">
                <NowShowing me/>
                {crate::notices::above()}
                {move || if is_switched.get() { view! { <Switched/> }.into_any() } else { view! { <Outlet/> }.into_any() }}
            </main>
        </div>
    }
    .into_any()
}
