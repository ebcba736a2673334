//! Files of other apps: what was found is said before anything is kept.

use super::{bits, frame::says, state::App};
use crate::{browser::files, keep, words};
use keepwell_journal::{
    derive,
    import::{self, DateOrder, Format, Import, ImportError, TableError},
    merge::Change,
};
use leptos::{html, prelude::*, task::spawn_local};

/// What a file turned out to hold.
#[derive(Clone)]
enum Found {
    /// Days of another app.
    Days(Format, Import),
    /// A journal of this program, and the places of what could not be read.
    Journal(Vec<Change>, Vec<usize>),
    /// A table whose dates may be read in two ways.
    Doubt(Vec<u8>),
    /// Nothing that can be read.
    Nothing(&'static str),
}

/// The page.
pub fn page(app: App) -> AnyView {
    let t = app.t;
    let found = StoredValue::new_local(None::<Found>);
    let looked = RwSignal::new(0u32);
    let picked = NodeRef::<html::Input>::new();
    let put = move |f: Found| {
        found.set_value(Some(f));
        looked.update(|n| *n += 1);
    };
    let choose = move |_| {
        spawn_local(async move {
            let Some(input) = picked.get_untracked() else { return };
            match files::picked(&input).await {
                Ok(Some((_, bytes))) => put(read(app, &bytes, None)),
                Ok(None) => {}
                Err(trouble) => put(Found::Nothing(says(app, trouble))),
            }
        });
    };
    let order = move |bytes: Vec<u8>, order: DateOrder| put(read(app, &bytes, Some(order)));
    let keep_it = move || {
        let Some(f) = found.get_value() else { return };
        spawn_local(async move {
            let result = match f {
                Found::Days(_, import) => keep::import(&import).await,
                Found::Journal(changes, _) => keep::take_in(changes).await,
                Found::Doubt(_) | Found::Nothing(_) => return,
            };
            match result {
                Ok(n) => {
                    app.said.set(Some(words::fill(app.t.took_in, &n.to_string())));
                    app.drawn_anew();
                }
                Err(trouble) => app.trouble.set(Some(trouble)),
            }
        });
    };
    let shown = move || {
        looked.track();
        found.get_value().map(|f| show(app, &f, keep_it, order))
    };
    let body = view! {
        <p>{t.import_about}</p>
        <div class="Card is-form"><div class="Field"><label for="import-file">{t.import_file}</label><input type="file" id="import-file" node_ref=picked on:change=choose/></div></div>
        <div aria-live="polite">
            {shown}
        </div>
    };
    bits::page(t.import, "", body.into_any())
}

fn read(app: App, bytes: &[u8], order: Option<DateOrder>) -> Found {
    let t = app.t;
    let person = derive::own_person();
    let failed = |error: ImportError| match error {
        ImportError::Archive => Found::Nothing(t.import_archive),
        ImportError::Newer(_) => Found::Nothing(t.import_newer),
        ImportError::TooLarge => Found::Nothing(t.import_large),
        ImportError::Workbook => Found::Nothing(words::table::of(app.lang).workbook),
        ImportError::Letters => Found::Nothing(words::table::of(app.lang).letters),
        _ => Found::Nothing(t.import_unknown),
    };
    let bytes = match import::opened(bytes) {
        Ok(bytes) => bytes,
        Err(error) => return failed(error),
    };
    let bytes = bytes.as_ref();
    match import::detect(bytes) {
        Err(error) => failed(error),
        Ok(Format::Journal) => match import::read_journal(bytes) {
            Ok((changes, bad)) => Found::Journal(changes, bad),
            Err(error) => failed(error),
        },
        Ok(Format::Table) => table(app, bytes, order),
        Ok(_) => match import::read(bytes, person) {
            Ok((format, import)) => Found::Days(format, import),
            Err(error) => failed(error),
        },
    }
}

fn table(app: App, bytes: &[u8], order: Option<DateOrder>) -> Found {
    let t = app.t;
    let Ok(mut plan) = import::guess_table(bytes) else { return Found::Nothing(t.import_unknown) };
    if order.is_some() {
        plan.dates = order;
        plan.dates_in_doubt = false;
    }
    match import::read_table(bytes, &plan, derive::own_person()) {
        Ok(import) => Found::Days(Format::Table, import),
        Err(TableError::DatesInDoubt) => Found::Doubt(bytes.to_vec()),
        Err(TableError::NoDate) => Found::Nothing(t.import_no_date),
        Err(TableError::File(_)) => Found::Nothing(t.import_unknown),
    }
}

fn show(
    app: App,
    found: &Found,
    keep_it: impl Fn() + Copy + 'static,
    order: impl Fn(Vec<u8>, DateOrder) + Copy + 'static,
) -> AnyView {
    let (t, w) = (app.t, words::lists::of(app.lang));
    match found {
        Found::Nothing(why) => view! { <p class="Alert" role="alert">{*why}</p> }.into_any(),
        Found::Doubt(bytes) => {
            let (a, b) = (bytes.clone(), bytes.clone());
            let acts = view! {
                <div class="Actions">
                    {bits::button("Button is-quiet", t.day_first, move || order(a.clone(), DateOrder::DayFirst))}
                    {bits::button("Button is-quiet", t.month_first, move || order(b.clone(), DateOrder::MonthFirst))}
                </div>
            };
            bits::card(t.dates_in_doubt, acts.into_any())
        }
        Found::Journal(changes, bad) => {
            let text = words::fill(t.found_journal, &changes.len().to_string());
            let rows = bad.iter().map(|row| vec![row.to_string(), w.not_of_form.to_owned()]);
            let problems = left(app, vec![t.row, w.why], rows.collect());
            bits::card(t.found, view! { <p>{text}</p>{problems}<div class="Actions">{bits::button("Button", t.keep_it, keep_it)}</div> }.into_any())
        }
        Found::Days(format, import) => {
            let name = match format {
                Format::Drip => "drip",
                Format::Clue => "Clue",
                Format::Flo => "Flo",
                Format::Journal => "Keepwell",
                Format::Table => "CSV",
            };
            let text = words::fill(
                &t.found_days.replace("{m}", &import.drafts.len().to_string()),
                &import.rows.to_string(),
            );
            let rows = import.problems.iter().map(|p| {
                let why = words::lists::reason(app.lang, p.reason).to_owned();
                vec![p.row.to_string(), p.field.clone(), p.raw.clone(), why]
            });
            let problems = left(app, vec![t.row, t.field, t.was, w.why], rows.collect());
            let kept = problems.is_some().then(|| view! { <p class="Fine">{w.left_kept}</p> });
            bits::card(
                format!("{name}: {}", t.found),
                view! { <p>{text}</p>{problems}{kept}<div class="Actions">{bits::button("Button", t.keep_it, keep_it)}</div> }.into_any(),
            )
        }
    }
}

/// Rows of what was left over that are shown: a file may hold thousands.
const SHOWN: usize = 200;

/// What of a file is not taken as it stands, if anything, and why.
fn left(app: App, head: Vec<&'static str>, mut rows: Vec<Vec<String>>) -> Option<AnyView> {
    let count = |n: usize| i64::try_from(n).ok().filter(|n| *n > 0);
    let title = words::plural(count(rows.len())?, app.t.one_left, app.t.some_left);
    let more = count(rows.len().saturating_sub(SHOWN));
    let more = more.map(|n| words::fill(words::lists::of(app.lang).and_more, &n.to_string()));
    rows.truncate(SHOWN);
    let table = bits::table(title.clone(), head.into_iter().map(str::to_owned).collect(), rows);
    let more = more.map(|text| view! { <p class="Fine">{text}</p> });
    Some(view! { <details><summary>{title}</summary>{table}{more}</details> }.into_any())
}
