//! Canaries, the shapes in which they could lie around, and the search for them.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// A word or number and the feature through which it went in.
struct Canary {
    feature: String,
    text: String,
}

/// All that were planted.
#[derive(Default)]
pub struct Canaries {
    all: Vec<Canary>,
}

impl Canaries {
    /// A new word for a feature: letters only, so that it is a name, a unit or a file name as well.
    pub fn word(&mut self, feature: &str) -> String {
        let mut n = self.all.len();
        let mut text = "zqxkanari".to_owned();
        for _ in 0..4 {
            text.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
            n /= 26;
        }
        self.add(feature, &text);
        text
    }
    /// A new number with two decimals that nothing else would hold: ten digits, for the digits of a
    /// long log hold any seven by chance.
    pub fn number(&mut self, feature: &str) -> String {
        let text = format!("{}.25", 50_773_410 + self.all.len() * 37);
        self.add(feature, &text);
        text
    }
    /// Something that the server made, such as a token.
    pub fn add(&mut self, feature: &str, text: &str) {
        self.all.push(Canary { feature: feature.to_owned(), text: text.to_owned() });
    }
    pub fn len(&self) -> usize {
        self.all.len()
    }
    pub fn needles(&self) -> Needles {
        let all = |shapes: fn(&str) -> Vec<Vec<u8>>| {
            self.all
                .iter()
                .flat_map(|c| shapes(&c.text).into_iter().map(|bytes| (c.feature.clone(), bytes)))
                .collect::<Vec<_>>()
        };
        Needles { folded: Search::new(all(folded), true), exact: Search::new(all(exact), false) }
    }
    /// Every shape of one word and one number, for the control.
    pub fn shapes(&self) -> Vec<(String, Vec<u8>)> {
        let word = self.all.iter().find(|c| c.text.starts_with("zqx")).unwrap();
        let number = self.all.iter().find(|c| c.text.ends_with(".25")).unwrap();
        [word, number]
            .into_iter()
            .flat_map(|c| {
                let all = folded(&c.text).into_iter().chain(exact(&c.text));
                all.map(|bytes| (c.feature.clone(), bytes)).collect::<Vec<_>>()
            })
            .chain([(word.feature.clone(), word.text.to_uppercase().into_bytes())])
            .collect()
    }
}

/// Shapes that are compared without regard to case.
fn folded(text: &str) -> Vec<Vec<u8>> {
    let text = text.to_lowercase();
    let wide = |f: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(f).collect::<Vec<u8>>();
    let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
    let mut all =
        vec![text.clone().into_bytes(), wide(u16::to_le_bytes), wide(u16::to_be_bytes), hex.into_bytes()];
    if text.parse::<f64>().is_ok() {
        all.push(text.replace('.', ",").into_bytes());
        all.push(text.replace('.', "").into_bytes());
    }
    all
}

/// Shapes that are compared byte by byte.
fn exact(text: &str) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for shift in 0..3 {
        all.push(base64(text.as_bytes(), shift));
    }
    if let Ok(number) = text.parse::<f64>() {
        all.push(number.to_le_bytes().to_vec());
        all.push(number.to_be_bytes().to_vec());
        // As scaled integers, as columns of samples might hold it.
        for scale in [100.0, 1000.0, 1e6] {
            let scaled = (number * scale) as i64;
            all.push(scaled.to_le_bytes().to_vec());
            all.push(scaled.to_be_bytes().to_vec());
        }
    }
    all
}

/// The part of the base64 text that does not depend on what stands before and after; letters and
/// digits look the same in both alphabets.
fn base64(bytes: &[u8], shift: usize) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let whole = &bytes[shift..];
    whole
        .chunks_exact(3)
        .flat_map(|c| {
            let n = u32::from(c[0]) << 16 | u32::from(c[1]) << 8 | u32::from(c[2]);
            [18, 12, 6, 0].map(|s| ALPHABET[(n >> s & 63) as usize])
        })
        .collect()
}

/// Byte strings to look for.
pub struct Needles {
    folded: Search,
    exact: Search,
}

/// One automaton over all byte strings, and the feature of each.
struct Search {
    features: Vec<String>,
    automaton: AhoCorasick,
}

impl Search {
    fn new(needles: Vec<(String, Vec<u8>)>, folds: bool) -> Self {
        let (features, bytes): (Vec<_>, Vec<_>) = needles.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(folds)
            .kind(Some(AhoCorasickKind::DFA))
            .build(bytes)
            .unwrap();
        Self { features, automaton }
    }

    fn find<'a>(&'a self, hay: &'a [u8]) -> impl Iterator<Item = String> + 'a {
        self.automaton.find_overlapping_iter(hay).map(|m| self.features[m.pattern().as_usize()].clone())
    }
}

impl Needles {
    /// The features whose canaries are in there.
    pub fn find(&self, hay: &[u8]) -> Vec<String> {
        let mut found: Vec<String> = self.folded.find(hay).chain(self.exact.find(hay)).collect();
        found.sort();
        found.dedup();
        found
    }
}

#[test]
fn search_finds_every_shape_at_any_place_and_nothing_in_noise() {
    let mut canaries = Canaries::default();
    canaries.word("a word");
    canaries.number("a number");
    let needles = canaries.needles();
    for (feature, bytes) in canaries.shapes() {
        for before in 0..4 {
            let hay = [vec![b'x'; before], bytes.clone(), vec![0]].concat();
            assert_eq!(needles.find(&hay), std::slice::from_ref(&feature), "{before}");
        }
    }
    let noise: Vec<u8> = (0..200_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert!(needles.find(&noise).is_empty());
}
