//! What Keepwell is made of, and the page that says what a deletion removed.

mod receipt;

use crate::{boot::use_texts, ui::page::heading};
use leptos::prelude::*;
pub use receipt::{ReceiptPage, receipt_address};

/// The notice that LOINC's licence asks for, word for word in English.
const LOINC_NOTICE: &str = "This material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at http://loinc.org/license. LOINC® is a registered United States trademark of Regenstrief Institute, Inc.";
/// The notice for UCUM.
const UCUM_NOTICE: &str = "This product includes all or a portion of the UCUM table, UCUM codes, and UCUM definitions or is derived from it, subject to a license from Regenstrief Institute, Inc. and The UCUM Organization. Your use of the UCUM table, UCUM codes, UCUM definitions also is subject to this license, a copy of which is available at https://ucum.org/license. The current complete UCUM table, UCUM Specification are available for download at https://ucum.org. The UCUM table and UCUM codes are copyright © 1995-2024, Regenstrief Institute, Inc. and the Unified Codes for Units of Measures (UCUM) Organization. All rights reserved. THE UCUM TABLE (IN ALL FORMATS), UCUM DEFINITIONS, AND SPECIFICATION ARE PROVIDED \"AS IS.\" ANY EXPRESS OR IMPLIED WARRANTIES ARE DISCLAIMED, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE.";

/// Licences and attributions.
#[component]
pub fn AboutPage() -> impl IntoView {
    let t = use_texts();
    let version = env!("CARGO_PKG_VERSION");
    view! {
        {heading(t.about, t.about_text)}
        <section class="Prose">
            <p>{t.about_what}</p>
            <p>{t.about_not_doctor}</p>
            <h2>{t.licence}</h2>
            <p>{t.about_licence} " " <a rel="external license" href="/licence.txt">"AGPL-3.0-or-later"</a> " · Keepwell " {version}</p>
            <h2>"LOINC"</h2>
            <p lang="en">{LOINC_NOTICE}</p>
            <h2>"UCUM"</h2>
            <p lang="en">{UCUM_NOTICE}</p>
            <h2>{t.typeface}</h2>
            <p>{t.about_typeface} " " <a rel="external license" href="/fonts/source-serif-4-OFL.txt">"SIL Open Font License 1.1"</a></p>
        </section>
    }
}
