//! A table of days before it is taken in: what each column holds, and what only the person can know.

use super::state::App;
use crate::{
    keep::columns,
    words::{self, table as w},
};
use keepwell_journal::{
    derive,
    import::{
        self, BleedingScale, Column, DateOrder, Import, Scale, TableError, TableLook, TablePlan, is_western,
    },
};
use leptos::{prelude::*, task::spawn_local};

/// Letters of a head or an example that are shown.
const SHOWN: usize = 60;

/// The table that was picked, and how it is read. It lives as long as the page.
#[derive(Clone, Copy)]
pub struct Table {
    bytes: StoredValue<Vec<u8>>,
    /// What may part its cells, as it was when it was picked: a choice that is made stays one.
    separators: StoredValue<Vec<u8>>,
    /// Rises with every file.
    file: RwSignal<u32>,
    plan: RwSignal<Option<TablePlan>>,
    look: Memo<Option<TableLook>>,
    read: Memo<Option<Result<Import, TableError>>>,
}

/// Which questions stand under the columns. They are drawn anew only when these change, so that no answer takes the
/// focus away.
#[derive(Clone, PartialEq, Eq)]
struct Asked {
    orders: Vec<DateOrder>,
    unit: bool,
    bleeding: bool,
    results: bool,
}

impl Table {
    /// None yet.
    pub fn new() -> Self {
        let bytes = StoredValue::new(Vec::new());
        let plan = RwSignal::new(None::<TablePlan>);
        let look = Memo::new(move |_| {
            let plan = plan.get()?;
            bytes.with_value(|bytes| import::look_at_table(bytes, &plan).ok())
        });
        let read = Memo::new(move |_| {
            let plan = plan.get()?;
            Some(bytes.with_value(|bytes| import::read_table(bytes, &plan, derive::own_person())))
        });
        Self { bytes, separators: StoredValue::new(Vec::new()), file: RwSignal::new(0), plan, look, read }
    }

    /// Shows a table as it was read the last time, or as it seems to be meant.
    pub async fn open(self, bytes: Vec<u8>) -> Result<(), TableError> {
        let plan = match columns::recall(&bytes).await {
            Some(plan) => plan,
            None => import::guess_table(&bytes)?,
        };
        let separators = import::look_at_table(&bytes, &plan)?.separators;
        self.bytes.set_value(bytes);
        self.separators.set_value(separators);
        self.plan.set(Some(plan));
        self.file.update(|n| *n += 1);
        Ok(())
    }

    /// Shows none any more.
    pub fn close(self) {
        self.plan.set(None);
        self.bytes.set_value(Vec::new());
        self.file.update(|n| *n += 1);
    }

    /// What it brings as it is read now.
    pub fn import(self) -> Option<Import> {
        self.read.get_untracked()?.ok()
    }

    fn change(self, f: impl FnOnce(&mut TablePlan)) {
        self.plan.update(|plan| {
            if let Some(plan) = plan {
                f(plan);
            }
        });
        let Some(plan) = self.plan.get_untracked() else { return };
        let bytes = self.bytes.get_value();
        spawn_local(async move {
            // Where it cannot be kept, it holds as long as the page.
            let _ = columns::remember(&bytes, &plan).await;
        });
    }

    fn part_by(self, separator: u8) {
        if let Ok(plan) = self.bytes.with_value(|bytes| import::guess_table_by(bytes, separator)) {
            self.change(|held| *held = plan);
        }
    }

    fn now<T>(self, f: impl FnOnce(&TablePlan) -> T) -> Option<T> {
        self.plan.with(|plan| plan.as_ref().map(f))
    }
}

/// A choice: its code, its words.
type Choice = (String, String);

/// A question with choices.
struct Ask {
    id: String,
    label: String,
    hint: Option<String>,
    choices: Vec<Choice>,
}

impl Ask {
    fn of(id: &str, label: &str, choices: Vec<Choice>) -> Self {
        Self { id: id.to_owned(), label: label.to_owned(), hint: None, choices }
    }
}

/// Draws a question. `now` is followed, so that the control shows what holds even when something else changes it.
fn select(
    ask: Ask,
    now: impl Fn() -> String + Copy + Send + Sync + 'static,
    change: impl Fn(&str) + 'static,
) -> AnyView {
    let Ask { id, label, hint, choices } = ask;
    let at_first = untrack(now);
    let options = choices.into_iter().map(|(value, text)| {
        let selected = value == at_first;
        view! { <option value=value selected=selected>{text}</option> }.into_any()
    });
    let options = options.collect::<Vec<_>>();
    let hint_id = format!("{id}-hint");
    let described = hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="Field is-choice">
            <label for=id.clone()>{label}</label>
            <select id=id prop:value=now aria-describedby=described on:change=move |e| change(&event_target_value(&e))>{options}</select>
            {hint.map(|text| view! { <span class="Field-hint" id=hint_id>{text}</span> })}
        </div>
    }
    .into_any()
}

/// The card of the table that was picked, if one was.
pub fn card(app: App, table: Table) -> AnyView {
    view! {
        {move || {
            table.file.track();
            table.plan.with_untracked(Option::is_some).then(|| whole(app, table))
        }}
    }
    .into_any()
}

fn whole(app: App, table: Table) -> AnyView {
    let t = w::of(app.lang);
    let western = table.bytes.with_value(|bytes| is_western(bytes));
    let western = western.then(|| view! { <p class="Notice">{t.western}</p> });
    let shape = Memo::new(move |_| table.now(|plan| (plan.delimiter, plan.has_head)));
    let asked = Memo::new(move |_| {
        table.look.with(|look| {
            look.as_ref().map(|look| Asked {
                orders: look.orders.clone(),
                unit: look.has_bare_temperatures,
                bleeding: look.has_bleeding_digits,
                results: look.has_digit_results,
            })
        })
    });
    let body = view! {
        <p>{t.about}</p>
        {western}
        <div class="Form">
            {separator(app, table)}
            {head(app, table)}
            {move || shape.get().map(|_| columns_of(app, table))}
            {move || asked.get().map(|asked| questions(app, table, &asked))}
        </div>
    };
    view! { <section class="Card is-form"><h2>{t.title}</h2>{body}</section> }.into_any()
}

fn separator(app: App, table: Table) -> Option<AnyView> {
    let signs = table.separators.get_value();
    let choices = signs.iter().map(|sign| (sign.to_string(), w::separator(app.lang, *sign))).collect();
    let ask = Ask {
        id: "table-parted".to_owned(),
        label: w::of(app.lang).parted_by.to_owned(),
        hint: None,
        choices,
    };
    let now = move || table.now(|plan| plan.delimiter.to_string()).unwrap_or_default();
    let change = move |value: &str| {
        if let Ok(sign) = value.parse() {
            table.part_by(sign);
        }
    };
    (!signs.is_empty()).then(|| select(ask, now, change))
}

fn head(app: App, table: Table) -> AnyView {
    let checked = move || table.now(|plan| plan.has_head).unwrap_or(false);
    let change = move |e: web_sys::Event| table.change(|plan| plan.has_head = event_target_checked(&e));
    view! {
        <div class="Field is-check">
            <label class="Check"><input type="checkbox" id="table-head" prop:checked=checked on:change=change/><span>{w::of(app.lang).has_head}</span></label>
        </div>
    }
    .into_any()
}

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(SHOWN).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

fn columns_of(app: App, table: Table) -> Vec<AnyView> {
    let looks = table.look.get_untracked().map(|look| look.columns).unwrap_or_default();
    let t = w::of(app.lang);
    let choices = choices(None, Column::ALL.iter().map(|c| (c.as_str(), w::column(app.lang, *c))));
    let one = |(n, look): (usize, import::ColumnLook)| {
        let label = match look.head.as_str() {
            "" => words::fill(t.unnamed_holds, &look.letter),
            head => words::fill(t.holds, &short(head)),
        };
        let examples: Vec<String> = look.examples.iter().map(|e| short(e)).collect();
        let hint = match examples.as_slice() {
            [] => t.no_example.to_owned(),
            some => words::fill(t.for_example, &some.join(" · ")),
        };
        let ask = Ask { id: format!("table-{n}"), label, hint: Some(hint), choices: choices.clone() };
        let held = move |plan: &TablePlan| plan.columns.get(n).map_or("", |c| c.as_str()).to_owned();
        let now = move || table.now(held).unwrap_or_default();
        select(ask, now, move |value| {
            if let Some(column) = Column::parse(value) {
                table.change(|plan| {
                    if let Some(held) = plan.columns.get_mut(n) {
                        *held = column;
                    }
                });
            }
        })
    };
    // Spreadsheets save empty columns, too.
    let shown = looks.into_iter().enumerate();
    shown.filter(|(_, look)| !(look.head.is_empty() && look.examples.is_empty())).map(one).collect()
}

fn questions(app: App, table: Table, asked: &Asked) -> Vec<AnyView> {
    let dates = (!asked.orders.is_empty()).then(|| dates(app, table, asked.orders.clone()));
    let unit = asked.unit.then(|| unit(app, table));
    let bleeding = asked.bleeding.then(|| bleeding(app, table));
    let results = asked.results.then(|| results(app, table));
    [dates, unit, bleeding, results].into_iter().flatten().collect()
}

/// The choice of none, and the codes with their words.
fn choices(
    none: Option<&'static str>,
    codes: impl Iterator<Item = (&'static str, &'static str)>,
) -> Vec<Choice> {
    let none = none.map(|text| ("", text));
    none.into_iter().chain(codes).map(|(code, text)| (code.to_owned(), text.to_owned())).collect()
}

fn dates(app: App, table: Table, orders: Vec<DateOrder>) -> AnyView {
    let words = orders.iter().map(|o| (o.as_str(), w::order(app.lang, *o)));
    let ask = Ask::of("table-dates", app.t.dates_in_doubt, choices(Some(w::of(app.lang).choose), words));
    let orders = StoredValue::new(orders);
    let now = move || {
        let said = table.now(|plan| plan.dates).flatten();
        said.filter(|o| orders.with_value(|all| all.contains(o))).map_or("", DateOrder::as_str).to_owned()
    };
    select(ask, now, move |value| table.change(|plan| plan.dates = DateOrder::parse(value)))
}

fn unit(app: App, table: Table) -> AnyView {
    let t = w::of(app.lang);
    let now = move || {
        let unit = table.look.with(|look| look.as_ref().and_then(|look| look.unit));
        unit.map_or("", Scale::as_str).to_owned()
    };
    let none = untrack(now).is_empty().then_some(t.choose);
    let units = Scale::ALL.iter().map(|s| (s.as_str(), w::scale(app.lang, *s)));
    let ask = Ask::of("table-unit", t.unit, choices(none, units));
    select(ask, now, move |value| table.change(|plan| plan.unit = Scale::parse(value)))
}

fn bleeding(app: App, table: Table) -> AnyView {
    let t = w::of(app.lang);
    let scales = BleedingScale::ALL.iter().map(|s| (s.as_str(), w::bleeding(app.lang, *s)));
    let ask = Ask::of("table-bleeding", t.bleeding, choices(Some(t.as_it_stands), scales));
    let now = move || table.now(|plan| plan.bleeding).flatten().map_or("", BleedingScale::as_str).to_owned();
    select(ask, now, move |value| table.change(|plan| plan.bleeding = BleedingScale::parse(value)))
}

fn results(app: App, table: Table) -> AnyView {
    let t = w::of(app.lang);
    let ways = choices(Some(t.as_it_stands), std::iter::once(("yes", t.no_yes_results)));
    let now =
        move || table.now(|plan| plan.has_digit_results.then_some("yes")).flatten().unwrap_or("").to_owned();
    let ask = Ask::of("table-results", t.results, ways);
    select(ask, now, move |value| table.change(|plan| plan.has_digit_results = value == "yes"))
}

/// What the table brings, by `draw`, or what has to be chosen before.
pub fn result(app: App, table: Table, draw: impl Fn(&Import) -> AnyView + Send + Sync + 'static) -> AnyView {
    view! {
        {move || table.read.with(|read| match read {
            None => None,
            Some(Ok(import)) => Some(draw(import)),
            Some(Err(error)) => Some(view! { <p class="Alert">{w::why(app.lang, *error)}</p> }.into_any()),
        })}
    }
    .into_any()
}
