//! Marks of what a person deleted, so that it does not come back: not with another file that says
//! the same, not when a newer reader reads the very place otherwise, and not in another instance
//! into which an export is restored.
//!
//! A mark is a keyed hash, of a record's identity or of a place. A place is the content of a whole
//! file, the part of an archive, the line or path in it, and the kind of what stands there. Where
//! several of a kind stand at one place, only what goes by the same name is meant: a result that a
//! newer reading finds beside it still comes in.

use super::identity::{Identity, name_of};
use crate::{
    core::Services,
    documents::meta::{Meta, clean_name},
    error::{Result, ServiceError},
    import::{fingerprint, identity::identity},
    keyring::{ProfileKeys, Table},
    records::open::{Settings, open_record},
    vault::Vault,
};
use keepwell_crypto::{Mac, MarkKey};
use keepwell_domain::{
    ids::{DocumentId, ProfileId, RecordId},
    locator::Locator,
    record::{Kind, Record},
    sealed::Fingerprint,
};
use keepwell_store::{Tx, document as rows, mark, record, record::SealedRecord};
use std::collections::{HashMap, HashSet, hash_map::Entry};

/// Equal results of one document at most.
const MAX_EQUAL: u32 = 1_000;

/// A file in which something stands.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Home {
    /// The content of the whole file: its keyed hash here, and those of instances from which it was
    /// restored.
    pub contents: Vec<[u8; 32]>,
    /// Of a part of an archive, its name and how many parts of that name come before it.
    pub part: Option<(String, u32)>,
}

impl Home {
    /// A whole file.
    pub fn whole(content: Option<Fingerprint>, meta: &Meta) -> Self {
        let contents = content.map(|c| c.0).into_iter().chain(meta.contents.iter().copied()).collect();
        Self { contents, part: None }
    }
    /// A part of it.
    pub fn part(&self, name: &str, nth: u32) -> Self {
        Self { contents: self.contents.clone(), part: Some((name.to_owned(), nth)) }
    }
}

/// A line or path; `None` where the place is the whole file, which says nothing.
pub(super) fn spot(l: &Locator) -> Option<String> {
    match l {
        Locator::Path { path, .. } if !path.is_empty() => Some(format!("p{path}")),
        Locator::Row { line, .. } => Some(format!("r{line}")),
        _ => None,
    }
}

fn said_mark(mac: &Mac, i: &Identity, nth: u32) -> Fingerprint {
    mac.fingerprint(&[b"said", i.what.as_bytes(), i.when.as_bytes(), &nth.to_be_bytes()])
}

/// The mark of a place; with a name where it means only what is called so.
fn place_mark(
    mac: &Mac,
    content: &[u8; 32],
    part: Option<&(String, u32)>,
    spot: &str,
    (kind, name): (Kind, Option<&str>),
) -> Fingerprint {
    let nth = part.map_or(0, |p| p.1).to_be_bytes();
    let (part, named) = (part.map_or("", |p| &p.0), [u8::from(name.is_some())]);
    mac.fingerprint(&[
        b"place",
        content,
        part.as_bytes(),
        &nth,
        spot.as_bytes(),
        kind.as_str().as_bytes(),
        &named,
        name.unwrap_or("").as_bytes(),
    ])
}

/// What must not come back.
#[derive(Default)]
pub(crate) struct Dead {
    tombstones: HashSet<Fingerprint>,
    marks: HashSet<Fingerprint>,
    macs: Vec<Mac>,
}

impl Dead {
    pub fn new(
        keys: &ProfileKeys,
        settings: &Settings,
        tombstones: Vec<Fingerprint>,
        marks: Vec<Fingerprint>,
    ) -> Result<Self> {
        let (tombstones, marks) = (tombstones.into_iter().collect(), marks.into_iter().collect());
        Ok(Self { tombstones, marks, macs: macs(keys, settings)? })
    }
    /// Whether what a record says was deleted.
    pub fn said(&self, i: &Identity, nth: u32, fp: Fingerprint) -> bool {
        let marked = || self.macs.iter().any(|m| self.marks.contains(&said_mark(m, i, nth)));
        self.tombstones.contains(&fp) || (!self.marks.is_empty() && marked())
    }
    /// Whether a record that stands at a place was deleted there. `alone` when nothing else of its
    /// kind stands there.
    pub fn stood(&self, home: &Home, l: &Locator, r: &Record, alone: bool) -> bool {
        if self.marks.is_empty() {
            return false;
        }
        let Some(spot) = spot(l) else { return false };
        let (kind, name) = (r.body.kind(), name_of(r));
        let marked = |mac: &Mac, content: &[u8; 32], name: Option<&str>| {
            self.marks.contains(&place_mark(mac, content, home.part.as_ref(), &spot, (kind, name)))
        };
        self.macs.iter().any(|mac| {
            home.contents.iter().any(|c| marked(mac, c, Some(&name)) || (alone && marked(mac, c, None)))
        })
    }
    /// Whether anything can be dead by its place.
    pub fn knows_places(&self) -> bool {
        !self.marks.is_empty()
    }
}

/// The profile's own key first, then those of the exports that were restored into it.
fn macs(keys: &ProfileKeys, settings: &Settings) -> Result<Vec<Mac>> {
    let own = keys.data.marks()?.mac()?;
    let others = settings.mark_keys.iter().map(|k| Ok(MarkKey::from_bytes(*k).mac()?));
    std::iter::once(Ok(own)).chain(others).collect()
}

/// How many records of a kind stand at each place.
#[derive(Default)]
pub(super) struct Crowd(HashMap<(String, Kind), u32>);

impl Crowd {
    pub fn of<'r>(all: impl Iterator<Item = (&'r Locator, &'r Record)>) -> Self {
        let mut crowd = HashMap::new();
        for (l, r) in all {
            if let Some(spot) = spot(l) {
                *crowd.entry((spot, r.body.kind())).or_default() += 1;
            }
        }
        Self(crowd)
    }
    pub fn is_alone(&self, l: &Locator, r: &Record) -> bool {
        spot(l).is_some_and(|s| self.0.get(&(s, r.body.kind())).copied().unwrap_or(0) <= 1)
    }
}

impl Services {
    /// What must not come back to a profile.
    pub(crate) async fn dead(
        &self,
        profile: ProfileId,
        keys: &ProfileKeys,
        settings: &Settings,
    ) -> Result<Dead> {
        let store = &self.0.store;
        let tombstones = record::list_tombstones(store, profile).await?;
        Dead::new(keys, settings, tombstones, mark::list_marks(store, profile).await?)
    }

    /// The marks that a record leaves when it is deleted.
    pub(crate) async fn marks_of(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        profile: ProfileId,
        keys: &ProfileKeys,
        row: &SealedRecord,
    ) -> Result<Vec<Fingerprint>> {
        let mac = keys.data.marks()?.mac()?;
        let now = open_record(keys, row.id.uuid(), row.row_version, &row.sealed)?;
        // A file's record is known by what the file said, whatever it was changed to since.
        let past = record::list_history(&mut *tx, profile, row.id).await?;
        let first = past.iter().min_by_key(|p| p.row_version);
        let first = first.map(|p| open_record(keys, row.id.uuid(), p.row_version, &p.sealed)).transpose()?;
        let mut marks = Vec::new();
        for r in std::iter::once(&now).chain(&first) {
            let i = identity(r);
            if let Some(nth) = (0..MAX_EQUAL).find(|n| fingerprint(keys, &i, *n) == row.fingerprint) {
                marks.push(said_mark(&mac, &i, nth));
                break;
            }
        }
        let said = first.unwrap_or(now);
        let mut homes = HashMap::new();
        for s in record::list_sources_of_record(&mut *tx, profile, row.id).await? {
            let l = open_locator(keys, s.record_id, &s)?;
            let Some(at) = spot(&l) else { continue };
            let mut company = 0;
            for other in record::list_sources_of_document(&mut *tx, profile, s.document_id).await? {
                let is_kin =
                    || vault.get(other.record_id).is_some_and(|o| o.record.body.kind() == said.body.kind());
                if other.record_id != row.id
                    && spot(&open_locator(keys, other.record_id, &other)?).as_ref() == Some(&at)
                    && is_kin()
                {
                    company += 1;
                }
            }
            if let Entry::Vacant(free) = homes.entry(s.document_id) {
                free.insert(home(tx, profile, keys, s.document_id).await?);
            }
            let Some(home) = homes.get(&s.document_id) else { continue };
            let (kind, name) = (said.body.kind(), name_of(&said));
            for content in &home.contents {
                let mut mark =
                    |name| marks.push(place_mark(&mac, content, home.part.as_ref(), &at, (kind, name)));
                mark(Some(name.as_str()));
                if company == 0 {
                    mark(None);
                }
            }
        }
        Ok(marks)
    }

    /// All marks, under each key, of what a record says: they go when the person puts it in again.
    pub(crate) fn said_marks(
        keys: &ProfileKeys,
        settings: &Settings,
        i: &Identity,
        nth: u32,
    ) -> Result<Vec<Fingerprint>> {
        Ok(macs(keys, settings)?.iter().map(|m| said_mark(m, i, nth)).collect())
    }
}

fn open_locator(keys: &ProfileKeys, id: RecordId, s: &record::RecordSource) -> Result<Locator> {
    let plain = keys.open(Table::Source, "locator", id.uuid(), 1, &s.locator_sealed)?;
    postcard::from_bytes(&plain).map_err(|_| ServiceError::internal("locator", &"does not decode"))
}

/// The file in which a document's records stand.
async fn home(tx: &mut Tx, profile: ProfileId, keys: &ProfileKeys, id: DocumentId) -> Result<Home> {
    let row = rows::get_document(&mut *tx, profile, id).await?;
    let meta = Meta::open(keys, &row)?;
    let Some(parent) = row.parent_id else { return Ok(Home::whole(row.content_fp, &meta)) };
    let whole = rows::get_document(&mut *tx, profile, parent).await?;
    let whole = Home::whole(whole.content_fp, &Meta::open(keys, &whole)?);
    let mut nth = 0;
    for sibling in rows::list_parts(&mut *tx, profile, parent).await? {
        if sibling.id == id {
            break;
        }
        nth += u32::from(Meta::open(keys, &sibling)?.name == meta.name);
    }
    Ok(whole.part(&clean_name(&meta.name), nth))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use keepwell_domain::record::{Body, Category, Concept, Observation};

    fn observed(name: &str) -> Record {
        let code = Concept { text: Some(name.to_owned()), ..Concept::default() };
        let body = Body::Observation(Observation::new(code, Category::Laboratory));
        Record { effective: None, body }
    }
    fn dead(marks: Vec<Fingerprint>) -> Dead {
        let macs = vec![MarkKey::from_bytes([3; 32]).mac().unwrap()];
        Dead { tombstones: HashSet::new(), marks: marks.into_iter().collect(), macs }
    }

    #[test]
    fn a_place_means_its_kind_alone_and_in_company_only_its_name() {
        let mac = MarkKey::from_bytes([3; 32]).mac().unwrap();
        let home = Home { contents: vec![[1; 32]], part: None };
        let l = Locator::Row { line: 4, columns: vec![2] };
        let other_columns = Locator::Row { line: 4, columns: vec![1, 2] };
        let kind = Kind::Observation;
        let (ferritin, iron) = (observed("Ferritin"), observed("Iron"));
        let named = place_mark(&mac, &[1; 32], None, "r4", (kind, Some(&name_of(&ferritin))));
        let bare = place_mark(&mac, &[1; 32], None, "r4", (kind, None));
        let crowd = dead(vec![named]);
        assert!(
            crowd.stood(&home, &l, &ferritin, false) && crowd.stood(&home, &other_columns, &ferritin, true)
        );
        assert!(!crowd.stood(&home, &l, &iron, true) && !crowd.stood(&home, &l, &iron, false));
        let alone = dead(vec![named, bare]);
        assert!(alone.stood(&home, &l, &iron, true), "read otherwise at the very place");
        assert!(!alone.stood(&home, &l, &iron, false), "a new one beside it");
        for (home, l) in [
            (Home { contents: vec![[2; 32]], part: None }, l.clone()),
            (home.part("a.csv", 0), l.clone()),
            (home.clone(), Locator::Row { line: 5, columns: vec![2] }),
            (home.clone(), Locator::Whole),
        ] {
            assert!(!alone.stood(&home, &l, &ferritin, true));
        }
    }

    #[test]
    fn another_key_knows_nothing() {
        let i = identity(&observed("Ferritin"));
        let other = said_mark(&MarkKey::from_bytes([4; 32]).mac().unwrap(), &i, 0);
        let own = said_mark(&MarkKey::from_bytes([3; 32]).mac().unwrap(), &i, 0);
        assert!(!dead(vec![other]).said(&i, 0, Fingerprint([0; 32])));
        assert!(dead(vec![own]).said(&i, 0, Fingerprint([0; 32])));
        assert!(!dead(vec![own]).said(&i, 1, Fingerprint([0; 32])));
    }
}
