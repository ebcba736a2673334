//! What the columns of a table hold, told from the words of its heading.

use crate::sink::ColumnMap;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Name of the test.
    Name,
    /// Result.
    Value,
    /// Unit.
    Unit,
    /// Reference range.
    Range,
    /// Lower limit.
    Low,
    /// Upper limit.
    High,
    /// Flag.
    Flag,
    /// Date.
    Date,
    /// Time of day.
    Time,
    /// Specimen.
    Specimen,
    /// LOINC code.
    Loinc,
    /// Laboratory.
    Lab,
    /// Method.
    Method,
    /// Whose result.
    Subject,
    /// Comment.
    Comment,
}

use Role::{
    Comment, Date, Flag, High, Lab, Loinc, Low, Method, Name, Range, Specimen, Subject, Time, Unit, Value,
};

/// Words of headings; of two columns with the same role the one found first in a line wins.
const WORDS: [(Role, &str); 36] = [
    // SDTM: the original result and range, never the standardised ones.
    (Name, "lbtest|vstest"),
    (Value, "lborres|vsorres"),
    (Unit, "lborresu|vsorresu"),
    (Low, "lbornrlo"),
    (High, "lbornrhi"),
    (Flag, "lbnrind"),
    (Date, "lbdtc|vsdtc"),
    (Specimen, "lbspec"),
    (Loinc, "lbloinc"),
    (Lab, "lbnam"),
    (Method, "lbmethod"),
    (Subject, "usubjid|subjid"),
    (
        Name,
        "test name|lab test|test description|test|tests|analyte|analyte name|analysis|biomarker|marker|parameter|parameter name|component|component name|assay|examination|investigation|observation|lab name test|measurement",
    ),
    (
        Name,
        "analyt|untersuchung|laborwert|messgrosse|messgröße|laborparameter|testname|testbezeichnung|parametername|bestimmung",
    ),
    (
        Name,
        "examen|analyse|analyses|paramètre|parametre|esame|analisi|parametro|parámetro|prueba|análisis|determinación|determinazione",
    ),
    (Name, "name|bezeichnung|description|item|label"),
    (
        Value,
        "result|results|result value|test result|value|numeric result|observed value|measured value|reading|observation value",
    ),
    (
        Value,
        "wert|ergebnis|resultat|messwert|befund|istwert|valeur|résultat|valore|risultato|valor|resultado",
    ),
    (
        Unit,
        "unit|units|uom|unit of measure|result unit|value unit|result units|einheit|einheiten|maßeinheit|unité|unites|unités|unità|unita|unidad|unidades",
    ),
    (
        Range,
        "reference range|ref range|reference|range|normal range|reference interval|ref interval|reference values|normal values|normal",
    ),
    (
        Range,
        "referenzbereich|referenz|normbereich|normalbereich|normwert|normwerte|referenzwerte|referenzintervall|ref bereich|sollwert",
    ),
    (
        Range,
        "intervalle de référence|valeurs de référence|norme|normes|valori di riferimento|intervallo di riferimento|riferimento|valores de referencia|rango de referencia|intervalo de referencia|référence|referencia",
    ),
    (
        Low,
        "low|lower|lower limit|ref low|range low|reference low|min|minimum|normal low|lln|reference range low|lower reference limit|untergrenze|untere grenze|referenz min|ref min|limite inférieure",
    ),
    (
        High,
        "high|upper|upper limit|ref high|range high|reference high|max|maximum|normal high|uln|reference range high|upper reference limit|obergrenze|obere grenze|referenz max|ref max|limite supérieure",
    ),
    (
        Flag,
        "flag|flags|abnormal|abnormal flag|interpretation|status flag|markierung|bewertung|kennzeichen|auffällig|indicator|h l|alarm",
    ),
    (
        Date,
        "collection date|collected|collected on|collection datetime|collection date time|date collected|sample date|specimen date|draw date|drawn|date of test|test date|date of collection|observation date|effective date|entnahmedatum|abnahmedatum|probenentnahme|entnahme|abnahme|date de prélèvement|data prelievo|fecha de extracción|fecha de toma",
    ),
    (
        Date,
        "date|datum|day|date time|datetime|timestamp|data|fecha|date and time|datum uhrzeit|messdatum|untersuchungsdatum",
    ),
    (Date, "result date|reported|report date|date reported|befunddatum|resulted"),
    (Time, "time|uhrzeit|zeit|collection time|entnahmezeit|heure|ora|hora|time collected"),
    (
        Specimen,
        "specimen|specimen type|sample|sample type|material|probe|probenmaterial|probenart|échantillon|campione|muestra|matrix",
    ),
    (Loinc, "loinc|loinc code|loinc num|loinc nr"),
    (Lab, "lab|laboratory|performing lab|lab name|labor|laboratoire|laboratorio|provider|facility"),
    (Method, "method|methode|méthode|metodo|método"),
    (
        Subject,
        "patient id|patient|patient name|subject|subject id|person|patientid|patienten id|patientenname|mrn|paziente|paciente",
    ),
    (Subject, "name"),
    (
        Comment,
        "comment|comments|note|notes|remark|remarks|kommentar|bemerkung|bemerkungen|anmerkung|commentaire|nota|note lab|comentario|commento",
    ),
];

/// Names that many other tables use too; alone they do not make a lab table.
const WEAK_NAMES: [&str; 5] = ["name", "bezeichnung", "description", "item", "label"];

/// A heading as it is compared: lower case, without what stands in brackets, marks as blanks.
#[must_use]
pub fn normal(heading: &str) -> String {
    let open = heading.find(['(', '[']).filter(|at| *at > 0).unwrap_or(heading.len());
    let mut out = String::new();
    let mut before = ' ';
    for c in heading[..open].chars() {
        if c.is_alphanumeric() {
            // `testName` and `TestName` are two words, `LOINC` is one.
            if c.is_uppercase() && before.is_lowercase() {
                out.push(' ');
            }
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
        before = c;
    }
    out.trim().to_owned()
}

/// The columns of a heading, and how sure it is that they are those of a lab table.
pub struct Heading {
    /// Which column holds what.
    pub map: ColumnMap,
    /// How many columns were recognised.
    pub found: usize,
    /// Whether the name column has a name that only test names have.
    pub strong: bool,
}

/// Reads a heading.
#[must_use]
pub fn heading<'c>(cells: impl Iterator<Item = &'c str>) -> Heading {
    let cells: Vec<String> = cells.map(normal).collect();
    let mut map = ColumnMap::default();
    let mut taken = vec![false; cells.len()];
    let mut strong = false;
    for (role, words) in WORDS {
        let slot = slot(&mut map, role);
        if slot.is_some() {
            continue;
        }
        let hit = words.split('|').find_map(|w| Some((w, cells.iter().position(|c| c == w)?)));
        if let Some((word, at)) = hit.filter(|(_, at)| !taken[*at]) {
            *slot = Some(at);
            taken[at] = true;
            strong |= role == Name && !WEAK_NAMES.contains(&word);
        }
    }
    Heading { found: taken.iter().filter(|t| **t).count(), map, strong }
}

/// The place of a role in a map.
pub const fn slot(map: &mut ColumnMap, role: Role) -> &mut Option<usize> {
    match role {
        Name => &mut map.name,
        Value => &mut map.value,
        Unit => &mut map.unit,
        Range => &mut map.range,
        Low => &mut map.low,
        High => &mut map.high,
        Flag => &mut map.flag,
        Date => &mut map.date,
        Time => &mut map.time,
        Specimen => &mut map.specimen,
        Loinc => &mut map.loinc,
        Lab => &mut map.lab,
        Method => &mut map.method,
        Subject => &mut map.subject,
        Comment => &mut map.comment,
    }
}

/// Whether a text is a valid LOINC code: digits, a hyphen, the check digit (Luhn modulo 10).
#[must_use]
pub fn is_loinc(text: &str) -> bool {
    let Some((digits, check)) = text.split_once('-') else { return false };
    if !(1..=7).contains(&digits.len()) || check.len() != 1 || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, c)| {
            let d = u32::from(c - b'0');
            if i % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d }
        })
        .sum();
    check.bytes().next().is_some_and(|c| c.is_ascii_digit() && u32::from(c - b'0') == (10 - sum % 10) % 10)
}

/// A unit as laboratories print it. Amounts alone (`mg`, `g`, `kcal`) are none: food logs use them.
#[must_use]
pub fn is_lab_unit(text: &str) -> bool {
    let text = text.trim();
    let lone = ["%", "fl", "pg", "mmhg", "mm hg", "sec", "ratio", "index", "mosm/kg", "‰", "bpm", "°c"];
    if lone.contains(&text.to_lowercase().as_str()) {
        return true;
    }
    text.contains('/')
        && text.chars().any(char::is_alphabetic)
        && keepwell_domain::ucum::read_unit(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loinc_check_digits_are_checked() {
        for good in ["718-7", "2947-0", "4548-4", "85354-9", "8480-6"] {
            assert!(is_loinc(good), "{good}");
        }
        for bad in ["718-8", "2024-01", "1-", "-1", "718-77", "abc-1", ""] {
            assert!(!is_loinc(bad), "{bad}");
        }
    }

    #[test]
    fn sdtm_takes_original_results_and_not_standardised_ones() {
        let cells = [
            "USUBJID", "LBTESTCD", "LBTEST", "LBORRES", "LBORRESU", "LBORNRLO", "LBORNRHI", "LBSTRESN",
            "LBSTRESU", "LBDTC",
        ];
        let h = heading(cells.into_iter());
        assert_eq!(
            (h.map.subject, h.map.name, h.map.value, h.map.unit),
            (Some(0), Some(2), Some(3), Some(4))
        );
        assert_eq!((h.map.low, h.map.high, h.map.date), (Some(5), Some(6), Some(9)));
    }

    #[test]
    fn food_amounts_are_no_lab_units() {
        for unit in ["mg", "g", "kcal", "µg", "IU", "note", "min"] {
            assert!(!is_lab_unit(unit), "{unit}");
        }
        for unit in ["mg/dL", "mmol/l", "g/dl", "%", "fL", "10^9/L", "U/l"] {
            assert!(is_lab_unit(unit), "{unit}");
        }
    }
}
