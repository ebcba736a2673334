//! Units and numbers as people read them.

/// A UCUM code as it is printed: `10*3/uL` is `10³/µL`, `[arb'U]/mL` is `U/mL`.
#[must_use]
pub fn unit_label(ucum: &str) -> String {
    match ucum {
        "{INR}" | "{ratio}" | "{index}" | "{score}" | "{T-score}" | "[pH]" | "{count}" | "{steps}"
        | "{s_co_ratio}" => return String::new(),
        "mL/min/{1.73_m2}" => return "mL/min/1.73 m²".to_owned(),
        "mL/(kg.min)" | "mL/min/kg" => return "mL/(kg·min)".to_owned(),
        "ug{FEU}/mL" | "mg{FEU}/L" | "ug{FEU}/L" | "ng{FEU}/mL" => {
            return ucum.replace("{FEU}", "").replace('u', "µ") + " FEU";
        }
        "ng{DDU}/mL" | "ug{DDU}/L" | "mg{DDU}/L" => {
            return ucum.replace("{DDU}", "").replace('u', "µ") + " DDU";
        }
        _ => {}
    }
    let mut out = ucum.to_owned();
    for (code, shown) in [
        ("10*12", "10¹²"),
        ("10*9", "10⁹"),
        ("10*6", "10⁶"),
        ("10*3", "10³"),
        ("u[IU]", "µIU"),
        ("[IU]", "IU"),
        ("[arb'U]", "U"),
        ("[GPL'U]", "GPL"),
        ("[MPL'U]", "MPL"),
        ("[HPF]", "HPF"),
        ("[LPF]", "LPF"),
        ("mm[Hg]", "mmHg"),
        ("dB[SPL]", "dB"),
        ("[degF]", "°F"),
        ("Cel", "°C"),
        ("[lb_av]", "lb"),
        ("[in_i]", "in"),
        ("[mi_i]", "mi"),
        ("[yd_i]", "yd"),
        ("[foz_us]", "fl oz"),
        ("[ppth]", "‰"),
        ("(24.h)", "24 h"),
        ("{WBC}", " WBC"),
        ("{copies}", "copies"),
        ("mosm", "mOsm"),
        ("meq", "mEq"),
        ("m2", "m²"),
    ] {
        if out.contains(code) {
            out = out.replace(code, shown);
        }
    }
    for unit in ["ug", "umol", "uL", "ukat", "uS"] {
        if let Some(at) = out.find(unit)
            && !out[..at].ends_with(|c: char| c.is_alphanumeric())
        {
            out.replace_range(at..=at, "µ");
            if unit == "uL" {
                continue;
            }
        }
    }
    if out == "a" { "y".to_owned() } else { out }
}

/// A number with that many decimals, and with more where it would lose its second significant
/// digit; at most eight. No thousands separator, a decimal point.
#[must_use]
pub fn format_value(number: f64, decimals: u8) -> String {
    let mut decimals = usize::from(decimals.min(8));
    let size = number.abs();
    if size > 0.0 && size < 10.0 {
        while decimals > 0 && decimals < 8 && size * 10f64.powi(i32::try_from(decimals).unwrap_or(8)) < 9.95 {
            decimals += 1;
        }
    }
    let text = format!("{number:.decimals$}");
    // "-0.0" says less than "0.0".
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| matches!(c, '0' | '.')) => rest.to_owned(),
        _ => text,
    }
}

/// A factor with at most six significant digits.
pub(super) fn format_factor(f: f64) -> String {
    if !f.is_finite() || f == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e9).contains(&f) {
        return format!("{f:.3e}");
    }
    let whole = f.abs().log10().floor();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let decimals = (5.0 - whole).clamp(0.0, 9.0) as usize;
    let text = format!("{f:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
