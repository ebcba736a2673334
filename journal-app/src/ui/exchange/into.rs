//! From the records into the journal: looked for in a span of days, ticked, and written here.

use super::{Desk, Ticked, Wrong, press, tick, trouble};
use crate::{
    browser::clock,
    keep,
    ui::{bits, control::choices},
    words,
};
use keepwell_domain::time::Date;
use keepwell_journal::{
    exchange::{Found, copied, is_same, offers},
    merge::Book,
    model::{EntityId, FieldType, Hormone, Kind, Name, View},
};
use leptos::{html, prelude::*};

/// Days that are looked at where nothing else is asked for.
const SPAN: i64 = 365;

/// The half of the page.
pub fn half(desk: Desk) -> AnyView {
    let t = desk.t;
    let (busy, wrong) = (RwSignal::new(false), Wrong::new(None));
    let found = RwSignal::new(None::<Vec<Found>>);
    let said = RwSignal::new(None::<String>);
    let (from, until) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let today = clock::today();
    let look = move || {
        let value = |node: NodeRef<html::Input>| node.get_untracked().map(|i| i.value()).unwrap_or_default();
        let (from, until) = (value(from), value(until));
        said.set(None);
        if Date::parse(&from).is_err() || Date::parse(&until).is_err() {
            wrong.set(Some(desk.app.t.bad_date.to_owned()));
            return;
        }
        let question = async move { desk.look(&from, &until).await.map(|page| page.found) };
        desk.ask((busy, wrong), found, question);
    };
    // What was found is of the profile that was asked for.
    Effect::new(move |_| {
        desk.profile.track();
        found.set(None);
    });
    let list = move || found.get().map(|f| choose(desk, found, said, f));
    view! {
        <div class="Form">
        <p>{t.into_about}</p>
        <div class="Pair">
            <div class="Field"><label for="look-from">{t.from}</label><input type="date" id="look-from" node_ref=from value=Date::from_days(today.days() - SPAN).to_string()/></div>
            <div class="Field"><label for="look-until">{t.until}</label><input type="date" id="look-until" node_ref=until value=today.to_string()/></div>
        </div>
        {trouble(desk, wrong)}
        {press(desk, "Button is-quiet", t.into_ask, busy, look)}
        {list}
        <p role="status">{move || said.get()}</p>
        </div>
    }
    .into_any()
}

/// What the journal says of each value: that it has it, or the same of that day. Results that are held are not
/// compared, which would tell what they are.
fn remarks(desk: Desk, book: &Book, found: &[Found]) -> Vec<Option<&'static str>> {
    let (copied, (open, _)) = (copied(book), offers(book));
    let of = |f: &Found| {
        if copied.contains(&f.record) {
            return Some(desk.t.into_copied);
        }
        open.iter().any(|o| is_same(&o.entry, &f.entry)).then_some(desk.t.into_same)
    };
    found.iter().map(of).collect()
}

fn choose(
    desk: Desk,
    found: RwSignal<Option<Vec<Found>>>,
    said: RwSignal<Option<String>>,
    all: Vec<Found>,
) -> AnyView {
    let t = desk.t;
    if all.is_empty() {
        return view! { <p>{t.into_none}</p> }.into_any();
    }
    let (ticked, wrong) = (Ticked::new(), Wrong::new(None));
    let cycle = NodeRef::<html::Select>::new();
    let one = |(f, remark): (&Found, Option<&'static str>)| {
        let id = f.id;
        tick(desk, &f.entry, remark, remark == Some(t.into_copied), move |on| ticked.set(id, on))
    };
    let remarks = keep::read(|b| remarks(desk, b, &all)).unwrap_or_default();
    let rows: Vec<AnyView> = all.iter().zip(remarks).map(one).collect();
    let take = move || {
        let into = cycle.get_untracked().and_then(|s| EntityId::parse(&s.value()).ok());
        let Some(chosen) = ticked.chosen(desk, &all, |f| f.id, wrong) else { return };
        let count = i64::try_from(chosen.len()).unwrap_or(0);
        desk.app.act_in_place(write(chosen, into), move || {
            said.set(Some(words::plural(count, t.one_done, t.some_done)));
            found.set(None);
        });
    };
    let cycles: Vec<AnyView> = choices(desk.app, Kind::Cycle)
        .into_iter()
        .map(|(v, n)| view! { <option value=v>{n}</option> }.into_any())
        .collect();
    let into = (!cycles.is_empty()).then(|| {
        view! { <div class="Field"><label for="into-cycle">{t.into_cycle}</label><select id="into-cycle" node_ref=cycle><option value="">"–"</option>{cycles}</select></div> }
    });
    view! {
        <fieldset class="Ticks"><legend class="Hidden">{t.which}</legend><ul>{rows}</ul></fieldset>
        {into}
        {trouble(desk, wrong)}
        <div class="Actions">{bits::button("Button", t.into_take, take)}</div>
    }
    .into_any()
}

/// Writes the chosen values; one that was deleted here comes back.
async fn write(chosen: Vec<Found>, cycle: Option<EntityId>) -> crate::browser::Result<()> {
    let blank = Hormone::default();
    let of = |f: &Found| {
        let mut fields = f.entry.changed_since(&blank);
        fields.extend(cycle.map(|c| ("cycle", c.to_value())));
        ((Kind::Hormone, f.id), fields.into_iter().map(|(n, v)| (Name::of(n), v)).collect())
    };
    keep::write_all(chosen.iter().map(of).collect()).await
}
