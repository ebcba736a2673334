//! A person's way through the services, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::{
    record::Kind,
    view::{DocumentState, RecordForm, Standing, TimelineQuery},
};
use keepwell_services::{SeriesQuery, ServiceError};
use keepwell_store::testing::for_each_engine;
use support::{Test, bundle, lab};

fn three() -> Vec<u8> {
    bundle(&[
        lab("a", "2276-4", "Ferritin", "2023-01-10", "25.0", "ng/mL"),
        lab("b", "2276-4", "Ferritin", "2024-01-10", "31", "ng/mL"),
        lab("c", "718-7", "Hemoglobin", "2024-01-10", "13.2", "g/dL"),
    ])
}

#[tokio::test]
async fn an_upload_becomes_markers_and_its_undoing_leaves_nothing() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let up = t.bring(&eva, "labs.json", &three()).await;
        let row = t.services.document_row(&eva, up.id).await.unwrap();
        assert_eq!((row.state, row.records, row.reason.as_deref()), (DocumentState::Done, 3, None));
        let page = t.services.markers(&eva).await.unwrap();
        let ferritin = page.rows.iter().find(|r| r.key == "2276-4").unwrap();
        assert_eq!((ferritin.latest.text.as_str(), ferritin.latest.unit.as_str()), ("31", "ng/mL"));
        assert_eq!(ferritin.standing, Standing::Within);
        assert_eq!(ferritin.change.as_ref().map(|c| c.text.as_str()), Some("+6.0"));
        let series = t.services.series(&eva, "2276-4", &SeriesQuery::default()).await.unwrap();
        assert_eq!(
            series.points.iter().map(|p| p.printed.as_str()).collect::<Vec<_>>(),
            ["25.0 ng/mL", "31 ng/mL"]
        );
        assert_eq!(series.points[0].standing, Standing::Low);
        let receipt = t.services.delete_document(&eva, up.id).await.unwrap();
        assert_eq!((receipt.records, receipt.documents), (3, 1));
        let eva = t.services.actor_for_email("eva@example.org").await.unwrap();
        assert!(t.services.markers(&eva).await.unwrap().rows.is_empty());
        assert_eq!(std::fs::read_dir(&t.files).unwrap().count(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_looks_at_once_open_the_records_once() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        t.bring(&eva, "labs.json", &three()).await;
        let eva = t.services.actor_for_email("eva@example.org").await.unwrap();
        let looks: Vec<_> = (0..32)
            .map(|_| {
                let (services, eva) = (t.services.clone(), eva.clone());
                tokio::spawn(async move { services.markers(&eva).await.unwrap() })
            })
            .collect();
        let mut views = Vec::new();
        for look in looks {
            views.push(look.await.unwrap());
        }
        assert_eq!(views[0].rows.len(), 2);
        assert!(views.iter().all(|v| std::sync::Arc::ptr_eq(v, &views[0])), "each opened them for itself");
    })
    .await;
}

#[tokio::test]
async fn the_same_file_again_adds_nothing_and_another_file_with_the_same_result_adds_a_source() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let first = t.bring(&eva, "labs.json", &three()).await;
        let again = t.bring(&eva, "renamed.json", &three()).await;
        assert_eq!((again.id, again.already_there), (first.id, true));
        let overlap = bundle(&[
            // The portal's copy: no such time of day, another spelling of the unit, one more result.
            lab("z", "2276-4", "FERRITIN", "2024-01-10T08:15:00+01:00", "31.0", "ug/L"),
            lab("y", "2276-4", "FERRITIN", "2025-01-10", "40", "ng/mL"),
        ]);
        let second = t.bring(&eva, "portal.json", &overlap).await;
        let all = t.services.timeline(&eva, &TimelineQuery::default()).await.unwrap();
        assert_eq!(all.total, 4);
        let both = all.items.iter().find(|i| i.sources == 2).unwrap();
        assert_eq!(both.detail, "31 ng/mL");
        let receipt = t.services.delete_document(&eva, first.id).await.unwrap();
        assert_eq!((receipt.records, receipt.kept), (2, 1));
        let receipt = t.services.delete_document(&eva, second.id).await.unwrap();
        assert_eq!((receipt.records, receipt.kept), (2, 0));
    })
    .await;
}

#[tokio::test]
async fn a_long_document_shows_each_of_its_records_on_one_of_its_pages() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let lines: Vec<String> = (0..230)
            .map(|n| {
                let (id, value) = (format!("r{n}"), format!("{}", 4 + n));
                let day = format!("20{:02}-{:02}-11", n / 12, n % 12 + 1);
                lab(&id, "2276-4", "Ferritin", &day, &value, "ng/mL")
            })
            .collect();
        let up = t.bring(&eva, "years.json", &bundle(&lines)).await;
        let s = &t.services;
        let mut seen = Vec::new();
        for (page, listed) in [(1, 100), (2, 100), (3, 30)] {
            let view = s.document(&eva, up.id, None, page).await.unwrap();
            assert_eq!((view.page, view.pages, view.items.len()), (page, 3, listed));
            seen.extend(view.items.into_iter().map(|i| i.detail));
        }
        // In the order of the file, each once.
        assert_eq!(seen, (0..230).map(|n| format!("{} ng/mL", 4 + n)).collect::<Vec<_>>());
        for (asked, shown) in [(0, 1), (4, 3), (u32::MAX, 3)] {
            assert_eq!(s.document(&eva, up.id, None, asked).await.unwrap().page, shown);
        }
        // A page that is no more is the last one.
        let last = s.document(&eva, up.id, None, 3).await.unwrap();
        for i in &last.items {
            s.delete_record(&eva, i.id).await.unwrap();
        }
        let view = s.document(&eva, up.id, None, 3).await.unwrap();
        assert_eq!((view.page, view.pages, view.items.len()), (2, 2, 100));
        let few = t.bring(&eva, "labs.json", &three()).await;
        let view = s.document(&eva, few.id, None, 1).await.unwrap();
        assert_eq!((view.page, view.pages, view.items.len()), (1, 1, 3));
    })
    .await;
}

#[tokio::test]
async fn a_stranger_finds_nothing() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let up = t.bring(&eva, "labs.json", &three()).await;
        let record = t.services.timeline(&eva, &TimelineQuery::default()).await.unwrap().items[0].id;
        let bob = t.person("bob@example.org").await;
        let s = &t.services;
        let is_missing = |e: ServiceError| assert!(matches!(e, ServiceError::NotFound), "{e:?}");
        is_missing(s.document_row(&bob, up.id).await.err().unwrap());
        is_missing(s.document(&bob, up.id, None, 1).await.err().unwrap());
        is_missing(s.open_file(&bob, up.id).await.err().unwrap());
        is_missing(s.delete_document(&bob, up.id).await.err().unwrap());
        is_missing(s.record(&bob, record).await.err().unwrap());
        is_missing(s.delete_record(&bob, record).await.err().unwrap());
        is_missing(s.edit_record(&bob, record, 1, &RecordForm::default()).await.err().unwrap());
        is_missing(s.series(&bob, "2276-4", &SeriesQuery::default()).await.err().unwrap());
        assert!(s.markers(&bob).await.unwrap().rows.is_empty());
        assert!(s.documents(&bob).await.unwrap().is_empty());
        assert_eq!(s.documents(&eva).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_edit_keeps_history_and_a_deleted_record_stays_away() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        t.bring(&eva, "labs.json", &three()).await;
        let s = &t.services;
        let q = TimelineQuery { q: Some("ferritin".into()), ..TimelineQuery::default() };
        let id = s.timeline(&eva, &q).await.unwrap().items[0].id;
        let mut form = s.record(&eva, id).await.unwrap().form;
        form.value = "32".into();
        s.edit_record(&eva, id, 1, &form).await.unwrap();
        assert!(matches!(s.edit_record(&eva, id, 1, &form).await, Err(ServiceError::Conflict)));
        // As the next request would: the session names the new version.
        let eva = s.actor_for_email("eva@example.org").await.unwrap();
        let view = s.record(&eva, id).await.unwrap();
        assert_eq!(view.value.unwrap().text, "32");
        assert_eq!(view.history.len(), 1);
        assert!(view.history[0].1.contains("31 → 32"), "{}", view.history[0].1);
        s.delete_record(&eva, id).await.unwrap();
        let more = bundle(&[lab("b", "2276-4", "Ferritin", "2024-01-10", "31", "ng/mL")]);
        t.bring(&eva, "again.json", &more).await;
        let eva = s.actor_for_email("eva@example.org").await.unwrap();
        assert_eq!(s.timeline(&eva, &q).await.unwrap().total, 1);
    })
    .await;
}

#[tokio::test]
async fn an_upload_goes_on_after_a_break_and_counts_what_is_kept() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        let bytes: Vec<u8> = (0..3_000_000u32).map(|i| (i % 251) as u8).collect();
        let ticket = s.begin_upload(&eva, "big.bin", Some(bytes.len() as u64)).await.unwrap();
        let mut w = s.upload_writer(&eva, ticket.id, 0).await.unwrap();
        assert!(matches!(s.upload_writer(&eva, ticket.id, 0).await, Err(ServiceError::Conflict)));
        w.write(&bytes[..1_700_000]).await.unwrap();
        let kept = w.pause().await.unwrap().received;
        assert!(kept > 1_000_000 && kept <= 1_700_000, "{kept}");
        assert!(matches!(s.upload_writer(&eva, ticket.id, kept + 1).await, Err(ServiceError::Conflict)));
        let mut w = s.upload_writer(&eva, ticket.id, kept).await.unwrap();
        w.write(&bytes[usize::try_from(kept).unwrap()..]).await.unwrap();
        let up = w.finish().await.unwrap();
        t.work().await;
        let file = s.open_file(&eva, up.id).await.unwrap();
        assert_eq!(file.len(), bytes.len() as u64);
        assert_eq!(file.read_range(0, bytes.len()).await.unwrap(), bytes);
        assert_eq!(file.read_range(262_140, 10).await.unwrap(), &bytes[262_140..262_150]);
        assert!(s.upload_bytes(&eva, "copy.bin", &bytes).await.unwrap().already_there);
        let row = s.document_row(&eva, up.id).await.unwrap();
        assert_eq!(row.state, DocumentState::Done);
        assert!(row.reason.is_some(), "a file that is not read says why");
    })
    .await;
}

#[tokio::test]
async fn deleting_the_account_leaves_no_file_and_no_way_in() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        t.bring(&eva, "labs.json", &three()).await;
        let s = &t.services;
        let wrong = s.delete_account(&eva, "not my password at all").await;
        assert!(matches!(wrong, Err(ServiceError::Invalid { field: "password", .. })));
        let receipt = s.delete_account(&eva, support::PASSWORD).await.unwrap();
        assert_eq!((receipt.records, receipt.documents), (3, 1));
        assert_eq!(std::fs::read_dir(&t.files).unwrap().count(), 0);
        let device = keepwell_services::Device::default();
        assert!(s.sign_in("eva@example.org", support::PASSWORD, false, &device).await.is_err());
        assert!(matches!(s.markers(&eva).await, Err(ServiceError::NotFound)));
        // The address is free again, and nothing comes back with it.
        let again = t.person("eva@example.org").await;
        assert!(s.documents(&again).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn records_typed_in_are_found_and_equal_ones_are_both_kept() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        let form = RecordForm {
            kind: Kind::Observation.as_str().into(),
            name: "Ferritin".into(),
            key: "2276-4".into(),
            value: "<5".into(),
            unit: "ng/mL".into(),
            date: "2024-05-31".into(),
            low: "30".into(),
            high: "400".into(),
            ..RecordForm::default()
        };
        let a = s.add_record(&eva, &form).await.unwrap();
        let b = s.add_record(&eva, &form).await.unwrap();
        assert_ne!(a, b);
        let eva = s.actor_for_email("eva@example.org").await.unwrap();
        let series = s.series(&eva, "2276-4", &SeriesQuery::default()).await.unwrap();
        assert_eq!(series.points.len(), 2);
        assert_eq!((series.points[0].comparator.as_str(), series.points[0].standing), ("<", Standing::Low));
    })
    .await;
}
