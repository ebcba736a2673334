//! Forms: a plain post to the page's own address, see `ssr::form_routes`. They work the same with
//! and without script; a refused form comes back as it was filled in, the reason beside the field.

use crate::{
    boot::{Failure, use_boot},
    error::ErrorCode,
    ui::state::sentence,
};
use leptos::prelude::*;

fn failure(form: &str) -> Option<Failure> {
    use_boot().failure.get_untracked().filter(|f| f.form == form)
}

/// A form for one server function. `page` is the address (with query) of the page it stands on.
pub fn post_form(page: impl Into<String>, form: &'static str, class: &'static str, body: AnyView) -> AnyView {
    let page: String = page.into();
    view! {
        <form method="post" action=page class=class>
            <input type="hidden" name="_form" value=form/>
            {drawn_for()}
            {alert(form)}
            {body}
        </form>
    }
    .into_any()
}

/// The same for one of many equal forms on a page: the page shows the reason beside the one that
/// was sent.
pub fn post_form_plain(
    page: impl Into<String>,
    form: &'static str,
    class: &'static str,
    body: AnyView,
) -> AnyView {
    let page: String = page.into();
    view! {
        <form method="post" action=page class=class>
            <input type="hidden" name="_form" value=form/>
            {drawn_for()}
            {body}
        </form>
    }
    .into_any()
}

/// Says for which profile the form was drawn, see [`crate::boot::BootContext::profile`].
fn drawn_for() -> Option<AnyView> {
    let profile = use_boot().profile?.to_string();
    Some(view! { <input type="hidden" name="_profile" value=profile/> }.into_any())
}

/// The reason that belongs to no field that is shown, above the form.
fn alert(form: &'static str) -> AnyView {
    match failure(form) {
        Some(f) if !(f.error.code == ErrorCode::Invalid && f.error.field.is_some()) => {
            view! { <p class="Alert" role="alert">{sentence(&f.error)}</p> }.into_any()
        }
        _ => ().into_any(),
    }
}

/// One field of a form.
pub struct Field {
    form: &'static str,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    value: String,
    hint: Option<&'static str>,
    autocomplete: Option<&'static str>,
    list: Option<&'static str>,
    mode: Option<&'static str>,
    required: bool,
    min_length: Option<&'static str>,
    of: Option<String>,
}

impl Field {
    /// A text field.
    #[must_use]
    pub fn new(form: &'static str, name: &'static str, label: &'static str) -> Self {
        Self {
            form,
            name,
            label,
            kind: "text",
            value: String::new(),
            hint: None,
            autocomplete: None,
            list: None,
            mode: None,
            required: false,
            min_length: None,
            of: None,
        }
    }
    /// Of another type: `email`, `password`, `date`, `textarea`….
    #[must_use]
    pub fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }
    /// Where the same form stands several times on a page: the id of the one thing that it is for. The
    /// form sends it in its first hidden field, so that a refusal comes back to this very form.
    #[must_use]
    pub fn of(self, id: &str) -> Self {
        Self { of: Some(id.to_owned()), ..self }
    }
    /// What it holds at first.
    #[must_use]
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }
    /// A line of help.
    #[must_use]
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }
    /// The HTML `autocomplete` token.
    #[must_use]
    pub fn autocomplete(self, a: &'static str) -> Self {
        Self { autocomplete: Some(a), ..self }
    }
    /// The id of a `<datalist>`.
    #[must_use]
    pub fn list(self, id: &'static str) -> Self {
        Self { list: Some(id), autocomplete: Some("off"), ..self }
    }
    /// The HTML `inputmode`.
    #[must_use]
    pub fn mode(self, mode: &'static str) -> Self {
        Self { mode: Some(mode), ..self }
    }
    /// Must be filled in.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }
    /// At least so many characters, in digits.
    #[must_use]
    pub fn min_length(self, n: &'static str) -> Self {
        Self { min_length: Some(n), ..self }
    }

    /// Label, control, hint and reason.
    #[must_use]
    pub fn view(self) -> AnyView {
        let is_this = |f: &Failure| self.of.as_ref().is_none_or(|id| f.values.iter().any(|(_, v)| v == id));
        let failed = failure(self.form).filter(is_this);
        let reason = failed
            .as_ref()
            .filter(|f| f.error.field.as_deref() == Some(self.name))
            .map(|f| sentence(&f.error));
        let value = failed.as_ref().and_then(|f| f.value(self.name)).map_or(self.value, str::to_owned);
        let id = match &self.of {
            Some(of) => format!("{}-{}-{of}", self.form, self.name),
            None => format!("{}-{}", self.form, self.name),
        };
        let help = format!("{id}-help");
        let described = (reason.is_some() || self.hint.is_some()).then(|| help.clone());
        let invalid = reason.is_some().then_some("true");
        let note = match (reason, self.hint) {
            (Some(r), _) => view! { <p class="Field-reason" role="alert" id=help>{r}</p> }.into_any(),
            (None, Some(h)) => view! { <p class="Field-hint" id=help>{h}</p> }.into_any(),
            (None, None) => ().into_any(),
        };
        let control = if self.kind == "textarea" {
            view! {
                <textarea id=id.clone() name=self.name rows="6" required=self.required aria-invalid=invalid aria-describedby=described>{value}</textarea>
            }
            .into_any()
        } else {
            view! {
                <input id=id.clone() name=self.name type=self.kind value=value required=self.required
                    autocomplete=self.autocomplete list=self.list inputmode=self.mode minlength=self.min_length
                    aria-invalid=invalid aria-describedby=described/>
            }
            .into_any()
        };
        view! { <div class="Field"><label for=id>{self.label}</label>{control}{note}</div> }.into_any()
    }
}

/// The reason why a group of choices was refused.
pub fn refused(form: &'static str, name: &str) -> Option<AnyView> {
    let f = failure(form).filter(|f| f.error.field.as_deref() == Some(name))?;
    Some(view! { <p class="Field-reason" role="alert">{sentence(&f.error)}</p> }.into_any())
}

/// A choice of one among several: value, text, and whether it is chosen at first.
pub fn select(
    id: String,
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String, bool)>,
) -> AnyView {
    let list = options
        .into_iter()
        .map(|(value, text, on)| view! { <option value=value selected=on>{text}</option> })
        .collect_view();
    view! {
        <div class="Field"><label for=id.clone()>{label}</label><select id=id name=name>{list}</select></div>
    }
    .into_any()
}

/// The one main act of a form.
pub fn submit(text: &'static str) -> AnyView {
    view! { <button class="Button" type="submit">{text}</button> }.into_any()
}

/// An act that removes something.
pub fn submit_danger(text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    view! { <button class="Button is-danger" type="submit">{text}</button> }.into_any()
}
