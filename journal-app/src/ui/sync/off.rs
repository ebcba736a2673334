//! Turning it off, with a receipt; and leaving what somebody else shares.

use crate::{
    browser::{clock, files, local, window},
    keep,
    route::Route,
    sync::{engine, receipt, server, space, turn},
    ui::{
        bits,
        state::{App, db},
    },
    words,
};
use keepwell_journal::{sync::wire::Receipt, vault::VaultId};
use leptos::{prelude::*, task::spawn_local};

/// The page.
pub fn page(app: App) -> AnyView {
    let s = app.lang.sync();
    let Some(standing) = engine::standing() else {
        return bits::page(s.off_title, "", bits::link_to(&Route::Sync, app.t.sync));
    };
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let act = move || {
        busy.set(true);
        wrong.set(None);
        let leave = app.then_go(Route::Sync);
        spawn_local(async move {
            let shared = space::all();
            let done = async {
                // What is shared first: without the journal nobody could end it.
                for (shared, _) in &shared {
                    if !space::end(*shared).await? {
                        return Ok(None);
                    }
                }
                turn::off(standing.id).await
            };
            match done.await {
                Ok(Some(_)) => leave(),
                Ok(None) | Err(_) => {
                    let is_half = space::all().len() < shared.len();
                    wrong.try_set(Some(if is_half { s.off_half } else { s.no_server }));
                }
            }
            busy.try_set(false);
        });
    };
    let shared = space::find().map(|_| view! { <p>{s.off_shared}</p> });
    let waits = (standing.waiting > 0).then(|| view! { <p>{s.off_waits}</p> });
    let body = view! {
        <section class="Card">
            <p>{s.off_about}</p>
            {shared}
            {waits}
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div class="Actions">
                <button type="button" class="Button is-danger" disabled=move || busy.get() on:click=move |_| act()>{s.off_sure}</button>
                {bits::link_to(&Route::Sync, s.cancel)}
                {move || busy.get().then(|| view! { <span class="Busy" role="status">{s.turning_off}</span> })}
            </div>
        </section>
    };
    bits::page(s.off_title, "", body.into_any())
}

/// The receipt of the last deletion, if there was one.
pub fn last_receipt(app: App) -> AnyView {
    let found = RwSignal::new(None::<Receipt>);
    spawn_local(async move {
        if let Ok(db) = db() {
            found.try_set(receipt::find(&db).await.ok().flatten());
        }
    });
    view! { {move || found.get().map(|receipt| card(app, receipt))} }.into_any()
}

fn rows(app: App, receipt: &Receipt) -> Vec<(String, String)> {
    let s = app.lang.sync();
    let at = words::moment(app.lang, &clock::on_the_wall(receipt::at(receipt)), None);
    vec![
        (s.receipt_at.to_owned(), at),
        (s.receipt_items.to_owned(), receipt.items.to_string()),
        (s.receipt_bytes.to_owned(), receipt.bytes.to_string()),
        (s.receipt_vault.to_owned(), receipt.vault.to_string()),
        (s.receipt_leaf.to_owned(), receipt::leaf(receipt)),
    ]
}

fn card(app: App, receipt: Receipt) -> AnyView {
    let s = app.lang.sync();
    let rows = rows(app, &receipt);
    let to_save = rows.clone();
    let save = move || {
        let lines = to_save.iter().flat_map(|(k, v)| [k.as_str(), ": ", v.as_str(), "\n"]);
        let text: String =
            [s.receipt, "\n\n"].into_iter().chain(lines).chain(["\n", s.receipt_about, "\n"]).collect();
        let name = if local::is_discreet() { "receipt.txt" } else { "journal-receipt.txt" };
        let _ = files::offer(name, "text/plain", text.as_bytes());
    };
    bits::card(
        s.receipt,
        view! {
            {bits::facts(rows)}
            <p class="Fine">{s.receipt_about}</p>
            <div class="Actions">{bits::button("Button is-quiet", s.receipt_save, save)}</div>
        }
        .into_any(),
    )
}

/// This account reaches a vault no more; perhaps it did not any more before.
async fn go(id: VaultId) -> Option<()> {
    let all = match server::visitors(id).await {
        Ok(all) => all,
        Err(server::Unanswered::Missing) => return Some(()),
        Err(_) => return None,
    };
    match all.into_iter().find(|v| v.is_self) {
        Some(own) => server::shut_out(id, &own.id).await.ok(),
        None => Some(()),
    }
}

/// Leaving what somebody else shares.
pub fn leave(app: App) -> AnyView {
    let s = app.lang.sync();
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let act = move || {
        let standing = engine::standing();
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let done = async {
                if let Some(standing) = standing {
                    go(standing.id).await?;
                }
                // Closed first: a round under way must write nothing behind it.
                keep::lock();
                db().ok()?.wipe().await.ok()
            };
            if done.await.is_some() {
                local::set("which", "");
                local::set("shared-name", "");
                if let Some(window) = window() {
                    let _ = window.location().reload();
                }
            }
            busy.try_set(false);
            wrong.try_set(Some(s.no_server));
        });
    };
    view! {
        <section class="Card">
            <h2>{s.leave_shared}</h2>
            <p>{s.leave_shared_about}</p>
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <details class="Act"><summary>{s.leave_shared}</summary>
                <div class="Actions"><button type="button" class="Button is-danger" disabled=move || busy.get() on:click=move |_| act()>{s.leave_shared_sure}</button></div>
            </details>
        </section>
    }
    .into_any()
}
