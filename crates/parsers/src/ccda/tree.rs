//! A small bounded tree over an XML document. Nothing is fetched and no entity is expanded beyond
//! XML's own five and character references.

use crate::{
    clinical::text::{Lines, entities, entity},
    error::{Excess, Flaw, ParseError, Reason, Thing},
};
use quick_xml::{Reader, events::Event};

const WHAT: Thing = Thing::Xml;
/// Deepest nesting read; CDA stays below 60.
pub(crate) const MAX_DEPTH: usize = 200;
const MAX_NODES: usize = 4_000_000;

/// An element, named without its prefix.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    pub(crate) content: Vec<Content>,
    /// Bytes in the text that was read.
    pub(crate) range: (usize, usize),
}

/// What an element holds, in order.
#[derive(Debug)]
pub(crate) enum Content {
    Element(Node),
    Text(String),
}

static NONE: Node = Node { name: String::new(), attributes: Vec::new(), content: Vec::new(), range: (0, 0) };

impl Node {
    /// An attribute by its local name, if it is not blank.
    pub(crate) fn attr(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }
    /// Its child elements.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(|c| match c {
            Content::Element(e) => Some(e),
            Content::Text(_) => None,
        })
    }
    /// Its children of that name.
    pub(crate) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Self> {
        self.elements().filter(move |e| e.name == name)
    }
    /// Its first child of that name, or an empty one.
    pub(crate) fn get(&self, name: &str) -> &Self {
        self.elements().find(|e| e.name == name).unwrap_or(&NONE)
    }
    /// The first element down a path, or an empty one.
    pub(crate) fn at(&self, path: &[&str]) -> &Self {
        path.iter().fold(self, |n, name| n.get(name))
    }
    /// Whether this is an element at all.
    pub(crate) fn exists(&self) -> bool {
        !self.name.is_empty()
    }
    /// Its text, blocks as lines and cells set apart by tabs.
    pub(crate) fn text(&self) -> String {
        let mut lines = Lines::default();
        self.write(&mut lines);
        lines.finish()
    }
    fn write(&self, out: &mut Lines) {
        for c in &self.content {
            match c {
                Content::Text(t) => out.words(t),
                Content::Element(e) => {
                    let block = matches!(
                        e.name.as_str(),
                        "table"
                            | "tr"
                            | "paragraph"
                            | "list"
                            | "item"
                            | "caption"
                            | "br"
                            | "thead"
                            | "tbody"
                            | "p"
                            | "div"
                            | "li"
                    );
                    if block {
                        out.line();
                    } else if matches!(e.name.as_str(), "td" | "th") {
                        out.cell();
                    }
                    e.write(out);
                    if block {
                        out.line();
                    } else if matches!(e.name.as_str(), "td" | "th") {
                        out.cell();
                    }
                }
            }
        }
    }
}

/// Reads a document.
pub(crate) fn parse(text: &str) -> Result<Node, ParseError> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Node> = Vec::new();
    let mut root = None;
    let mut nodes = 0;
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|_| broken(Flaw::TagMismatch, position(&reader)))?;
        match event {
            Event::Start(tag) => {
                if open.len() >= MAX_DEPTH {
                    return Err(ParseError::TooDeep { limit: MAX_DEPTH as u64 });
                }
                open.push(node(&tag, start)?);
                nodes += 1;
            }
            Event::Empty(tag) => {
                let mut leaf = node(&tag, start)?;
                leaf.range.1 = position(&reader);
                close(leaf, &mut open, &mut root);
                nodes += 1;
            }
            Event::End(_) => {
                let mut done = open.pop().ok_or_else(|| broken(Flaw::NotOpened, start))?;
                done.range.1 = position(&reader);
                close(done, &mut open, &mut root);
            }
            Event::Text(t) => push_text(&mut open, &t),
            Event::CData(t) => push_text(&mut open, &t),
            Event::GeneralRef(r) => {
                let name = r.to_string();
                match entity(&name) {
                    Some(c) => push_text(&mut open, c.encode_utf8(&mut [0; 4])),
                    None => push_text(&mut open, &format!("&{name};")),
                }
            }
            Event::DocType(d) if d.contains("[") => {
                return Err(ParseError::Refused(Reason::OwnEntities));
            }
            Event::Eof => break,
            _ => {}
        }
        if nodes > MAX_NODES {
            return Err(ParseError::too_large(Excess::Elements, 4_000_000));
        }
    }
    if !open.is_empty() {
        return Err(broken(Flaw::EndsEarly, text.len()));
    }
    root.ok_or_else(|| broken(Flaw::NoContents, 0))
}

fn broken(why: Flaw, at: usize) -> ParseError {
    ParseError::malformed(WHAT, why, Some(at as u64))
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn node(tag: &quick_xml::events::BytesStart<'_>, start: usize) -> Result<Node, ParseError> {
    let mut attributes = Vec::new();
    for a in tag.attributes().with_checks(false) {
        let a = a.map_err(|_| broken(Flaw::BadAttribute, start))?;
        let name = a.key.local_name().as_ref().to_owned();
        let value = entities(&a.value);
        // `xsi:type` and a plain `type` do not occur together in CDA.
        if !a.key.as_ref().starts_with("xmlns") {
            attributes.push((name, value));
        }
    }
    let name = tag.local_name().as_ref().to_owned();
    Ok(Node { name, attributes, content: Vec::new(), range: (start, start) })
}

fn close(done: Node, open: &mut [Node], root: &mut Option<Node>) {
    match open.last_mut() {
        Some(parent) => parent.content.push(Content::Element(done)),
        None => {
            root.get_or_insert(done);
        }
    }
}

fn push_text(open: &mut [Node], text: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.content.last_mut() {
        Some(Content::Text(t)) => t.push_str(text),
        _ if text.trim().is_empty() => {}
        _ => parent.content.push(Content::Text(text.to_owned())),
    }
}
