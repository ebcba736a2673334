//! Pictures of a vault: what each page and API answer shows. Pure functions of opened records.

pub mod markers;
pub mod names;
pub mod overview;
pub mod points;
pub mod record;
pub mod series;
pub mod shown;
pub mod timeline;
