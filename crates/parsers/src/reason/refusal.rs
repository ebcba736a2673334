//! Why a whole file is not read.

use super::words::worded;

worded! {
    /// Why a file that is not broken is not read.
    pub enum Reason {
        Empty: "This file is empty (0 bytes); please export or download it again.",
            "Diese Datei ist leer (0 Byte); bitte exportieren Sie sie neu oder laden Sie sie noch einmal herunter.";
        Encrypted: "This file is locked with a password; please remove the password and upload it again.",
            "Diese Datei ist mit einem Passwort gesperrt; bitte entfernen Sie das Passwort und laden Sie sie noch einmal hoch.";
        // Kept as documents.
        LockedZip: "This ZIP archive is locked with a password; please unpack it and upload the files inside.",
            "Dieses ZIP-Archiv ist mit einem Passwort gesperrt; bitte entpacken Sie es und laden Sie die Dateien darin hoch.";
        Pdf: "Keepwell keeps this PDF as a document; it does not read values out of PDFs.",
            "Keepwell bewahrt dieses PDF als Dokument auf; es liest keine Werte aus PDFs.";
        LockedPdf: "This PDF is locked with a password; Keepwell keeps it as it is and cannot show what is in it.",
            "Dieses PDF ist mit einem Passwort gesperrt; Keepwell bewahrt es auf, wie es ist, und kann seinen Inhalt nicht zeigen.";
        Picture: "Keepwell keeps this picture as a document; it does not read values out of pictures.",
            "Keepwell bewahrt dieses Bild als Dokument auf; es liest keine Werte aus Bildern.";
        Dicom: "Keepwell keeps this medical image as a document; it does not show DICOM images.",
            "Keepwell bewahrt dieses medizinische Bild als Dokument auf; es zeigt keine DICOM-Bilder.";
        Workbook: "Keepwell keeps this workbook as a document; to have it read, please save the sheet as CSV and upload that.",
            "Keepwell bewahrt diese Arbeitsmappe als Dokument auf; damit sie gelesen wird, speichern Sie das Blatt bitte als CSV und laden Sie diese Datei hoch.";
        Office: "Keepwell keeps this office file as a document; it does not read values out of it.",
            "Keepwell bewahrt diese Office-Datei als Dokument auf; es liest keine Werte daraus.";
        Fit: "Keepwell keeps this activity file as a document; it does not read FIT files.",
            "Keepwell bewahrt diese Aktivitätsdatei als Dokument auf; es liest keine FIT-Dateien.";
        PlainText: "Keepwell keeps this text as a document; it found no table or message of a known kind in it.",
            "Keepwell bewahrt diesen Text als Dokument auf; es hat darin keine Tabelle oder Nachricht bekannter Art gefunden.";
        WebPage: "Keepwell keeps this web page as a document; it does not read values out of web pages.",
            "Keepwell bewahrt diese Webseite als Dokument auf; es liest keine Werte aus Webseiten.";
        OtherJson: "Keepwell keeps this JSON file as a document; it holds no FHIR resource.",
            "Keepwell bewahrt diese JSON-Datei als Dokument auf; sie enthält keine FHIR-Ressource.";
        OtherXml: "Keepwell keeps this XML file as a document; it is neither a clinical document nor an Apple Health export.",
            "Keepwell bewahrt diese XML-Datei als Dokument auf; sie ist weder ein klinisches Dokument noch ein Export von Apple Health.";
        Gzip: "Keepwell keeps this compressed file as it is; to have it read, please unpack it and upload the file inside.",
            "Keepwell bewahrt diese komprimierte Datei auf, wie sie ist; damit sie gelesen wird, entpacken Sie sie bitte und laden Sie die Datei darin hoch.";
        Unknown: "Keepwell keeps this file as a document; it does not know its format.",
            "Keepwell bewahrt diese Datei als Dokument auf; es kennt ihr Format nicht.";
        OtherTable: "Keepwell keeps this table as a document; it found no columns with names of tests and their results in it.",
            "Keepwell bewahrt diese Tabelle als Dokument auf; es hat darin keine Spalten mit Namen von Tests und deren Ergebnissen gefunden.";
        // Versions and forms that are not read.
        Utf16: "This file is written in UTF-16, but FHIR is written in UTF-8; please save it as UTF-8.",
            "Diese Datei ist in UTF-16 geschrieben, FHIR aber in UTF-8; bitte speichern Sie sie als UTF-8.";
        FhirXml: "This is FHIR in XML, which Keepwell does not read; please ask your provider for the export as FHIR R4 in JSON, or as a C-CDA document.",
            "Das ist FHIR in XML, das Keepwell nicht liest; bitte fragen Sie dort, woher die Datei stammt, nach FHIR R4 in JSON oder einem C-CDA-Dokument.";
        OldFhirXml: "This is FHIR DSTU2 in XML, an older version that Keepwell does not read; please ask your provider for the export as FHIR R4 in JSON, or as a C-CDA document.",
            "Das ist FHIR DSTU2 in XML, eine ältere Fassung, die Keepwell nicht liest; bitte fragen Sie dort, woher die Datei stammt, nach FHIR R4 in JSON oder einem C-CDA-Dokument.";
        Dstu2: "This is FHIR DSTU2, an older version that Keepwell does not read; please ask your provider for a FHIR R4 or C-CDA export.",
            "Das ist FHIR DSTU2, eine ältere Fassung, die Keepwell nicht liest; bitte fragen Sie dort, woher die Datei stammt, nach einem Export als FHIR R4 oder C-CDA.";
        Stu3: "This is FHIR STU3, an older version that Keepwell does not read; please ask your provider for a FHIR R4 or C-CDA export.",
            "Das ist FHIR STU3, eine ältere Fassung, die Keepwell nicht liest; bitte fragen Sie dort, woher die Datei stammt, nach einem Export als FHIR R4 oder C-CDA.";
        NoFhir: "This JSON file holds no FHIR resources.",
            "Diese JSON-Datei enthält keine FHIR-Ressourcen.";
        NoClinicalDocument: "This XML file is no clinical document that Keepwell knows.",
            "Diese XML-Datei ist kein klinisches Dokument, das Keepwell kennt.";
        OwnEntities: "This XML file declares entities of its own, which health records never need; it was not read.",
            "Diese XML-Datei legt eigene Textkürzel (Entities) fest, die Gesundheitsdaten nie brauchen; sie wurde nicht gelesen.";
        AppleEntities: "This file defines its own text shortcuts (XML entities), which no Apple Health export does and which can be used to overload a reader; Keepwell does not read it.",
            "Diese Datei legt eigene Textkürzel (XML-Entities) fest; das tut kein Export von Apple Health, und damit lässt sich ein Leseprogramm überlasten. Keepwell liest sie nicht.";
        // Archives.
        NoFiles: "This ZIP archive holds no files; please export or download it again.",
            "Dieses ZIP-Archiv enthält keine Dateien; bitte exportieren Sie es neu oder laden Sie es noch einmal herunter.";
        TooNested: "This archive lies inside an archive inside an archive; Keepwell opens one inside another, not more. Please unpack it and upload the files.",
            "Dieses Archiv liegt in einem Archiv in einem Archiv; Keepwell öffnet eines in einem anderen, nicht mehr. Bitte entpacken Sie es und laden Sie die Dateien hoch.";
        SharedBytes: "This entry shares its bytes with another one, which only archives built to overload a reader do; it was left out.",
            "Diese Datei teilt ihre Bytes mit einer anderen; das tun nur Archive, die ein Leseprogramm überlasten sollen. Sie wurde ausgelassen.";
        OtherPacking: "This entry is packed with a method that Keepwell does not read; please unpack the archive and upload the file itself.",
            "Diese Datei ist mit einem Verfahren gepackt, das Keepwell nicht liest; bitte entpacken Sie das Archiv und laden Sie die Datei selbst hoch.";
        // Exports of our own.
        ExportInside: "This is a Keepwell export inside an archive; please unpack it and upload it by itself to restore it.",
            "Das ist ein Keepwell-Export in einem Archiv; bitte entpacken Sie das Archiv und laden Sie den Export für sich hoch, um ihn wiederherzustellen.";
        NewerExport: "This export was made by a newer Keepwell; please update Keepwell and upload it again. Nothing was restored from it.",
            "Dieser Export stammt von einem neueren Keepwell; bitte aktualisieren Sie Keepwell und laden Sie ihn noch einmal hoch. Es wurde nichts daraus wiederhergestellt.";
    }
}

worded! {
    /// What is broken, as the beginning of a sentence.
    pub enum Thing {
        Zip: "This ZIP archive", "Dieses ZIP-Archiv";
        Xml: "This XML file", "Diese XML-Datei";
        Json: "This JSON file", "Diese JSON-Datei";
        Fhir: "This FHIR file", "Diese FHIR-Datei";
        Card: "This health card", "Diese Gesundheitskarte";
        Hl7: "This HL7 file", "Diese HL7-Datei";
        Apple: "This Apple Health export", "Dieser Export von Apple Health";
        Export: "This Keepwell export", "Dieser Keepwell-Export";
    }
}

worded! {
    /// What is wrong with it, as the end of a sentence.
    pub enum Flaw {
        EndsEarly: "it ends in the middle", "der Inhalt hört mittendrin auf";
        NotUtf8: "it is not UTF-8 text", "der Inhalt ist kein Text in UTF-8";
        BadJson: "its JSON is not well-formed", "das JSON darin ist nicht gültig";
        NoSoundLine: "no line of it is well-formed JSON", "keine Zeile darin ist gültiges JSON";
        NoHeader: "it has no message header (MSH)", "der Nachrichtenkopf (MSH) fehlt";
        TagMismatch: "its tags do not match up", "die Tags darin passen nicht zusammen";
        NotOpened: "it closes a tag that is not open", "ein Tag wird geschlossen, das nicht offen ist";
        NoContents: "it has no contents", "der Inhalt fehlt";
        OpenSection: "a comment or section in it never ends", "ein Kommentar oder Abschnitt darin endet nie";
        OpenDoctype: "its document type declaration never ends", "die Dokumenttyp-Angabe darin endet nie";
        Unordered: "its elements are not closed in order", "die Elemente darin werden nicht der Reihe nach geschlossen";
        BadTag: "a tag in it is not written as XML demands", "ein Tag darin ist nicht so geschrieben, wie XML es verlangt";
        CardHeader: "its header cannot be read", "der Kopf ist nicht lesbar";
        CardPayload: "its contents cannot be read", "der Inhalt ist nicht lesbar";
        CardEmpty: "it holds no FHIR Bundle", "das FHIR-Bundle fehlt darin";
        BadAttribute: "an attribute is not well-formed", "ein Attribut darin ist nicht gültig";
        EntryOutside: "an entry lies outside of it", "eine Datei darin liegt außerhalb des Archivs";
        EntryMisplaced: "an entry does not begin where it should", "eine Datei darin beginnt nicht, wo sie sollte";
        NoList: "its list of contents, which stands at the end, is missing", "das Inhaltsverzeichnis, das am Ende steht, fehlt";
        BadList: "its list of contents cannot be read", "das Inhaltsverzeichnis ist nicht lesbar";
        BadEntry: "an entry cannot be unpacked", "eine Datei darin lässt sich nicht entpacken";
        ExportFileMissing: "a file that its list names is missing; nothing was restored from it",
            "eine Datei, die im Verzeichnis steht, fehlt; es wurde nichts daraus wiederhergestellt";
        ExportManifest: "its manifest cannot be read; nothing was restored from it",
            "das Verzeichnis ist nicht lesbar; es wurde nichts daraus wiederhergestellt";
        ExportStrayFile: "a file in it belongs to no document; nothing was restored from it",
            "eine Datei darin gehört zu keinem Dokument; es wurde nichts daraus wiederhergestellt";
        ExportLine: "one of its lines cannot be read; nothing was restored from it",
            "eine Zeile darin ist nicht lesbar; es wurde nichts daraus wiederhergestellt";
        ExportParts: "its manifest does not name all its parts; nothing was restored from it",
            "das Verzeichnis nennt nicht alle Teile; es wurde nichts daraus wiederhergestellt";
        ExportUnpack: "a file in it cannot be unpacked; nothing was restored from it",
            "eine Datei darin lässt sich nicht entpacken; es wurde nichts daraus wiederhergestellt";
        ExportHash: "a file in it is not the one that was exported (its SHA-256 differs); nothing was restored from it",
            "eine Datei darin ist nicht die, die exportiert wurde (ihre SHA-256 weicht ab); es wurde nichts daraus wiederhergestellt";
    }
}

worded! {
    /// What is more than a reader takes; `{}` is the limit.
    pub enum Excess {
        Value: "One value in this file is longer than {} MiB, which no value in a health record is; the file may be damaged. Please export or download it again.",
            "Ein Wert in dieser Datei ist länger als {} MiB; so lang ist kein Wert in Gesundheitsdaten, vielleicht ist die Datei beschädigt. Bitte exportieren Sie sie neu oder laden Sie sie noch einmal herunter.";
        Contents: "This file is larger than the {} MiB that Keepwell reads of this kind of file; please split it and upload the parts.",
            "Diese Datei ist größer als die {} MiB, die Keepwell von dieser Art Datei liest; bitte teilen Sie sie und laden Sie die Teile hoch.";
        Line: "One line of this file is longer than the {} MiB that Keepwell reads; the file may be damaged. Please export or download it again.",
            "Eine Zeile dieser Datei ist länger als die {} MiB, die Keepwell liest; vielleicht ist die Datei beschädigt. Bitte exportieren Sie sie neu oder laden Sie sie noch einmal herunter.";
        Inner: "Unpacked, this file is larger than the {} MiB that Keepwell reads out of an archive; please unpack it, split it and upload the parts.",
            "Entpackt ist diese Datei größer als die {} MiB, die Keepwell aus einem Archiv liest; bitte entpacken und teilen Sie sie und laden Sie die Teile hoch.";
        Card: "This health card is larger than {} MiB, which no health card is; please download it again.",
            "Diese Gesundheitskarte ist größer als {} MiB; so groß ist keine. Bitte laden Sie sie noch einmal herunter.";
        Manifest: "The list of contents of this Keepwell export is larger than {} MiB, which none is; the export may be damaged, and nothing was restored from it. Please export again.",
            "Das Verzeichnis dieses Keepwell-Exports ist größer als {} MiB; so groß ist keines. Vielleicht ist der Export beschädigt; es wurde nichts daraus wiederhergestellt. Bitte exportieren Sie noch einmal.";
        Entries: "This archive holds more than {} entries, which is more than Keepwell reads from one; please unpack it and upload the files in several archives.",
            "Dieses Archiv enthält mehr als {} Einträge; so viele liest Keepwell nicht aus einem. Bitte entpacken Sie es und laden Sie die Dateien in mehreren Archiven hoch.";
        Elements: "This file has more than {} XML elements, which is more than Keepwell reads; please ask for the export in smaller parts.",
            "Diese Datei hat mehr als {} XML-Elemente; so viele liest Keepwell nicht. Bitte verlangen Sie den Export in kleineren Teilen.";
        Swells: "Unpacked, this is more than {} times as large as packed. Files made to overload a reader look like that, so Keepwell stopped reading it. If you trust where it comes from, please unpack it yourself and upload the file inside.",
            "Entpackt ist das mehr als {}-mal so groß wie gepackt. So sehen Dateien aus, die ein Leseprogramm überlasten sollen; darum hat Keepwell aufgehört zu lesen. Wenn Sie der Quelle vertrauen, entpacken Sie es bitte selbst und laden Sie die Datei darin hoch.";
        Unpacked: "Unpacked, the files of this archive are together larger than the {} GiB that Keepwell reads from one archive; please unpack it and upload the files in several archives.",
            "Entpackt sind die Dateien dieses Archivs zusammen größer als die {} GiB, die Keepwell aus einem Archiv liest; bitte entpacken Sie es und laden Sie die Dateien in mehreren Archiven hoch.";
        Singles: "This file has more than {} single measurements, which is more than Keepwell reads from one file; please split it and upload the parts.",
            "Diese Datei hat mehr als {} einzelne Messungen; so viele liest Keepwell nicht aus einer Datei. Bitte teilen Sie sie und laden Sie die Teile hoch.";
        Devices: "This file has more than {} device names, which is more than Keepwell reads from one file; please split it and upload the parts.",
            "Diese Datei hat mehr als {} Gerätenamen; so viele liest Keepwell nicht aus einer Datei. Bitte teilen Sie sie und laden Sie die Teile hoch.";
        Metrics: "This file has more than {} measurement types, which is more than Keepwell reads from one file; please split it and upload the parts.",
            "Diese Datei hat mehr als {} Arten von Messungen; so viele liest Keepwell nicht aus einer Datei. Bitte teilen Sie sie und laden Sie die Teile hoch.";
        Months: "This file has more than {} months with data, which is more than Keepwell reads from one file; please split it and upload the parts.",
            "Diese Datei hat mehr als {} Monate mit Daten; so viele liest Keepwell nicht aus einer Datei. Bitte teilen Sie sie und laden Sie die Teile hoch.";
        Samples: "This file has more than {} samples in one month, which is more than Keepwell reads from one file; please split it and upload the parts.",
            "Diese Datei hat mehr als {} Messwerte in einem Monat; so viele liest Keepwell nicht aus einer Datei. Bitte teilen Sie sie und laden Sie die Teile hoch.";
        Pressures: "This file has more than {} blood pressure readings, which is more than Keepwell reads from one file; please split it and upload the parts.",
            "Diese Datei hat mehr als {} Blutdruckmessungen; so viele liest Keepwell nicht aus einer Datei. Bitte teilen Sie sie und laden Sie die Teile hoch.";
    }
}

worded! {
    /// What became of a document as a whole.
    pub enum Fate {
        GaveUp: "Keepwell could not finish reading this file after several attempts. The file is kept; nothing was read from it.",
            "Keepwell konnte diese Datei auch nach mehreren Versuchen nicht zu Ende lesen. Die Datei ist aufbewahrt; gelesen wurde nichts daraus.";
        GaveUpAgain: "Keepwell could not finish reading this file after several attempts.",
            "Keepwell konnte diese Datei auch nach mehreren Versuchen nicht zu Ende lesen.";
        Timeout: "Reading this file took longer than is allowed and was stopped. The file is kept; nothing was read from it.",
            "Das Lesen dieser Datei dauerte länger als erlaubt und wurde beendet. Die Datei ist aufbewahrt; gelesen wurde nichts daraus.";
        Memory: "Reading this file needed more memory than is allowed and was stopped. The file is kept; nothing was read from it.",
            "Das Lesen dieser Datei brauchte mehr Speicher als erlaubt und wurde beendet. Die Datei ist aufbewahrt; gelesen wurde nichts daraus.";
        Crashed: "The reader stopped at this file twice. It may be damaged. The file is kept; nothing was read from it.",
            "Das Leseprogramm ist an dieser Datei zweimal stehen geblieben. Vielleicht ist sie beschädigt. Die Datei ist aufbewahrt; gelesen wurde nichts daraus.";
        TooManyRecords: "This file holds more than 1,000,000 records; please split it and upload the parts.",
            "Diese Datei enthält mehr als 1.000.000 Einträge; bitte teilen Sie sie und laden Sie die Teile hoch.";
        NotReached: "Reading ended before this part.",
            "Das Lesen endete vor diesem Teil.";
        OtherPersonKept: "This document names another person and is kept only as a document, as you chose.",
            "Dieses Dokument nennt eine andere Person und wird nur als Dokument aufbewahrt, wie Sie es gewählt haben.";
        OtherPersonWaits: "This document names another person; nothing was read in.",
            "Dieses Dokument nennt eine andere Person; es wurde nichts übernommen.";
        OriginalMissing: "The original of this document was not in the export.",
            "Das Original dieses Dokuments war nicht im Export.";
        Restored: "Everything in this export was restored. The archive itself is not kept a second time: its files are among your documents.",
            "Alles aus diesem Export ist wiederhergestellt. Das Archiv selbst wird nicht ein zweites Mal aufbewahrt: Seine Dateien stehen bei Ihren Dokumenten.";
    }
}
