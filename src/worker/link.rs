//! Descriptors 0 and 1 without any buffer of the standard library between.

use crate::sandbox::protocol::{self, Kind};
use rustix::stdio::{stdin, stdout};
use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, Read, Write};

/// Both pipes.
pub struct Link;

struct In;
struct Out;

impl Read for In {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(stdin(), buf)?)
    }
}
impl Write for Out {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(stdout(), buf)?)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Link {
    pub fn new() -> Self {
        Self
    }
    /// Sends a frame.
    pub fn say<T: Serialize>(&mut self, kind: Kind, value: &T) -> io::Result<()> {
        self.send(&protocol::frame(kind, value)?)
    }
    /// Sends bytes that are a frame already.
    pub fn send(&mut self, frame: &[u8]) -> io::Result<()> {
        Out.write_all(frame)
    }
    /// Waits for a frame of that kind.
    pub fn hear<T: DeserializeOwned>(&mut self, kind: Kind) -> io::Result<T> {
        match self.header()? {
            (got, len) if got == kind => {
                let mut payload = vec![0; len];
                In.read_exact(&mut payload)?;
                protocol::decode(&payload)
            }
            _ => Err(protocol::bad()),
        }
    }
    /// The next frame's header.
    pub fn header(&mut self) -> io::Result<(Kind, usize)> {
        protocol::read_header(&mut In)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
    /// The next bytes of a payload.
    pub fn payload(&mut self, buf: &mut [u8]) -> io::Result<()> {
        In.read_exact(buf)
    }
}
