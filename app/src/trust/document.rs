//! The document around the pages without script.

use crate::{
    boot::Theme,
    i18n::{Lang, Offered, Texts},
    style,
};
use leptos::prelude::*;

/// What a page needs to know of the request.
#[derive(Clone, Copy)]
pub struct PageInfo {
    /// Language.
    pub lang: Lang,
    /// The languages that may be chosen.
    pub offered: Offered,
    /// Colours.
    pub theme: Theme,
    /// Whether somebody is signed in.
    pub signed_in: bool,
    /// The page's own path, to come back to after choosing a language.
    pub path: &'static str,
}

impl PageInfo {
    pub(super) const fn texts(&self) -> &'static Texts {
        self.lang.texts()
    }
}

/// A whole document as HTML.
#[must_use]
pub fn page(info: PageInfo, title: &str, context: &str, body: impl IntoView + 'static) -> String {
    let tab = format!("{title} · Keepwell");
    let (title, context) = (title.to_owned(), context.to_owned());
    let html = view! {
        <html lang=info.lang.as_str() data-theme=info.theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="referrer" content="same-origin"/>
                <title>{tab}</title>
                <link rel="stylesheet" href=style::path()/>
                <link rel="icon" href="/icon.svg" type="image/svg+xml"/>
            </head>
            <body>
                {header(info)}
                <main id="main" class="Public" tabindex="-1">
                    <div class="Heading"><h1>{title}</h1><p class="Heading-context">{context}</p></div>
                    {body}
                </main>
                {footer(info)}
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", html.to_html())
}

fn header(info: PageInfo) -> AnyView {
    let t = info.texts();
    let actions = if info.signed_in {
        view! { <a class="Button" href="/overview">{t.to_overview}</a> }.into_any()
    } else {
        view! { <a class="Button is-quiet" href="/login">{t.sign_in}</a> <a class="Button" href="/signup">{t.sign_up}</a> }
            .into_any()
    };
    view! {
        <a class="Skip" href="#main">{t.skip}</a>
        <header class="PublicHeader">
            {crate::frame::brand("/")}
            <nav class="PublicHeader-actions" aria-label=t.account>{actions}</nav>
        </header>
    }
    .into_any()
}

fn footer(info: PageInfo) -> AnyView {
    let buttons = info
        .offered
        .choices()
        .map(|l| {
            let pressed = if l == info.lang { "true" } else { "false" };
            view! { <button class="Link" type="submit" name="lang" value=l.as_str() lang=l.as_str() aria-pressed=pressed>{l.own_name()}</button> }
        })
        .collect_view();
    let switch = info.offered.choices().next().map(|_| {
        view! {
            <form class="LangSwitch" method="post" action="/">
                <input type="hidden" name="_form" value="choose_lang"/>
                <input type="hidden" name="next" value=info.path/>
                {buttons}
            </form>
        }
    });
    view! {
        <footer class="PublicFooter">
            {crate::frame::trust_links(info.texts())}
            {switch}
        </footer>
    }
    .into_any()
}
