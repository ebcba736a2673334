//! Proves on this very machine that a reader cannot get out.

use super::{Sandbox, protocol};
use crate::worker::Probe;
use std::{io::BufReader, os::unix::process::ExitStatusExt, process::ChildStdout};

/// What the self-test found.
#[derive(Debug, Clone)]
pub struct SelfTest {
    /// Attempts that were not stopped, by name; empty when all is well.
    pub escapes: Vec<&'static str>,
    /// Whether landlock is enforced beside seccomp.
    pub landlock: bool,
}

/// Lets readers try to open a file, a socket and a process, and sees them die of it.
///
/// # Errors
/// When a reader cannot be started at all.
pub fn self_test(sandbox: &Sandbox) -> std::io::Result<SelfTest> {
    let mut found = SelfTest { escapes: Vec::new(), landlock: false };
    for (probe, name) in
        [(Probe::Open, "open a file"), (Probe::Socket, "open a socket"), (Probe::Fork, "start a process")]
    {
        let mut child = sandbox.command().arg("--probe").arg(probe.as_str()).spawn()?;
        drop(child.stdin.take());
        found.landlock |= child.stdout.take().is_some_and(says_landlock);
        if child.wait()?.signal() != Some(libc::SIGSYS) {
            found.escapes.push(name);
        }
    }
    Ok(found)
}

fn says_landlock(stdout: ChildStdout) -> bool {
    let mut from = BufReader::new(stdout);
    let Ok(Some((protocol::Kind::Ready, len))) = protocol::read_header(&mut from) else { return false };
    let mut payload = vec![0; len];
    std::io::Read::read_exact(&mut from, &mut payload).is_ok()
        && protocol::decode::<protocol::Ready>(&payload).is_ok_and(|r| r.landlock)
}
