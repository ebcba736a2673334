//! Snapshots that are none, and what is deleted without one.
use super::*;

fn snapshot_alarm(change: impl FnMut(&mut Item)) -> Option<Alarm> {
    let mut change = change;
    let mut scene = behind_a_snapshot();
    scene.b.alarm_with(&mut scene.server, move |_, mut answer| {
        if let Answer::Item(item) = &mut answer {
            change(item);
        }
        answer
    })
}

#[test]
fn snapshot_that_was_meddled_with() {
    assert_eq!(snapshot_alarm(|_| ()), None);
    assert_eq!(snapshot_alarm(|item| object_of(item).1[50] ^= 1), Some(Alarm::Altered));
    assert_eq!(snapshot_alarm(|item| object_of(item).1.truncate(9)), Some(Alarm::Truncated));
    let unsign = |item: &mut Item| *object_of(item).0.last_mut().unwrap() ^= 1;
    assert_eq!(snapshot_alarm(unsign), Some(Alarm::BadSignature));
    let scene = scene();
    let mut batch = forge(&scene.a, b"no snapshot", |_| ());
    assert_eq!(snapshot_alarm(|item| std::mem::swap(item, &mut batch)), Some(Alarm::Swapped));
}

#[test]
fn batch_in_the_place_of_a_snapshot() {
    let mut scene = behind_a_snapshot();
    let (vault, device) = (scene.a.client.vault(), scene.a.client.device());
    scene.a.write("a batch");
    scene.a.settle(&mut scene.server);
    let stock = scene.server.vaults.get_mut(&vault).unwrap();
    let seq = stock.chains[&device].0;
    stock.snapshot = Some(crate::sync::wire::SnapshotRef { device, first: seq, parts: 1 });
    assert_eq!(scene.b.alarm(&mut scene.server), Some(Alarm::BadSnapshot));
}

#[test]
fn objects_deleted_without_a_snapshot_that_covers_them() {
    let mut scene = behind_a_snapshot();
    let vault = scene.a.client.vault();
    scene.server.vaults.get_mut(&vault).unwrap().snapshot = None;
    assert_eq!(scene.b.alarm(&mut scene.server), Some(Alarm::Dropped));
    // One that the snapshot does not cover.
    let mut scene = behind_a_snapshot();
    for text in ["a5", "a6"] {
        scene.a.write(text);
        scene.a.settle(&mut scene.server);
    }
    let stock = scene.server.vaults.get_mut(&vault).unwrap();
    let order = stock.last - 1;
    stock.items.remove(&order);
    stock.floor = order;
    assert_eq!(scene.b.alarm(&mut scene.server), Some(Alarm::Dropped));
}

#[test]
fn snapshot_that_is_named_and_not_there() {
    let mut scene = behind_a_snapshot();
    let gone = |request: &Request, answer| match request {
        Request::Object { .. } => Answer::Refused(Refusal::Missing),
        _ => answer,
    };
    assert_eq!(scene.b.alarm_with(&mut scene.server, gone), Some(Alarm::Dropped));
}
