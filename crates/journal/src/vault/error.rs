//! One enum for the vault. Nothing in it tells anything about keys or contents.

/// Why a vault, a slot or an entry was not made or not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// No random bytes were to be had.
    #[error("there is no randomness")]
    Randomness,
    /// The bytes cannot be what they should be: too short, too long, an impossible value.
    #[error("not of this format")]
    Malformed,
    /// Made by a version or for a suite that this build does not know. There is no fallback.
    #[error("of an unknown version")]
    UnknownVersion,
    /// The tag is wrong: other key, other place, or changed bytes. Deliberately not told apart.
    #[error("the seal does not open")]
    Refused,
    /// The passphrase, the phrase or the passkey is not the one of this slot.
    #[error("not the secret of this slot")]
    WrongSecret,
    /// The slot was made for another vault, or by somebody who did not know its secret.
    #[error("the slot belongs to another vault")]
    ForeignSlot,
    /// The key that came out of a slot is not the one to which the vault is committed.
    #[error("another key than the vault is committed to")]
    OtherKey,
    /// Argon2 parameters below the floor or above the ceiling; said before any memory is taken.
    #[error("passphrase hashing parameters out of bounds")]
    Cost,
    /// Longer than the format allows.
    #[error("too long")]
    TooLong,
    /// The passphrase is shorter than the least that is accepted.
    #[error("the passphrase is too short")]
    TooShort,
    /// Not 24 words of the list, or their checksum does not fit.
    #[error("not a recovery phrase")]
    Phrase,
    /// The words typed again were not the words of the phrase.
    #[error("the recovery phrase was not repeated rightly")]
    NotConfirmed,
    /// What is left would be opened by passkeys only, or by nothing.
    #[error("a passkey must not be the only way in")]
    LastSlot,
    /// There is no such slot.
    #[error("no such slot")]
    NoSuchSlot,
    /// There are as many slots as a vault may have, or one with that id.
    #[error("no room for another slot")]
    SlotsFull,
    /// Sealed under an epoch whose key is not here.
    #[error("of an epoch that is not known here")]
    UnknownEpoch,
    /// The cryptographic library refused an input that is valid by this crate's rules.
    #[error("cryptographic library failure")]
    Backend,
}

/// Results of the vault.
pub type Result<T> = std::result::Result<T, VaultError>;

impl From<keepwell_crypto::Error> for VaultError {
    fn from(error: keepwell_crypto::Error) -> Self {
        use keepwell_crypto::Error;
        match error {
            Error::Randomness => Self::Randomness,
            Error::Refused => Self::Refused,
            Error::TooLong => Self::TooLong,
            Error::Malformed | Error::KeyLength => Self::Malformed,
            Error::UnknownVersion => Self::UnknownVersion,
            _ => Self::Backend,
        }
    }
}
