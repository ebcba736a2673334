//! Where the root key comes from. Whatever is wrong with it, nothing is written and nothing starts.

use crate::config::{Config, Key};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use keepwell_crypto::Key32;
use std::{
    fs::{File, OpenOptions, Permissions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use zeroize::{Zeroize, Zeroizing};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Longest key text that is read.
const LONGEST: u64 = 4096;

/// Why there is no root key. Each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// Data without its key.
    #[error(
        "the root key {path} is missing, but there is already a database. Without that very key the data cannot be opened: put the key file back from its backup. Nothing was written"
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// Others can read it.
    #[error(
        "the root key {path} can be read by other users (mode {mode:03o}). Run: chmod 600 {path} — and if others may have read it, treat it as known. Nothing was written"
    )]
    Readable {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Somebody else's file.
    #[error(
        "the root key {path} belongs to another user. Run: chown it to the user that runs Keepwell. Nothing was written"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Not 32 bytes.
    #[error(
        "{place} does not hold a root key: 32 bytes in base64 (44 characters) or hex (64 characters) are needed. Nothing was written"
    )]
    Shape {
        /// File, variable or command.
        place: String,
    },
    /// The command failed.
    #[error("the key command failed ({why}). Run it by hand to see why. Nothing was written")]
    Command {
        /// Exit status or the kind of error.
        why: String,
    },
    /// The file system.
    #[error("the root key {path} cannot be {what}: {kind}")]
    File {
        /// The file.
        path: PathBuf,
        /// `read` or `made`.
        what: &'static str,
        /// Kind of error.
        kind: io::ErrorKind,
    },
}

/// The root key from wherever the settings say; a new key file only where there is no data yet.
///
/// # Errors
/// [`KeyFault`].
pub fn root_key(config: &Config, data_exists: bool) -> Result<Key32, KeyFault> {
    match &config.key {
        Key { secret: Some(secret), .. } => parse(secret, "KEEPWELL_ROOT_KEY"),
        Key { command: Some(command), .. } => from_command(command),
        _ => from_file(&config.key_file(), data_exists),
    }
}

fn from_file(path: &Path, data_exists: bool) -> Result<Key32, KeyFault> {
    let fault = |what| move |e: io::Error| KeyFault::File { path: path.to_owned(), what, kind: e.kind() };
    // Opened first and asked afterwards, so that what is checked is what is read.
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound && data_exists => {
            return Err(KeyFault::Missing { path: path.to_owned() });
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => return make(path).map_err(fault("made")),
        Err(e) => return Err(fault("read")(e)),
    };
    let meta = file.metadata().map_err(fault("read"))?;
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFault::Readable { path: path.to_owned(), mode });
    }
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Err(KeyFault::Foreign { path: path.to_owned() });
    }
    let mut text = Zeroizing::new(String::new());
    let shape = || KeyFault::Shape { place: format!("the file {}", path.display()) };
    match (&mut file).take(LONGEST).read_to_string(&mut text) {
        Ok(_) => parse(&text, &format!("the file {}", path.display())),
        Err(e) if e.kind() == io::ErrorKind::InvalidData => Err(shape()),
        Err(e) => Err(fault("read")(e)),
    }
}

/// Makes a key file that survives a power cut: the file and its folder's entry are on disk before
/// anything is sealed with it.
fn make(path: &Path) -> io::Result<Key32> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    private_folder(folder)?;
    let key = Key32::generate().map_err(|_| io::Error::from(io::ErrorKind::Other))?;
    let mut text = Zeroizing::new(STANDARD.encode(key.expose()));
    text.push('\n');
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    File::open(folder)?.sync_all()?;
    tracing::info!(path = %path.display(), "made a new root key; keep a copy of it away from the data");
    Ok(key)
}

/// Makes a folder that only its owner can enter, when it is not there yet.
///
/// # Errors
/// What the file system reports.
pub fn private_folder(path: &Path) -> io::Result<()> {
    if !path.is_dir() {
        std::fs::create_dir_all(path)?;
        std::fs::set_permissions(path, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn from_command(command: &str) -> Result<Key32, KeyFault> {
    let fault = |why: String| KeyFault::Command { why };
    let output = Command::new("/bin/sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| fault(e.kind().to_string()))?;
    let stdout = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(fault(output.status.to_string()));
    }
    let text = std::str::from_utf8(&stdout)
        .map_err(|_| KeyFault::Shape { place: "the key command's output".to_owned() })?;
    parse(text, "the key command's output")
}

fn parse(text: &str, place: &str) -> Result<Key32, KeyFault> {
    let text = text.trim();
    let shape = || KeyFault::Shape { place: place.to_owned() };
    // Sixty-four hex digits are base64 as well; as such they would be 48 bytes, so hex comes first.
    let bytes = if text.len() == 64 && text.bytes().all(|c| c.is_ascii_hexdigit()) {
        Zeroizing::new((0..32).filter_map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()).collect())
    } else {
        Zeroizing::new(STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).map_err(|_| shape())?)
    };
    let mut raw: [u8; 32] = bytes.as_slice().try_into().map_err(|_| shape())?;
    let key = Key32::from_bytes(raw);
    // A key of one repeated byte is a placeholder that somebody forgot to fill in.
    let weak = raw.iter().all(|b| *b == raw[0]);
    raw.zeroize();
    if weak { Err(shape()) } else { Ok(key) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn config(dir: &Path) -> Config {
        Config { data_dir: dir.to_owned(), ..Config::default() }
    }

    #[test]
    fn first_start_makes_a_private_key_file_that_the_next_start_reads() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let key = root_key(&config(&data), false).unwrap();
        let file = data.join("root.key");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(data.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(root_key(&config(&data), true).unwrap().expose(), key.expose());
    }

    #[test]
    fn missing_key_of_an_existing_database_is_refused_and_nothing_is_written() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(root_key(&config(dir.path()), true), Err(KeyFault::Missing { .. })));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn key_file_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        root_key(&config(dir.path()), false).unwrap();
        for mode in [0o640, 0o604, 0o660, 0o620, 0o601] {
            std::fs::set_permissions(dir.path().join("root.key"), Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(root_key(&config(dir.path()), true), Err(KeyFault::Readable { .. })),
                "{mode:o}"
            );
        }
    }

    #[test]
    fn short_empty_or_binary_key_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("root.key");
        for bad in
            [&b""[..], b"AAAA", b"\xff\xfe\x00", &[b'0'; 64], b"not a key at all, but a rather long sentence"]
        {
            std::fs::write(&path, bad).unwrap();
            std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
            assert!(matches!(root_key(&config(dir.path()), true), Err(KeyFault::Shape { .. })), "{bad:?}");
            assert_eq!(std::fs::read(&path).unwrap(), bad);
        }
    }

    #[test]
    fn key_is_read_as_hex_and_as_both_kinds_of_base64() {
        let bytes: [u8; 32] = std::array::from_fn(|i| (i * 37 + 251) as u8);
        let hex: String = bytes.iter().map(|b| format!("{b:02X}")).collect();
        for text in [
            hex,
            STANDARD.encode(bytes),
            URL_SAFE.encode(bytes),
            format!("{}\n", STANDARD.encode(bytes).trim_end_matches('=')),
        ] {
            assert_eq!(parse(&text, "x").unwrap().expose(), &bytes, "{text}");
        }
    }

    #[test]
    fn key_command_is_asked_and_its_failure_reported() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = config(dir.path());
        config.key.command =
            Some("printf %s 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f".to_owned());
        assert_eq!(root_key(&config, true).unwrap().expose()[31], 0x1f);
        config.key.command = Some("exit 3".to_owned());
        assert!(matches!(root_key(&config, true), Err(KeyFault::Command { .. })));
    }
}
