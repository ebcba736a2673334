//! The sentences about what opens a journal.

use super::texts::texts;

texts! {
    title: "Ways in", "Zugänge";
    link: "Passphrase and passkeys", "Passphrase und Passkeys";
    about: "What opens this journal on this device.", "Was dieses Journal auf diesem Gerät öffnet.";
    phrase: "Recovery phrase", "Wiederherstellungswörter";
    passkey: "Passkey", "Passkey";
    passkey_named: "Passkey: {n}", "Passkey: {n}";
    remove: "Remove", "Entfernen";
    remove_named: "Remove the passkey {n}", "Den Passkey {n} entfernen";
    remove_about: "It will not open this journal any more. Copies of the journal made before still open with it. Your device may go on listing it until you delete it there.", "Er öffnet dieses Journal dann nicht mehr. Kopien des Journals von vorher öffnet er weiterhin. Ihr Gerät führt ihn vielleicht weiter auf, bis Sie ihn dort löschen.";
    remove_sure: "Yes, remove it", "Ja, entfernen";
    removed: "The passkey is removed.", "Der Passkey ist entfernt.";
    add: "Add a passkey", "Einen Passkey hinzufügen";
    add_about: "A passkey opens the journal with your fingerprint, face, device PIN or a security key. Nothing is sent to the server. The passphrase stays: a passkey can be lost with its device, so it is never the only way in.", "Ein Passkey öffnet das Journal mit Fingerabdruck, Gesicht, Geräte-PIN oder einem Sicherheitsschlüssel. Es geht nichts an den Server. Die Passphrase bleibt: Ein Passkey kann mit seinem Gerät verloren gehen und ist darum nie der einzige Zugang.";
    add_twice: "Your device asks twice: once to make it, once to try it.", "Ihr Gerät fragt zweimal: einmal zum Anlegen, einmal zum Prüfen.";
    name: "Name, to tell it apart", "Name, zur Unterscheidung";
    name_start: "This device", "Dieses Gerät";
    added: "The passkey opens the journal from now on.", "Der Passkey öffnet das Journal von jetzt an.";
    present: "Present passphrase", "Jetzige Passphrase";
    present_about: "Asked for so that nobody who finds the journal open can let themselves in later.", "Gefragt, damit sich niemand, der das Journal offen vorfindet, einen Zugang für später schafft.";
    present_or_passkey: "Asked for so that nobody who finds the journal open can let themselves in later. Leave it empty to confirm with a passkey.", "Gefragt, damit sich niemand, der das Journal offen vorfindet, einen Zugang für später schafft. Lassen Sie sie leer, um mit einem Passkey zu bestätigen.";
    waiting: "Waiting for your device.", "Ihr Gerät ist gefragt.";
    open: "Open with a passkey", "Mit einem Passkey öffnen";
    or: "or", "oder";
    full: "There are as many ways in as a journal can have. Please remove one first.", "Mehr Zugänge kann ein Journal nicht haben. Bitte entfernen Sie zuerst einen.";
    bad_unsupported: "This browser, or this address, has no passkeys. The journal is as it was.", "Dieser Browser oder diese Adresse kennt keine Passkeys. Das Journal ist, wie es war.";
    bad_no_key: "This passkey cannot open a journal: its device does not give the key that is needed for it (the PRF extension). The journal is as it was. If your device now lists a passkey for the journal, you can delete it there.", "Dieser Passkey kann kein Journal öffnen: Sein Gerät gibt den nötigen Schlüssel nicht her (die Erweiterung PRF). Das Journal ist, wie es war. Führt Ihr Gerät jetzt einen Passkey für das Journal auf, können Sie ihn dort löschen.";
    bad_not_done: "Your device was not confirmed in time, or it was cancelled. Nothing was changed.", "Auf Ihrem Gerät wurde nicht rechtzeitig bestätigt, oder es wurde abgebrochen. Es wurde nichts geändert.";
    bad_already: "This device or key has a passkey for the journal already.", "Dieses Gerät oder dieser Schlüssel hat schon einen Passkey für das Journal.";
    bad_other: "This passkey opens another journal, not this one.", "Dieser Passkey öffnet ein anderes Journal, nicht dieses.";
}
