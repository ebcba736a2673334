//! Which part of Keepwell was used (spec 11.7): a fixed list of features. A count of one is a day, a feature and a number, and
//! nothing else: no person, no session, no address, no path.

use crate::act::codes;
use serde::{Deserialize, Serialize};

codes! {
    /// A feature.
    Feature {
        /// The overview.
        Overview = "overview",
        /// Markers, the list and each of them.
        Markers = "markers",
        /// The timeline and single records.
        Timeline = "timeline",
        /// The list of documents and each of them.
        Documents = "documents",
        /// A file was brought.
        Uploads = "uploads",
        /// A record was put in by hand.
        Entries = "entries",
        /// A question was asked.
        Asks = "asks",
        /// Everything was exported.
        Exports = "exports",
        /// Share links, making and opening them.
        Shares = "shares",
        /// Settings.
        Settings = "settings",
        /// One's own access log.
        AccessLog = "access_log",
        /// Anything by a program with an access token or through the API.
        Api = "api",
        /// Public pages.
        Public = "public",
    }
}
