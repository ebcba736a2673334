//! A unit as a factor, a dimension and, where it has one, a special scale.

use super::{
    UnitError,
    lexer::{Token, tokens},
    special::Function,
    table::{ARBITRARY, ATOMS, Atom, PREFIXES},
};

/// How many different arbitrary units may stand in one unit.
const MAX_ARBITRARY: usize = 4;
/// Avogadro's number, as UCUM's `mol` has it.
const AVOGADRO: f64 = 6.022_140_76e23;
/// The enzyme unit `U` = 1 µmol/min in base units.
const ENZYME_UNIT: f64 = AVOGADRO * 1e-6 / 60.0;

/// Exponents of the base units (`m s g rad K C cd`) and of arbitrary units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dimension {
    /// Exponents of `m s g rad K C cd`.
    pub base: [i16; 7],
    arbitrary: [(u8, i16); MAX_ARBITRARY],
}

impl Dimension {
    /// Whether it is a plain number.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, other: &Self, sign: i16) -> Result<(), UnitError> {
        for (a, b) in self.base.iter_mut().zip(other.base) {
            *a = b.checked_mul(sign).and_then(|b| a.checked_add(b)).ok_or(UnitError::TooLarge)?;
        }
        for (id, exponent) in other.arbitrary {
            if exponent != 0 {
                self.add_arbitrary(id, exponent.checked_mul(sign).ok_or(UnitError::TooLarge)?)?;
            }
        }
        Ok(())
    }

    /// Keeps the list sorted and free of zeros, so that equality is equality of meaning.
    fn add_arbitrary(&mut self, id: u8, exponent: i16) -> Result<(), UnitError> {
        let mut list: Vec<(u8, i16)> = self.arbitrary.iter().copied().filter(|x| x.1 != 0).collect();
        match list.iter_mut().find(|x| x.0 == id) {
            Some(x) => x.1 = x.1.checked_add(exponent).ok_or(UnitError::TooLarge)?,
            None => list.push((id, exponent)),
        }
        list.retain(|x| x.1 != 0);
        list.sort_unstable();
        if list.len() > MAX_ARBITRARY {
            return Err(UnitError::TooLarge);
        }
        self.arbitrary = [(0, 0); MAX_ARBITRARY];
        self.arbitrary[..list.len()].copy_from_slice(&list);
        Ok(())
    }
}

/// A special scale: the function and the factor of prefix and numbers before it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    function: Function,
    prefix: f64,
}

/// A unit that was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    factor: f64,
    dimension: Dimension,
    /// Exponents of `mol eq osm [HPF] [LPF]`, which UCUM itself treats as plain numbers.
    kinds: [i16; 5],
    scale: Option<Scale>,
    mixed: bool,
}

impl Unit {
    /// The unit of a plain number.
    pub const ONE: Self = Self {
        factor: 1.0,
        dimension: Dimension { base: [0; 7], arbitrary: [(0, 0); MAX_ARBITRARY] },
        kinds: [0; 5],
        scale: None,
        mixed: false,
    };

    /// Reads a case-sensitive UCUM code.
    ///
    /// # Errors
    /// [`UnitError::Empty`], [`UnitError::TooLarge`], [`UnitError::Syntax`],
    /// [`UnitError::Unknown`].
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let mut stack: Vec<(Self, bool)> = Vec::new();
        let (mut value, mut divide) = (Self::ONE, false);
        for token in tokens(text)? {
            let operand = match token {
                Token::Times => {
                    divide = false;
                    continue;
                }
                Token::Per => {
                    divide = true;
                    continue;
                }
                Token::Open => {
                    stack.push((value, divide));
                    (value, divide) = (Self::ONE, false);
                    continue;
                }
                Token::Close => {
                    let inner = value;
                    (value, divide) = stack.pop().ok_or(UnitError::Syntax(0))?;
                    inner
                }
                Token::Symbol { prefix, atom, exponent } => Self::symbol(prefix, atom, exponent)?,
                Token::Number(n) => Self { factor: n, ..Self::ONE },
                Token::Note => Self::ONE,
            };
            value = value.combine(&operand, divide)?;
        }
        Ok(value)
    }

    fn symbol(prefix: Option<usize>, atom: usize, exponent: i32) -> Result<Self, UnitError> {
        let atom: &Atom = &ATOMS[atom];
        let prefix = prefix.map_or(1.0, |p| PREFIXES[p].2);
        let mut unit = Self::ONE;
        if let Some(function) = atom.special {
            unit.factor = atom.factor;
            unit.scale = Some(Scale { function, prefix });
        } else {
            unit.factor = atom.factor * prefix;
        }
        unit.dimension.base = atom.dim.map(i16::from);
        unit.kinds = atom.kinds.map(i16::from);
        if let Some(id) = atom.arbitrary {
            unit.dimension.add_arbitrary(id, 1)?;
        }
        unit.power(exponent)
    }

    fn power(self, exponent: i32) -> Result<Self, UnitError> {
        if exponent == 1 {
            return Ok(self);
        }
        let n = i16::try_from(exponent).map_err(|_| UnitError::TooLarge)?;
        let mut out = Self { factor: self.factor.powi(exponent), ..Self::ONE };
        out.dimension.add(&self.dimension, n)?;
        for (a, b) in out.kinds.iter_mut().zip(self.kinds) {
            *a = b.checked_mul(n).ok_or(UnitError::TooLarge)?;
        }
        out.mixed = self.mixed || self.scale.is_some();
        out.checked()
    }

    fn combine(&self, other: &Self, divide: bool) -> Result<Self, UnitError> {
        let (sign, factor) =
            if divide { (-1, self.factor / other.factor) } else { (1, self.factor * other.factor) };
        let mut out = Self { factor, mixed: self.mixed || other.mixed, ..*self };
        out.dimension.add(&other.dimension, sign)?;
        for (a, b) in out.kinds.iter_mut().zip(other.kinds) {
            *a = b.checked_mul(sign).and_then(|b| a.checked_add(b)).ok_or(UnitError::TooLarge)?;
        }
        // A number before a special unit scales the printed value, as a prefix does; anything else
        // beside one has no meaning on a scale.
        (out.scale, out.factor) = match (self.scale, other.scale) {
            (None, None) => (None, out.factor),
            (None, Some(s)) if !divide && self.is_number() => {
                (Some(Scale { prefix: s.prefix * self.factor, ..s }), other.factor)
            }
            (Some(s), None) if other.is_number() => {
                let number = if divide { 1.0 / other.factor } else { other.factor };
                (Some(Scale { prefix: s.prefix * number, ..s }), self.factor)
            }
            _ => {
                out.mixed = true;
                (None, out.factor)
            }
        };
        out.checked()
    }

    fn checked(self) -> Result<Self, UnitError> {
        let fits = self.factor.is_finite() && self.factor > 0.0;
        if fits { Ok(self) } else { Err(UnitError::TooLarge) }
    }

    fn is_number(&self) -> bool {
        self.dimension.is_none() && self.kinds == [0; 5] && self.scale.is_none()
    }

    /// The product of two units.
    ///
    /// # Errors
    /// [`UnitError::TooLarge`] where a factor or an exponent leaves its range.
    pub fn multiply(&self, other: &Self) -> Result<Self, UnitError> {
        self.combine(other, false)
    }

    /// The quotient of two units.
    ///
    /// # Errors
    /// As [`Unit::multiply`].
    pub fn divide(&self, other: &Self) -> Result<Self, UnitError> {
        self.combine(other, true)
    }

    /// What it measures, by UCUM's rules.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// Whether the two measure the same kind of quantity also in what UCUM does not tell apart:
    /// amounts of substance, equivalents, osmoles and counts per field of view are not plain
    /// numbers here.
    #[must_use]
    pub fn same_kind(&self, other: &Self) -> bool {
        self.dimension == other.dimension && self.kinds == other.kinds
    }

    /// Exponent of `mol`.
    pub(crate) const fn moles(&self) -> i16 {
        self.kinds[0]
    }

    /// The unit with masses turned into moles (`+1`) or back (`-1`) by a molar mass in g/mol.
    pub(crate) fn mass_as_moles(&self, molar_mass: f64) -> Self {
        let mut out = *self;
        let mass = out.dimension.base[2];
        out.dimension.base[2] = 0;
        out.kinds[0] += mass;
        out.factor *= (AVOGADRO / molar_mass).powi(i32::from(mass));
        out
    }

    /// The unit with equivalents turned into moles of an ion of that charge, and osmoles, which
    /// only differ in name where a total is measured, into moles.
    pub(crate) fn particles_as_moles(&self, charge: Option<f64>) -> Option<Self> {
        let mut out = *self;
        if out.kinds[1] != 0 {
            out.factor /= charge?.powi(i32::from(out.kinds[1]));
        }
        out.kinds[0] += out.kinds[1] + out.kinds[2];
        (out.kinds[1], out.kinds[2]) = (0, 0);
        Some(out)
    }

    /// The unit with one enzyme unit (1 µmol/min), or one arbitrary unit, turned into `[iU]`.
    /// Laboratories print `U` for all three.
    pub(crate) fn as_international(&self) -> Self {
        let mut out = *self;
        let arbitrary = |name: &str| ARBITRARY.iter().position(|a| *a == name).unwrap_or(usize::MAX);
        let (iu, arb) = (arbitrary("[iU]"), arbitrary("[arb'U]"));
        let exponent_of =
            |id: usize| out.dimension.arbitrary.iter().find(|x| usize::from(x.0) == id && x.1 != 0);
        let Ok(iu_id) = u8::try_from(iu) else { return out };
        if let Some(&(id, exponent)) = exponent_of(arb) {
            let moved = out
                .dimension
                .add_arbitrary(id, -exponent)
                .and_then(|()| out.dimension.add_arbitrary(iu_id, exponent));
            return if moved.is_ok() { out } else { *self };
        }
        if self.kinds[0] == 1 && self.dimension.base[1] < 0 {
            out.kinds[0] = 0;
            out.dimension.base[1] += 1;
            out.factor /= ENZYME_UNIT;
            return if out.dimension.add_arbitrary(iu_id, 1).is_ok() { out } else { *self };
        }
        out
    }

    /// Whether it is a plain multiple of base units.
    pub(super) const fn is_linear(&self) -> bool {
        self.scale.is_none() && !self.mixed
    }

    /// Whether a special unit stands in a product.
    pub(super) const fn is_mixed(&self) -> bool {
        self.mixed
    }

    pub(super) const fn scale(&self) -> f64 {
        self.factor
    }

    pub(super) fn scale_to_base(self, value: f64) -> Result<f64, UnitError> {
        match self.scale {
            _ if self.mixed => Err(UnitError::SpecialInProduct),
            None => Ok(value * self.factor),
            Some(s) => Ok(s.function.scale_to_base(value * s.prefix) * self.factor),
        }
    }

    pub(super) fn base_to_scale(self, base: f64) -> Result<f64, UnitError> {
        match self.scale {
            _ if self.mixed => Err(UnitError::SpecialInProduct),
            None => Ok(base / self.factor),
            Some(s) => Ok(s.function.base_to_scale(base / self.factor)? / s.prefix),
        }
    }
}
