//! German.

use super::Section;

pub const PRIVACY: &[Section] = &[
    (
        "Wer verantwortlich ist",
        &[
            "Keepwell ist ein Programm. Wer diese Instanz betreibt, entscheidet, wer sie nutzen darf, wo die Maschine steht und wer sonst an sie herankommt. Bei Fragen zu Ihren Daten wenden Sie sich zuerst an diese Person.",
        ],
    ),
    (
        "Was aufbewahrt wird",
        &[
            "Ihre E-Mail-Adresse, ein Hash Ihres Passworts und was Sie bringen: Dateien, wie sie kamen, und die Einträge, die daraus gelesen wurden. Ihre Fragen und deren Antworten, versiegelt wie Ihre Einträge, bis Sie sie löschen. Solange Sie angemeldet sind, Gerät und Adresse jeder Ihrer Sitzungen.",
            "Ein Protokoll dessen, was mit Ihren Daten geschah: was, wann, durch wen, von welchem Gerät und welcher Adresse. Ihr eigenes lesen Sie unter Einstellungen.",
            "Um Versuche zu begrenzen, für etwa eine Minute ein verschlüsselter Hash der Netzadresse der Anfragenden.",
            "Zahlen über alle zusammen: wie viele Konten es gibt und wie viele an einem Tag benutzt wurden, Anmeldungen, Fehler, Briefe, Dateien nach grober Art, Größen. Keine Zahl nennt jemanden.",
            "Falls es eingeschaltet wurde von denen, die diese Instanz betreiben: wie oft jede Funktion an einem Tag benutzt wurde. Eine solche Zählung besteht aus Tag, Funktion und Zahl und nichts sonst: keine Person, keine Sitzung, keine Adresse, kein Pfad. Sie geht nirgendwo anders hin. Ein Browser, der „Do Not Track“ oder „Global Privacy Control“ sendet, wird nicht gezählt.",
        ],
    ),
    (
        "Wie es aufbewahrt wird",
        &[
            "Gesundheitsdaten, Dateien, Namen, Notizen, Adressen und die Einzelheiten des Protokolls werden vor dem Schreiben mit AES-256 unter einem eigenen Schlüssel versiegelt. Was lesbar bleiben muss, damit die Datenbank arbeitet (Kennungen, Zeiten, Anzahlen, gerundete Größen), steht in der Dokumentation.",
        ],
    ),
    (
        "Wie lange",
        &[
            "Bis Sie es löschen. Das Löschen eines Eintrags, eines Imports, eines Profils oder des Kontos wirkt sofort: Bei Profilen und Konten wird zuerst der Schlüssel zerstört. Einträge des Protokolls bleiben, denn ein Protokoll, das Einträge verlieren kann, beweist nichts; was darin von Ihnen handelt, kann aber niemand mehr öffnen.",
            "Sitzungen enden von selbst nach einer Stunde ohne Nutzung oder nach einem Tag, es sei denn, Sie bleiben auf Wunsch angemeldet; dann nach 30 Tagen.",
        ],
    ),
    (
        "Wer es bekommt",
        &[
            "Niemand, außer Sie wollen es. Keine Seite lädt etwas von einem anderen Host, und dieser Server schickt von sich aus nichts über Sie an andere. Wo ein Mailserver eingerichtet ist, gehen Nachrichten zu Ihrem Konto (nie Gesundheitsdaten) über ihn.",
            "Fragen unter „Fragen“ werden auf diesem Server beantwortet. Nur wo ein Anbieter eines Sprachmodells eingerichtet ist und Sie genau ihm zugestimmt haben, nachdem Sie die wirkliche erste Anfrage gesehen haben, geht eine Frage dorthin, mit den Werten, die er zum Antworten nachschlägt. Namen, Adressen und Nummern, die Sie kenntlich machen, werden vorher ersetzt; Werte und Daten nicht, und sie können jemandem genügen, der sie kennt. Einzelne Fragen können Sie hier behalten, und die Zustimmung jederzeit unter Einstellungen, Fragen, zurücknehmen.",
            "Wer diese Instanz verwaltet, hat kein ständiges Recht, Ihre Gesundheitsdaten zu lesen. Jemand davon kann, mit Begründung, für Minuten um Einblick in genannte Arten Ihrer Einträge bitten; Sie erfahren es sofort, sehen jeden Eintrag, während er angesehen wird, und können den Einblick beenden.",
        ],
    ),
    (
        "Cookies und Speicher",
        &[
            "Ein Cookie für Ihre Sitzung; eines, zehn Minuten lang, zwischen dem Passwort und dem zweiten Schritt; eines, das ein Gerät, auf dem Sie schon angemeldet waren, von einem fremden unterscheidet, damit niemand Sie dort durch Raten aussperrt; und je eines für Sprache und Farben, wenn Sie sie wählen. Keine anderen, und nichts, das Ihnen folgt. Außerdem merkt sich Ihr Browser den letzten Stand Ihres Zugriffsprotokolls, um ihn mit dem nächsten zu vergleichen, und welche Ihrer Uploads abgebrochen sind.",
            "Das Kinderwunsch-Journal lebt in Ihrem Browser: Was Sie dort schreiben, liegt versiegelt in dessen eigener Datenbank, geht ohne Netz und ohne Konto, und nichts davon wird an diesen Server geschickt. Wenn Sie einschalten, dass es auf mehreren Geräten liegt, schicken Ihre Geräte es versiegelt; dieser Server hat keinen Schlüssel dazu und löscht seine Kopie, wenn Sie das ausschalten oder Ihr Konto löschen.",
        ],
    ),
    (
        "Ihre Rechte",
        &[
            "Alles sehen: auf den Seiten und unter Einstellungen im Zugriffsprotokoll. Alles mitnehmen: Einstellungen, Export, als ein ZIP in offenen Formaten. Berichtigen: Jeder Eintrag lässt sich ändern und behält seine Geschichte. Löschen: Einstellungen, Konto löschen. Nichts davon braucht eine Erlaubnis.",
        ],
    ),
];

pub const TERMS: &[Section] = &[
    (
        "Was Keepwell ist",
        &[
            "Ein Ort, um die eigenen Gesundheitsdaten aufzubewahren und zu lesen. Es ist kein Medizinprodukt, gibt keinen ärztlichen Rat und ersetzt kein Gespräch mit einer Ärztin oder einem Arzt. Im Notfall die Notrufnummer Ihres Landes anrufen.",
            "Es zeigt, was Ihre Dateien sagen. Dateien können falsch sein, und beim Lesen kann etwas schiefgehen: Bei jeder Zahl steht, woher sie kommt. Sehen Sie dort nach, bevor etwas Wichtiges entschieden wird.",
        ],
    ),
    (
        "Was von Ihnen erwartet wird",
        &[
            "Bringen Sie nur Befunde, die Ihre eigenen sind oder von Menschen, die sie Ihnen anvertraut haben. Behalten Sie Ihr Passwort für sich. Versuchen Sie nicht, an die Daten anderer zu kommen, außer nach den Regeln unter „Schwachstelle melden“.",
        ],
    ),
    (
        "Was Sie erwarten dürfen",
        &[
            "Die Versprechen der Sicherheitsseite, jede Stunde geprüft, und dort die Wahrheit, wenn eines nicht stimmt. Ihre Daten gehen jederzeit mit Ihnen, in offenen Formaten.",
            "Wer diese Instanz betreibt, kann sie einstellen und soll das früh genug sagen, damit Sie Ihre Daten exportieren können.",
        ],
    ),
    (
        "Lizenz und Gewähr",
        &[
            "Keepwell ist freie Software unter der GNU Affero General Public License, Version 3 oder neuer. Es kommt ohne Gewähr, soweit das Gesetz es zulässt; der genaue Wortlaut steht in der Lizenz.",
        ],
    ),
];
