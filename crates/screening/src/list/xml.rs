//! XML as a stream of records: each is read into a small tree, looked at, and dropped.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::error::Error;
use super::input::{Counted, Input, Place};
use super::limits;

/// An element with all that it holds.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) line: u64,
    attributes: Vec<(String, String)>,
    text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.trim())
    }

    pub(crate) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The children of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child; empty where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.child(name).map_or("", Element::text)
    }

    /// Every element of this name below this one, however deep.
    pub(crate) fn below<'a>(&'a self, name: &'a str) -> Vec<&'a Element> {
        let mut found = Vec::new();
        let mut rest: Vec<&Element> = self.children.iter().rev().collect();
        while let Some(element) = rest.pop() {
            if element.name == name {
                found.push(element);
            }
            rest.extend(element.children.iter().rev());
        }
        found
    }
}

/// Records of a document.
pub(crate) struct Records<'a> {
    file: String,
    reader: Reader<Counted<'a>>,
    place: Place,
    buffer: Vec<u8>,
    /// Elements that are open and no records.
    depth: usize,
    root: Option<Element>,
}

impl<'a> Records<'a> {
    pub(crate) fn open(input: Input<'a>) -> Self {
        let (file, counted) = input.counted();
        let place = counted.place.clone();
        let reader = Reader::from_reader(counted);
        Self { file, reader, place, buffer: Vec::new(), depth: 0, root: None }
    }

    /// The document's element, without what it holds; only after the first record was asked for.
    pub(crate) fn root(&self) -> Option<&Element> {
        self.root.as_ref()
    }

    pub(crate) fn wrong(&self, element: &Element, field: &str, problem: &str) -> Error {
        Error::field(&self.file, element.line, field, problem)
    }

    pub(crate) fn wrong_root(&self, expected: &str) -> Error {
        Error::field(&self.file, 1, "root element", format!("is not {expected}"))
    }

    /// The next element of one of these names, wherever it lies. Fails where the document ends
    /// before its root does: half a list is no list.
    pub(crate) fn next(&mut self, names: &[&str]) -> Result<Option<Element>, Error> {
        loop {
            self.place.begin_record();
            match self.event()? {
                Read::Start(element) if names.contains(&element.name.as_str()) => {
                    return self.fill(element).map(Some);
                }
                Read::Empty(element) if names.contains(&element.name.as_str()) => {
                    return Ok(Some(element));
                }
                Read::Start(element) => {
                    self.depth += 1;
                    if self.depth > limits::DEPTH {
                        return Err(self.here("elements lie too deep in each other"));
                    }
                    self.root.get_or_insert(element);
                }
                Read::End => {
                    self.depth = self.depth.saturating_sub(1);
                }
                Read::Over if self.root.is_none() => {
                    return Err(self.here("this is no XML document"));
                }
                Read::Over if self.depth > 0 => {
                    return Err(self.here("the document ends before its root element does"));
                }
                Read::Over => return Ok(None),
                Read::Empty(_) | Read::Text(_) => {}
            }
        }
    }

    /// Reads what an element holds, until it closes.
    fn fill(&mut self, element: Element) -> Result<Element, Error> {
        let mut open = vec![element];
        let mut elements = 1;
        loop {
            match self.event()? {
                Read::Start(child) => open.push(child),
                Read::Empty(child) => Self::top(&mut open).children.push(child),
                Read::Text(text) => Self::top(&mut open).text.push_str(&text),
                Read::End => {
                    let done = open.pop().expect("an element is open");
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
                Read::Over => return Err(self.here("the document ends inside an element")),
            }
            elements += 1;
            if elements > limits::RECORD_ELEMENTS || open.len() > limits::DEPTH {
                return Err(self.here("a record has more elements than any list's"));
            }
        }
    }

    fn top(open: &mut [Element]) -> &mut Element {
        open.last_mut().expect("an element is open")
    }

    fn here(&self, problem: &str) -> Error {
        Error::field(&self.file, self.place.line(), "XML", problem)
    }

    fn event(&mut self) -> Result<Read, Error> {
        let line = self.place.line();
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            let read = match event {
                Ok(Event::Start(start)) => element(&start, line).map(Read::Start),
                Ok(Event::Empty(start)) => element(&start, line).map(Read::Empty),
                Ok(Event::End(_)) => Ok(Read::End),
                Ok(Event::Eof) => Ok(Read::Over),
                Ok(Event::Text(text)) => Ok(Read::Text(text.xml10_content().into_owned())),
                Ok(Event::CData(text)) => Ok(Read::Text(text.xml10_content().into_owned())),
                Ok(Event::GeneralRef(reference)) => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(letter)) => Some(letter.to_string()),
                        Ok(None) => quick_xml::escape::resolve_predefined_entity(&reference)
                            .map(str::to_owned),
                        Err(_) => None,
                    };
                    resolved.map(Read::Text).ok_or_else(|| "an unknown entity".to_owned())
                }
                Ok(_) => continue,
                Err(quick_xml::Error::Io(source)) => {
                    let source = std::io::Error::new(source.kind(), source.to_string());
                    return Err(Error::Read {
                        file: format!("{}, line {line}", self.file),
                        source,
                    });
                }
                Err(error) => Err(error.to_string()),
            };
            return read.map_err(|problem| self.here(&problem));
        }
    }
}

enum Read {
    Start(Element),
    Empty(Element),
    Text(String),
    End,
    Over,
}

fn element(start: &BytesStart<'_>, line: u64) -> Result<Element, String> {
    let mut element =
        Element { name: start.local_name().as_ref().to_owned(), line, ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = attribute.key.local_name().as_ref().to_owned();
        let raw: &str = &attribute.value;
        let value = quick_xml::escape::unescape(raw).map_err(|error| error.to_string())?;
        element.attributes.push((name, value.into_owned()));
    }
    Ok(element)
}
