//! The check of a model's text: every number and date in it is one that a tool gave, or is shown as unverified.
//!
//! What is shown as a value is never the model's own writing but what the record prints. A number counts as
//! a record's when number, comparator and unit are the same, when the names and dates that stand in its
//! sentence are the record's, and when it is not said to be a difference. Where that is not certain it is
//! unverified: a true number that is marked costs a look, a wrong one that is not costs more.

pub(super) mod dates;
mod layout;
mod numbers;
mod plain;
pub(super) mod scan;
mod sentence;

use super::ledger::{Ledger, Used};
use keepwell_domain::view::{Block, Line, Span};
use layout::Piece;
use sentence::Checker;

/// Bytes of a model's text that are read.
pub const TEXT: usize = 64 << 10;
/// Blocks of an answer.
const BLOCKS: usize = 200;

/// A text that was checked.
pub struct Checked {
    /// Its parts.
    pub blocks: Vec<Block>,
    /// The receipts that it uses.
    pub used: Used,
}

/// Checks a whole answer against what the tools gave. `question` is what was asked: its names are known to be
/// meant.
#[must_use]
pub fn check(text: &str, question: &str, ledger: &Ledger, german: bool) -> Checked {
    let mut checker = Checker::new(ledger, question, german);
    let mut used = Used::default();
    let mut blocks: Vec<Block> = Vec::new();
    for piece in layout::pieces(cut(text, TEXT), german) {
        if blocks.len() >= BLOCKS {
            break;
        }
        match piece {
            Piece::Paragraph(line) => blocks.push(Block::Paragraph { line: checker.line(&line, &mut used) }),
            Piece::Item(line) => {
                let item = checker.line(&line, &mut used);
                match blocks.last_mut() {
                    Some(Block::List { items }) => items.push(item),
                    _ => blocks.push(Block::List { items: vec![item] }),
                }
            }
            Piece::Table(rows) => blocks.extend(table(&rows, &mut checker, &mut used)),
        }
    }
    Checked { blocks, used }
}

/// A part of an answer that is still being written, for the eye until the whole is checked. It is checked as
/// strictly; receipts are counted in the ledger.
#[must_use]
pub fn check_part(text: &str, question: &str, ledger: &Ledger, german: bool) -> Line {
    let mut checker = Checker::new(ledger, question, german);
    let mut out = Line::new();
    for line in text.split_inclusive('\n') {
        let (mark, line_text) = layout::part(line, german);
        if !mark.is_empty() {
            out.push(Span::Text { text: mark.to_owned() });
        }
        out.extend(checker.spans(&line_text));
        if line.ends_with('\n') {
            out.push(Span::Text { text: "\n".to_owned() });
        }
    }
    merged(out)
}

/// A table's headings are texts: one with a number in it goes down into a row of its own.
fn table(rows: &[Vec<String>], checker: &mut Checker<'_>, used: &mut Used) -> Option<Block> {
    let columns = rows.iter().map(Vec::len).max()?.min(12);
    let mut rows = rows.iter();
    let first = rows.next()?;
    let mut lines: Vec<Vec<Line>> = Vec::new();
    let mut head: Vec<String> = first.iter().take(columns).cloned().collect();
    if first.iter().any(|cell| cell.contains(char::is_numeric)) {
        lines.push(checker.row(first, columns, used));
        head = Vec::new();
    }
    head.resize(columns, String::new());
    for row in rows.take(200) {
        lines.push(checker.row(row, columns, used));
    }
    Some(Block::Table { caption: String::new(), head, rows: lines })
}

/// Joins neighbours, and makes sure that no text holds a digit, whatever the checks above did.
fn merged(line: Line) -> Line {
    let mut out = Line::new();
    for span in line {
        let Span::Text { text } = span else {
            out.push(span);
            continue;
        };
        let mut rest = text.as_str();
        while let Some(at) = rest.find(char::is_numeric) {
            push_text(&mut out, &rest[..at]);
            let end = rest[at..].find(|c: char| c.is_whitespace()).map_or(rest.len(), |e| at + e);
            out.push(Span::Unverified { text: rest[at..end].to_owned() });
            rest = &rest[end..];
        }
        push_text(&mut out, rest);
    }
    out
}

fn push_text(out: &mut Line, more: &str) {
    if more.is_empty() {
        return;
    }
    match out.last_mut() {
        Some(Span::Text { text }) => text.push_str(more),
        _ => out.push(Span::Text { text: more.to_owned() }),
    }
}

fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
