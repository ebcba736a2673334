//! What goes between a device and the server, and all that the server ever sees. Every message is
//! `0x01 ‖ fields`, numbers big-endian, parts with a `u32` length before them, lists with a `u16` count;
//! the content type is [`CONTENT_TYPE`]. Paths and answers are in `docs/journal-protocol.md`.
//!
//! To the server, `head`, `object` and `statement` are bytes. It orders them, keeps them and hands them out.

use crate::vault::{
    DeviceId, Epoch, VaultError, VaultId,
    bytes::{Reader, Writer},
    sealed::SEAL_OVERHEAD,
};

/// The content type of every body.
pub const CONTENT_TYPE: &str = "application/vnd.keepwell.journal.v1";
/// Longest head, in bytes.
pub const MAX_HEAD: usize = 16 << 10;
/// Longest statement, in bytes.
pub const MAX_STATEMENT: usize = 128 << 10;
/// Longest sealed object, in bytes.
pub const MAX_OBJECT: usize = (1 << 20) + SEAL_OVERHEAD;
/// Most objects in one push, and most items on one page.
pub const MAX_ITEMS: usize = 4096;
/// Longest body of a push, in bytes. A device cuts its pushes so that they fit.
pub const MAX_PUSH: usize = 4 << 20;
/// Longest page, in bytes. A page has at least one item, and else no more than was asked for.
pub const MAX_PAGE: usize = 4 << 20;
/// Most statements of a vault.
pub const MAX_STATEMENTS: usize = 4096;
/// Most devices of a vault, of all times.
pub const MAX_DEVICES: usize = 256;
/// Most vaults of an account.
pub const MAX_VAULTS: usize = 16;
/// Most parts of a snapshot.
pub const MAX_PARTS: usize = 256;

const VERSION: u8 = 1;

/// A place in the order that the server gives to everything in one vault, from one; zero is before all.
pub type Order = u64;

/// A message with one layout.
pub trait Message: Sized {
    /// Its fields, after the version.
    ///
    /// # Errors
    /// [`VaultError::TooLong`].
    #[doc(hidden)]
    fn write(&self, writer: &mut MessageWriter) -> Result<(), VaultError>;
    /// As they were written.
    ///
    /// # Errors
    /// [`VaultError::Malformed`], [`VaultError::TooLong`].
    #[doc(hidden)]
    fn read(reader: &mut MessageReader<'_>) -> Result<Self, VaultError>;

    /// The body.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] for a list or a part above its limit.
    fn encode(&self) -> Result<Vec<u8>, VaultError> {
        let mut writer = MessageWriter(Writer::new());
        writer.0.u8(VERSION);
        self.write(&mut writer)?;
        Ok(writer.0.done())
    }

    /// Reads a body whole.
    ///
    /// # Errors
    /// [`VaultError::UnknownVersion`], [`VaultError::Malformed`], [`VaultError::TooLong`].
    fn decode(body: &[u8]) -> Result<Self, VaultError> {
        let mut reader = MessageReader(Reader::new(body));
        reader.0.version(VERSION)?;
        let message = Self::read(&mut reader)?;
        reader.0.end()?;
        Ok(message)
    }
}

/// A message under construction.
pub struct MessageWriter(pub(crate) Writer);
/// A message that is being read.
pub struct MessageReader<'a>(pub(crate) Reader<'a>);

/// The body of `POST /vaults`: a vault's first statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which vault; chosen by the device.
    pub vault: VaultId,
    /// The statement with which it begins.
    pub statement: Vec<u8>,
}

/// The answer to `GET /vaults`: the account's vaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultList {
    /// In the order in which they were founded.
    pub vaults: Vec<VaultId>,
}

/// Where the newest snapshot is: consecutive objects of one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotRef {
    /// Who made it.
    pub device: DeviceId,
    /// The number of its first part in that device's chain.
    pub first: u64,
    /// How many parts it has.
    pub parts: u16,
}

/// The answer to `GET /vaults/{vault}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultInfo {
    /// All statements, from the first.
    pub statements: Vec<Vec<u8>>,
    /// The place of the newest item.
    pub last: Order,
    /// The highest place at which an object was deleted because a snapshot covers it.
    pub floor: Order,
    /// The newest snapshot.
    pub snapshot: Option<SnapshotRef>,
    /// What the vault takes, in bytes.
    pub used: u64,
    /// What the account may take, in bytes.
    pub quota: u64,
}

/// One object that is pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Its number in the device's chain, from one.
    pub seq: u64,
    /// The epoch of its key.
    pub epoch: Epoch,
    /// The hash of the head before it.
    pub previous: [u8; 32],
    /// The hash of its head.
    pub hash: [u8; 32],
    /// Its signed head.
    pub head: Vec<u8>,
    /// What is sealed.
    pub object: Vec<u8>,
}

/// The body of `POST /vaults/{vault}/objects`: consecutive objects of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// Whose chain.
    pub device: DeviceId,
    /// The number of the newest statement that the device knows. It must be the newest.
    pub statement: u32,
    /// In the order of their numbers.
    pub objects: Vec<Pushed>,
}

/// The body of `POST /vaults/{vault}/statements`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostStatement {
    /// The place of the newest item that the author knows. It must be the newest.
    pub after: Order,
    /// The statement's number, from zero; one more than the newest.
    pub number: u32,
    /// The signed statement.
    pub statement: Vec<u8>,
}

/// The answer to whatever was stored: the place of the newest item now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The place of the last item of this request.
    pub order: Order,
}

/// One thing in a vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A statement.
    Statement {
        /// Its place.
        order: Order,
        /// As it was posted.
        statement: Vec<u8>,
    },
    /// An object.
    Object {
        /// Its place.
        order: Order,
        /// Whose chain.
        device: DeviceId,
        /// Its number there.
        seq: u64,
        /// The epoch of its key.
        epoch: Epoch,
        /// As it was pushed.
        head: Vec<u8>,
        /// As it was pushed.
        object: Vec<u8>,
    },
}

/// The answer to `GET /vaults/{vault}/items?after=…&bytes=…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Rising by place.
    pub items: Vec<Item>,
    /// The place after which to ask next: that of the last item, or what was asked for when there is none.
    pub cursor: Order,
    /// Nothing comes after this page.
    pub is_end: bool,
    /// As in [`VaultInfo`].
    pub floor: Order,
}

/// Up to which object a snapshot covers one device's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cover {
    /// Whose chain.
    pub device: DeviceId,
    /// The last number that it covers.
    pub seq: u64,
}

/// The body of `POST /vaults/{vault}/compact`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compact {
    /// The snapshot; all of its parts are stored.
    pub snapshot: SnapshotRef,
    /// What may be deleted.
    pub covers: Vec<Cover>,
}

/// The answer to `POST /vaults/{vault}/compact`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compacted {
    /// How many objects were deleted.
    pub objects: u64,
    /// How many bytes they took.
    pub bytes: u64,
}

/// The answer to `DELETE /vaults/{vault}`: that and what was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Which vault.
    pub vault: VaultId,
    /// How many objects and statements there were.
    pub items: u64,
    /// How many bytes they took.
    pub bytes: u64,
    /// When, in microseconds since 1970 UTC, by the server's clock.
    pub at: i64,
    /// The leaf hash of the audit entry that says so.
    pub audit_leaf: [u8; 32],
}

/// What the server says when it does not do what was asked: the type of a problem ([`Refusal::problem`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// 409: the chain of the device is at another place than the push begins at.
    ChainMoved = 1,
    /// 409: there is a newer statement, or (for a statement) a newer item.
    VaultMoved = 2,
    /// 409: there is a vault with that id already.
    Exists = 3,
    /// 404: no such vault, object or snapshot, or not this account's.
    Missing = 4,
    /// 413: above a limit.
    TooLarge = 5,
    /// 507: the account's space is full.
    QuotaFull = 6,
    /// 400: not a message.
    Malformed = 7,
}

impl Refusal {
    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::ChainMoved | Self::VaultMoved | Self::Exists => 409,
            Self::Missing => 404,
            Self::TooLarge => 413,
            Self::QuotaFull => 507,
            Self::Malformed => 400,
        }
    }
}

impl Message for Refusal {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        w.0.u8(*self as u8);
        Ok(())
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        Ok(match r.0.u8()? {
            1 => Self::ChainMoved,
            2 => Self::VaultMoved,
            3 => Self::Exists,
            4 => Self::Missing,
            5 => Self::TooLarge,
            6 => Self::QuotaFull,
            7 => Self::Malformed,
            _ => return Err(VaultError::Malformed),
        })
    }
}

impl Message for Found {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        self.vault.write(&mut w.0);
        w.0.part(&self.statement)
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        Ok(Self { vault: VaultId::read(&mut r.0)?, statement: r.0.part(MAX_STATEMENT)?.to_vec() })
    }
}

impl Message for VaultList {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        w.0.list(self.vaults.iter(), |w, vault| {
            vault.write(w);
            Ok(())
        })
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        Ok(Self { vaults: r.0.list(MAX_VAULTS, VaultId::read)? })
    }
}

impl SnapshotRef {
    pub(crate) fn write(self, w: &mut Writer) {
        self.device.write(w);
        w.u64(self.first);
        w.u16(self.parts);
    }
    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, VaultError> {
        Ok(Self { device: DeviceId::read(r)?, first: r.u64()?, parts: r.u16()? })
    }
}

impl Message for VaultInfo {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        w.0.list(self.statements.iter(), |w, statement| w.part(statement))?;
        w.0.u64(self.last);
        w.0.u64(self.floor);
        w.0.flag(self.snapshot.is_some());
        if let Some(snapshot) = self.snapshot {
            snapshot.write(&mut w.0);
        }
        w.0.u64(self.used);
        w.0.u64(self.quota);
        Ok(())
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        Ok(Self {
            statements: r.0.list(MAX_STATEMENTS, |r| Ok(r.part(MAX_STATEMENT)?.to_vec()))?,
            last: r.0.u64()?,
            floor: r.0.u64()?,
            snapshot: if r.0.flag()? { Some(SnapshotRef::read(&mut r.0)?) } else { None },
            used: r.0.u64()?,
            quota: r.0.u64()?,
        })
    }
}

impl Pushed {
    pub(crate) fn write(&self, w: &mut Writer) -> Result<(), VaultError> {
        w.u64(self.seq);
        self.epoch.write(w);
        w.put(&self.previous);
        w.put(&self.hash);
        w.part(&self.head)?;
        w.part(&self.object)
    }
    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, VaultError> {
        Ok(Self {
            seq: r.u64()?,
            epoch: Epoch::read(r)?,
            previous: r.array()?,
            hash: r.array()?,
            head: r.part(MAX_HEAD)?.to_vec(),
            object: r.part(MAX_OBJECT)?.to_vec(),
        })
    }
    /// What it takes in a body, in bytes.
    pub(crate) const fn size(&self) -> usize {
        8 + 4 + 32 + 32 + 4 + self.head.len() + 4 + self.object.len()
    }
}

impl Message for Push {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        self.device.write(&mut w.0);
        w.0.u32(self.statement);
        w.0.list(self.objects.iter(), |w, object| object.write(w))
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        Ok(Self {
            device: DeviceId::read(&mut r.0)?,
            statement: r.0.u32()?,
            objects: r.0.list(MAX_ITEMS, Pushed::read)?,
        })
    }
}

impl Message for PostStatement {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        w.0.u64(self.after);
        w.0.u32(self.number);
        w.0.part(&self.statement)
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        Ok(Self { after: r.0.u64()?, number: r.0.u32()?, statement: r.0.part(MAX_STATEMENT)?.to_vec() })
    }
}

impl Message for Stored {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        w.0.u64(self.order);
        Ok(())
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        Ok(Self { order: r.0.u64()? })
    }
}

impl Message for Item {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        match self {
            Self::Statement { order, statement } => {
                w.0.u8(1);
                w.0.u64(*order);
                w.0.part(statement)
            }
            Self::Object { order, device, seq, epoch, head, object } => {
                w.0.u8(2);
                w.0.u64(*order);
                device.write(&mut w.0);
                w.0.u64(*seq);
                epoch.write(&mut w.0);
                w.0.part(head)?;
                w.0.part(object)
            }
        }
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        Ok(match r.0.u8()? {
            1 => Self::Statement { order: r.0.u64()?, statement: r.0.part(MAX_STATEMENT)?.to_vec() },
            2 => Self::Object {
                order: r.0.u64()?,
                device: DeviceId::read(&mut r.0)?,
                seq: r.0.u64()?,
                epoch: Epoch::read(&mut r.0)?,
                head: r.0.part(MAX_HEAD)?.to_vec(),
                object: r.0.part(MAX_OBJECT)?.to_vec(),
            },
            _ => return Err(VaultError::Malformed),
        })
    }
}

impl Message for Page {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        w.0.u16(u16::try_from(self.items.len()).map_err(|_| VaultError::TooLong)?);
        self.items.iter().try_for_each(|item| item.write(w))?;
        w.0.u64(self.cursor);
        w.0.flag(self.is_end);
        w.0.u64(self.floor);
        Ok(())
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        let count = usize::from(r.0.u16()?);
        if count > MAX_ITEMS {
            return Err(VaultError::TooLong);
        }
        let items = (0..count).map(|_| Item::read(r)).collect::<Result<_, _>>()?;
        Ok(Self { items, cursor: r.0.u64()?, is_end: r.0.flag()?, floor: r.0.u64()? })
    }
}

impl Message for Compact {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        self.snapshot.write(&mut w.0);
        w.0.list(self.covers.iter(), |w, cover| {
            cover.device.write(w);
            w.u64(cover.seq);
            Ok(())
        })
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        let cover = |r: &mut Reader<'_>| Ok(Cover { device: DeviceId::read(r)?, seq: r.u64()? });
        Ok(Self { snapshot: SnapshotRef::read(&mut r.0)?, covers: r.0.list(MAX_DEVICES, cover)? })
    }
}

impl Message for Compacted {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        w.0.u64(self.objects);
        w.0.u64(self.bytes);
        Ok(())
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        Ok(Self { objects: r.0.u64()?, bytes: r.0.u64()? })
    }
}

impl Message for Receipt {
    fn write(&self, w: &mut MessageWriter) -> Result<(), VaultError> {
        self.vault.write(&mut w.0);
        w.0.u64(self.items);
        w.0.u64(self.bytes);
        w.0.put(&self.at.to_be_bytes());
        w.0.put(&self.audit_leaf);
        Ok(())
    }
    fn read(r: &mut MessageReader<'_>) -> Result<Self, VaultError> {
        Ok(Self {
            vault: VaultId::read(&mut r.0)?,
            items: r.0.u64()?,
            bytes: r.0.u64()?,
            at: i64::from_be_bytes(r.0.array()?),
            audit_leaf: r.0.array()?,
        })
    }
}
