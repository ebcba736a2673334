//! Whom a file is about. A value of another person is worse than a missing one.

use super::{
    json::Json,
    locate,
    refs::{Refs, human_name},
};
use crate::reason::Remark;
use crate::{clinical::Out, error::ParseError};
use keepwell_domain::{record::Subject, time::When};
use std::collections::HashMap;

/// The Patients of a file, and which of them the file is about.
pub(crate) struct People {
    patients: Vec<usize>,
    chosen: Option<usize>,
}

impl People {
    pub(crate) fn of(refs: &Refs<'_>) -> Self {
        let patients: Vec<_> =
            refs.found.iter().enumerate().filter(|(_, f)| f.kind == "Patient").map(|(n, _)| n).collect();
        let chosen = if patients.len() > 1 { majority(refs, &patients) } else { patients.first().copied() };
        Self { patients, chosen }
    }

    /// Hands over each person, the one the file is about first.
    pub(crate) fn announce(&self, refs: &Refs<'_>, out: &mut Out<'_>) -> Result<(), ParseError> {
        let others = self.patients.iter().filter(|n| Some(**n) != self.chosen);
        for n in self.chosen.iter().chain(others) {
            let Some(resource) = refs.read(*n) else { continue };
            out.subject(subject(&resource))?;
            if Some(*n) != self.chosen
                && let Some(found) = refs.found.get(*n)
            {
                out.warn(locate(found), Remark::OthersInFile)?;
            }
        }
        Ok(())
    }

    /// Why a resource is not about the person, if so.
    pub(crate) fn stranger(&self, refs: &Refs<'_>, resource: &Json<'_>) -> Option<Remark> {
        let reference = about(resource)?;
        if reference.starts_with("Group/")
            || reference.starts_with("Device/")
            || reference.starts_with("Location/")
        {
            return Some(Remark::NoPerson);
        }
        let target = refs.resolve(reference)?;
        (refs.found.get(target)?.kind == "Patient" && Some(target) != self.chosen)
            .then_some(Remark::OtherPerson)
    }
}

fn about<'j>(resource: &'j Json<'_>) -> Option<&'j str> {
    resource.any(&["subject", "patient"]).get("reference").str()
}

/// The subject of the document's Composition, else the person most entries are about.
fn majority(refs: &Refs<'_>, patients: &[usize]) -> Option<usize> {
    let mut votes: HashMap<usize, usize> = HashMap::new();
    for (n, found) in refs.found.iter().enumerate() {
        let Some(resource) = refs.read(n) else { continue };
        let Some(target) = about(&resource).and_then(|r| refs.resolve(r)) else { continue };
        if found.kind == "Composition" && patients.contains(&target) {
            return Some(target);
        }
        *votes.entry(target).or_default() += 1;
    }
    patients.iter().copied().rev().max_by_key(|n| votes.get(n).copied().unwrap_or(0))
}

fn subject(patient: &Json<'_>) -> Subject {
    Subject {
        name: human_name(patient.get("name")),
        birth_date: patient.get("birthDate").str().and_then(|s| When::parse(s).ok()),
        sex: patient.get("gender").string(),
    }
}
