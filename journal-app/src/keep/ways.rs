//! The ways into the journal of this device: what opens it, and what they are called.

use super::{OPEN, Open, open_as, with};
use crate::{
    browser::{
        Result, Trouble,
        db::{Batch, Db},
        device_key,
        passkey::{Known, Refusal},
        random::Os,
        worker,
    },
    sync::{channel, later},
};
use js_sys::Uint8Array;
use keepwell_crypto::Key32;
use keepwell_journal::vault::{
    LockedVault, MAX_SLOTS, NewSlot, SlotId, SlotKind, SlotSecret, Vault, VaultError, VaultId,
};
use wasm_bindgen::{JsCast, JsValue};

/// Where the names of passkeys lie, sealed: they may say whose device it is.
const NAMES: &str = "ways";

/// What opens the journal.
#[derive(Clone, PartialEq, Eq)]
pub enum Way {
    /// The passphrase.
    Passphrase,
    /// The recovery phrase.
    Phrase,
    /// A passkey, by its slot and its name.
    Passkey(SlotId, String),
}

/// All ways in, in the order in which they were made.
pub async fn list(db: &Db) -> Result<Vec<Way>> {
    let names = names(db).await?;
    let named = |id: SlotId| names.iter().find(|n| n.0 == id).map(|n| n.1.clone()).unwrap_or_default();
    with_open(|open| {
        let way = |id: SlotId, kind: &SlotKind| match kind {
            SlotKind::Passphrase(_) => Some(Way::Passphrase),
            SlotKind::Phrase => Some(Way::Phrase),
            SlotKind::Passkey { .. } => Some(Way::Passkey(id, named(id))),
            SlotKind::Keeper => None,
        };
        Ok(open.vault.slots().filter_map(|s| way(s.id(), s.kind())).collect())
    })
}

/// The passkeys of the open journal.
pub fn passkeys() -> Result<Vec<Known>> {
    with_open(|open| Ok(open.vault.slots().filter_map(|s| known(s.kind())).collect()))
}

/// The passkeys of the closed journal on this device.
pub async fn passkeys_at_the_door(db: &Db) -> Result<Vec<Known>> {
    let locked = device_key::find_vault(db).await?;
    let locked = LockedVault::from_bytes(&locked).map_err(|_| Trouble::Damaged)?;
    Ok(locked.slots().filter_map(|s| known(s.kind())).collect())
}

fn known(kind: &SlotKind) -> Option<Known> {
    match kind {
        SlotKind::Passkey { input, credential } => {
            Some(Known { credential: credential.clone(), input: *input })
        }
        _ => None,
    }
}

/// Whether this opens the journal on this device.
pub async fn check(db: &Db, secret: SlotSecret<'_>) -> Result<()> {
    opened(db, secret).await.map(|_| ())
}

/// The vault that is stored, opened, and its bytes.
async fn opened(db: &Db, secret: SlotSecret<'_>) -> Result<(Vault, Vec<u8>)> {
    let bytes = device_key::find_vault(db).await?;
    let locked = LockedVault::from_bytes(&bytes).map_err(|_| Trouble::Damaged)?;
    let vault = locked.open(secret).map_err(|e| match e {
        VaultError::WrongSecret => Trouble::WrongSecret,
        _ => Trouble::Damaged,
    })?;
    Ok((vault, bytes))
}

/// Opens the journal by the output of a passkey. Nothing is stretched: the output cannot be guessed.
pub async fn unlock(db: &Db, output: &Key32) -> Result<()> {
    let (vault, bytes) = opened(db, SlotSecret::Passkey(output)).await?;
    open_as(db, vault, &bytes).await
}

/// Makes a passkey a way in. It is kept only if the vault that is to be stored opens with it.
pub async fn add(db: &Db, passkey: &Known, output: &Key32, name: &str) -> std::result::Result<(), Refusal> {
    let failed = |_| Refusal::Failed;
    let names = names(db).await.map_err(|_| Refusal::Failed)?;
    // Room stays for what is there only for a moment: a phrase or a passphrase beside the one whose place it takes.
    if with_open(|open| Ok(open.vault.slots().count())).map_err(failed)? >= MAX_SLOTS - 3 {
        return Err(Refusal::Full);
    }
    let new = NewSlot::Passkey { output, input: passkey.input, credential: &passkey.credential };
    let added = with_open_mut(|vault| match vault.add_slot(&new, &mut Os) {
        Ok(id) => Ok(Ok(id)),
        Err(VaultError::SlotsFull) => Ok(Err(Refusal::Full)),
        Err(_) => Err(Trouble::Failed),
    });
    let id = added.map_err(failed)??;
    let kept = async {
        let locked = with_open_mut(|vault| vault.lock(&mut Os).map_err(|_| Trouble::Failed))?;
        locked.open(SlotSecret::Passkey(output)).map_err(|_| Trouble::Failed)?;
        let names = names.into_iter().chain([(id, name.to_owned())]).collect();
        keep_names(db, names).await?;
        store(db, Batch::default()).await
    };
    let kept = kept.await;
    if kept.is_err() {
        // What could not be stored must not open anything later either.
        let _ = with_open_mut(|vault| vault.remove_slot(id).map_err(|_| Trouble::Failed));
    }
    kept.map_err(failed)
}

/// Takes a passkey away. Its credential, for the browser to forget.
pub async fn remove(db: &Db, id: SlotId) -> Result<Option<Vec<u8>>> {
    let names = names(db).await?.into_iter().filter(|n| n.0 != id).collect();
    let gone = with_open_mut(|vault| {
        let gone = vault.slots().find(|s| s.id() == id).and_then(|s| known(s.kind()));
        vault.remove_slot(id).map_err(|_| Trouble::Failed)?;
        Ok(gone)
    })?;
    store(db, due().1).await?;
    keep_names(db, names).await?;
    Ok(gone.map(|k| k.credential))
}

/// Stores the vault as it stands. Where another device brings a new key meanwhile, the vault is stored once more
/// with that key in it: an older one must never follow a newer.
async fn store(db: &Db, mut batch: Batch) -> Result<()> {
    loop {
        while with(|open| open.is_rekeying) == Some(true) {
            worker::paint().await;
        }
        let locked = with(|open| Ok((open.vault.lock(&mut Os)?.to_bytes()?, open.vault.epoch())));
        let (locked, epoch) = locked.ok_or(Trouble::Failed)?.map_err(|_: VaultError| Trouble::Failed)?;
        let sealed = device_key::seal(db, &locked).await?;
        if with(|open| !open.is_rekeying && open.vault.epoch() == epoch).ok_or(Trouble::Failed)? {
            batch.put(device_key::VAULT, sealed);
            return db.commit(batch).await;
        }
    }
}

/// That a new key is to be made is kept until it is made, however often the journal is closed before. The vault that is
/// synchronised, if there is one, and what is to be written.
fn due() -> (Option<VaultId>, Batch) {
    let own = with_open(|open| Ok(open.channels.iter().find(|c| !c.is_space).map(|c| c.id)));
    let mut batch = Batch::default();
    let own = own.ok().flatten();
    if let Some(id) = own {
        batch.put(channel::name("renew", id), Vec::new());
    }
    (own, batch)
}

/// Has the vault's other devices follow a way in that is gone: what is written from now on is not for it. Nothing
/// where the journal is on this device alone.
pub async fn renew() {
    if let ((Some(id), batch), Ok(db)) = (due(), with_open(|open| Ok(open.db.clone()))) {
        // Where it cannot be kept, it is wished for as long as the journal is open.
        let _ = db.commit(batch).await;
        later::renew(id).await;
    }
}

fn with_open<T>(f: impl FnOnce(&Open) -> Result<T>) -> Result<T> {
    OPEN.with_borrow(|open| f(open.as_ref().ok_or(Trouble::Failed)?))
}

fn with_open_mut<T>(f: impl FnOnce(&mut Vault) -> Result<T>) -> Result<T> {
    OPEN.with_borrow_mut(|open| f(&mut open.as_mut().ok_or(Trouble::Failed)?.vault))
}

/// The names of the passkeys: in each line a slot's id and its name.
async fn names(db: &Db) -> Result<Vec<(SlotId, String)>> {
    let Some(stored) = db.get(NAMES).await? else { return Ok(Vec::new()) };
    let sealed = stored.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default();
    let open = |open: &Open| Ok(open.vault.entries().open(open.beside(NAMES), &sealed).map(|t| t.to_vec()));
    // A name that cannot be read is no reason to shut a way in.
    let text = String::from_utf8(with_open(open)?.unwrap_or_default()).unwrap_or_default();
    let line = |l: &str| l.split_once(' ').and_then(|(id, name)| Some((SlotId::parse(id)?, name.to_owned())));
    Ok(text.lines().filter_map(line).collect())
}

async fn keep_names(db: &Db, names: Vec<(SlotId, String)>) -> Result<()> {
    let mut text = String::new();
    for (id, name) in names {
        let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(60).collect();
        text.push_str(&id.to_string());
        text.push(' ');
        text.push_str(name.trim());
        text.push('\n');
    }
    let sealed = with_open(|open| {
        open.vault.entries().seal(open.beside(NAMES), text.as_bytes(), &mut Os).map_err(|_| Trouble::Failed)
    })?;
    let value: JsValue = Uint8Array::from(sealed.as_slice()).into();
    db.put(NAMES, &value).await
}
