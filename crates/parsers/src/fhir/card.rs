//! SMART Health Cards: signed tokens whose payload is a compressed FHIR Bundle
//! (<https://spec.smarthealth.cards>). The signature is not checked: who issued a card is no part of
//! what a record says, and no key is fetched.

use super::json::{Fault, Reader};
use crate::{
    clinical::base64,
    error::{Excess, Flaw, ParseError, Thing},
};
use std::{io::Read, ops::Range};

/// Cards of one file that are read.
pub(crate) const MAX_CARDS: usize = 50;
/// Bytes that one card may inflate to; a card must fit into a QR code, so this is generous.
const MAX_PAYLOAD: u64 = 8 << 20;

fn broken(why: Flaw) -> ParseError {
    ParseError::malformed(Thing::Card, why, None)
}

/// The payload of one token.
pub(crate) fn payload(token: &str) -> Result<String, ParseError> {
    let mut parts = token.split('.');
    let (header, body) = (parts.next(), parts.next());
    let header = header.and_then(base64::decode).ok_or_else(|| broken(Flaw::CardHeader))?;
    let body = body.and_then(base64::decode).ok_or_else(|| broken(Flaw::CardPayload))?;
    let header = String::from_utf8(header).map_err(|_| broken(Flaw::CardHeader))?;
    let header = Reader::new(&header, 0).value(0).map_err(|_| broken(Flaw::CardHeader))?;
    let bytes = if header.get("zip").str() == Some("DEF") { inflate(&body)? } else { body };
    String::from_utf8(bytes).map_err(|_| broken(Flaw::CardPayload))
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, ParseError> {
    let mut out = Vec::new();
    let mut limited = flate2::read::DeflateDecoder::new(bytes).take(MAX_PAYLOAD + 1);
    limited.read_to_end(&mut out).map_err(|_| broken(Flaw::CardPayload))?;
    if out.len() as u64 > MAX_PAYLOAD {
        return Err(ParseError::too_large(Excess::Card, 8));
    }
    Ok(out)
}

/// Where the Bundle lies in a payload: `vc.credentialSubject.fhirBundle`.
pub(crate) fn bundle(payload: &str) -> Result<Range<usize>, ParseError> {
    let mut at = 0;
    let mut range = 0..0;
    for key in ["vc", "credentialSubject", "fhirBundle"] {
        range = member(payload, at, key)
            .map_err(|_| broken(Flaw::CardPayload))?
            .ok_or_else(|| broken(Flaw::CardEmpty))?;
        at = range.start;
    }
    Ok(range)
}

fn member(text: &str, at: usize, name: &str) -> Result<Option<Range<usize>>, Fault> {
    let mut found = None;
    Reader::new(text, at).members(|r, key| {
        let range = r.skip(1)?;
        if key == name {
            found = Some(range);
        }
        Ok(())
    })?;
    Ok(found)
}
