//! What a file leaves open, as forms.

use crate::{
    boot::use_texts,
    i18n::{Texts, fill},
    ui::form::{post_form, submit},
};
use keepwell_domain::view::QuestionView;
use leptos::prelude::*;

/// The questions of a document; `page` is the address on which they stand. Nothing where there are
/// none.
pub fn questions(page: &str, document: &str, list: &[QuestionView]) -> AnyView {
    let t = use_texts();
    if list.is_empty() {
        return ().into_any();
    }
    let one = |q: &QuestionView| {
        if q.key == "columns" { columns(t, q) } else { choice(t, q) }
    };
    let body = view! {
        <input type="hidden" name="document" value=document.to_owned()/>
        {list.iter().map(one).collect_view()}
        {submit(t.answer)}
    };
    let form = post_form(page.to_owned(), "answer_questions", "Form", body.into_any());
    view! { <section class="Card is-attention"><h2>{t.needs_answer}</h2>{form}</section> }.into_any()
}

fn choice(t: &'static Texts, q: &QuestionView) -> AnyView {
    let title = match q.key.as_str() {
        "day_first" => t.question_day_first,
        "subject" => t.question_subject,
        "person" => t.question_person,
        _ => t.question_other,
    };
    let examples: Vec<String> = match q.key.as_str() {
        "person" => [t.question_person_here, t.question_person_others]
            .iter()
            .zip(&q.examples)
            .map(|(text, who)| fill(text, who))
            .collect(),
        // How many people there are shows in the list of choices.
        "subject" => Vec::new(),
        _ => q.examples.clone(),
    };
    let examples = examples.into_iter().map(|e| view! { <li>{e}</li> }).collect_view();
    let name = format!("answers[{}]", q.key);
    let choices = q
        .choices
        .iter()
        .map(|(v, text)| {
            let text = words(t, &q.key, v).map_or_else(|| text.clone(), str::to_owned);
            view! { <label class="Check"><input type="radio" name=name.clone() value=v.clone() required/> <span>{text}</span></label> }
        })
        .collect_view();
    view! { <fieldset class="Question"><legend>{title}</legend><ul class="Plain">{examples}</ul>{choices}</fieldset> }
        .into_any()
}

/// An answer in words; those that come from the file are their own.
fn words(t: &'static Texts, key: &str, value: &str) -> Option<&'static str> {
    Some(match (key, value) {
        ("day_first", "day") => t.day_first,
        ("day_first", "month") => t.month_first,
        ("person", "import") => t.answer_import,
        ("person", "keep") => t.answer_keep,
        _ => return None,
    })
}

/// One list of columns for each thing that a row can say.
fn columns(t: &'static Texts, q: &QuestionView) -> AnyView {
    let roles = [
        ("name", t.name),
        ("value", t.value),
        ("unit", t.unit),
        ("range", t.range),
        ("low", t.range_low),
        ("high", t.range_high),
        ("date", t.date),
        ("time", t.time),
        ("specimen", t.field_specimen),
        ("comment", t.note),
    ];
    let select = |(role, label): (&'static str, &'static str)| {
        let chosen = q.chosen.iter().find(|(r, _)| r == role).map(|(_, v)| v.clone());
        let needed = matches!(role, "name" | "value");
        let options = q
            .choices
            .iter()
            .map(|(v, header)| {
                let number = v.parse::<usize>().map_or(0, |n| n + 1);
                let text = format!("{number}: {header}");
                view! { <option value=v.clone() selected=chosen.as_ref() == Some(v)>{text}</option> }
            })
            .collect_view();
        let id = format!("column-{role}");
        view! {
            <div class="Field">
                <label for=id.clone()>{label}</label>
                <select id=id name=format!("answers[column_{role}]") required=needed>
                    <option value="">{t.column_none}</option>
                    {options}
                </select>
            </div>
        }
    };
    let missing = fill(t.question_columns_missing, &q.examples.join(", "));
    view! {
        <fieldset class="Question">
            <legend>{t.question_columns}</legend>
            <p class="Fine">{missing}</p>
            <div class="Pair">{roles.into_iter().map(select).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
