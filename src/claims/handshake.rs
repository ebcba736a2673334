//! The first message of a TLS handshake (RFC 8446 §4.1.2), sent to this instance's own port to see
//! which versions it agrees to. Nothing more of TLS is needed for that, so none of it is used: a
//! library that could not speak an old version could not show that it is refused.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Time for an answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The extension in which a server names TLS 1.3: type 43, two bytes, 0x0304.
const CHOSE_1_3: [u8; 6] = [0, 43, 0, 2, 3, 4];

/// A version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// TLS 1.2 and nothing newer.
    Tls12,
    /// TLS 1.3 and nothing older.
    Tls13,
}

/// Whether the server at this address agrees to a version; `None` when it cannot be reached.
pub async fn agrees(address: SocketAddr, version: Version) -> Option<bool> {
    let mut random = [0u8; 64];
    getrandom::fill(&mut random).ok()?;
    let mut answer = Vec::with_capacity(1024);
    let talk = async {
        let mut stream = TcpStream::connect(address).await.ok()?;
        stream.write_all(&hello(version, &random)).await.ok()?;
        // A server hello is far shorter; a refusal closes the line.
        while answer.len() < 512 {
            match stream.read_buf(&mut answer).await {
                Ok(0) | Err(_) => break,
                Ok(_) if !is_hello(&answer) => break,
                Ok(_) => {}
            }
        }
        Some(())
    };
    tokio::time::timeout(PATIENCE, talk).await.ok()??;
    let chose = answer.windows(CHOSE_1_3.len()).any(|w| w == CHOSE_1_3);
    Some(is_hello(&answer) && (version == Version::Tls12 || chose))
}

/// A record of type handshake that holds a server hello.
fn is_hello(answer: &[u8]) -> bool {
    answer.first() == Some(&22) && answer.get(5).is_none_or(|kind| *kind == 2)
}

fn hello(version: Version, random: &[u8; 64]) -> Vec<u8> {
    let ciphers: &[u8] = match version {
        Version::Tls13 => &[0x13, 0x01, 0x13, 0x02, 0x13, 0x03],
        Version::Tls12 => &[0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30, 0xcc, 0xa9, 0xcc, 0xa8],
    };
    let mut extensions = Vec::new();
    // Groups x25519, P-256, P-384; the usual signature schemes; uncompressed points.
    extension(&mut extensions, 10, &[0, 6, 0, 29, 0, 23, 0, 24]);
    extension(&mut extensions, 13, &[0, 14, 4, 3, 8, 4, 8, 5, 8, 6, 8, 7, 4, 1, 5, 1]);
    extension(&mut extensions, 11, &[1, 0]);
    if version == Version::Tls13 {
        extension(&mut extensions, 43, &[2, 3, 4]);
        // Any 32 bytes are a point of x25519.
        let mut share = vec![0, 36, 0, 29, 0, 32];
        share.extend_from_slice(&random[32..]);
        extension(&mut extensions, 51, &share);
    }
    let mut body = vec![3, 3];
    body.extend_from_slice(&random[..32]);
    body.push(0);
    counted(&mut body, ciphers);
    body.extend_from_slice(&[1, 0]);
    counted(&mut body, &extensions);

    let mut message = vec![1, 0];
    counted(&mut message, &body);
    let mut record = vec![22, 3, 1];
    counted(&mut record, &message);
    record
}

fn extension(out: &mut Vec<u8>, kind: u16, content: &[u8]) {
    out.extend_from_slice(&kind.to_be_bytes());
    counted(out, content);
}

/// Two bytes of length, then the content, which is always short.
fn counted(out: &mut Vec<u8>, content: &[u8]) {
    let len = u16::try_from(content.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(content);
}
