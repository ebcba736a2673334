//! Columns to domain types and back. Rows are read by position: a `SELECT` lists its columns in
//! the order of the struct's fields.

use crate::{
    error::{Result, StoreError},
    pool::{Arg, DbRow},
};
use keepwell_domain::{
    ids::{
        AccessTokenId, AccountId, AuditId, ConversationId, DocumentId, GrantId, InstanceId, JobId, MessageId,
        NoticeId, PasskeyId, ProfileId, RecordId, ReviewRowId, SeriesId, UploadId,
    },
    sealed::{Fingerprint, Sealed},
    time::Ts,
};
use uuid::Uuid;

/// A row as a struct.
pub(crate) trait Row: Sized {
    /// What the engines decode.
    type Raw: DbRow;
    fn from_raw(raw: Self::Raw) -> Result<Self>;
}

/// A column as a domain type.
pub(crate) trait Col: Sized {
    type Raw;
    fn from_col(raw: Self::Raw) -> Result<Self>;
}

/// A value as an argument.
pub(crate) trait ToArg {
    fn arg(&self) -> Arg<'_>;
}

macro_rules! plain {
    ($($t:ty => $variant:ident),+ $(,)?) => {$(
        impl Col for $t {
            type Raw = $t;
            fn from_col(raw: $t) -> Result<Self> { Ok(raw) }
        }
        impl ToArg for $t {
            fn arg(&self) -> Arg<'_> { Arg::$variant(Some(*self)) }
        }
        impl ToArg for Option<$t> {
            fn arg(&self) -> Arg<'_> { Arg::$variant(*self) }
        }
    )+};
}
plain!(i64 => Int, Uuid => Id);

macro_rules! ids {
    ($($t:ty),+ $(,)?) => {$(
        impl Col for $t {
            type Raw = Uuid;
            fn from_col(raw: Uuid) -> Result<Self> { Ok(Self::new(raw)) }
        }
        impl ToArg for $t {
            fn arg(&self) -> Arg<'_> { Arg::Id(Some(self.uuid())) }
        }
        impl ToArg for Option<$t> {
            fn arg(&self) -> Arg<'_> { Arg::Id(self.map(<$t>::uuid)) }
        }
    )+};
}
ids!(
    AccessTokenId,
    AccountId,
    AuditId,
    ConversationId,
    DocumentId,
    GrantId,
    InstanceId,
    JobId,
    NoticeId,
    MessageId,
    PasskeyId,
    ProfileId,
    RecordId,
    ReviewRowId,
    SeriesId,
    UploadId
);

impl Col for bool {
    type Raw = Self;
    fn from_col(raw: Self) -> Result<Self> {
        Ok(raw)
    }
}
impl ToArg for bool {
    fn arg(&self) -> Arg<'_> {
        Arg::Bool(*self)
    }
}
impl Col for String {
    type Raw = Self;
    fn from_col(raw: Self) -> Result<Self> {
        Ok(raw)
    }
}
impl ToArg for str {
    fn arg(&self) -> Arg<'_> {
        Arg::Text(Some(self))
    }
}
impl ToArg for String {
    fn arg(&self) -> Arg<'_> {
        Arg::Text(Some(self))
    }
}
impl ToArg for Option<&str> {
    fn arg(&self) -> Arg<'_> {
        Arg::Text(*self)
    }
}

impl Col for Ts {
    type Raw = i64;
    fn from_col(raw: i64) -> Result<Self> {
        Ok(Self(raw))
    }
}
impl ToArg for Ts {
    fn arg(&self) -> Arg<'_> {
        Arg::Int(Some(self.0))
    }
}
impl ToArg for Option<Ts> {
    fn arg(&self) -> Arg<'_> {
        Arg::Int(self.map(|t| t.0))
    }
}

impl Col for Sealed {
    type Raw = Vec<u8>;
    fn from_col(raw: Vec<u8>) -> Result<Self> {
        Ok(Self::from_bytes(raw))
    }
}
impl ToArg for Sealed {
    fn arg(&self) -> Arg<'_> {
        Arg::Bytes(Some(self.as_bytes()))
    }
}
impl ToArg for Option<Sealed> {
    fn arg(&self) -> Arg<'_> {
        Arg::Bytes(self.as_ref().map(Sealed::as_bytes))
    }
}

impl Col for Vec<u8> {
    type Raw = Self;
    fn from_col(raw: Self) -> Result<Self> {
        Ok(raw)
    }
}
impl ToArg for Vec<u8> {
    fn arg(&self) -> Arg<'_> {
        Arg::Bytes(Some(self))
    }
}
impl ToArg for [u8] {
    fn arg(&self) -> Arg<'_> {
        Arg::Bytes(Some(self))
    }
}

impl Col for Fingerprint {
    type Raw = Vec<u8>;
    fn from_col(raw: Vec<u8>) -> Result<Self> {
        raw.try_into().map(Self).map_err(|_| StoreError::Corrupt("a keyed hash is not 32 bytes long"))
    }
}
impl ToArg for Fingerprint {
    fn arg(&self) -> Arg<'_> {
        Arg::Bytes(Some(&self.0))
    }
}
impl ToArg for Option<Fingerprint> {
    fn arg(&self) -> Arg<'_> {
        Arg::Bytes(self.as_ref().map(|f| f.0.as_slice()))
    }
}

impl<T: Col> Col for Option<T> {
    type Raw = Option<T::Raw>;
    fn from_col(raw: Self::Raw) -> Result<Self> {
        raw.map(T::from_col).transpose()
    }
}
impl<T: ToArg + ?Sized> ToArg for &T {
    fn arg(&self) -> Arg<'_> {
        (**self).arg()
    }
}

/// The arguments of a statement, in order.
macro_rules! args {
    ($($x:expr),* $(,)?) => { &[$($crate::row::ToArg::arg(&$x)),*] };
}

/// A struct that is read from a row, column by column.
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$fmeta:meta])* pub $field:ident: $t:ty),+ $(,)? }) => {
        $(#[$meta])*
        pub struct $name { $($(#[$fmeta])* pub $field: $t),+ }
        impl $crate::row::Row for $name {
            type Raw = ($(<$t as $crate::row::Col>::Raw,)+);
            fn from_raw(($($field,)+): Self::Raw) -> $crate::error::Result<Self> {
                Ok(Self { $($field: $crate::row::Col::from_col($field)?),+ })
            }
        }
    };
}

/// An enum that is kept as a text code.
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }
        impl $name {
            /// The code in the database and in the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            /// The value of that code.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
        impl $crate::row::Col for $name {
            type Raw = String;
            fn from_col(raw: String) -> $crate::error::Result<Self> {
                Self::parse(&raw).ok_or($crate::error::StoreError::Corrupt(concat!("unknown ", stringify!($name))))
            }
        }
        impl $crate::row::ToArg for $name {
            fn arg(&self) -> $crate::pool::Arg<'_> { $crate::pool::Arg::Text(Some(self.as_str())) }
        }
    };
}
pub(crate) use {args, codes, row};

/// One column as a whole row.
pub(crate) struct One<T>(pub(crate) T);
impl<T: Col> Row for One<T>
where
    (T::Raw,): DbRow,
{
    type Raw = (T::Raw,);
    fn from_raw((raw,): Self::Raw) -> Result<Self> {
        T::from_col(raw).map(One)
    }
}
