//! Leaving: everything of a person's as one ZIP that others read and that Keepwell restores.

mod csv;
mod fhir;
mod gather;
mod journals;
mod json;
mod native;
mod originals;
mod page;
mod shelf;
mod zipout;

use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use gather::Person;
use keepwell_domain::{act::Action, record::Kind};
use originals::Files;
use shelf::Shelf;
use std::io::{self, BufWriter, Write};
use zipout::{Pack, ZipOut};

impl Services {
    /// Writes everything of the actor's current profile as a ZIP, front to back; memory stays flat
    /// whatever the size of the originals.
    ///
    /// # Errors
    /// Those of the store; [`ServiceError::Unavailable`] or [`ServiceError::Internal`] when the
    /// writer fails. What was written then is no whole archive.
    pub async fn export(&self, actor: &Actor, out: impl Write + Send + 'static) -> Result<()> {
        self.fresh_for(actor, Action::Exported).await?;
        let mut tx = self.0.store.begin().await?;
        self.log(&mut tx, Act::of(actor, Action::Exported)).await?;
        tx.commit().await?;
        let person = self.gather(actor).await?;
        let services = self.clone();
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || write_all(&services, &runtime, &person, out)).await?
    }
}

/// Characters that some system does not take in a file name.
fn plain_name(name: &str) -> String {
    let is_bad = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let name: String = name.chars().map(|c| if is_bad(c) { '_' } else { c }).collect();
    name.trim_matches(|c: char| c == '.' || c == ' ').to_owned()
}

/// Writes one entry's content.
type Fill<'a> = &'a dyn Fn(&mut dyn Write) -> io::Result<()>;

impl Services {
    /// Writes everything of all the profiles that the actor reaches: a ZIP that holds one whole ZIP for
    /// each, as [`Self::export`] writes it, and each is restored by itself.
    ///
    /// # Errors
    /// As [`Self::export`].
    pub async fn export_all(&self, actor: &Actor, out: impl Write + Send + 'static) -> Result<()> {
        self.fresh_for(actor, Action::Exported).await?;
        let mut people = Vec::new();
        for p in self.me(actor).await?.profiles {
            let at = self.on_profile(actor, p.id).await?;
            people.push(at);
        }
        let mut tx = self.0.store.begin().await?;
        for at in &people {
            self.log(&mut tx, Act::of(at, Action::Exported)).await?;
        }
        tx.commit().await?;
        let (services, runtime, now) = (self.clone(), tokio::runtime::Handle::current(), self.now());
        let work = move || {
            let mut zip = ZipOut::new(BufWriter::with_capacity(64 << 10, out), now);
            for (i, at) in people.iter().enumerate() {
                // One after the other, so that memory holds one person's records at a time.
                let person = runtime.block_on(services.gather(at))?;
                let name = format!("{} {}.zip", i + 1, plain_name(&person.name));
                let mut inner = Ok(());
                let whole = zip.entry(&name, Pack::Plain, true, |entry| {
                    inner = write_all(&services, &runtime, &person, entry);
                    if inner.is_ok() { Ok(()) } else { Err(io::Error::other("an export failed")) }
                });
                inner?;
                whole.map_err(gone)?;
            }
            zip.finish().map_err(gone)?;
            Ok(())
        };
        tokio::task::spawn_blocking(work).await?
    }
}

/// A failed writer is the receiver's matter and no fault of ours.
fn gone(e: io::Error) -> ServiceError {
    match e.kind() {
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => {
            ServiceError::Unavailable { retry_after_s: 1 }
        }
        _ => e.into(),
    }
}

fn write_all(
    services: &Services,
    runtime: &tokio::runtime::Handle,
    person: &Person,
    out: impl Write,
) -> Result<()> {
    let mut zip = ZipOut::new(BufWriter::with_capacity(64 << 10, out), person.now);
    let shelf = Shelf { services, runtime, person };
    let files = readable(&shelf, &mut zip).map_err(gone)?;
    journals::write(&shelf, &mut zip).map_err(gone)?;
    native::write(&shelf, person, files, &mut zip).map_err(gone)?;
    zip.finish().map_err(gone)?;
    Ok(())
}

/// What other programs and people read.
fn readable<W: Write>(shelf: &Shelf<'_>, zip: &mut ZipOut<W>) -> io::Result<Files> {
    let person = shelf.person;
    let buffered = |zip: &mut ZipOut<W>, path: &str, fill: Fill<'_>| {
        zip.entry(path, Pack::Small, true, |out| {
            let mut out = BufWriter::with_capacity(64 << 10, out);
            fill(&mut out)?;
            out.flush()
        })
    };
    buffered(zip, "fhir/bundle.json", &|mut out| fhir::write(person, &mut out))?;
    for kind in Kind::ALL {
        buffered(zip, csv::file(kind), &|mut out| csv::write(person, kind, &mut out))?;
    }
    let metrics = shelf.tables(zip)?;
    let files = originals::write(shelf.services, person, zip)?;
    buffered(zip, "index.html", &|mut out| page::write(person, &files, &metrics, &mut out))?;
    Ok(files)
}
