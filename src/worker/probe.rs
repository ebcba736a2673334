//! Harmless attempts to break out, for `doctor` and the tests: each must end the process.

use std::{fs::File, io, net::UdpSocket, process::Command};

/// What a locked-in reader is to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Probe {
    /// Open a file that everybody may read.
    Open,
    /// Make a socket.
    Socket,
    /// Start a process.
    Fork,
    /// Take more memory than allowed.
    Memory,
    /// Compute without end.
    Spin,
    /// Abort.
    Crash,
    /// Fall silent.
    Silence,
}

impl Probe {
    /// Its name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Socket => "socket",
            Self::Fork => "fork",
            Self::Memory => "memory",
            Self::Spin => "spin",
            Self::Crash => "crash",
            Self::Silence => "silence",
        }
    }

    pub(super) fn attempt(self) -> io::Result<()> {
        match self {
            Self::Open => File::open("/etc/hostname").map(drop),
            Self::Socket => UdpSocket::bind("127.0.0.1:0").map(drop),
            Self::Fork => Command::new("/bin/true").spawn().map(drop),
            Self::Memory => {
                let mut held: Vec<Vec<u8>> = Vec::new();
                loop {
                    held.push(vec![1; 16 << 20]);
                }
            }
            Self::Spin => loop {
                std::hint::spin_loop();
            },
            Self::Crash => std::process::abort(),
            Self::Silence => {
                // Waits for a frame that never comes, for as long as the pipe is open.
                rustix::io::read(rustix::stdio::stdin(), &mut [0u8; 1])?;
                Ok(())
            }
        }
    }
}
