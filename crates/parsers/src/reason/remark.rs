//! What is worth knowing of a place in a file.

use super::words::worded;

worded! {
    /// What is worth knowing of a place in a file: why it was left out, or how it was taken.
    pub enum Remark {
        // Apple Health.
        NoStart: "This entry was left out because its start date cannot be read.",
            "Dieser Eintrag wurde ausgelassen, weil sein Anfangsdatum nicht lesbar ist.";
        NoEnd: "This entry was left out because its end date cannot be read.",
            "Dieser Eintrag wurde ausgelassen, weil sein Enddatum nicht lesbar ist.";
        Backwards: "This entry was left out because it ends before it starts.",
            "Dieser Eintrag wurde ausgelassen, weil er endet, bevor er beginnt.";
        NoNumber: "This entry was left out because its value is not a number.",
            "Dieser Eintrag wurde ausgelassen, weil sein Wert keine Zahl ist.";
        NoType: "This entry was left out because it does not say what was measured.",
            "Dieser Eintrag wurde ausgelassen, weil er nicht sagt, was gemessen wurde.";
        NoText: "This entry was left out because a name in it cannot be read.",
            "Dieser Eintrag wurde ausgelassen, weil ein Name darin nicht lesbar ist.";
        AboveOne: "Apple Health writes a percent as a fraction from 0 to 1; this type has values above 1, which were taken as percent as they stand.",
            "Apple Health schreibt Prozent als Bruchteil von 0 bis 1; hier stehen Werte über 1, die als Prozent übernommen wurden, wie sie dastehen.";
        // Tables.
        NoResult: "This row was left out because it has no result.",
            "Diese Zeile wurde ausgelassen, weil sie kein Ergebnis hat.";
        CellTooLong: "This row was left out because a cell in it is longer than any result.",
            "Diese Zeile wurde ausgelassen, weil eine Zelle darin länger ist als jedes Ergebnis.";
        // FHIR.
        BrokenLine: "This line is not well-formed JSON and was left out.",
            "Diese Zeile ist kein gültiges JSON und wurde ausgelassen.";
        CardUnchecked: "The signature of this health card was not checked.",
            "Die Unterschrift dieser Gesundheitskarte wurde nicht geprüft.";
        NoKind: "This entry does not say which kind of resource it is and was left out.",
            "Dieser Eintrag sagt nicht, welche Art von Ressource er ist, und wurde ausgelassen.";
        NoSubject: "This entry does not say what it is about and was left out.",
            "Dieser Eintrag sagt nicht, worum es geht, und wurde ausgelassen.";
        EnteredInError: "The source marks this entry as entered in error; it was left out.",
            "Die Quelle kennzeichnet diesen Eintrag als irrtümlich erfasst; er wurde ausgelassen.";
        NotToBeDone: "This entry says that something is not to be done; it was left out.",
            "Dieser Eintrag sagt, dass etwas nicht getan werden soll; er wurde ausgelassen.";
        Attached: "A document is attached here that is no plain text; it was not read.",
            "Hier ist ein Dokument angehängt, das kein reiner Text ist; es wurde nicht gelesen.";
        BadTime: "A date or time here is not written as FHIR writes it and was left out.",
            "Ein Datum oder eine Uhrzeit ist hier nicht so geschrieben, wie FHIR es verlangt, und wurde ausgelassen.";
        ExamIssued: "No time of the examination is stated; the time of issue stands in its place.",
            "Der Zeitpunkt der Untersuchung ist nicht angegeben; an seiner Stelle steht der Zeitpunkt der Ausgabe.";
        MeasureIssued: "No time of the measurement is stated; the time of issue stands in its place.",
            "Der Zeitpunkt der Messung ist nicht angegeben; an seiner Stelle steht der Zeitpunkt der Ausgabe.";
        KeptAsText: "The value is not a number that can be computed with; it was kept as text.",
            "Der Wert ist keine Zahl, mit der sich rechnen lässt; er wurde als Text behalten.";
        OthersInFile: "This file also names another person; that person's entries were left out.",
            "Diese Datei nennt auch eine andere Person; deren Einträge wurden ausgelassen.";
        NoPerson: "This entry is about a group, a device or a place, not about a person; it was left out.",
            "Dieser Eintrag handelt von einer Gruppe, einem Gerät oder einem Ort, nicht von einer Person; er wurde ausgelassen.";
        OtherPerson: "This entry is about another person; it was left out.",
            "Dieser Eintrag handelt von einer anderen Person; er wurde ausgelassen.";
        // Clinical documents (CDA).
        NoMedication: "This medication does not say what it is; it was left out.",
            "Dieses Medikament sagt nicht, was es ist; es wurde ausgelassen.";
        NoVaccine: "This immunisation does not say which vaccine; it was left out.",
            "Diese Impfung sagt nicht, welcher Impfstoff es war; sie wurde ausgelassen.";
        NoProblem: "This problem does not say what it is; it was left out.",
            "Diese Diagnose sagt nicht, was sie ist; sie wurde ausgelassen.";
        NoAllergen: "This allergy does not say to what; it was left out.",
            "Diese Allergie sagt nicht, wogegen; sie wurde ausgelassen.";
        NoProcedure: "This procedure does not say what was done; it was left out.",
            "Dieser Eingriff sagt nicht, was getan wurde; er wurde ausgelassen.";
        NotFound: "This entry says that something was not found or not done; it was left out.",
            "Dieser Eintrag sagt, dass etwas nicht gefunden oder nicht getan wurde; er wurde ausgelassen.";
        NothingMeasured: "This result does not say what was measured; it was left out.",
            "Dieses Ergebnis sagt nicht, was gemessen wurde; es wurde ausgelassen.";
        ManyPeople: "This document names more than one person; only the first was taken.",
            "Dieses Dokument nennt mehr als eine Person; nur die erste wurde übernommen.";
        DocumentInside: "This document holds another document that is no plain text; it was not read.",
            "In diesem Dokument steckt ein weiteres, das kein reiner Text ist; es wurde nicht gelesen.";
        BadBase64: "The text of this document is not well-formed Base64; it was not read.",
            "Der Text dieses Dokuments ist kein gültiges Base64; er wurde nicht gelesen.";
        Withdrawn: "The source has withdrawn this entry; it was left out.",
            "Die Quelle hat diesen Eintrag zurückgezogen; er wurde ausgelassen.";
        // HL7 v2.
        Elsewhere: "This result points to a document elsewhere; it was not fetched.",
            "Dieses Ergebnis verweist auf ein Dokument anderswo; es wurde nicht geholt.";
        Repeats: "This result repeats its value more than 100 times; it was left out.",
            "Dieses Ergebnis wiederholt seinen Wert mehr als 100-mal; es wurde ausgelassen.";
        LabNotObtained: "The laboratory could not obtain this result; it was left out.",
            "Das Labor konnte dieses Ergebnis nicht bestimmen; es wurde ausgelassen.";
        LabDeleted: "The laboratory deleted this result; it was left out.",
            "Das Labor hat dieses Ergebnis gelöscht; es wurde ausgelassen.";
        LabWithdrew: "The laboratory withdrew this result as wrong; it was left out.",
            "Das Labor hat dieses Ergebnis als falsch zurückgezogen; es wurde ausgelassen.";
        OrderTime: "The time of this result is not a date; the order's time stands in its place.",
            "Der Zeitpunkt dieses Ergebnisses ist kein Datum; an seiner Stelle steht der des Auftrags.";
        ReportTime: "No time of collection is stated for this result; the time of the report stands in its place.",
            "Für dieses Ergebnis ist kein Zeitpunkt der Entnahme angegeben; an seiner Stelle steht der des Befunds.";
        NoDelimiters: "This message header does not state its delimiters; the message was left out.",
            "Der Kopf dieser Nachricht nennt ihre Trennzeichen nicht; die Nachricht wurde ausgelassen.";
        OtherMessage: "This message is about another person than the first one; it was left out.",
            "Diese Nachricht handelt von einer anderen Person als die erste; sie wurde ausgelassen.";
    }
}
