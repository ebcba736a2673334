//! The rows of a table, without what spreadsheets write above them.

use csv::StringRecord;

/// Rows that are looked at for a guess.
pub(super) const SAMPLE: usize = 200;

/// What may stand between cells, the likeliest first: commas stand within cells, too.
pub(super) const SEPARATORS: [u8; 4] = [b'\t', b';', b'|', b','];

/// The text of a table.
pub(super) struct Sheet<'a> {
    text: &'a str,
    /// Lines before it: empty ones, and Excel's `sep=;`.
    above: usize,
    /// What such a line says.
    pub(super) said: Option<u8>,
}

impl<'a> Sheet<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut sheet = Self { text, above: 0, said: None };
        while let Some(line) = sheet.first_line() {
            let said = separator_of(line);
            if !line.trim().is_empty() && (said.is_none() || sheet.said.is_some()) {
                break;
            }
            sheet.said = sheet.said.or(said);
            sheet.above += 1;
            let rest = &sheet.text[line.len()..];
            sheet.text = rest.strip_prefix("\r\n").or(rest.strip_prefix(['\r', '\n'])).unwrap_or(rest);
        }
        sheet
    }

    fn first_line(&self) -> Option<&'a str> {
        (!self.text.is_empty()).then(|| self.text.split(['\r', '\n']).next())?
    }

    /// All rows with their numbers. What is left empty between them is not counted.
    pub(super) fn rows(&self, delimiter: u8) -> impl Iterator<Item = (usize, StringRecord)> + use<'a> {
        let above = self.above;
        let rows = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(self.text.as_bytes())
            .into_records();
        // Reading from memory, with rows of any length, has nothing to fail at.
        rows.filter_map(Result::ok).enumerate().map(move |(n, record)| (above + n + 1, record))
    }

    /// The place of the first row that belongs to the table: what has one cell where the others have more is a title.
    pub(super) fn top(&self, delimiter: u8) -> usize {
        let begins = |record: &StringRecord| {
            let mut cells = record.iter().filter(|cell| !cell.trim().is_empty());
            cells.next().is_some_and(super::dates::is_date) || cells.next().is_some()
        };
        let rows = || self.rows(delimiter).map(|(_, record)| record).take(SAMPLE);
        let first = || rows().position(|record| !is_empty(&record));
        rows().position(|record| begins(&record)).or_else(first).unwrap_or(0)
    }

    /// The first rows of the table.
    pub(super) fn sample(&self, delimiter: u8) -> Vec<StringRecord> {
        let rows = self.rows(delimiter).map(|(_, record)| record).skip(self.top(delimiter));
        rows.filter(|record| !is_empty(record)).take(SAMPLE).collect()
    }
}

pub(super) fn is_empty(record: &StringRecord) -> bool {
    record.iter().all(|cell| cell.trim().is_empty())
}

/// `sep=;`, with which Excel is told what parts the cells.
fn separator_of(line: &str) -> Option<u8> {
    let (word, sign) = line.trim_matches(['"', ' ']).split_at_checked(4)?;
    let [sign] = *sign.as_bytes() else { return None };
    let is_sign = sign == b'\t' || sign.is_ascii_punctuation() && sign != b'"';
    (word.eq_ignore_ascii_case("sep=") && is_sign).then_some(sign)
}

/// A column by its place, as spreadsheets name it: `A`, `Z`, `AA`.
pub(super) fn letters(n: usize) -> String {
    let last = char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    match n / 26 {
        0 => last.to_string(),
        more => letters(more - 1) + &last.to_string(),
    }
}
