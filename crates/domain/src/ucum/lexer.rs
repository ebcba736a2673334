//! From text to tokens, with UCUM's grammar checked on the way.

use super::{
    MAX_DEPTH, MAX_EXPONENT, MAX_LENGTH, UnitError,
    table::{ATOMS, Atom, PREFIXES},
};

/// A piece of a unit.
#[derive(Clone, Copy)]
pub(super) enum Token {
    /// A simple unit: prefix (index), atom (index), exponent.
    Symbol { prefix: Option<usize>, atom: usize, exponent: i32 },
    /// A number.
    Number(f64),
    /// `{…}` that stands for a unit of its own.
    Note,
    /// `.`
    Times,
    /// `/`
    Per,
    /// `(`
    Open,
    /// `)`
    Close,
}

/// Reads a unit into tokens that obey the grammar: operands and operators alternate, parentheses
/// match, a leading `/` is allowed.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, UnitError> {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return Err(UnitError::Empty);
    }
    if bytes.len() > MAX_LENGTH {
        return Err(UnitError::TooLarge);
    }
    let mut out = Vec::with_capacity(8);
    let (mut at, mut depth, mut wants_operand) = (0, 0usize, true);
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'/' if !wants_operand || out.is_empty() => {
                out.push(Token::Per);
                wants_operand = true;
                at += 1;
            }
            b'.' if !wants_operand => {
                out.push(Token::Times);
                wants_operand = true;
                at += 1;
            }
            b'(' if wants_operand => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(UnitError::TooLarge);
                }
                out.push(Token::Open);
                at += 1;
            }
            b')' if !wants_operand && depth > 0 => {
                depth -= 1;
                out.push(Token::Close);
                at = skip_note(bytes, at + 1)?;
            }
            _ if !wants_operand => return Err(UnitError::Syntax(start)),
            b'{' => {
                at = skip_note(bytes, at)?;
                out.push(Token::Note);
                wants_operand = false;
            }
            c => {
                let (token, end) = if c.is_ascii_digit() { number(text, at)? } else { symbol(text, at)? };
                out.push(token);
                at = skip_note(bytes, end)?;
                wants_operand = false;
            }
        }
    }
    if wants_operand || depth > 0 { Err(UnitError::Syntax(at)) } else { Ok(out) }
}

/// Skips one `{…}` if it stands here.
fn skip_note(bytes: &[u8], at: usize) -> Result<usize, UnitError> {
    if bytes.get(at) != Some(&b'{') {
        return Ok(at);
    }
    for (offset, c) in bytes[at + 1..].iter().enumerate() {
        match c {
            b'}' => return Ok(at + offset + 2),
            b'{' => break,
            // The specification allows the printable characters of ASCII, blank excluded.
            0x21..=0x7e => {}
            _ => break,
        }
    }
    Err(UnitError::Syntax(at))
}

fn number(text: &str, at: usize) -> Result<(Token, usize), UnitError> {
    let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
    let end = at + digits;
    // `10*` and `10^` are atoms, not the number ten.
    if &text[at..end] == "10" && matches!(text.as_bytes().get(end), Some(b'*' | b'^')) {
        return symbol(text, at);
    }
    let value: f64 = text[at..end].parse().map_err(|_| UnitError::Syntax(at))?;
    if value > 0.0 && value < 1e100 { Ok((Token::Number(value), end)) } else { Err(UnitError::TooLarge) }
}

fn symbol(text: &str, at: usize) -> Result<(Token, usize), UnitError> {
    let bytes = text.as_bytes();
    let end = if bytes[at..].starts_with(b"10") { at + 3 } else { symbol_end(bytes, at)? };
    let name = text.get(at..end).filter(|n| !n.is_empty()).ok_or(UnitError::Syntax(at))?;
    let (prefix, atom) = resolve(name).ok_or(UnitError::Unknown(at))?;
    let (exponent, end) = exponent(text, end)?;
    Ok((Token::Symbol { prefix, atom, exponent }, end))
}

/// Where the symbol that starts at `at` ends; inside square brackets everything belongs to it.
fn symbol_end(bytes: &[u8], at: usize) -> Result<usize, UnitError> {
    let mut in_brackets = false;
    for (offset, c) in bytes[at..].iter().enumerate() {
        match (in_brackets, c) {
            (_, 0..=0x20 | 0x7f..) => return Err(UnitError::Syntax(at + offset)),
            (false, b'[') => in_brackets = true,
            (true, b']') => in_brackets = false,
            (true, _) => {}
            (false, b'0'..=b'9' | b'+' | b'-' | b'.' | b'/' | b'(' | b')' | b'{' | b'}') => {
                return Ok(at + offset);
            }
            (false, _) => {}
        }
    }
    if in_brackets { Err(UnitError::Syntax(at)) } else { Ok(bytes.len()) }
}

fn exponent(text: &str, at: usize) -> Result<(i32, usize), UnitError> {
    let rest = &text.as_bytes()[at..];
    let sign = usize::from(matches!(rest.first(), Some(b'+' | b'-')));
    let digits = rest[sign..].iter().take_while(|c| c.is_ascii_digit()).count();
    if digits == 0 {
        return if sign == 0 { Ok((1, at)) } else { Err(UnitError::Syntax(at)) };
    }
    let end = at + sign + digits;
    let value: i32 = text[at..end].parse().map_err(|_| UnitError::TooLarge)?;
    if value.abs() > MAX_EXPONENT { Err(UnitError::TooLarge) } else { Ok((value, end)) }
}

/// The atom of that name, as it is or behind a prefix.
pub(super) fn resolve(name: &str) -> Option<(Option<usize>, usize)> {
    if let Some(atom) = atom_index(name) {
        return Some((None, atom));
    }
    (1..=2).filter(|n| name.is_char_boundary(*n) && *n < name.len()).find_map(|n| {
        let (prefix, rest) = name.split_at(n);
        let prefix = PREFIXES.binary_search_by(|p| p.0.cmp(prefix)).ok()?;
        let atom = atom_index(rest)?;
        ATOMS[atom].metric.then_some((Some(prefix), atom))
    })
}

fn atom_index(name: &str) -> Option<usize> {
    ATOMS.binary_search_by(|a: &Atom| a.code.as_bytes().cmp(name.as_bytes())).ok()
}

/// The long form of a unit, in the wording of UCUM's functional tests: `(millimeter)`,
/// `(meter ^ 3) * (second ^ -2)`; `(unity)` for the empty unit.
///
/// # Errors
/// As [`super::Unit::parse`], the empty unit excepted.
pub fn display_name(text: &str) -> Result<String, UnitError> {
    if text.is_empty() {
        return Ok("(unity)".to_owned());
    }
    let mut out = String::new();
    for token in tokens(text)? {
        match token {
            Token::Symbol { prefix, atom, exponent } => {
                out.push('(');
                out.push_str(prefix.map_or("", |p| PREFIXES[p].1));
                out.push_str(ATOMS[atom].name);
                if exponent != 1 {
                    out.push_str(&format!(" ^ {exponent}"));
                }
                out.push(')');
            }
            Token::Number(n) => out.push_str(&n.to_string()),
            Token::Note => out.push_str("(unity)"),
            Token::Times => out.push_str(" * "),
            Token::Per if out.is_empty() => out.push_str("1 / "),
            Token::Per => out.push_str(" / "),
            Token::Open => out.push('('),
            Token::Close => out.push(')'),
        }
    }
    Ok(out)
}
