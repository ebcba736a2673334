//! Stand-ins for what says who somebody is, before anything leaves: `Person A`, `Clinic B`.
//!
//! What the records and the account name is known and found in any spelling of case, spaces and umlauts; what
//! merely looks like an address, a number of a person or a doctor's name is found by its shape. A stand-in holds
//! no digit, is the same through a whole conversation, and is put back in the answer. Too much is hidden rather
//! than too little.

mod known;
mod shapes;

use keepwell_domain::time::Date;
use known::Form;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Stand-ins of one conversation at most; from then on all share the last one.
const MOST: usize = 600;

/// What is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A person who is no doctor, as far as that can be told.
    Person,
    /// A doctor.
    Doctor,
    /// A clinic, practice, laboratory.
    Facility,
    /// A file by its name.
    Document,
    /// A street, a house, a town.
    Address,
    /// A telephone.
    Phone,
    /// An e-mail address.
    Mail,
    /// A number by which somebody is known: insurance, patient, case.
    Number,
    /// An address in the net.
    Web,
}

impl Sort {
    const fn label(self, german: bool) -> &'static str {
        match (self, german) {
            (Self::Person, _) => "Person",
            (Self::Doctor, false) => "Doctor",
            (Self::Doctor, true) => "Arztperson",
            (Self::Facility, false) => "Clinic",
            (Self::Facility, true) => "Einrichtung",
            (Self::Document, false) => "Document",
            (Self::Document, true) => "Dokument",
            (Self::Address, false) => "Address",
            (Self::Address, true) => "Adresse",
            (Self::Phone, false) => "Phone",
            (Self::Phone, true) => "Telefon",
            (Self::Mail, _) => "Mail",
            (Self::Number, false) => "Identifier",
            (Self::Number, true) => "Kennung",
            (Self::Web, _) => "Link",
        }
    }
}

/// A piece of a text that is hidden.
struct Found {
    range: Range<usize>,
    with: With,
}

#[derive(Clone, Copy)]
enum With {
    /// The stand-in at this place.
    Known(usize),
    /// A stand-in of this sort, perhaps a new one.
    Shape(Sort),
    /// The age.
    Age,
}

struct StandIn {
    sort: Sort,
    label: String,
    real: String,
    key: String,
}

/// The stand-ins of one conversation.
pub struct StandIns {
    german: bool,
    list: Vec<StandIn>,
    forms: Vec<Form>,
    births: Vec<Date>,
    today: Date,
    /// What the person wrote, so that no stand-in is a word of theirs.
    avoid: String,
}

impl StandIns {
    /// None yet. `spoken` is what the person wrote in this conversation.
    #[must_use]
    pub fn new(german: bool, today: Date, spoken: &str) -> Self {
        let avoid = spoken.to_lowercase();
        Self { german, list: Vec::new(), forms: Vec::new(), births: Vec::new(), today, avoid }
    }

    /// Makes a name known. A person's is also found by each of its parts.
    pub fn know(&mut self, sort: Sort, real: &str) {
        let real: String = clean(real).split_whitespace().collect::<Vec<_>>().join(" ");
        if real.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
            return;
        }
        let at = self.stand_in(sort, &real);
        for form in known::forms(sort, &real) {
            if !self.forms.iter().any(|f| f.same(&form)) {
                self.forms.push(Form { of: at, ..form });
            }
        }
        self.forms.sort_by_key(|f| std::cmp::Reverse(f.len()));
    }

    /// Makes a date of birth known: it becomes an age.
    pub fn know_birth(&mut self, birth: Date) {
        if !self.births.contains(&birth) {
            self.births.push(birth);
        }
    }

    /// The text with stand-ins.
    pub fn hide(&mut self, text: &str) -> String {
        let text = clean(text);
        let mut found = known::find(&text, &self.forms);
        found.extend(known::births(&text, &self.births));
        found.extend(shapes::find(&text));
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for piece in joined(found) {
            out.push_str(&text[at..piece.range.start]);
            match piece.with {
                With::Age => out.push_str(&self.age()),
                With::Known(i) => out.push_str(self.list.get(i).map_or("…", |s| &s.label)),
                With::Shape(sort) => {
                    let i = self.stand_in(sort, &text[piece.range.clone()]);
                    out.push_str(self.list.get(i).map_or("…", |s| &s.label));
                }
            }
            at = piece.range.end;
        }
        out.push_str(&text[at..]);
        out
    }

    /// The text with what the stand-ins stand for.
    #[must_use]
    pub fn restore(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        let mut before: Option<char> = None;
        while let Some(c) = text[at..].chars().next() {
            let begins = before.is_none_or(|b| !b.is_alphanumeric());
            let found =
                begins.then(|| self.list.iter().find_map(|s| Some((label_here(&text[at..], &s.label)?, s))));
            match found.flatten() {
                Some((len, s)) => {
                    out.push_str(&s.real);
                    at += len;
                    before = s.real.chars().next_back();
                }
                None => {
                    out.push(c);
                    at += c.len_utf8();
                    before = Some(c);
                }
            }
        }
        out
    }

    /// What stands for what, for the person to see before they consent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|s| (s.label.as_str(), s.real.as_str()))
    }

    fn age(&self) -> String {
        let Some(birth) = self.births.first() else { return String::new() };
        let before = (self.today.month(), self.today.day()) < (birth.month(), birth.day());
        let years = i32::from(self.today.year()) - i32::from(birth.year()) - i32::from(before);
        if self.german { format!("(Alter: {years})") } else { format!("(age: {years})") }
    }

    fn stand_in(&mut self, sort: Sort, real: &str) -> usize {
        let key = known::key(real);
        let same = |s: &StandIn| s.key == key && (s.sort == sort || key.len() > 3);
        if let Some(i) = self.list.iter().position(same) {
            return i;
        }
        if self.list.len() >= MOST {
            return self.list.len() - 1;
        }
        let used = self.list.iter().filter(|s| s.sort == sort).count();
        let mut n = used;
        let label = loop {
            let label = format!("{} {}", sort.label(self.german), letters(n));
            let taken =
                self.list.iter().any(|s| s.label == label) || self.avoid.contains(&label.to_lowercase());
            if !taken || n > MOST * 2 {
                break label;
            }
            n += 1;
        };
        self.list.push(StandIn { sort, label, real: real.to_owned(), key });
        self.list.len() - 1
    }
}

/// A, B, … Z, AA, AB ….
fn letters(mut n: usize) -> String {
    let mut out = Vec::new();
    loop {
        out.push(b'A' + u8::try_from(n % 26).unwrap_or(0));
        match (n / 26).checked_sub(1) {
            Some(next) => n = next,
            None => break,
        }
    }
    out.reverse();
    String::from_utf8_lossy(&out).into_owned()
}

/// A label at the start of the text, its letter in capitals and nothing of a longer word behind it.
fn label_here(text: &str, label: &str) -> Option<usize> {
    let (word, letters) = label.rsplit_once(' ')?;
    let head = text.get(..word.len())?;
    if !head.eq_ignore_ascii_case(word) {
        return None;
    }
    let rest = text[word.len()..].strip_prefix([' ', '\u{a0}', '-', '_'])?;
    let after = rest.strip_prefix(letters)?;
    (!after.starts_with(|c: char| c.is_alphanumeric())).then(|| text.len() - after.len())
}

/// Pieces in order; where two touch or overlap they are one, of the sort of the longer.
fn joined(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|f| (f.range.start, std::cmp::Reverse(f.range.end)));
    let mut out: Vec<Found> = Vec::new();
    for f in found {
        match out.last_mut() {
            Some(last) if f.range.start < last.range.end => {
                if f.range.end > last.range.end {
                    // Neither stands for the whole any more.
                    let sort = match (last.with, f.with) {
                        (With::Shape(s), _) | (_, With::Shape(s)) => s,
                        _ => Sort::Person,
                    };
                    last.range.end = f.range.end;
                    last.with = With::Shape(sort);
                }
            }
            _ => out.push(f),
        }
    }
    out
}

/// Composed characters, and none that cannot be seen.
fn clean(text: &str) -> String {
    text.nfc()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}'))
        .map(|c| if c == '\u{a0}' || c == '\u{202f}' { ' ' } else { c })
        .collect()
}
