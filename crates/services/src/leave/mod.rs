//! Leaving: everything of a person's as one ZIP that others read and that Keepwell restores.

mod fhir;
mod gather;
mod json;
mod native;
mod originals;
mod zipout;

use crate::{
    actor::Actor,
    core::Services,
    error::{Result, ServiceError},
};
use gather::Person;
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
        let mut tx = self.0.store.begin().await?;
        self.note_act(&mut tx, actor, "profile.exported", Some(actor.profile.uuid())).await?;
        tx.commit().await?;
        let person = self.gather(actor).await?;
        let services = self.clone();
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || write_all(&services, &runtime, &person, out)).await?
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
    zip.entry("fhir/bundle.json", Pack::Small, true, |out| fhir::write(person, out)).map_err(gone)?;
    let files = originals::write(services, person, &mut zip).map_err(gone)?;
    native::write(services, runtime, person, files, &mut zip)?;
    zip.finish().map_err(gone)?;
    Ok(())
}
