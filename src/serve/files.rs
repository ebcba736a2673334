//! Open files: every connection needs one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept for databases, files and readers.
const OTHERS: u64 = 256;

/// Raises the limit of open files as far as this process may, and tells how many there may be.
pub fn raise_limit() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        // Where it is refused, the old one stays.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    }
    getrlimit(Resource::Nofile).current
}

/// So many connections, or fewer where the files do not suffice.
pub fn affordable(connections: usize) -> usize {
    let Some(files) = getrlimit(Resource::Nofile).current else { return connections };
    let most = usize::try_from(files.saturating_sub(OTHERS).max(files / 2)).unwrap_or(usize::MAX);
    if most < connections {
        tracing::warn!(connections, most, "fewer connections than set: the limit of open files is too low");
    }
    connections.min(most)
}
