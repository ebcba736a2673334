//! Which section of a CDA document is which.

use super::tree::Node;

/// The sections that are read, and those that are left out on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Results,
    Vitals,
    Problems,
    Medications,
    Allergies,
    Immunizations,
    Procedures,
    Encounters,
    Social,
    Functional,
    /// What is planned is no past fact.
    Plan,
    /// What is true of relatives is not true of the person.
    Family,
    /// Insurance.
    Payers,
    Other,
}

/// By template id (C-CDA R1.1 and R2.1, CCD/C32), else by LOINC code.
pub(crate) fn section(node: &Node) -> Section {
    let by_template = node.all("templateId").filter_map(|t| template(t.attr("root")?)).next();
    by_template.or_else(|| code(node.get("code").attr("code")?)).unwrap_or(Section::Other)
}

fn template(root: &str) -> Option<Section> {
    let short = root.strip_prefix("2.16.840.1.113883.10.20.").unwrap_or(root);
    Some(match short {
        "22.2.3" | "22.2.3.1" | "1.14" => Section::Results,
        "22.2.4" | "22.2.4.1" | "1.16" => Section::Vitals,
        "22.2.5" | "22.2.5.1" | "22.2.20" | "1.11" => Section::Problems,
        "22.2.1" | "22.2.1.1" | "22.2.11" | "22.2.11.1" | "22.2.38" | "22.2.44" | "1.8" => {
            Section::Medications
        }
        "22.2.6" | "22.2.6.1" | "1.2" => Section::Allergies,
        "22.2.2" | "22.2.2.1" | "1.6" => Section::Immunizations,
        "22.2.7" | "22.2.7.1" | "1.12" => Section::Procedures,
        "22.2.22" | "22.2.22.1" | "1.3" => Section::Encounters,
        "22.2.17" | "1.15" => Section::Social,
        "22.2.14" | "22.2.56" | "1.5" => Section::Functional,
        "22.2.10" | "1.10" => Section::Plan,
        "22.2.15" | "1.4" => Section::Family,
        "22.2.18" | "1.9" => Section::Payers,
        _ => return None,
    })
}

fn code(code: &str) -> Option<Section> {
    Some(match code {
        "30954-2" | "26436-6" | "18723-7" | "18719-5" => Section::Results,
        "8716-3" => Section::Vitals,
        "11450-4" | "11348-0" => Section::Problems,
        "10160-0" | "42346-7" | "10183-2" | "75311-1" | "29549-3" => Section::Medications,
        "48765-2" => Section::Allergies,
        "11369-6" => Section::Immunizations,
        "47519-4" => Section::Procedures,
        "46240-8" => Section::Encounters,
        "29762-2" => Section::Social,
        "47420-5" | "10190-7" => Section::Functional,
        "18776-5" => Section::Plan,
        "10157-6" => Section::Family,
        "48768-6" => Section::Payers,
        _ => return None,
    })
}
