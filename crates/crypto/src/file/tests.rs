#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::{DataKey, testing};
use keepwell_domain::ids::DocumentId;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const CHUNK: usize = 1 << 16;

fn key(n: u128) -> FileKey {
    FileKey(Key32::from_bytes(core::array::from_fn(|i| {
        u8::try_from(n % 251).unwrap() ^ u8::try_from(i).unwrap()
    })))
}

fn text(len: usize) -> Vec<u8> {
    (0..len).map(|i| u8::try_from((i * 7 + i / 256) % 256).unwrap()).collect()
}

fn seal(key: &FileKey, aad: &[u8], plain: &[u8], piece: usize) -> Vec<u8> {
    let (mut sealer, header) = FileSealer::with_chunk_size(key, aad, ChunkSize::SMALLEST).unwrap();
    let mut out = header.to_vec();
    for part in plain.chunks(piece) {
        sealer.push(part, &mut out).unwrap();
    }
    sealer.finish(&mut out).unwrap();
    out
}

fn open(key: &FileKey, aad: &[u8], file: &[u8]) -> Result<Vec<u8>> {
    let header = file.get(..HEADER_LEN).ok_or(Error::Malformed)?;
    let opener = FileOpener::new(key, aad, header, file.len() as u64)?;
    let mut out = Vec::new();
    for span in opener.chunks() {
        let from = usize::try_from(span.sealed_offset).unwrap();
        let mut sealed = file[from..from + span.sealed_len].to_vec();
        out.extend_from_slice(opener.open_chunk(span.index, span.is_last, &mut sealed)?);
    }
    assert_eq!(out.len() as u64, opener.plaintext_len());
    Ok(out)
}

/// Sealed bytes of chunk `i` in a file of [`CHUNK`]-sized chunks.
fn chunk_range(file: &[u8], i: usize) -> std::ops::Range<usize> {
    let from = HEADER_LEN + i * (CHUNK + CHUNK_OVERHEAD);
    from..file.len().min(from + CHUNK + CHUNK_OVERHEAD)
}

#[test]
fn file_of_every_size_around_the_chunk_opens_again() {
    for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5, 3 * CHUNK] {
        for piece in [1 << 12, CHUNK, CHUNK + 1, 5 * CHUNK] {
            let file = seal(&key(1), b"id", &text(len), piece);
            let chunks = len.div_ceil(CHUNK).max(1);
            assert_eq!(file.len(), HEADER_LEN + len + chunks * CHUNK_OVERHEAD, "{len} by {piece}");
            assert_eq!(open(&key(1), b"id", &file).unwrap(), text(len), "{len} by {piece}");
        }
    }
}

#[test]
fn empty_file_is_one_empty_last_chunk_and_cannot_vanish() {
    let file = seal(&key(1), b"id", b"", 1);
    assert_eq!(file.len(), HEADER_LEN + CHUNK_OVERHEAD);
    assert_eq!(open(&key(1), b"id", &file).unwrap(), b"");
    assert_eq!(open(&key(1), b"id", &file[..HEADER_LEN]), Err(Error::Malformed));
}

#[test]
fn file_cut_at_a_chunk_boundary_is_refused() {
    let file = seal(&key(1), b"id", &text(3 * CHUNK), CHUNK);
    for chunks in 1..3 {
        let cut = &file[..HEADER_LEN + chunks * (CHUNK + CHUNK_OVERHEAD)];
        assert_eq!(open(&key(1), b"id", cut), Err(Error::Refused));
    }
    assert_eq!(open(&key(1), b"id", &file[..HEADER_LEN]), Err(Error::Malformed));
}

#[test]
fn bytes_after_the_end_are_refused() {
    let mut file = seal(&key(1), b"id", &text(2 * CHUNK), CHUNK);
    let chunk = file[chunk_range(&file, 1)].to_vec();
    file.extend_from_slice(&chunk);
    assert_eq!(open(&key(1), b"id", &file), Err(Error::Refused));
}

#[test]
fn swapped_repeated_and_dropped_chunks_are_refused() {
    let file = seal(&key(1), b"id", &text(4 * CHUNK), CHUNK);
    let (a, b) = (chunk_range(&file, 0), chunk_range(&file, 1));
    let mut swapped = file.clone();
    swapped[a.clone()].copy_from_slice(&file[b.clone()]);
    swapped[b.clone()].copy_from_slice(&file[a.clone()]);
    let mut repeated = file.clone();
    repeated[b.clone()].copy_from_slice(&file[a.clone()]);
    let mut dropped = file.clone();
    dropped.drain(b);
    for bad in [swapped, repeated, dropped] {
        assert_eq!(open(&key(1), b"id", &bad), Err(Error::Refused));
    }
}

#[test]
fn chunk_of_another_file_of_the_same_key_is_refused() {
    let file = seal(&key(1), b"id", &text(2 * CHUNK), CHUNK);
    let other = seal(&key(1), b"id", &text(2 * CHUNK), CHUNK);
    for i in 0..2 {
        let mut mixed = file.clone();
        mixed[chunk_range(&file, i)].copy_from_slice(&other[chunk_range(&other, i)]);
        assert_eq!(open(&key(1), b"id", &mixed), Err(Error::Refused));
    }
}

#[test]
fn other_key_identity_or_header_is_refused() {
    let file = seal(&key(1), b"id", &text(100), 100);
    assert_eq!(open(&key(2), b"id", &file), Err(Error::Refused));
    assert_eq!(open(&key(1), b"ie", &file), Err(Error::Refused));
    assert_eq!(open(&key(1), b"", &file), Err(Error::Refused));
    for at in 0..HEADER_LEN {
        let mut bad = file.clone();
        bad[at] ^= 1;
        let expected = match at {
            0 => Error::UnknownVersion,
            1..=4 => Error::Malformed,
            _ => Error::Refused,
        };
        assert_eq!(open(&key(1), b"id", &bad), Err(expected), "header byte {at}");
    }
}

#[test]
fn chunk_sizes_outside_the_bounds_are_refused_without_allocating() {
    let file = seal(&key(1), b"id", b"x", 1);
    for log2 in [0, 15, 21, 63, 64, 255] {
        let mut bad = file.clone();
        bad[5] = log2;
        assert_eq!(open(&key(1), b"id", &bad), Err(Error::Malformed));
    }
}

#[test]
fn impossible_lengths_are_refused() {
    let (_, header) = FileSealer::with_chunk_size(&key(1), b"", ChunkSize::SMALLEST).unwrap();
    let full = (CHUNK + CHUNK_OVERHEAD) as u64;
    let head = HEADER_LEN as u64;
    for len in [0, head - 1, head, head + 27, head + full + 27, head + full * (1 << 32) + 28, u64::MAX] {
        assert_eq!(FileOpener::new(&key(1), b"", &header, len).err(), Some(Error::Malformed), "{len}");
    }
    let most = FileOpener::new(&key(1), b"", &header, head + full * (1 << 32)).unwrap();
    assert_eq!(most.last_chunk().unwrap().index, u32::MAX);
    assert_eq!(most.plaintext_len(), (CHUNK as u64) << 32);
}

#[test]
fn any_byte_is_found_in_its_chunk() {
    let plain = text(3 * CHUNK + 9);
    let file = seal(&key(1), b"id", &plain, CHUNK);
    let opener = FileOpener::new(&key(1), b"id", &file[..HEADER_LEN], file.len() as u64).unwrap();
    for at in [0, 1, CHUNK - 1, CHUNK, 2 * CHUNK + 77, 3 * CHUNK, plain.len() - 1] {
        let span = opener.chunk_for(at as u64).unwrap();
        let from = usize::try_from(span.sealed_offset).unwrap();
        let mut sealed = file[from..from + span.sealed_len].to_vec();
        let opened = opener.open_chunk(span.index, span.is_last, &mut sealed).unwrap();
        assert_eq!(opened.len(), span.plain_len);
        assert_eq!(opened[at - usize::try_from(span.plain_offset).unwrap()], plain[at]);
    }
    assert_eq!(opener.chunk_for(plain.len() as u64), None);
    assert_eq!(opener.chunk(4), None);
    assert_eq!(opener.last_chunk().unwrap().plain_len, 9);
}

#[test]
fn chunk_call_that_does_not_fit_is_refused_before_opening() {
    let file = seal(&key(1), b"id", &text(CHUNK + 9), CHUNK);
    let opener = FileOpener::new(&key(1), b"id", &file[..HEADER_LEN], file.len() as u64).unwrap();
    let mut first = file[chunk_range(&file, 0)].to_vec();
    assert_eq!(opener.open_chunk(0, true, &mut first), Err(Error::Chunk));
    assert_eq!(opener.open_chunk(2, false, &mut first), Err(Error::Chunk));
    assert_eq!(opener.open_chunk(0, false, &mut first[1..]), Err(Error::Chunk));
    assert_eq!(opener.open_chunk(0, false, &mut []), Err(Error::Chunk));
    assert!(opener.open_chunk(0, false, &mut first).is_ok());
}

#[test]
fn refused_chunk_leaves_no_plaintext_behind() {
    let file = seal(&key(1), b"id", &text(CHUNK), CHUNK);
    let opener = FileOpener::new(&key(1), b"id", &file[..HEADER_LEN], file.len() as u64).unwrap();
    let mut bad = file[HEADER_LEN..].to_vec();
    *bad.last_mut().unwrap() ^= 1;
    assert_eq!(opener.open_chunk(0, true, &mut bad), Err(Error::Refused));
    assert!(bad[CHUNK_HEAD..].iter().all(|b| *b == 0));
}

#[test]
fn upload_goes_on_after_a_restart_at_a_chunk_boundary() {
    let plain = text(4 * CHUNK + 1234);
    let (mut sealer, header) = FileSealer::with_chunk_size(&key(1), b"id", ChunkSize::SMALLEST).unwrap();
    let mut disk = header.to_vec();
    sealer.push(&plain[..3 * CHUNK + 50], &mut disk).unwrap();
    drop(sealer);
    // The last write reached the disk in part.
    disk.truncate(disk.len() - 1000);
    let (chunks, keep, offset) = FileSealer::whole_chunks(&disk[..HEADER_LEN], disk.len() as u64).unwrap();
    assert_eq!((chunks, offset), (2, 2 * CHUNK as u64));
    disk.truncate(usize::try_from(keep).unwrap());
    let mut sealer = FileSealer::resume(&key(1), b"id", &disk[..HEADER_LEN], chunks).unwrap();
    sealer.push(&plain[usize::try_from(offset).unwrap()..], &mut disk).unwrap();
    sealer.finish(&mut disk).unwrap();
    assert_eq!(open(&key(1), b"id", &disk).unwrap(), plain);
}

#[test]
fn upload_cut_off_exactly_after_its_last_byte_can_still_be_finished() {
    let (mut sealer, header) = FileSealer::with_chunk_size(&key(1), b"id", ChunkSize::SMALLEST).unwrap();
    let mut disk = header.to_vec();
    sealer.push(&text(CHUNK + 1), &mut disk).unwrap();
    let sealer = FileSealer::resume(&key(1), b"id", &header, 1).unwrap();
    sealer.finish(&mut disk).unwrap();
    assert_eq!(open(&key(1), b"id", &disk).unwrap(), text(CHUNK));
}

/// Two sealings of the same index with other bytes (a resumed upload) must not share a key stream:
/// with plain STREAM nonces the XOR of the ciphertexts would be the XOR of the texts.
#[test]
fn chunk_sealed_again_after_a_resume_shares_no_key_stream() {
    let (_, header) = FileSealer::with_chunk_size(&key(1), b"id", ChunkSize::SMALLEST).unwrap();
    let sealed = |byte: u8| {
        let mut out = Vec::new();
        let mut sealer = FileSealer::resume(&key(1), b"id", &header, 0).unwrap();
        sealer.push(&[byte; CHUNK + 1], &mut out).unwrap();
        out
    };
    let (a, b) = (sealed(0), sealed(1));
    let equal = a.iter().zip(&b).skip(CHUNK_HEAD).filter(|(a, b)| *a ^ *b == 1).count();
    assert!(equal < CHUNK / 64, "{equal} of {CHUNK} positions show the XOR of the texts");
}

#[test]
fn whole_chunks_are_sealed_in_place_and_mixing_with_push_is_refused() {
    let plain = text(CHUNK + 3);
    let (mut sealer, header) = FileSealer::with_chunk_size(&key(1), b"id", ChunkSize::SMALLEST).unwrap();
    let mut file = header.to_vec();
    for (part, is_last) in [(&plain[..CHUNK], false), (&plain[CHUNK..], true)] {
        let mut frame = vec![0; CHUNK_HEAD];
        frame.extend_from_slice(part);
        frame.extend_from_slice(&[0; OVERHEAD]);
        assert_eq!(sealer.seal_chunk_in_place(&mut frame[1..], false), Err(Error::Chunk));
        sealer.seal_chunk_in_place(&mut frame, is_last).unwrap();
        file.extend_from_slice(&frame);
    }
    assert_eq!(open(&key(1), b"id", &file).unwrap(), plain);
    let mut after_the_end = vec![0; CHUNK_OVERHEAD];
    assert_eq!(sealer.seal_chunk_in_place(&mut after_the_end, true), Err(Error::TooLong));

    let (mut sealer, _) = FileSealer::with_chunk_size(&key(1), b"id", ChunkSize::SMALLEST).unwrap();
    sealer.push(b"pending", &mut Vec::new()).unwrap();
    assert_eq!(sealer.seal_chunk_in_place(&mut [0; CHUNK_OVERHEAD], true), Err(Error::Chunk));
}

#[test]
fn sealer_out_of_chunk_numbers_stops_and_leaves_no_plaintext() {
    let (_, header) = FileSealer::with_chunk_size(&key(1), b"id", ChunkSize::SMALLEST).unwrap();
    let mut sealer = FileSealer::resume(&key(1), b"id", &header, u32::MAX).unwrap();
    let mut out = Vec::new();
    sealer.push(&text(CHUNK), &mut out).unwrap();
    assert!(out.is_empty());
    assert_eq!(sealer.push(&text(2 * CHUNK), &mut out), Err(Error::TooLong));
    assert_eq!(out.len(), CHUNK + CHUNK_OVERHEAD);
}

#[test]
fn sealer_may_move_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<FileSealer>();
    is_send::<FileOpener>();
}

#[test]
fn two_chunk_file_matches_the_independent_implementation() {
    let v: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/vectors/format_v1.json")).unwrap();
    let root = crate::RootKey::new(
        Key32::try_from_slice(&testing::bytes(&v["root"])).unwrap(),
        Uuid::from_slice(&testing::bytes(&v["instance"])).unwrap().into(),
    );
    let profile =
        keepwell_domain::ids::ProfileId::new(Uuid::from_slice(&testing::bytes(&v["profile"])).unwrap());
    let wrapped = keepwell_domain::sealed::Sealed::from_bytes(testing::bytes(&v["wrapped_data_key"]));
    let data = DataKey::unwrap(&root, profile, &wrapped).unwrap();
    let key = data.file(DocumentId::new(Uuid::from_slice(&testing::bytes(&v["document"])).unwrap())).unwrap();
    let file = &v["two_chunk_file"];
    let plain = text(usize::try_from(file["plain_len"].as_u64().unwrap()).unwrap());
    let header = testing::bytes(&file["header"]);
    let stream = Stream::new(&key, b"file identity", &Header::parse(&header).unwrap()).unwrap();
    let random = testing::bytes(&file["first_random"]).try_into().unwrap();
    let mut first = plain[..CHUNK].to_vec();
    let tag = stream.key.seal_in_place(&stream.nonce(random, 0, false), &stream.aad, &mut first).unwrap();
    assert_eq!(tag.to_vec(), testing::bytes(&file["first_tag"]));
    let whole = [&header[..], &random, &first, &tag, &testing::bytes(&file["last_chunk"])].concat();
    assert_eq!(
        testing::hex(&Sha256::digest(&whole[chunk_range(&whole, 0)])),
        file["first_sha256"].as_str().unwrap()
    );
    assert_eq!(open(&key, b"file identity", &whole).unwrap(), plain);
    assert_eq!(open(&key, b"file identity", &testing::bytes(&v["empty_file"])).unwrap(), b"");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pieces_of_any_size_give_the_same_file(
        len in 0usize..3 * CHUNK + 50, cuts in proptest::collection::vec(1usize..2 * CHUNK, 1..8),
    ) {
        let plain = text(len);
        let (mut sealer, header) = FileSealer::with_chunk_size(&key(1), b"id", ChunkSize::SMALLEST).unwrap();
        let mut file = header.to_vec();
        let mut rest = &plain[..];
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break; }
            let (now, later) = rest.split_at(rest.len().min(*cut));
            sealer.push(now, &mut file).unwrap();
            rest = later;
        }
        sealer.finish(&mut file).unwrap();
        prop_assert_eq!(open(&key(1), b"id", &file).unwrap(), plain);
    }

    #[test]
    fn one_flipped_bit_anywhere_is_refused(len in 0usize..2 * CHUNK, at: prop::sample::Index, bit in 0u8..8) {
        let mut file = seal(&key(1), b"id", &text(len), CHUNK);
        let at = at.index(file.len());
        file[at] ^= 1 << bit;
        prop_assert!(open(&key(1), b"id", &file).is_err());
    }

    #[test]
    fn file_cut_anywhere_is_refused(len in 0usize..2 * CHUNK + 99, at: prop::sample::Index) {
        let file = seal(&key(1), b"id", &text(len), CHUNK);
        prop_assert!(open(&key(1), b"id", &file[..at.index(file.len())]).is_err());
    }
}
