//! The texts of the admin area: one file per area, each with its languages, so that no first visit carries them and no
//! area waits for another.

/// The texts of an area: a name, English, German.
macro_rules! texts {
    ($($name:ident: $en:literal, $de:literal;)+) => {
        /// See the module.
        pub struct Texts {
            $(#[doc = $en] pub $name: &'static str),+
        }
        static EN: Texts = Texts { $($name: $en),+ };
        static DE: Texts = Texts { $($name: $de),+ };

        /// The texts in a language.
        #[must_use]
        pub const fn of(lang: crate::i18n::Lang) -> &'static Texts {
            match lang {
                crate::i18n::Lang::En => &EN,
                crate::i18n::Lang::De => &DE,
            }
        }
    };
}
pub(crate) use texts;

pub mod frame;
pub mod grants;
pub mod people;
pub mod running;

pub use frame::of as frame;
pub use running::of as running;
