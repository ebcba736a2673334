//! The scales of special units: functions between a printed value and base units.

use super::UnitError;

/// How a special unit's value is computed. `x` is the value on the scale, `b` the value in the
/// unit's own base, before its coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Function {
    /// b = x + 273.15
    Celsius,
    /// b = x + 459.67
    Fahrenheit,
    /// b = x + 218.52
    Reaumur,
    /// b = atan(x / 100): prism dioptres and slopes in percent.
    Tan100,
    /// b = 10^-x: homeopathic decimal.
    HpX,
    /// b = 100^-x
    HpC,
    /// b = 1000^-x
    HpM,
    /// b = 50000^-x
    HpQ,
    /// b = 10^-x
    Ph,
    /// b = e^x
    Ln,
    /// b = 10^x
    Lg,
    /// b = 10^(x / 2)
    Lg2,
    /// b = 2^x
    Ld,
    /// b = x²
    Sqrt,
}

impl Function {
    /// From the scale to its base.
    pub(super) fn scale_to_base(self, x: f64) -> f64 {
        match self {
            Self::Celsius => x + 273.15,
            Self::Fahrenheit => x + 459.67,
            Self::Reaumur => x + 218.52,
            Self::Tan100 => (x / 100.0).atan(),
            Self::HpX | Self::Ph => 10f64.powf(-x),
            Self::HpC => 100f64.powf(-x),
            Self::HpM => 1000f64.powf(-x),
            Self::HpQ => 50_000f64.powf(-x),
            Self::Ln => x.exp(),
            Self::Lg => 10f64.powf(x),
            Self::Lg2 => 10f64.powf(x / 2.0),
            Self::Ld => x.exp2(),
            Self::Sqrt => x * x,
        }
    }

    /// From the base to the scale.
    pub(super) fn base_to_scale(self, b: f64) -> Result<f64, UnitError> {
        let logarithmic =
            !matches!(self, Self::Celsius | Self::Fahrenheit | Self::Reaumur | Self::Tan100 | Self::Sqrt);
        if (logarithmic && b <= 0.0) || (self == Self::Sqrt && b < 0.0) {
            return Err(UnitError::OutOfScale);
        }
        Ok(match self {
            Self::Celsius => b - 273.15,
            Self::Fahrenheit => b - 459.67,
            Self::Reaumur => b - 218.52,
            Self::Tan100 => 100.0 * b.tan(),
            Self::HpX | Self::Ph => -b.log10(),
            Self::HpC => -b.log10() / 2.0,
            Self::HpM => -b.log10() / 3.0,
            Self::HpQ => -b.ln() / 50_000f64.ln(),
            Self::Ln => b.ln(),
            Self::Lg => b.log10(),
            Self::Lg2 => 2.0 * b.log10(),
            Self::Ld => b.log2(),
            Self::Sqrt => b.sqrt(),
        })
    }
}
