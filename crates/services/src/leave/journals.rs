//! The sealed vaults of the account's journal, as they lie on the server: one file for each, and a text that says what
//! they are. They go with the profile that is the person's own.

use super::{
    shelf::Shelf,
    zipout::{Pack, ZipOut},
};
use crate::{error::ServiceError, journal::item};
use keepwell_journal::{sync::wire::Message, vault::VaultId};
use keepwell_store::{StoreError, journal as rows};
use std::io::{self, Write};
use uuid::Uuid;

/// What a file begins with.
const MAGIC: &[u8] = b"KWJV\x01";
/// Items that are fetched at once: up to a megabyte each.
const STEP: i64 = 8;

const README: &str = "\
What lies in this folder is the sealed journal as the server keeps it for your devices, one file for each vault.\r\n\
\r\n\
It was sealed on your devices with keys that never came to the server, so neither the server nor any program that has only\r\n\
this file can open it. It is yours all the same. A readable copy is made in the journal itself, on a device that is unlocked:\r\n\
export it there as CSV, JSON or FHIR, or as an encrypted backup file.\r\n\
\r\n\
Restoring this archive leaves these files out: a device that has the journal turns synchronising on again, and sends it anew.\r\n\
\r\n\
A file is KWJV, the byte 1, and then the items of the vault in their order, each as its length (four bytes, big-endian) and an\r\n\
Item of docs/journal-protocol.md.\r\n";

/// Writes the folder `journal/`, if there is anything to put into it.
///
/// # Errors
/// Those of the store and of the writer.
pub fn write<W: Write>(shelf: &Shelf<'_>, zip: &mut ZipOut<W>) -> io::Result<()> {
    if shelf.person.journals.is_empty() {
        return Ok(());
    }
    zip.entry("journal/README.txt", Pack::Small, false, |out| out.write_all(README.as_bytes()))?;
    for vault in &shelf.person.journals {
        let path = format!("journal/{}.kwjv", VaultId::from_bytes(vault.into_bytes()));
        zip.entry(&path, Pack::Plain, true, |out| {
            out.write_all(MAGIC)?;
            items(shelf, *vault, out)
        })?;
    }
    Ok(())
}

/// A few items at a time, so that memory stays flat. What comes in meanwhile is taken along or not; nothing is torn.
fn items(shelf: &Shelf<'_>, vault: Uuid, out: &mut impl Write) -> io::Result<()> {
    let store = &shelf.services.0.store;
    let fault = |e: StoreError| io::Error::other(ServiceError::from(e));
    let mut after = 0;
    loop {
        let sizes =
            shelf.runtime.block_on(rows::list_item_sizes(store, vault, after, None, STEP)).map_err(fault)?;
        let Some(last) = sizes.last() else { return Ok(()) };
        let found = shelf
            .runtime
            .block_on(rows::list_items(store, vault, (after, last.order), None))
            .map_err(fault)?;
        for row in found {
            let bytes = item(row).map_err(io::Error::other)?.encode().map_err(io::Error::other)?;
            out.write_all(&u32::try_from(bytes.len()).map_err(io::Error::other)?.to_be_bytes())?;
            out.write_all(&bytes)?;
        }
        after = last.order;
    }
}
