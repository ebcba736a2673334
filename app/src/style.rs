//! The one style sheet: five layers joined at compile time, served under a name made of its
//! contents, so that it may be cached for ever.

use std::sync::LazyLock;

/// The whole sheet.
pub const CSS: &str = concat!(
    include_str!("../../style/tokens.css"),
    include_str!("../../style/base.css"),
    include_str!("../../style/layout.css"),
    include_str!("../../style/ui.css"),
    include_str!("../../style/charts.css"),
    include_str!("../../style/pages.css"),
    include_str!("../../style/review.css"),
    include_str!("../../style/admin.css"),
    include_str!("../../style/ask.css"),
);

/// FNV-1a (64 bit) of the sheet. It names a version and protects nothing.
const fn hash(bytes: &[u8]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < bytes.len() {
        h = (h ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    h
}

/// Where it is served: `/style.<hash>.css`.
#[must_use]
pub fn path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| format!("/style.{:016x}.css", hash(CSS.as_bytes())));
    &PATH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_changes_with_the_contents() {
        assert_ne!(hash(b"a{}"), hash(b"b{}"));
        assert!(path().starts_with("/style.") && path().len() == "/style..css".len() + 16);
    }
}
