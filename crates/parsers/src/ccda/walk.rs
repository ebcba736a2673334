//! The walk over a document's sections and entries.

use super::{
    history, medication, results,
    section::{Section, section},
    tree::Node,
    types::{self, Narrative},
};
use crate::reason::Remark;
use crate::{
    clinical::{Out, some, text},
    error::ParseError,
};
use keepwell_domain::{
    locator::Locator,
    record::{Body, Category, Note},
    time::When,
};

/// The document being read.
pub(crate) struct Walk<'w, 's> {
    pub(crate) out: Out<'s>,
    pub(crate) narrative: &'w Narrative<'w>,
    /// Whether byte offsets are those of the file.
    pub(crate) same_bytes: bool,
    /// The document's own date, for texts.
    pub(crate) date: Option<When>,
}

impl Walk<'_, '_> {
    fn locate(&self, node: &Node, path: &str) -> Locator {
        let (start, end) = node.range;
        let bytes = (self.same_bytes && end > start).then_some((start as u64, end as u64));
        Locator::Path { path: path.to_owned(), bytes }
    }
    pub(crate) fn record(
        &mut self,
        at: Option<When>,
        body: Body,
        node: &Node,
        path: &str,
    ) -> Result<(), ParseError> {
        let place = self.locate(node, path);
        self.out.record(at, body, place, types::id(node))
    }
    pub(crate) fn warn(&mut self, node: &Node, path: &str, why: Remark) -> Result<(), ParseError> {
        let place = self.locate(node, path);
        self.out.warn(place, why)
    }
    pub(crate) fn nullified(&mut self, node: &Node, path: &str) -> Result<(), ParseError> {
        self.out.summary.skip("withdrawn", 1);
        self.warn(node, path, Remark::Withdrawn)
    }

    /// All sections under a body or section, each after its parent.
    pub(crate) fn sections(&mut self, parent: &Node, path: &str) -> Result<(), ParseError> {
        for (n, component) in parent.all("component").enumerate() {
            let node = component.get("section");
            if node.exists() {
                let path = format!("{path}/component[{n}]/section");
                self.section(node, &path)?;
                self.sections(node, &path)?;
            }
        }
        Ok(())
    }

    fn section(&mut self, node: &Node, path: &str) -> Result<(), ParseError> {
        let kind = section(node);
        let entries: Vec<_> =
            node.all("entry").filter_map(|e| e.elements().find(|n| is_statement(n))).collect();
        match kind {
            Section::Plan | Section::Family | Section::Payers => {
                let what = match kind {
                    Section::Plan => "planned",
                    Section::Family => "family history",
                    _ => "insurance",
                };
                self.out.summary.skip(what, entries.len().max(1) as u64);
                return Ok(());
            }
            _ if entries.is_empty() || kind == Section::Other => {
                self.out.summary.skip("entries of other sections", entries.len() as u64);
                return self.note(node, path);
            }
            _ => {}
        }
        for (n, entry) in entries.into_iter().enumerate() {
            let path = format!("{path}/entry[{n}]/{}", entry.name);
            self.entry(kind, entry, &path)?;
        }
        Ok(())
    }

    fn entry(&mut self, kind: Section, node: &Node, path: &str) -> Result<(), ParseError> {
        match kind {
            Section::Results => results::read(self, node, path, Category::Laboratory),
            Section::Vitals => results::read(self, node, path, Category::VitalSigns),
            Section::Social => results::read(self, node, path, Category::SocialHistory),
            Section::Functional => results::read(self, node, path, Category::Survey),
            Section::Problems => history::problem(self, node, path),
            Section::Allergies => history::allergy(self, node, path),
            Section::Medications => medication::medication(self, node, path),
            Section::Immunizations => medication::immunization(self, node, path),
            Section::Procedures => history::procedure(self, node, path),
            Section::Encounters => history::encounter(self, node, path),
            Section::Plan | Section::Family | Section::Payers | Section::Other => Ok(()),
        }
    }

    /// A section's narrative as a note.
    fn note(&mut self, node: &Node, path: &str) -> Result<(), ParseError> {
        let title = some(&node.get("title").text()).or_else(|| types::name(node.get("code"), self.narrative));
        let text = node.get("text").text();
        if text.is_empty() {
            return Ok(());
        }
        let note = Body::Note(Note { title, text: text::cut(text) });
        let date = self.date;
        self.record(date, note, node, path)
    }
}

fn is_statement(node: &Node) -> bool {
    matches!(
        node.name.as_str(),
        "act"
            | "observation"
            | "organizer"
            | "substanceAdministration"
            | "procedure"
            | "encounter"
            | "supply"
    )
}

/// Whether the source took the entry back.
pub(crate) fn is_nullified(node: &Node) -> bool {
    node.get("statusCode").attr("code") == Some("nullified")
}

/// The comment that an entry carries (Comment Activity).
pub(crate) fn note_of(node: &Node, narrative: &Narrative<'_>) -> Option<String> {
    let notes: Vec<_> = node
        .all("entryRelationship")
        .map(|r| r.get("act"))
        .filter(|a| {
            a.get("code").attr("code") == Some("48767-8")
                || a.all("templateId").any(|t| t.attr("root") == Some("2.16.840.1.113883.10.20.22.4.64"))
        })
        .filter_map(|a| narrative.text(a.get("text")))
        .collect();
    (!notes.is_empty()).then(|| notes.join("\n"))
}

/// Reasons: what related observations of type `RSON` say.
pub(crate) fn reason(node: &Node, narrative: &Narrative<'_>) -> Option<String> {
    let all: Vec<_> = node
        .all("entryRelationship")
        .filter(|r| r.attr("typeCode") == Some("RSON"))
        .filter_map(|r| {
            let o = r.get("observation");
            types::name(o.get("value"), narrative).or_else(|| types::name(o.get("code"), narrative))
        })
        .collect();
    (!all.is_empty()).then(|| all.join(", "))
}
