//! QR codes in pictures: of which size a picture is looked at, and what it says.

/// The longer side of a picture, at most, in pixels: a code that fills a third of it has five to a module then.
const SIDE: u32 = 960;

/// The size in which a picture of `width` by `height` pixels is looked at; nothing as long as there is none.
#[must_use]
pub fn scaled(width: u32, height: u32) -> Option<(u32, u32)> {
    let longer = width.max(height);
    if width == 0 || height == 0 {
        return None;
    }
    let to = |side: u32| (side * SIDE.min(longer)).div_ceil(longer);
    Some((to(width), to(height)))
}

/// The brightness of each pixel of a picture in RGBA.
#[must_use]
pub fn grey(rgba: &[u8]) -> Vec<u8> {
    rgba.as_chunks::<4>().0.iter().map(luma).collect()
}

/// The text of a code in a picture, given as the brightness of each pixel in rows of `width`. A code that is damaged too
/// far, or whose bytes are no text, is none.
#[must_use]
pub fn text(grey: &[u8], width: u32) -> Option<String> {
    let width = usize::try_from(width).ok().filter(|w| *w > 0)?;
    let at = |x: usize, y: usize| grey.get(y * width + x).copied().unwrap_or(u8::MAX);
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, grey.len() / width, at);
    picture.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

/// Brightness after BT.601, as the browsers themselves reckon it.
fn luma([red, green, blue, _]: &[u8; 4]) -> u8 {
    let sum = 299 * u32::from(*red) + 587 * u32::from(*green) + 114 * u32::from(*blue);
    u8::try_from(sum / 1000).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use qrcode::{Color, EcLevel, QrCode};

    const TEXT: &str =
        "https://vault.example.org/journal#/join/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEfGhIjKlMnOp";

    const ROUNDS: usize = 300;

    /// A picture of a code as a camera has it: turned by some degrees, in a grey that is brighter on one side.
    fn seen(text: &str, (width, height): (u32, u32), module: f64, degrees: f64) -> Vec<u8> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let (side, colors) = (code.width() as f64, code.to_colors());
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (middle_x, middle_y) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
        let mut rgba = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let (dx, dy) = (f64::from(x) - middle_x, f64::from(y) - middle_y);
                let column = (dx * cos + dy * sin) / module + side / 2.0;
                let row = (dy * cos - dx * sin) / module + side / 2.0;
                let is_inside = column >= 0.0 && row >= 0.0 && column < side && row < side;
                let is_dark =
                    is_inside && colors[row as usize * code.width() + column as usize] == Color::Dark;
                let light = 150 + (80 * x / width) as u8;
                let grey = if is_dark { light / 4 } else { light };
                rgba.extend([grey, grey, grey.saturating_sub(10), 255]);
            }
        }
        rgba
    }

    #[test]
    fn codes_are_read_in_any_position_and_uneven_light() {
        for degrees in [0.0, 7.0, 45.0, 90.0, 180.0, 263.0] {
            let picture = seen(TEXT, (640, 480), 5.0, degrees);
            assert_eq!(text(&grey(&picture), 640).as_deref(), Some(TEXT), "turned by {degrees} degrees");
        }
        let upright = seen(TEXT, (480, 640), 4.0, 3.0);
        assert_eq!(text(&grey(&upright), 480).as_deref(), Some(TEXT));
    }

    #[test]
    fn what_is_no_code_says_nothing() {
        for (rgba, width) in
            [(vec![], 0), (vec![], 640), (vec![255; 640 * 480 * 4], 640), (vec![7; 13], 1), (vec![0; 4], 5)]
        {
            assert_eq!(text(&grey(&rgba), width), None);
        }
        // Half of it lies outside of the picture.
        let mut cut = seen(TEXT, (640, 480), 5.0, 0.0);
        cut.truncate(cut.len() / 2);
        assert_eq!(text(&grey(&cut), 640), None);
    }

    #[test]
    fn damaged_codes_and_noise_say_nothing_wrong() {
        let mut state = 9_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for round in 0..ROUNDS {
            let mut picture = seen(TEXT, (240, 200), 3.2, next(360) as f64);
            for _ in 0..next(40) {
                let (x, y, side, grey) = (next(240), next(200), 1 + next(30), next(256) as u8);
                for row in y..(y + side).min(200) {
                    for column in x..(x + side).min(240) {
                        let value = if round % 3 == 0 { grey } else { next(256) as u8 };
                        picture[(row * 240 + column) * 4..][..3].fill(value);
                    }
                }
            }
            if let Some(said) = text(&grey(&picture), 240) {
                assert_eq!(said, TEXT, "round {round}");
            }
        }
    }

    #[test]
    fn a_picture_is_looked_at_in_a_size_that_is_quick_to_read() {
        assert_eq!(scaled(0, 480), None);
        assert_eq!(scaled(640, 480), Some((640, 480)));
        assert_eq!(scaled(1920, 1080), Some((960, 540)));
        assert_eq!(scaled(1080, 1920), Some((540, 960)));
        assert_eq!(scaled(4000, 1), Some((960, 1)));
    }
}
