//! What is said of what was typed.

use super::state::App;
use crate::{forms::Problem, words};

/// Why a field cannot be taken as it was typed, in words.
pub fn reason(app: App, problem: Problem) -> &'static str {
    let t = words::typed::of(app.lang);
    match problem {
        Problem::Number => app.t.bad_number,
        Problem::Thousand => t.thousand,
        Problem::Date => app.t.bad_date,
        Problem::Time => app.t.bad_time,
        Problem::Sizes => app.t.bad_sizes,
        Problem::Parted => t.parted,
        Problem::Zone => app.t.bad_zone,
    }
}
