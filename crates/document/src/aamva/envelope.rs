//! The frame around the elements: header, subfile designators, subfiles (annex D, "file header").

use super::elements::is_separator;
use super::error::Error;
use super::irregularity::Irregularity;
use super::licence::Kind;
use super::version::Version;

/// What the first lines of a symbol must be; the edition of 2000 has a file separator for the record separator.
const PREAMBLES: [&[u8]; 2] = [b"@\n\x1e\r", b"@\n\x1c\r"];

/// The file type stands at the very beginning; this is as far as rubbish before it is put up with.
const LONGEST_PREAMBLE: usize = 64;

const FILE_TYPES: [&[u8]; 2] = [b"ANSI", b"AAMVA"];

const ISSUER_DIGITS: usize = 6;

/// More than any standard asks for.
const MOST_DESIGNATORS: usize = 32;

/// The frame, opened.
pub(super) struct Envelope<'a> {
    pub(super) issuer_number: u32,
    pub(super) version: Version,
    pub(super) jurisdiction_version: Option<u8>,
    pub(super) kind: Kind,
    pub(super) subfile: &'a [u8],
}

/// A subfile's type and where it is said to stand.
struct Designator {
    kind: [u8; 2],
    offset: usize,
    length: usize,
}

/// Opens the frame; tells what is wrong with it and carries on where it can.
pub(super) fn open<'a>(
    bytes: &'a [u8],
    irregularities: &mut Vec<Irregularity>,
) -> Result<Envelope<'a>, Error> {
    let mut rest = after_file_type(bytes, irregularities)?;
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let numbers = take(&mut rest, digits);
    // Issuer, version and entries, with or without the jurisdiction's version.
    let short = Error::ShortHeader { digits };
    let issuer_number = number(numbers, 0, ISSUER_DIGITS).ok_or(short)?;
    let version = Version(number(numbers, 6, 2).ok_or(short)?);
    let third = number(numbers, 8, 2).ok_or(short)?;
    let fourth = number(numbers, 10, 2);
    if fourth.is_some() != version.has_jurisdiction_version() {
        irregularities.push(Irregularity::JurisdictionVersion);
    }
    let (jurisdiction_version, entries) = fourth.map_or((None, third), |n| (Some(third), n));
    let designators = designators(&mut rest);
    if designators.len() != usize::from(entries) {
        irregularities.push(Irregularity::EntryCount);
    }
    let (kind, subfile) = subfile(bytes, rest, &designators, irregularities)?;
    Ok(Envelope { issuer_number, version, jurisdiction_version, kind, subfile })
}

fn after_file_type<'a>(
    bytes: &'a [u8],
    irregularities: &mut Vec<Irregularity>,
) -> Result<&'a [u8], Error> {
    let head = &bytes[..bytes.len().min(LONGEST_PREAMBLE)];
    let found = FILE_TYPES.iter().find_map(|name| Some((find_ignoring_case(head, name)?, *name)));
    let (at, name) = found.ok_or(Error::NoHeader)?;
    if !PREAMBLES.contains(&&bytes[..at]) {
        irregularities.push(Irregularity::Preamble);
    }
    let rest = &bytes[at + name.len()..];
    let spaces = rest.iter().take_while(|&&c| c == b' ').count();
    let is_proper = &bytes[at..at + name.len()] == name && name.len() + spaces == 5;
    if !is_proper {
        irregularities.push(Irregularity::FileType);
    }
    Ok(&rest[spaces..])
}

fn find_ignoring_case(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word))
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, left) = rest.split_at(count.min(rest.len()));
    *rest = left;
    taken
}

/// The number that these digits write; `None` where they are missing or no digits.
fn number<T: std::str::FromStr>(text: &[u8], from: usize, digits: usize) -> Option<T> {
    let digits = text.get(from..from + digits)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn designators(rest: &mut &[u8]) -> Vec<Designator> {
    let mut designators = Vec::new();
    while let Some(designator) = designator(rest) {
        take(rest, 10);
        designators.push(designator);
        if designators.len() == MOST_DESIGNATORS {
            break;
        }
    }
    designators
}

/// Two letters and twice four digits.
fn designator(text: &[u8]) -> Option<Designator> {
    let kind: [u8; 2] = text.get(..2)?.try_into().ok()?;
    let is_kind = kind[0].is_ascii_alphabetic() && kind[1].is_ascii_alphanumeric();
    let digits = text.get(2..10)?;
    (is_kind && digits.iter().all(u8::is_ascii_digit)).then_some(())?;
    Some(Designator {
        kind: kind.map(|c| c.to_ascii_uppercase()),
        offset: number(digits, 0, 4)?,
        length: number(digits, 4, 4)?,
    })
}

/// The first subfile of a card. Where it is not in its place, all that follows the designators is searched.
fn subfile<'a>(
    bytes: &'a [u8],
    rest: &'a [u8],
    designators: &[Designator],
    irregularities: &mut Vec<Irregularity>,
) -> Result<(Kind, &'a [u8]), Error> {
    let designated =
        designators.iter().find_map(|designator| Some((Kind::of(designator.kind)?, designator)));
    if let Some((kind, designator)) = designated {
        if let Some(inside) = in_its_place(bytes, designator) {
            return Ok((kind, inside));
        }
        irregularities.push(Irregularity::SubfilePlace);
    }
    let (kind, start) = match (find_start(rest), designated) {
        (Some(found), _) => found,
        // The subfile begins with its elements and leaves out its own type.
        (None, Some((kind, _))) => {
            irregularities.push(Irregularity::SubfileType);
            (kind, 0)
        }
        (None, None) => return Err(Error::NoSubfile),
    };
    Ok((kind, up_to_next_subfile(&rest[start..])))
}

/// What the designator points to, if a subfile of this type begins and a subfile ends there.
fn in_its_place<'a>(bytes: &'a [u8], designator: &Designator) -> Option<&'a [u8]> {
    let end = designator.offset.checked_add(designator.length)?;
    let subfile = bytes.get(designator.offset..end)?;
    let begins = subfile.get(..2)?.eq_ignore_ascii_case(&designator.kind);
    let ends = subfile.last().is_some_and(|&c| is_separator(c))
        || bytes.get(end).is_none_or(|&c| is_separator(c));
    (begins && ends).then(|| &subfile[2..])
}

/// Where the elements of the first card subfile begin: after its type, which stands at the beginning of a line
/// and before an element's id.
fn find_start(rest: &[u8]) -> Option<(Kind, usize)> {
    (0..rest.len()).find_map(|at| {
        let is_line_start = at == 0 || is_separator(rest[at - 1]);
        let kind: [u8; 2] = rest.get(at..at + 2)?.try_into().ok()?;
        let kind = Kind::of(kind.map(|c| c.to_ascii_uppercase()))?;
        let follows = rest.get(at + 2..at + 4)?;
        let is_followed_by_id = follows[0].eq_ignore_ascii_case(&b'D')
            && matches!(follows[1].to_ascii_uppercase(), b'A'..=b'D');
        (is_line_start && is_followed_by_id).then_some((kind, at + 2))
    })
}

/// Up to a jurisdiction's own subfile: a line that begins with its type twice, such as `ZVZVA`.
fn up_to_next_subfile(text: &[u8]) -> &[u8] {
    let end = (1..text.len()).find(|&at| {
        let line = &text[at..];
        is_separator(text[at - 1])
            && line.len() >= 4
            && line[0].eq_ignore_ascii_case(&b'Z')
            && line[..2].eq_ignore_ascii_case(&line[2..4])
    });
    &text[..end.unwrap_or(text.len())]
}
