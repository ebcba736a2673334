//! Paragraphs, lists and tables of the light Markdown that models write.

use super::{dates, plain};

/// A part of a text, its marks gone.
pub enum Piece {
    Paragraph(String),
    Item(String),
    /// Rows of cells; the first holds the headings.
    Table(Vec<Vec<String>>),
}

/// Splits a text.
pub fn pieces(text: &str, german: bool) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut paragraph = String::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    let flush = |paragraph: &mut String, table: &mut Vec<Vec<String>>, out: &mut Vec<Piece>| {
        if !paragraph.trim().is_empty() {
            out.push(Piece::Paragraph(std::mem::take(paragraph).trim().to_owned()));
        }
        paragraph.clear();
        if !table.is_empty() {
            out.push(Piece::Table(std::mem::take(table)));
        }
    };
    for raw in text.lines() {
        let line = raw.trim();
        let is_rule =
            !line.is_empty() && line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '*' | '_' | '='));
        if line.is_empty() || is_rule || line.starts_with("```") {
            flush(&mut paragraph, &mut table, &mut out);
        } else if let Some(row) = line.strip_prefix('|') {
            if !paragraph.is_empty() {
                flush(&mut paragraph, &mut table, &mut out);
            }
            let cells: Vec<String> = row
                .trim_end_matches('|')
                .split('|')
                .map(|c| plain::neutral(c.trim(), german).trim().to_owned())
                .collect();
            if !cells.iter().all(|c| c.chars().all(|c| matches!(c, '-' | ':' | ' '))) {
                table.push(cells);
            }
        } else if let Some(item) = item(line) {
            flush(&mut paragraph, &mut table, &mut out);
            let item = plain::neutral(item, german);
            if !item.trim().is_empty() {
                out.push(Piece::Item(item.trim().to_owned()));
            }
        } else if let Some(title) = heading(line) {
            flush(&mut paragraph, &mut table, &mut out);
            out.push(Piece::Paragraph(plain::neutral(title, german).trim().to_owned()));
        } else {
            if !table.is_empty() {
                flush(&mut paragraph, &mut table, &mut out);
            }
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(plain::neutral(line, german).trim());
        }
    }
    flush(&mut paragraph, &mut table, &mut out);
    out
}

/// One line of a text that is still being written: what stands for its mark, and the rest.
pub fn part(line: &str, german: bool) -> (&'static str, String) {
    let line = line.trim_end_matches('\n');
    let trimmed = line.trim_start();
    if let Some(item) = item(trimmed) {
        return ("• ", plain::neutral(item, german));
    }
    if let Some(title) = heading(trimmed) {
        return ("", plain::neutral(title, german));
    }
    if let Some(row) = trimmed.strip_prefix('|') {
        let is_rule = row.chars().all(|c| matches!(c, '-' | ':' | ' ' | '|'));
        return ("", if is_rule { String::new() } else { plain::neutral(row.trim_end_matches('|'), german) });
    }
    ("", plain::neutral(line, german))
}

fn heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    (title.len() < line.len() && title.starts_with(' ')).then(|| title.trim())
}

/// A point of a list without its mark. A number is a mark only in front of words: `3. März` is a date.
fn item(line: &str) -> Option<&str> {
    for mark in ["- ", "* ", "+ ", "• ", "– "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return Some(rest.trim_start());
        }
    }
    let n = line.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&n) || dates::date(line).is_some() {
        return None;
    }
    let rest = line[n..].strip_prefix(['.', ')'])?.strip_prefix(' ')?.trim_start();
    rest.starts_with(|c: char| c.is_alphabetic() || matches!(c, '*' | '[' | '_')).then_some(rest)
}
