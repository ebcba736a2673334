//! Enums whose every value has its words in each language: the compiler lets none be forgotten.

/// Declares an enum of reasons without arguments but a number: `Name: "English", "German";`. Where
/// a text holds `{}`, the number that belongs to the reason stands there.
macro_rules! worded {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident: $en:literal, $de:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vmeta])* #[doc = $en] $variant),+ }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The sentence, or part of one.
            #[must_use]
            pub const fn words(self, lang: keepwell_domain::lang::Lang) -> &'static str {
                match self { $(Self::$variant => lang.pick($en, $de)),+ }
            }
        }
    };
}
pub(crate) use worded;
