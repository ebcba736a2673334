//! The page of one marker.

use leptos::prelude::*;

/// One marker over time.
#[component]
pub fn MarkerPage() -> impl IntoView {}
