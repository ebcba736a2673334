//! Enumerations with the codes under which they are kept.

/// Declares an enum whose variants have a code in the journal and in exports. An unknown code, written
/// by a newer version, reads as nothing and stays in the book as it is.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            /// What has that code.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
        impl $crate::model::field::TextType for $name {
            fn to_text(&self) -> String { self.as_str().to_owned() }
            fn from_text(text: &str) -> Option<Self> { Self::parse(text) }
        }
        $crate::model::field::text_fields!($name);
    )+};
}
pub(crate) use names;

/// [`names`] that say something of a person: they are not printed.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($body:tt)+ })+) => {$(
        $crate::model::names! { $(#[$doc])* $name { $($body)+ } }
        $crate::redact::redacted!($name);
    )+};
}
pub(crate) use codes;

/// [`names`] that say nothing of a person: kinds, columns, reasons.
macro_rules! open_codes {
    ($($(#[$doc:meta])* $name:ident { $($body:tt)+ })+) => {$(
        $crate::model::names! { $(#[$doc])* $name { $($body)+ } }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}
pub(crate) use open_codes;
