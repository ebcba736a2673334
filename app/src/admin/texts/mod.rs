//! The texts of the admin area: one file per area, each with its languages, so that no first visit carries them and no
//! area waits for another.

pub mod frame;

use crate::i18n::Lang;

/// Those of the frame.
#[must_use]
pub const fn frame(lang: Lang) -> &'static frame::Texts {
    match lang {
        Lang::En => &frame::EN,
        Lang::De => &frame::DE,
    }
}
