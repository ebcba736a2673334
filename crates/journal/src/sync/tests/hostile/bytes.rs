//! Bytes changed and cut everywhere.
use super::*;

#[test]
fn every_changed_byte_of_a_page_is_refused_or_changes_nothing() {
    let mut scene = scene();
    scene.a.write("a2");
    scene.a.settle(&mut scene.server);
    let (vault, device) = (scene.b.client.vault(), scene.b.client.device());
    let request =
        Request::Items { vault, after: scene.b.client.state_for_tests().cursor, bytes: 1 << 20, device };
    let Answer::Page(page) = scene.server.serve(&request) else { panic!() };
    let body = page.encode().unwrap();
    let kept = seal(&scene.b);
    for at in 0..body.len() {
        let mut bad = body.clone();
        bad[at] ^= 1;
        let Ok(Some(answer)) = request.answer(200, &bad) else { continue };
        let mut client = Client::open(&scene.b.vault, &kept).unwrap();
        client.next(&scene.b.vault, &mut scene.b.rng).unwrap();
        let done = client.handle(&mut scene.b.vault, answer, &mut scene.b.rng);
        // That there is more to ask for, or something else to ask first, costs a question more and no more.
        let is_more = at + 9 >= body.len();
        assert!(is_more || matches!(done, Err(SyncError::Alarm(_))), "byte {at}: {done:?}");
    }
    for cut in 0..body.len() {
        assert!(request.answer(200, &body[..cut]).is_err());
    }
}

#[test]
fn alarms_have_codes_of_their_own() {
    let all = [
        Alarm::RolledBack,
        Alarm::Forked,
        Alarm::Dropped,
        Alarm::Withheld,
        Alarm::Reordered,
        Alarm::Swapped,
        Alarm::Altered,
        Alarm::ForeignVault,
        Alarm::WrongEpoch,
        Alarm::Downgraded,
        Alarm::UnknownDevice,
        Alarm::RemovedDevice,
        Alarm::NotAWriter,
        Alarm::BadSignature,
        Alarm::Replayed,
        Alarm::Truncated,
        Alarm::TooLarge,
        Alarm::BadStatement,
        Alarm::ViewWentBack,
        Alarm::OwnChain,
        Alarm::LockedOut,
        Alarm::OtherKey,
        Alarm::BadSnapshot,
    ];
    let codes: BTreeSet<&str> = all.iter().map(|alarm| alarm.code()).collect();
    assert_eq!(codes.len(), all.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_bytes_make_any_message_panic(bytes: Vec<u8>, is_version_right: bool) {
        use crate::sync::wire::{Compact, Compacted, Found, PostStatement, Push, Receipt, Stored, VaultList};
        let mut bytes = bytes;
        if let Some(first) = bytes.first_mut().filter(|_| is_version_right) {
            *first = 1;
        }
        let _ = (Found::decode(&bytes), VaultList::decode(&bytes), VaultInfo::decode(&bytes));
        let _ = (Push::decode(&bytes), PostStatement::decode(&bytes), Page::decode(&bytes), Item::decode(&bytes));
        let _ = (Compact::decode(&bytes), Compacted::decode(&bytes), Receipt::decode(&bytes));
        let _ = (Stored::decode(&bytes), Refusal::decode(&bytes), TicketCode::parse(&String::from_utf8_lossy(&bytes)));
        let _ = (Head::parse(&bytes), Statement::parse(&bytes));
        prop_assert!(Head::verify(&bytes, &[1; 32]).is_err());
        prop_assert!(Statement::verify(&bytes, &[1; 32]).is_err());
    }
}
