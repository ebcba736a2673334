//! The texts of the admin area: one file per area, each with its languages, so that no first visit carries them and no
//! area waits for another.

pub mod frame;
pub mod running;

use crate::i18n::Lang;

/// Those of the frame.
#[must_use]
pub const fn frame(lang: Lang) -> &'static frame::Texts {
    match lang {
        Lang::En => &frame::EN,
        Lang::De => &frame::DE,
    }
}

/// Those of the dashboard, the log, the settings and the reports.
#[must_use]
pub const fn running(lang: Lang) -> &'static running::Texts {
    match lang {
        Lang::En => &running::EN,
        Lang::De => &running::DE,
    }
}
