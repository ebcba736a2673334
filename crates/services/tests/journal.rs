//! The server's side of the journal, on both engines: order, chains, space, sharing, deletion, and what is logged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../../tests/support/journal.rs"]
mod device;
mod support;

use device::{Carrier, Device, info};
use keepwell_domain::{access::LogQuery, act::Action, setting::Setting};
use keepwell_journal::{
    sync::{
        Answer, Event, Request, Role,
        wire::{Compact, Cover, Found, PostStatement, Push, Pushed, Refusal, SnapshotRef, Stored},
    },
    vault::{DeviceId, Epoch, VaultId},
};
use keepwell_services::{
    Actor, ServiceError,
    journal::{JournalError, JournalResult},
    settings::SettingsBase,
};
use keepwell_store::{
    Store,
    testing::{dump, for_each_engine},
};
use sha2::{Digest, Sha256};
use support::{PASSWORD, Test};

const VAULT: VaultId = VaultId::from_bytes([7; 16]);
const DEVICE: DeviceId = DeviceId::from_bytes([1; 16]);
const MIB: usize = 1 << 20;

/// An instance on which an account has one megabyte.
async fn small(store: Store) -> (Test, Actor, Actor) {
    let mut rules = SettingsBase::default();
    rules.values.set(Setting::JournalSpace, "1").unwrap();
    let t = Test::with_rules(store, rules).await;
    let (owner, stranger) = (t.person("owner@example.org").await, t.person("stranger@example.org").await);
    (t, owner, stranger)
}

async fn begin(t: &Test, actor: &Actor, vault: VaultId) -> JournalResult<u64> {
    t.services.journal_found(actor, &Found { vault, statement: vec![1; 100] }).await
}

/// Objects `from` to `to` of a chain in which each head's hash is its number.
fn push(device: DeviceId, statement: u32, from: u8, to: u8, size: usize) -> Push {
    let one = |seq: u8| Pushed {
        seq: seq.into(),
        epoch: Epoch::FIRST,
        previous: [seq - 1; 32],
        hash: [seq; 32],
        head: vec![2; 100],
        object: vec![3; size],
    };
    Push { device, statement, objects: (from..=to).map(one).collect() }
}

fn refused<T: std::fmt::Debug>(done: JournalResult<T>, as_what: Refusal) {
    assert!(matches!(&done, Err(JournalError::Refused(r)) if *r == as_what), "{done:?} is not {as_what:?}");
}

fn forbidden<T: std::fmt::Debug>(done: JournalResult<T>) {
    assert!(matches!(done, Err(JournalError::Service(ServiceError::Forbidden))), "{done:?}");
}

#[tokio::test]
async fn push_goes_on_from_the_kept_head_or_is_refused() {
    for_each_engine(async |store| {
        let (t, owner, _) = small(store).await;
        assert_eq!(begin(&t, &owner, VAULT).await.unwrap(), 1);
        let send = async |p: Push| t.services.journal_push(&owner, VAULT, &p).await;
        refused(send(push(DEVICE, 0, 2, 2, 1024)).await, Refusal::ChainMoved);
        assert_eq!(send(push(DEVICE, 0, 1, 2, 1024)).await.unwrap(), 3);
        // The answer was lost: the same push again stores nothing.
        assert_eq!(send(push(DEVICE, 0, 1, 2, 1024)).await.unwrap(), 3);
        refused(send(push(DEVICE, 0, 2, 3, 1024)).await, Refusal::ChainMoved);
        let mut forked = push(DEVICE, 0, 3, 3, 1024);
        forked.objects[0].previous = [9; 32];
        refused(send(forked).await, Refusal::ChainMoved);
        refused(send(push(DEVICE, 1, 3, 3, 1024)).await, Refusal::VaultMoved);
        let mut gap = push(DEVICE, 0, 3, 5, 1024);
        gap.objects.remove(1);
        refused(send(gap).await, Refusal::Malformed);
        refused(send(push(DEVICE, 0, 3, 3, 1023)).await, Refusal::Malformed);
        refused(send(Push { device: DEVICE, statement: 0, objects: Vec::new() }).await, Refusal::Malformed);
        assert_eq!(send(push(DEVICE, 0, 3, 3, 1024)).await.unwrap(), 4);
        let page = t.services.journal_page(&owner, VAULT, 0, None, None).await.unwrap();
        assert_eq!((page.items.len(), page.cursor, page.is_end), (4, 4, true));
    })
    .await;
}

#[tokio::test]
async fn statement_is_taken_from_whoever_has_seen_everything() {
    for_each_engine(async |store| {
        let (t, owner, _) = small(store).await;
        begin(&t, &owner, VAULT).await.unwrap();
        let post = |after, number| PostStatement { after, number, statement: vec![4; 50] };
        let say = async |p: PostStatement| t.services.journal_state(&owner, VAULT, &p).await;
        refused(say(post(0, 1)).await, Refusal::VaultMoved);
        refused(say(post(1, 2)).await, Refusal::VaultMoved);
        assert_eq!(say(post(1, 1)).await.unwrap(), 2);
        refused(say(post(1, 2)).await, Refusal::VaultMoved);
        let info = t.services.journal_info(&owner, VAULT).await.unwrap();
        assert_eq!((info.statements.len(), info.last, info.used, info.quota), (2, 2, 150, MIB as u64));
    })
    .await;
}

#[tokio::test]
async fn space_is_full_at_its_edge_and_not_before() {
    for_each_engine(async |store| {
        let (t, owner, _) = small(store).await;
        begin(&t, &owner, VAULT).await.unwrap();
        let send = async |p: Push| t.services.journal_push(&owner, VAULT, &p).await;
        refused(send(push(DEVICE, 0, 1, 1, MIB - 199)).await, Refusal::QuotaFull);
        assert_eq!(t.services.journal_page(&owner, VAULT, 0, None, None).await.unwrap().items.len(), 1);
        assert_eq!(send(push(DEVICE, 0, 1, 1, MIB - 200)).await.unwrap(), 2);
        refused(send(push(DEVICE, 0, 2, 2, 1024)).await, Refusal::QuotaFull);
        // All vaults of an account share its space.
        refused(begin(&t, &owner, VaultId::from_bytes([8; 16])).await, Refusal::QuotaFull);
        let gone = t.services.journal_delete(&owner, VAULT).await.unwrap();
        assert_eq!((gone.items, gone.bytes), (2, MIB as u64));
        // The receipt names its entry in the log.
        let log = t.services.access_log_proven(&owner, &LogQuery::default()).await.unwrap();
        let leaf = |proven: &keepwell_services::audit::Proven| {
            Sha256::digest([&[0][..], &proven.leaf].concat()).as_slice() == gone.audit_leaf
        };
        assert!(log.proofs.iter().any(leaf), "the leaf is in the log");
        begin(&t, &owner, VaultId::from_bytes([8; 16])).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn pages_end_where_they_were_asked_to_and_own_objects_come_empty() {
    for_each_engine(async |store| {
        let (t, owner, _) = small(store).await;
        begin(&t, &owner, VAULT).await.unwrap();
        t.services.journal_push(&owner, VAULT, &push(DEVICE, 0, 1, 5, 1024)).await.unwrap();
        let page = async |after, bytes, device| {
            t.services.journal_page(&owner, VAULT, after, Some(bytes), device).await.unwrap()
        };
        let first = page(0, 2 * 1124 + 100, None).await;
        assert_eq!((first.items.len(), first.cursor, first.is_end), (3, 3, false));
        let rest = page(3, MIB, None).await;
        assert_eq!((rest.items.len(), rest.cursor, rest.is_end), (3, 6, true));
        assert_eq!(page(6, 1, None).await.cursor, 6);
        assert_eq!(page(u64::MAX, 1, None).await.items.len(), 0);
        assert_eq!(page(1, 1, None).await.items.len(), 1, "at least one");
        assert_eq!(page(0, 600, Some(DEVICE)).await.items.len(), 6, "heads alone");
    })
    .await;
}

#[tokio::test]
async fn snapshot_takes_the_place_of_what_it_covers() {
    for_each_engine(async |store| {
        let (t, owner, _) = small(store).await;
        begin(&t, &owner, VAULT).await.unwrap();
        let other = DeviceId::from_bytes([2; 16]);
        t.services.journal_push(&owner, VAULT, &push(other, 0, 1, 3, 1024)).await.unwrap();
        t.services.journal_push(&owner, VAULT, &push(DEVICE, 0, 1, 4, 1024)).await.unwrap();
        let compact = |first, parts, covers: &[(DeviceId, u64)]| Compact {
            snapshot: SnapshotRef { device: DEVICE, first, parts },
            covers: covers.iter().map(|(device, seq)| Cover { device: *device, seq: *seq }).collect(),
        };
        let put = async |c: Compact| t.services.journal_compact(&owner, VAULT, &c).await;
        refused(put(compact(4, 2, &[])).await, Refusal::Missing);
        refused(put(compact(u64::MAX, 2, &[])).await, Refusal::Missing);
        refused(put(compact(1, 0, &[])).await, Refusal::Malformed);
        let done = put(compact(3, 2, &[(DEVICE, 9), (other, 2)])).await.unwrap();
        assert_eq!((done.objects, done.bytes), (4, 4 * 1124));
        assert_eq!(put(compact(3, 2, &[(other, 3)])).await.unwrap().objects, 0, "the one in force");
        let info = t.services.journal_info(&owner, VAULT).await.unwrap();
        assert_eq!((info.floor, info.used), (6, 100 + 3 * 1124));
        assert_eq!(info.snapshot, Some(SnapshotRef { device: DEVICE, first: 3, parts: 2 }));
        refused(t.services.journal_object(&owner, VAULT, other, 2).await, Refusal::Missing);
        t.services.journal_object(&owner, VAULT, other, 3).await.unwrap();
        // Chains go on from where they stood.
        t.services.journal_push(&owner, VAULT, &push(other, 0, 4, 4, 1024)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn anothers_vault_and_none_at_all_look_the_same() {
    for_each_engine(async |store| {
        let (t, owner, stranger) = small(store).await;
        begin(&t, &owner, VAULT).await.unwrap();
        for vault in [VAULT, VaultId::from_bytes([9; 16])] {
            let (s, at) = (&t.services, &stranger);
            refused(s.journal_info(at, vault).await, Refusal::Missing);
            refused(s.journal_page(at, vault, 0, None, None).await, Refusal::Missing);
            refused(s.journal_object(at, vault, DEVICE, 1).await, Refusal::Missing);
            refused(s.journal_push(at, vault, &push(DEVICE, 0, 1, 1, 1024)).await, Refusal::Missing);
            let post = PostStatement { after: 1, number: 1, statement: vec![1] };
            refused(s.journal_state(at, vault, &post).await, Refusal::Missing);
            let snapshot = SnapshotRef { device: DEVICE, first: 1, parts: 1 };
            refused(
                s.journal_compact(at, vault, &Compact { snapshot, covers: vec![] }).await,
                Refusal::Missing,
            );
            refused(s.journal_delete(at, vault).await, Refusal::Missing);
            refused(s.journal_invite(at, vault, true).await, Refusal::Missing);
            refused(s.journal_members(at, vault).await, Refusal::Missing);
            assert!(matches!(
                s.journal_events(at, vault).await.err(),
                Some(JournalError::Refused(Refusal::Missing))
            ));
        }
        refused(begin(&t, &stranger, VAULT).await, Refusal::Exists);
        assert!(t.services.journal_vaults(&stranger).await.unwrap().vaults.is_empty());
        t.services.journal_delete(&owner, VAULT).await.unwrap();
        refused(begin(&t, &stranger, VAULT).await, Refusal::Exists);
        refused(begin(&t, &owner, VAULT).await, Refusal::Exists);
    })
    .await;
}

#[tokio::test]
async fn one_vault_too_many_is_refused() {
    for_each_engine(async |store| {
        let (t, owner, _) = small(store).await;
        for n in 1..=16 {
            begin(&t, &owner, VaultId::from_bytes([n; 16])).await.unwrap();
        }
        refused(begin(&t, &owner, VaultId::from_bytes([17; 16])).await, Refusal::TooLarge);
        assert_eq!(t.services.journal_vaults(&owner).await.unwrap().vaults.len(), 16);
    })
    .await;
}

#[tokio::test]
async fn partner_comes_by_a_code_that_is_good_once_and_for_a_day() {
    for_each_engine(async |store| {
        let (t, owner, partner) = small(store).await;
        begin(&t, &owner, VAULT).await.unwrap();
        let s = &t.services;
        let before = s.journal_invite(&owner, VAULT, true).await.unwrap();
        let code = s.journal_invite(&owner, VAULT, false).await.unwrap();
        refused(s.journal_join(&partner, before.reveal()).await, Refusal::Missing);
        refused(s.journal_join(&partner, "no code").await, Refusal::Missing);
        refused(s.journal_join(&owner, code.reveal()).await, Refusal::Exists);
        assert_eq!(s.journal_join(&partner, code.reveal()).await.unwrap(), (VAULT, false));
        refused(s.journal_join(&partner, code.reveal()).await, Refusal::Missing);
        assert_eq!(s.journal_vaults(&partner).await.unwrap().vaults, [VAULT]);
        s.journal_page(&partner, VAULT, 0, None, None).await.unwrap();
        // Whoever reads changes nothing.
        forbidden(s.journal_push(&partner, VAULT, &push(DEVICE, 0, 1, 1, 1024)).await);
        let post = PostStatement { after: 1, number: 1, statement: vec![1] };
        forbidden(s.journal_state(&partner, VAULT, &post).await);
        forbidden(s.journal_delete(&partner, VAULT).await);
        forbidden(s.journal_invite(&partner, VAULT, true).await);
        let code = s.journal_invite(&owner, VAULT, true).await.unwrap();
        assert_eq!(s.journal_join(&partner, code.reveal()).await.unwrap(), (VAULT, true));
        s.journal_push(&partner, VAULT, &push(DEVICE, 0, 1, 1, 1024)).await.unwrap();
        let members = s.journal_members(&owner, VAULT).await.unwrap();
        assert_eq!(members.len(), 1);
        assert!(members[0].may_write && !members[0].is_self);
        s.journal_remove_member(&owner, VAULT, members[0].id).await.unwrap();
        refused(s.journal_page(&partner, VAULT, 0, None, None).await, Refusal::Missing);
        // Begun, three codes and two comings, one removal.
        assert_eq!(entries(&t, &owner).await, 1 + 3 + 2 + 1);
        let late = s.journal_invite(&owner, VAULT, true).await.unwrap();
        t.wait(86_400);
        refused(s.journal_join(&partner, late.reveal()).await, Refusal::Missing);
    })
    .await;
}

/// How many entries about the journal somebody has.
async fn entries(t: &Test, actor: &Actor) -> usize {
    let all = t.services.access_log(actor, &LogQuery::default()).await.unwrap();
    all.items.iter().filter(|i| i.code == Action::JournalSynced.as_str()).count()
}

#[tokio::test]
async fn session_leaves_one_entry_a_day_and_nothing_of_how_much() {
    for_each_engine(async |store| {
        let (t, owner, _) = small(store).await;
        begin(&t, &owner, VAULT).await.unwrap();
        for n in 1..=9 {
            t.services.journal_push(&owner, VAULT, &push(DEVICE, 0, n, n, 1024)).await.unwrap();
            t.services.journal_page(&owner, VAULT, 0, None, None).await.unwrap();
        }
        assert_eq!(entries(&t, &owner).await, 2, "that it was begun, and that it was synchronised");
    })
    .await;
}

#[tokio::test]
async fn account_takes_its_vaults_with_it_and_says_so() {
    for_each_engine(async |store| {
        let (t, owner, stranger) = small(store).await;
        begin(&t, &owner, VAULT).await.unwrap();
        t.services.journal_push(&owner, VAULT, &push(DEVICE, 0, 1, 9, 1024)).await.unwrap();
        let receipt = t.services.delete_account(&owner, PASSWORD).await.unwrap();
        assert_eq!(receipt.journals, 1);
        let all = dump(t.services.store()).await.unwrap();
        let rows = |table: &str| all.iter().find(|(name, _)| name.ends_with(table)).unwrap().1.len();
        let left = [".journal_item", ".journal_vault", ".journal_chain", ".journal_space"];
        assert_eq!(left.map(rows), [0; 4]);
        refused(begin(&t, &stranger, VAULT).await, Refusal::Exists);
    })
    .await;
}

/// An account's devices, without HTTP between.
struct Direct<'t>(&'t Test, &'t Actor);

impl Carrier for Direct<'_> {
    async fn carry(&self, request: &Request) -> Option<Answer> {
        let (s, a) = (&self.0.services, self.1);
        let stored = |order: u64| Answer::Stored(Stored { order });
        let done = match request {
            Request::Found(found) => s.journal_found(a, found).await.map(stored),
            Request::Info(vault) => s.journal_info(a, *vault).await.map(Answer::Info),
            Request::Items { vault, after, bytes, device } => {
                s.journal_page(a, *vault, *after, Some(*bytes), Some(*device)).await.map(Answer::Page)
            }
            Request::Object { vault, device, seq } => {
                s.journal_object(a, *vault, *device, *seq).await.map(Answer::Item)
            }
            Request::Push(vault, push) => s.journal_push(a, *vault, push).await.map(stored),
            Request::Statement(vault, post) => s.journal_state(a, *vault, post).await.map(stored),
            Request::Compact(vault, compact) => {
                s.journal_compact(a, *vault, compact).await.map(Answer::Compacted)
            }
            Request::Delete(vault) => s.journal_delete(a, *vault).await.map(Answer::Deleted),
        };
        match done {
            Ok(answer) => Some(answer),
            Err(JournalError::Refused(refusal)) => Some(Answer::Refused(refusal)),
            Err(e) => panic!("{e:?}"),
        }
    }
}

#[tokio::test]
async fn devices_of_two_accounts_converge_and_the_database_has_no_word() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let (owner, partner) = (t.person("owner@example.org").await, t.person("partner@example.org").await);
        let (mine, theirs) = (Direct(&t, &owner), Direct(&t, &partner));
        let mut a = Device::space(1);
        a.settle(&mine).await;
        let code = t.services.journal_invite(&owner, a.client.vault(), true).await.unwrap();
        t.services.journal_join(&partner, code.reveal()).await.unwrap();
        let mut b = Device::pair(&mut a, &mine, &theirs, 2, Role::Writer).await;
        for n in 0..30 {
            a.write(&format!("canary-follicle-{n}"));
            b.write(&format!("canary-embryo-{n}"));
            if n % 7 == 0 {
                a.settle(&mine).await;
            }
        }
        b.settle(&theirs).await;
        a.settle(&mine).await;
        b.settle(&theirs).await;
        assert_eq!((a.has.len(), &a.has), (60, &b.has));
        // What was away for long comes back by the snapshot.
        a.snapshot();
        a.write("canary-after");
        a.settle(&mine).await;
        assert!(a.events.contains(&Event::Compacted));
        b.settle(&theirs).await;
        assert_eq!(a.has, b.has);
        assert!(info(&mine, &a).await.floor > 0);
        let all = format!("{:?}", dump(t.services.store()).await.unwrap()).to_lowercase();
        assert!(!all.contains("canary") && !all.contains(&hex("canary")), "a word is in the database");
    })
    .await;
}

fn hex(text: &str) -> String {
    text.bytes().map(|b| format!("{b:02x}")).collect()
}
