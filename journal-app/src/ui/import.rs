//! Files of other apps: what was found is said before anything is kept.

use super::{
    bits,
    frame::says,
    state::App,
    table::{self, Table},
};
use crate::{
    browser::files,
    keep,
    words::{self, table as table_words},
};
use keepwell_journal::{
    derive,
    import::{self, Format, Import, ImportError},
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
    /// Some other table: the person looks how it is read.
    Table,
    /// Nothing that can be read.
    Nothing(&'static str),
}

/// The page.
pub fn page(app: App) -> AnyView {
    let t = app.t;
    let found = StoredValue::new_local(None::<Found>);
    let looked = RwSignal::new(0u32);
    let table = Table::new();
    let picked = NodeRef::<html::Input>::new();
    let choose = move |_| {
        spawn_local(async move {
            let Some(input) = picked.get_untracked() else { return };
            let now = match files::picked(&input).await {
                Ok(Some((_, bytes))) => read(app, table, &bytes).await,
                Ok(None) => return,
                Err(trouble) => Found::Nothing(says(app, trouble)),
            };
            if !matches!(now, Found::Table) {
                table.close();
            }
            found.set_value(Some(now));
            looked.update(|n| *n += 1);
        });
    };
    let keep_it = move || {
        let Some(f) = found.get_value() else { return };
        let place = app.place();
        spawn_local(async move {
            let result = match f {
                Found::Days(_, import) => keep::import(&import).await,
                Found::Journal(changes, _) => keep::take_in(changes).await,
                Found::Table => match table.import() {
                    Some(import) => keep::import(&import).await,
                    None => return,
                },
                Found::Nothing(_) => return,
            };
            match result {
                Ok(n) => {
                    app.said.set(Some(words::fill(app.t.took_in, &n.to_string())));
                    app.drawn_anew(&place);
                }
                Err(trouble) => app.trouble.set(Some(trouble)),
            }
        });
    };
    let shown = move || {
        looked.track();
        found.get_value().map(|f| show(app, &f, table, keep_it))
    };
    let body = view! {
        <p>{t.import_about}</p>
        <div class="Card is-form"><div class="Field"><label for="import-file">{t.import_file}</label><input type="file" id="import-file" node_ref=picked on:change=choose/></div></div>
        {table::card(app, table)}
        <div aria-live="polite">
            {shown}
        </div>
    };
    bits::page(t.import, "", body.into_any())
}

async fn read(app: App, table: Table, bytes: &[u8]) -> Found {
    let person = derive::own_person();
    let bytes = match import::opened(bytes) {
        Ok(bytes) => bytes,
        Err(error) => return failed(app, error),
    };
    let bytes = bytes.as_ref();
    match import::detect(bytes) {
        Err(error) => failed(app, error),
        Ok(Format::Journal) => match import::read_journal(bytes) {
            Ok((changes, bad)) => Found::Journal(changes, bad),
            Err(error) => failed(app, error),
        },
        Ok(Format::Table) => match table.open(bytes.to_vec()).await {
            Ok(()) => Found::Table,
            Err(error) => Found::Nothing(table_words::why(app.lang, error)),
        },
        Ok(_) => match import::read(bytes, person) {
            Ok((format, import)) => Found::Days(format, import),
            Err(error) => failed(app, error),
        },
    }
}

fn failed(app: App, error: ImportError) -> Found {
    let (t, w) = (app.t, table_words::of(app.lang));
    Found::Nothing(match error {
        ImportError::Archive => t.import_archive,
        ImportError::Newer(_) => t.import_newer,
        ImportError::TooLarge => t.import_large,
        ImportError::Workbook => w.workbook,
        ImportError::Letters => w.letters,
        _ => t.import_unknown,
    })
}

fn show(app: App, found: &Found, table: Table, keep_it: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let (t, w) = (app.t, words::lists::of(app.lang));
    match found {
        Found::Nothing(why) => view! { <p class="Alert" role="alert">{*why}</p> }.into_any(),
        Found::Journal(changes, bad) => {
            let text = words::fill(t.found_journal, &changes.len().to_string());
            let rows = bad.iter().map(|row| vec![row.to_string(), w.not_of_form.to_owned()]);
            let problems = left(app, vec![t.row, w.why], rows.collect());
            bits::card(t.found, view! { <p>{text}</p>{problems}<div class="Actions">{bits::button("Button", t.keep_it, keep_it)}</div> }.into_any())
        }
        Found::Table => table::result(app, table, move |import| days(app, "CSV", import, keep_it)),
        Found::Days(format, import) => {
            let name = match format {
                Format::Drip => "drip",
                Format::Clue => "Clue",
                Format::Flo => "Flo",
                Format::Journal => "Keepwell",
                Format::Table => "CSV",
            };
            days(app, name, import, keep_it)
        }
    }
}

/// What days of another app bring.
fn days(app: App, name: &str, import: &Import, keep_it: impl Fn() + Copy + 'static) -> AnyView {
    let (t, w) = (app.t, words::lists::of(app.lang));
    let count = |n: usize, one, many| words::plural(i64::try_from(n).unwrap_or_default(), one, many);
    let rows = count(import.rows, t.one_row, t.some_rows);
    let entries = count(import.drafts.len(), t.one_entry, t.some_entries);
    let text = [&rows, ", ", &entries, ". ", t.own_stays].concat();
    let rows = import.problems.iter().map(|p| {
        let why = words::lists::reason(app.lang, p.reason).to_owned();
        vec![p.row.to_string(), p.field.clone(), p.raw.clone(), why]
    });
    let problems = left(app, vec![t.row, t.field, t.was, w.why], rows.collect());
    let kept = problems.is_some().then(|| view! { <p class="Fine">{w.left_kept}</p> });
    let keep = (!import.drafts.is_empty() || !import.problems.is_empty())
        .then(|| bits::button("Button", t.keep_it, keep_it));
    bits::card(
        format!("{name}: {}", t.found),
        view! { <p>{text}</p><p>{span(app, import)}</p>{problems}{kept}<div class="Actions">{keep}</div> }
            .into_any(),
    )
}

/// How many days they are, and the first and the last: wrongly read dates show there.
fn span(app: App, import: &Import) -> Option<String> {
    let (days, w) = (import.days(), table_words::of(app.lang));
    let date = |day: &_| words::date(app.lang, *day);
    let span = words::fill(&w.span.replace("{m}", &date(days.last()?)), &date(days.first()?));
    Some(format!("{} {span}", words::fill(w.days, &days.len().to_string())))
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
