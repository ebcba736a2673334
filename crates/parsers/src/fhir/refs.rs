//! References between the resources of one file.

use super::{
    json::{Json, Reader},
    scan::Found,
    types::concept,
};
use std::{cell::RefCell, collections::HashMap};

/// Resources of one file, to be found by `fullUrl`, `Type/id` and `urn:uuid:`.
pub(crate) struct Refs<'a> {
    text: &'a str,
    pub(crate) found: Vec<Found<'a>>,
    by_key: HashMap<String, usize>,
    names: RefCell<HashMap<usize, Option<String>>>,
}

impl<'a> Refs<'a> {
    pub(crate) fn new(text: &'a str, found: Vec<Found<'a>>) -> Self {
        let mut by_key = HashMap::with_capacity(found.len() * 2);
        for (n, f) in found.iter().enumerate() {
            if let Some(url) = &f.full_url {
                by_key.entry(url.to_string()).or_insert(n);
            }
            if let Some(id) = &f.id {
                by_key.entry(format!("{}/{id}", f.kind)).or_insert(n);
                by_key.entry(format!("urn:uuid:{id}")).or_insert(n);
            }
        }
        Self { text, found, by_key, names: RefCell::default() }
    }

    /// The resource of that number, read whole.
    pub(crate) fn read(&self, n: usize) -> Option<Json<'a>> {
        let start = self.found.get(n)?.range.start;
        Reader::new(self.text, start).value(0).ok()
    }

    /// Which resource a reference means, if it is in this file.
    pub(crate) fn resolve(&self, reference: &str) -> Option<usize> {
        let reference = reference.split("/_history/").next().unwrap_or(reference);
        if let Some(n) = self.by_key.get(reference) {
            return Some(*n);
        }
        let mut parts = reference.rsplit('/');
        let (id, kind) = (parts.next()?, parts.next()?);
        self.by_key.get(&format!("{kind}/{id}")).copied()
    }

    /// What a reference means, in words: its `display`, else the name of the resource.
    pub(crate) fn name(&self, reference: &Json<'_>, owner: &Json<'_>) -> Option<String> {
        if let Some(display) = reference.get("display").string() {
            return Some(display);
        }
        let target = reference.get("reference").str()?;
        if let Some(id) = target.strip_prefix('#') {
            return name_of(contained(owner, id)?);
        }
        self.name_at(self.resolve(target)?)
    }

    fn name_at(&self, n: usize) -> Option<String> {
        if let Some(known) = self.names.borrow().get(&n) {
            return known.clone();
        }
        let name = self.read(n).and_then(|r| name_of(&r));
        self.names.borrow_mut().insert(n, name.clone());
        name
    }
}

/// A resource inside the resource that refers to it.
pub(crate) fn contained<'j, 'a>(owner: &'j Json<'a>, id: &str) -> Option<&'j Json<'a>> {
    owner.get("contained").items().iter().find(|c| c.get("id").str() == Some(id))
}

fn name_of(resource: &Json<'_>) -> Option<String> {
    match resource.get("resourceType").str()? {
        "Patient" | "Practitioner" | "Person" | "RelatedPerson" => human_name(resource.get("name")),
        "PractitionerRole" => {
            ["practitioner", "organization"].iter().find_map(|k| resource.get(k).get("display").string())
        }
        "Device" => resource
            .get("deviceName")
            .first()
            .get("name")
            .string()
            .or_else(|| name_or_none(resource.get("type").first())),
        "Specimen" => name_or_none(resource.get("type")),
        "Encounter" => name_or_none(resource.get("type").first()),
        "Immunization" => name_or_none(resource.get("vaccineCode")),
        _ => name_or_none(resource.get("code")).or_else(|| resource.get("name").string()),
    }
}

fn name_or_none(code: &Json<'_>) -> Option<String> {
    let concept = concept(code);
    (!concept.is_empty()).then(|| concept.name().to_owned())
}

/// The official or first name, as text.
pub(crate) fn human_name(names: &Json<'_>) -> Option<String> {
    let all = names.items();
    let rank = |n: &&Json<'_>| match n.get("use").str() {
        Some("official") => 0,
        Some("usual") => 1,
        Some("old" | "maiden" | "temp" | "anonymous") => 3,
        _ => 2,
    };
    let name = all.iter().min_by_key(rank)?;
    if let Some(text) = name.get("text").string() {
        return Some(text);
    }
    let parts = |k: &str| name.get(k).items().iter().filter_map(Json::string).collect::<Vec<_>>();
    let words: Vec<_> = ["prefix", "given", "family", "suffix"].iter().flat_map(|k| parts(k)).collect();
    (!words.is_empty()).then(|| words.join(" "))
}
