//! A text as a QR code.

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

/// The blank margin that a reader needs, in modules.
const QUIET: usize = 4;

/// The picture; nothing for a text that is too long for one.
pub fn picture(text: &str, label: &'static str) -> AnyView {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return ().into_any() };
    let width = code.width();
    let size = (width + 2 * QUIET).to_string();
    let path = path(&code.to_colors(), width);
    let frame = ["0 0 ", &size, " ", &size].concat();
    view! {
        <svg class="Qr" viewBox=frame role="img" aria-label=label>
            <rect width=size.clone() height=size class="Qr-paper"></rect>
            <path d=path class="Qr-ink" shape-rendering="crispEdges"></path>
        </svg>
    }
    .into_any()
}

/// The dark runs of all rows.
fn path(modules: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row.iter().skip(x).take_while(|c| **c == Color::Dark).count();
            if run > 0 {
                let [left, top, run] = [x + QUIET, y + QUIET, run].map(|n| n.to_string());
                path.extend(["M", &left, " ", &top, "h", &run, "v1h-", &run, "z"]);
            }
            x += run.max(1);
        }
    }
    path
}
