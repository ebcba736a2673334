//! One enum for the crate. Nothing in it tells anything about keys or contents.

/// Why a key, a seal or a password operation failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system gave no random bytes.
    #[error("the operating system gave no randomness")]
    Randomness,
    /// A key has the wrong number of bytes.
    #[error("a key must have exactly 32 bytes")]
    KeyLength,
    /// The sealed value was made by a version this build does not know. There is no fallback.
    #[error("sealed by an unknown version")]
    UnknownVersion,
    /// The bytes cannot be a sealed value: too short, impossible length, bad header.
    #[error("not a sealed value")]
    Malformed,
    /// The tag is wrong: other key, other place, or changed bytes. Deliberately not told apart.
    #[error("the seal does not open")]
    Refused,
    /// Longer than the format or the limit allows.
    #[error("too long")]
    TooLong,
    /// The padding step is zero or above [`crate::record::MAX_PAD`].
    #[error("impossible padding step")]
    Padding,
    /// The chunk call does not fit the state of the file: wrong size, wrong index, or bytes pending.
    #[error("not a whole chunk at its place")]
    Chunk,
    /// Argon2 parameters below the floor or above the ceiling.
    #[error("password hashing parameters out of bounds")]
    Cost,
    /// A stored password hash that cannot be read.
    #[error("unreadable password hash")]
    PasswordHash,
    /// A text that is no token.
    #[error("not a token")]
    Token,
    /// The cryptographic library refused an input that is valid by this crate's rules.
    #[error("cryptographic library failure")]
    Backend,
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
