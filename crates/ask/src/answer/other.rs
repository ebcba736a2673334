//! What a name means, what a document says, greetings, and what can be asked.

use super::{
    Turn,
    ask::Want,
    phrase::{Draft, line, words},
    records, subject,
    values::MOST_ROWS,
};
use crate::facts::DocumentFact;
use keepwell_domain::{
    analyte::{self, Analyte, Specimen},
    record::Kind,
    view::{Block, DocumentState, Line, Outcome},
};

fn specimen(s: Specimen, lang: crate::Lang) -> &'static str {
    let (en, de) = match s {
        Specimen::Usual => ("", ""),
        Specimen::WholeBlood => ("whole blood", "Vollblut"),
        Specimen::Capillary => ("capillary blood", "Kapillarblut"),
        Specimen::Urine => ("urine", "Urin"),
        Specimen::Csf => ("cerebrospinal fluid", "Liquor"),
        Specimen::Stool => ("stool", "Stuhl"),
        Specimen::Semen => ("semen", "Ejakulat"),
        Specimen::DriedBloodSpot => ("a dried blood spot", "Trockenblut"),
        Specimen::Other => ("another fluid", "eine andere Flüssigkeit"),
    };
    lang.pick(en, de)
}

/// What the catalogue says of an analyte: names, group, specimen, units. Nothing medical.
pub fn explain(d: &mut Draft<'_>, a: &'static Analyte) -> Outcome {
    let lang = d.lang;
    let (name, other) = lang.pick((a.name_en, a.name_de), (a.name_de, a.name_en));
    let group = analyte::Group::ALL.iter().find(|g| g.0 == a.group).map_or("", |g| lang.pick(g.2, g.3));
    let parts = [words(name), words(group), words(other)];
    if name == other {
        d.say("{0} is a test of the group “{1}”.", "{0} ist ein Test aus der Gruppe „{1}“.", &parts);
    } else {
        d.say(
            "{0} (in German: {2}) is a test of the group “{1}”.",
            "{0} (englisch: {2}) ist ein Test aus der Gruppe „{1}“.",
            &parts,
        );
    }
    let place = specimen(a.specimen, lang);
    if !place.is_empty() {
        d.say("It is measured in: {0}.", "Gemessen wird in: {0}.", &[words(place)]);
    }
    let units: Vec<String> = a.units().into_iter().map(|u| u.label).filter(|l| !l.is_empty()).collect();
    if !units.is_empty() {
        d.say("Usual units: {0}.", "Übliche Einheiten: {0}.", &[words(units.join(", "))]);
    }
    let names: Vec<&str> =
        a.spellings().iter().copied().filter(|s| *s != name && *s != other).take(8).collect();
    if !names.is_empty() {
        d.say("Other names: {0}.", "Andere Namen: {0}.", &[words(names.join(", "))]);
    }
    let facts = d.facts;
    if let Some(m) = facts.marker(a.loinc)
        && let Some(v) = facts.latest(&m.key)
    {
        d.looked_at(m, m.values.iter());
        let parts = [d.value(m, v), d.value_date(m, v)];
        d.say("Your latest value is {0}, from {1}.", "Ihr neuester Wert ist {0} vom {1}.", &parts);
    }
    Outcome::Answered
}

/// An analyte that the records have no value of; what is near.
pub fn unmeasured(d: &mut Draft<'_>, a: &'static Analyte) -> Outcome {
    let parts = [words(a.name(d.lang.as_str()))];
    d.say("Your records hold no value of {0}.", "Ihre Einträge enthalten keinen Wert zu {0}.", &parts);
    let group = a.group.id();
    let near = subject::group_keys(d.facts, group);
    let facts = d.facts;
    let names: Vec<String> =
        near.iter().filter_map(|k| facts.marker(k)).take(6).map(|m| m.name(d.lang).to_owned()).collect();
    if !names.is_empty() {
        let parts = [words(subject::group_name(facts, group)), words(names.join(", "))];
        d.say("Of the same group ({0}) there are: {1}.", "Aus derselben Gruppe ({0}) gibt es: {1}.", &parts);
    }
    for w in facts.waiting.iter().filter(|w| w.key.as_deref() == Some(a.loinc)) {
        d.left_out(keepwell_domain::view::LeftOut::Unreviewed, 1, facts.document(w.document));
    }
    Outcome::Nothing
}

/// What came from a document.
pub fn document(d: &mut Draft<'_>, turn: &Turn, doc: &DocumentFact) -> Outcome {
    let facts = d.facts;
    let parts = [d.document(doc), d.document_date(doc), words(doc.format.clone())];
    if doc.format.is_empty() || doc.format.bytes().any(|b| b.is_ascii_digit()) {
        d.say("{0} was brought on {1}.", "{0} wurde am {1} gebracht.", &parts);
    } else {
        d.say("{0} was brought on {1}. It is: {2}.", "{0} wurde am {1} gebracht. Es ist: {2}.", &parts);
    }
    match doc.state {
        DocumentState::Failed => d.say(
            "It is kept, but it could not be read.",
            "Sie ist aufbewahrt, konnte aber nicht gelesen werden.",
            &[],
        ),
        DocumentState::Queued | DocumentState::Reading => {
            d.say("It is still being read.", "Sie wird noch gelesen.", &[])
        }
        DocumentState::Review | DocumentState::Done => {}
    }
    let mut values = Vec::new();
    for m in facts.markers() {
        for v in &m.values {
            if v.detail.as_ref().is_some_and(|x| x.documents.contains(&doc.id)) {
                values.push((m, v));
            }
        }
    }
    let items: Vec<_> = facts.all_items().iter().filter(|i| i.documents.contains(&doc.id)).collect();
    for (m, v) in &values {
        d.looked_at(m, [*v]);
    }
    d.looked_at_items(items.iter().copied());
    let title = d.t("Entries from it", "Einträge daraus").to_owned();
    let mut lines: Vec<Line> = Vec::new();
    if !values.is_empty() {
        let n = d.computed(None, &title, values.len().to_string(), title.clone(), Vec::new());
        lines.push(line(d.t("Results: {0}", "Ergebnisse: {0}"), &[n]));
    }
    for k in Kind::ALL.into_iter().filter(|k| *k != Kind::Observation) {
        let n = items.iter().filter(|i| i.kind() == k).count();
        if n > 0 {
            let label = capital(records::kind_words(k, d.lang));
            let n = d.computed(None, &title, n.to_string(), title.clone(), Vec::new());
            lines.push(line("{0}: {1}", &[words(label), n]));
        }
    }
    if lines.is_empty() {
        d.say("No entry came from it.", "Aus ihr kam kein Eintrag.", &[]);
    } else {
        d.say("From it came:", "Daraus kamen:", &[]);
        d.answer.blocks.push(Block::List { items: lines });
    }
    if doc.waiting > 0 {
        let title = d.t("Rows that wait", "Zeilen, die warten").to_owned();
        let n = d.computed(None, &title, doc.waiting.to_string(), title.clone(), Vec::new());
        d.say_first(
            "{0} rows of it wait for your review.",
            "{0} Zeilen daraus warten auf Ihre Prüfung.",
            &[n],
        );
        d.left_out(
            keepwell_domain::view::LeftOut::Unreviewed,
            usize::try_from(doc.waiting).unwrap_or(usize::MAX),
            Some(doc),
        );
    }
    if turn.asked.want != Want::Count {
        values.sort_by_key(|(m, v)| (std::cmp::Reverse(v.t), m.name(d.lang).to_lowercase()));
        let rows: Vec<Vec<Line>> = values
            .into_iter()
            .take(MOST_ROWS)
            .map(|(m, v)| vec![vec![words(m.name(d.lang))], vec![d.value(m, v)], vec![d.value_date(m, v)]])
            .collect();
        let caption = d.t("Newest results from it", "Neueste Ergebnisse daraus").to_owned();
        let head = d.lang.pick(["Test", "Value", "Date"], ["Test", "Wert", "Datum"]);
        d.table(&caption, &head, rows);
    }
    Outcome::Answered
}

/// All documents.
pub fn documents(d: &mut Draft<'_>, turn: &Turn) -> Outcome {
    let facts = d.facts;
    let all: Vec<&DocumentFact> = facts
        .documents
        .iter()
        .filter(|x| turn.period.is_all() || turn.period.days().holds(x.created.date()))
        .collect();
    if all.is_empty() {
        d.say("There are no documents.", "Es gibt keine Dokumente.", &[]);
        return Outcome::Nothing;
    }
    let title = d.t("Number of documents", "Anzahl der Dokumente").to_owned();
    let n = d.computed(None, &title, all.len().to_string(), title.clone(), Vec::new());
    d.say("There are {0} documents, the newest first:", "Es gibt {0} Dokumente, das neueste zuerst:", &[n]);
    let items = all
        .into_iter()
        .take(MOST_ROWS)
        .map(|x| {
            let parts = [d.document(x), d.document_date(x)];
            line(d.t("{0}, brought on {1}", "{0}, gebracht am {1}"), &parts)
        })
        .collect();
    d.answer.blocks.push(Block::List { items });
    Outcome::Answered
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// Questions to begin with, made from what the records hold.
#[must_use]
pub fn suggestions(facts: &crate::facts::Facts) -> Vec<String> {
    let lang = facts.lang;
    let mut out = Vec::new();
    let mut markers: Vec<_> = facts.markers().iter().filter(|m| !m.is_dense && m.values.len() > 1).collect();
    markers.sort_by_key(|m| (std::cmp::Reverse(m.values.len()), m.key.clone()));
    if let Some(m) = markers.first() {
        let name = m.name(lang);
        out.push(
            lang.pick(
                format!("What is my latest {name}?"),
                format!("Was ist mein neuester Wert von {name}?"),
            ),
        );
    }
    if let Some(m) = markers.get(1) {
        let name = m.name(lang);
        out.push(lang.pick(format!("How did {name} develop?"), format!("Wie hat sich {name} entwickelt?")));
    }
    if !markers.is_empty() {
        out.push(
            lang.pick("Which results are out of range?", "Welche Werte liegen außerhalb des Bereichs?")
                .to_owned(),
        );
    }
    for (kind, en, de) in [
        (Kind::Medication, "Which medications do I take?", "Welche Medikamente nehme ich?"),
        (Kind::Allergy, "What am I allergic to?", "Welche Allergien habe ich?"),
        (Kind::Immunization, "When was my last vaccination?", "Wann war meine letzte Impfung?"),
        (
            Kind::Encounter,
            "What changed since my last visit?",
            "Was hat sich seit meinem letzten Besuch geändert?",
        ),
    ] {
        if facts.items(kind).next().is_some() {
            out.push(lang.pick(en, de).to_owned());
        }
    }
    out.truncate(6);
    out
}

/// What can be asked.
pub fn help(d: &mut Draft<'_>, outcome: Outcome) -> Outcome {
    d.say(
        "I answer from your own records: values and how they changed, what lies outside of its range, conditions, medications, allergies, vaccinations, visits, reports and documents.",
        "Ich antworte aus Ihren eigenen Einträgen: Werte und wie sie sich verändert haben, was außerhalb seines Bereichs liegt, Diagnosen, Medikamente, Allergien, Impfungen, Besuche, Befunde und Dokumente.",
        &[],
    );
    for s in suggestions(d.facts) {
        d.choice(s);
    }
    outcome
}

/// A question that can mean one of several markers.
pub fn which(d: &mut Draft<'_>, keys: &[String]) -> Outcome {
    let facts = d.facts;
    let names: Vec<String> =
        keys.iter().filter_map(|k| facts.marker(k)).map(|m| m.name(d.lang).to_owned()).collect();
    let parts = [words(names.join(d.t(" or ", " oder ")))];
    d.say("Did you mean {0}?", "Meinten Sie {0}?", &parts);
    for n in names {
        d.choice(
            d.lang.pick(format!("What is my latest {n}?"), format!("Was ist mein neuester Wert von {n}?")),
        );
    }
    Outcome::Ambiguous
}
