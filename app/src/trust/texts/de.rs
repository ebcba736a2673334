//! German.

use super::{ClaimText, TrustTexts};
use crate::trust::claim::Claim;

pub const TEXTS: TrustTexts = TrustTexts {
    security: "Sicherheit",
    security_context: "Was diese Instanz verspricht, und ob es gerade stimmt.",
    security_intro: "Jeder Satz hier wird von der Instanz selbst geprüft, beim Start und danach jede Stunde. Man muss es nicht glauben: Bei jedem Versprechen steht, wie man es selbst prüft.",
    promises: "Versprechen",
    holds: "stimmt",
    off: "hier aus",
    broken: "stimmt nicht",
    unknown: "noch nicht geprüft",
    tried: "Geprüft",
    never_tried: "Seit dem Start noch nicht geprüft.",
    try_it: "Selbst prüfen",
    not_promised: "Was nicht versprochen wird",
    limits_of_it: &[
        "Solange er läuft, öffnet dieser Server die Einträge, um die Seiten zu zeichnen. Wer die laufende Maschine beherrscht, kann lesen, was auf ihr liegt. Wer das nicht selbst ist, vertraut dieser Person.",
        "Löschen zerstört die Schlüssel hier sofort. Eine Kopie des Schlüsselspeichers, die jemand anderswo angelegt hat, erreicht es erst, wenn auch sie überschrieben wird.",
        "Diese Version legt selbst keine Sicherungen an. Wer die Instanz betreibt, muss die Daten kopieren und getrennt davon den Hauptschlüssel.",
        "Ein Browser mit bösartiger Erweiterung oder ein Gerät, das jemand anderes beherrscht, sieht, was man selbst sieht.",
        "Was in der Datenbank lesbar bleibt (Kennungen, Zeiten, Anzahlen, gerundete Größen), steht in der Dokumentation unter „What stays readable“.",
        "Keepwell wurde nicht von einem fremden Unternehmen geprüft.",
    ],
    for_machines: "Dasselbe für Programme: ",
    broken_text: "Mindestens ein Versprechen stimmt gerade nicht. Bis dahin neue Befunde besser noch nicht hochladen und der Person Bescheid geben, die diese Instanz betreibt.",
    privacy: "Datenschutz",
    privacy_context: "Was über Sie aufbewahrt wird, wo und wie lange.",
    terms: "Bedingungen",
    terms_context: "Was Sie erwarten dürfen und was von Ihnen erwartet wird.",
    disclosure: "Schwachstelle melden",
    disclosure_context: "Sie haben einen Weg hinein gefunden oder etwas, das nicht wie versprochen ist. Danke fürs Melden.",
    report_text: "Was haben Sie gefunden, und wie lässt es sich nachstellen?",
    report_hint: "Bitte keine Gesundheitsdaten anderer Menschen. Die Meldung wird versiegelt und nur von der Person gelesen, die diese Instanz betreibt.",
    report_contact: "Wie sind Sie zu erreichen? (wenn Sie mögen)",
    report_contact_hint: "Eine E-Mail-Adresse oder etwas anderes. Ohne das kann niemand zurückfragen.",
    report_send: "Meldung senden",
    report_thanks: "Danke. Die Meldung ist angekommen und wartet auf die Person, die diese Instanz betreibt.",
    report_number: "Ihre Nummer:",
    report_empty: "Bitte schreiben, was Sie gefunden haben.",
    report_long: "Bitte die Meldung unter 20.000 und den Kontakt unter 300 Zeichen halten.",
    report_full: "Gerade können keine Meldungen angenommen werden. Bitte später noch einmal versuchen.",
    contact_operator: "Kontakt dieser Instanz:",
};

pub fn claim(claim: Claim) -> ClaimText {
    let en = super::en::claim(claim);
    // Commands are the same in every language; their remarks are short enough to stay.
    let command = en.command;
    match claim {
        Claim::Tls => ClaimText {
            name: "Verschlüsselte Verbindungen",
            promise: "Browser erreichen diese Instanz über TLS 1.3 und nichts Älteres.",
            tried: "Die Instanz verbindet sich mit sich selbst: TLS 1.3 muss gelingen, TLS 1.2 abgewiesen werden.",
            off: "Diese Instanz verschlüsselt nicht selbst: Sie ist nur auf ihrer eigenen Maschine zu erreichen, oder ein Proxy davor verschlüsselt. Fragen Sie, wer sie betreibt, und prüfen Sie den Proxy mit dem Befehl.",
            command,
        },
        Claim::Headers => ClaimText {
            name: "Schützende Kopfzeilen",
            promise: "Jede Antwort, auch jeder Fehler, verbietet das Einrahmen, das Raten von Dateitypen, das Weitergeben von Adressen und den Zugriff auf Mikrofon und Standort.",
            tried: "Eine Seite, eine fehlende Seite, ein Fehler der Schnittstelle und ein abgewiesenes Formular werden abgerufen; jede Antwort muss alle Kopfzeilen tragen.",
            off: "",
            command,
        },
        Claim::OwnCodeOnly => ClaimText {
            name: "Nur eigener Code",
            promise: "Seiten laden und starten nur, was von dieser Instanz kommt; nichts wird bei anderen Firmen geholt, und eingebettete Skripte und Stile sind verboten.",
            tried: "Eine Seite wird zweimal abgerufen: Ihre Inhaltsregel darf keinen anderen Host nennen, ihre Einmalzahl muss sich ändern, und ihr HTML darf nichts von anderswo laden.",
            off: "",
            command,
        },
        Claim::CrossSite => ClaimText {
            name: "Kein Schreiben von außen",
            promise: "Eine fremde Website kann Ihren Browser nicht dazu bringen, hier etwas zu ändern.",
            tried: "Formulare werden wie von einer fremden Website und ohne Herkunft gesendet: Alle müssen mit 403 abgewiesen werden.",
            off: "",
            command,
        },
        Claim::NoStore => ClaimText {
            name: "Nichts bleibt im Zwischenspeicher",
            promise: "Seiten und Antworten mit persönlichen Daten dürfen in keinem Zwischenspeicher bleiben.",
            tried: "Eine Antwort der Schnittstelle und eine private Seite werden abgerufen; beide müssen das Speichern verbieten.",
            off: "",
            command,
        },
        Claim::Limits => ClaimText {
            name: "Begrenzte Versuche",
            promise: "Anmeldeversuche sind je Adresse in jeder beliebigen Minute begrenzt.",
            tried: "Von einer Adresse, die nur für Dokumentation da ist, wird ein Versuch mehr gemacht als erlaubt: Er muss mit 429 abgewiesen werden und sagen, wann es weitergeht.",
            off: "Wer diese Instanz betreibt, hat die Grenze so hoch gesetzt, dass eine Prüfung andere stören würde.",
            command,
        },
        Claim::Passwords => ClaimText {
            name: "Passwörter",
            promise: "Passwörter liegen nur als Argon2id-Hash mit einem Geheimnis, das nicht in der Datenbank steht.",
            tried: "Alle gespeicherten Passwörter werden nach ihrer Form gezählt. Konten aus einem älteren System behalten bis zur nächsten Anmeldung ihren bcrypt-Hash; dann steht hier, dass es noch nicht für alle gilt.",
            off: "Einige Konten kamen aus einem älteren System und haben sich seither nicht angemeldet; ihre Passwörter sind noch bcrypt-Hashes.",
            command,
        },
        Claim::SecondFactor => ClaimText {
            name: "Der zweite Schritt hält",
            promise: "Ein zweiter Schritt beim Anmelden lässt sich nur mit einem Nachweis der letzten zehn Minuten ändern oder abschalten, und wer diese Instanz verwaltet, sieht ohne einen nichts.",
            tried: "Wer sich vor zu langer Zeit ausgewiesen hat, versucht, eine App hinzuzufügen und zu entfernen, Wiederherstellungscodes zu erstellen und einen Passkey hinzuzufügen, und muss jedes Mal abgewiesen werden; eine Verwaltung ohne zweiten Schritt muss erst einen einrichten.",
            off: "",
            command,
        },
        Claim::AdminSight => ClaimText {
            name: "Verwalten, ohne zu lesen",
            promise: "Die Verwaltung dieser Instanz zeigt niemandes Daten ohne Einblick: für Arten, die er nennt, höchstens eine Stunde lang, und die Person erfährt es, wenn er beginnt.",
            tried: "Eine Verwaltung versucht, ohne Einblick hineinzusehen, und muss abgewiesen werden. Dann darf von den letzten 1.000 Einblicken keiner länger als eine Stunde sein, zu jedem muss es eine Nachricht an die Person geben, und außerhalb seiner Zeit darf nichts gesehen worden sein.",
            off: "",
            command: "keepwell audit verify --data-dir data   # danach das eigene Protokoll unter Mehr lesen: Jeder Blick steht darin",
        },
        Claim::Addresses => ClaimText {
            name: "Bestätigte Adressen",
            promise: "Ein Konto öffnet sich nur mit einem Link, der an seine Adresse ging.",
            tried: "Die geltenden Einstellungen werden angesehen.",
            off: "Diese Instanz hat keinen Mailserver: Adressen werden nicht bestätigt, und es wird nie etwas an sie geschickt.",
            command,
        },
        Claim::Sealing => ClaimText {
            name: "Versiegelte Einträge",
            promise: "Gesundheitsdaten, Dateien, Namen und Notizen werden mit AES-256 unter einem eigenen Schlüssel versiegelt, bevor sie auf die Platte kommen.",
            tried: "Ein Text wird wie ein Eintrag versiegelt; an anderer Stelle, für eine andere Person oder verändert darf er sich nicht öffnen. Dann müssen die neuesten 10.000 Einträge und Dokumente der Datenbank alle versiegelt sein.",
            off: "",
            command,
        },
        Claim::RootKey => ClaimText {
            name: "Der Schlüssel liegt woanders",
            promise: "Der Schlüssel, der alles öffnet, steht nicht in der Datenbank, und kein anderer Benutzer der Maschine kann ihn lesen.",
            tried: "Es wird angesehen, woher der Hauptschlüssel kommt; eine Schlüsseldatei darf nur ihr Besitzer lesen.",
            off: "",
            command,
        },
        Claim::Erasure => ClaimText {
            name: "Gelöscht ist gelöscht",
            promise: "Wer ein Profil oder das Konto löscht, dessen Schlüssel wird zuerst zerstört, dann jede Zeile und jede Datei.",
            tried: "Zu den letzten 1.000 zerstörten Schlüsseln darf die Datenbank keinen Eintrag und kein Dokument mehr haben.",
            off: "",
            command,
        },
        Claim::Sandbox => ClaimText {
            name: "Dateien werden in einer Zelle gelesen",
            promise: "Dateien liest ein eigener Prozess ohne Netz, ohne Dateien und ohne das Recht, andere zu starten.",
            tried: "So ein Prozess wird gestartet und versucht, eine Datei, eine Verbindung und einen anderen Prozess zu öffnen; jedes Mal muss er gestoppt werden.",
            off: "",
            command,
        },
        Claim::AuditLog => ClaimText {
            name: "Ein Protokoll, das sich nicht biegen lässt",
            promise: "Jeder Blick auf und jede Änderung von Gesundheitsdaten steht in einem Protokoll, das nur wachsen kann; ein geänderter oder fehlender Eintrag fiele auf.",
            tried: "Der unterschriebene Stand wird geprüft, muss den vorigen fortsetzen, und die neuesten Einträge und eine Stichprobe der älteren müssen zu ihm führen.",
            off: "",
            command,
        },
    }
}
