//! Icons: own line drawings on a 24 px grid, stroke in the colour of the text around them.

use leptos::prelude::*;

/// An icon. It is always beside a word or hidden from screen readers.
#[derive(Clone, Copy)]
pub enum Icon {
    /// The Overview.
    Overview,
    /// Markers.
    Markers,
    /// The Timeline.
    Timeline,
    /// Ask.
    Ask,
    /// Documents.
    Documents,
    /// More.
    More,
    /// Add.
    Add,
    /// A person.
    Person,
    /// A file.
    File,
    /// Upload.
    Upload,
    /// Camera.
    Camera,
    /// Folder.
    Folder,
    /// Keyboard.
    Type,
    /// Done.
    Check,
    /// Needs a look.
    Watch,
    /// Next.
    Next,
    /// A star.
    Star,
    /// A key.
    Key,
}

impl Icon {
    /// The drawing.
    #[must_use]
    pub const fn paths(self) -> &'static str {
        match self {
            Self::Overview => {
                r#"<rect x="3.5" y="3.5" width="7" height="9" rx="1.5"/><rect x="13.5" y="3.5" width="7" height="5" rx="1.5"/><rect x="13.5" y="11.5" width="7" height="9" rx="1.5"/><rect x="3.5" y="15.5" width="7" height="5" rx="1.5"/>"#
            }
            Self::Markers => r#"<path d="M3 17l5-6 4 4 4-8 5 6"/><path d="M3 21h18"/>"#,
            Self::Timeline => {
                r#"<path d="M6 3v18"/><circle cx="6" cy="7" r="2"/><circle cx="6" cy="16" r="2"/><path d="M11 7h9M11 16h6"/>"#
            }
            Self::Ask => {
                r#"<path d="M5 4h14a1.500 1.500 0 0 1 1.500 1.500v9A1.500 1.500 0 0 1 19 16h-7l-5 4v-4H5a1.500 1.500 0 0 1-1.500-1.500v-9A1.500 1.500 0 0 1 5 4z"/><path d="M8 8.500h8M8 12h5"/>"#
            }
            Self::Documents | Self::File => {
                r#"<path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8z"/><path d="M14 3v5h5M9 13h6M9 17h4"/>"#
            }
            Self::More => {
                r#"<path d="M4 7h10M18 7h2M4 12h2M10 12h10M4 17h8M16 17h4"/><circle cx="16" cy="7" r="2"/><circle cx="8" cy="12" r="2"/><circle cx="14" cy="17" r="2"/>"#
            }
            Self::Add => r#"<path d="M12 5v14M5 12h14"/>"#,
            Self::Person => {
                r#"<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c1-4 4-6 7.5-6s6.500 2 7.500 6"/>"#
            }
            Self::Upload => {
                r#"<path d="M12 15V4M7.500 8L12 3.500 16.500 8M4 15v3.500A1.500 1.500 0 0 0 5.500 20h13a1.500 1.500 0 0 0 1.500-1.500V15"/>"#
            }
            Self::Camera => {
                r#"<path d="M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z"/><circle cx="12" cy="13" r="3.500"/>"#
            }
            Self::Folder => {
                r#"<path d="M3 18V6a1 1 0 0 1 1-1h5l2 3h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z"/>"#
            }
            Self::Type => {
                r#"<rect x="2.500" y="6" width="19" height="12" rx="2"/><path d="M6 10h.01M10 10h.01M14 10h.01M18 10h.01M8 14h8"/>"#
            }
            Self::Check => r#"<path d="M4.500 12.500l5 5 10-11"/>"#,
            Self::Watch => r#"<path d="M12 4l9 16H3z"/><path d="M12 10v4M12 17h.01"/>"#,
            Self::Next => r#"<path d="M9 5l7 7-7 7"/>"#,
            Self::Key => r#"<circle cx="8" cy="15.500" r="4"/><path d="M11 12.500L20 3.500M16 7.500l3 3"/>"#,
            Self::Star => {
                r#"<path d="M12 3.500l2.600 5.400 5.900.8-4.300 4.100 1 5.900-5.200-2.800-5.200 2.800 1-5.900L3.500 9.700l5.900-.8z"/>"#
            }
        }
    }

    /// The icon as a view.
    #[must_use]
    pub fn view(self) -> AnyView {
        view! { <svg class="Icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" inner_html=self.paths()></svg> }.into_any()
    }
}
