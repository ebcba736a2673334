//! Codes of the catalogue that none of the sample files names were looked up elsewhere: in tables of
//! laboratories and value sets that others publish. These were found there beside the same test,
//! specimen and property. What could not be found anywhere was taken out of the catalogue, where the
//! test is still known by its name.
#![allow(clippy::unwrap_used)]

use keepwell_domain::analyte::find_by_loinc;

/// Code, and the catalogue's own name for the test.
const FOUND: [(&str, &str); 27] = [
    ("14590-4", "Vitamin E"),
    ("14731-4", "Folate (red cells)"),
    ("14796-7", "Insulin"),
    ("15081-3", "Prolactin (units)"),
    ("17843-4", "CA 72-4"),
    ("25371-6", "VLDL cholesterol"),
    ("2598-1", "Magnesium (urine)"),
    ("29265-6", "Corrected calcium"),
    ("30000-4", "Albumin/creatinine ratio (urine)"),
    ("32046-5", "Pregnancy-associated plasma protein A"),
    ("34366-5", "Protein/creatinine ratio (urine)"),
    ("44915-7", "LDL/HDL ratio"),
    ("47214-2", "HOMA-IR"),
    ("47275-3", "S100"),
    ("55180-4", "HE4"),
    ("6367-7", "Tetanus IgG"),
    ("71694-4", "Reticulocyte hemoglobin"),
    ("77139-4", "Sodium"),
    ("77370-5", "P1NP"),
    ("8014-3", "Rubella IgG"),
    ("80515-0", "Free kappa light chains"),
    ("80516-8", "Free lambda light chains"),
    ("83073-7", "AFP"),
    ("83086-9", "hCG"),
    ("83102-4", "Immunoglobulin E"),
    ("83103-2", "LH"),
    ("88112-8", "AST"),
];

/// Found nowhere: metanephrine and free estriol by amount, tetanus antibodies (an older code),
/// lamotrigine by amount, uric acid in urine by amount; and the free androgen index, for which
/// others name another code.
const TAKEN_OUT: [&str; 6] = ["49700-8", "15064-9", "22203-4", "25458-1", "14934-4", "24125-7"];

#[test]
fn what_was_looked_up_stands_in_the_catalogue_and_what_was_not_found_does_not() {
    for (code, name) in FOUND {
        assert_eq!(find_by_loinc(code).unwrap().name_en, name, "{code}");
    }
    for code in TAKEN_OUT {
        assert!(find_by_loinc(code).is_none(), "{code}");
    }
}
