//! Whether the face in a picture is the portrait of a document: somebody held an ID in front of the
//! camera where they were to show themselves.
//!
//! Precise rather than sensitive: people wear and stand before text, and hold their ID beside their
//! face, so that a machine readable zone counts only with the face on its page, and printed lines
//! only where they stand beside the face as a document's do, and one of them is a date.

use bonafide_domain::evidence::Signal;
use bonafide_imaging::{Point, Quad};

use crate::TextLine;
use crate::page;
use crate::side::{Side, corners};

/// Lines that count have been read with this confidence.
const SURE: f32 = 0.9;
/// Fewest lines beside the face.
const FEWEST_LINES: usize = 4;
/// Lines stand within this many widths of the face beside it.
const MOST_AWAY: f32 = 5.0;
/// Lines stand between so many heights of the face above its top and below its bottom.
const ABOVE: f32 = 0.8;
const BELOW: f32 = 1.2;
/// Print on a document is smaller than its portrait's face, in heights of the face.
const TALLEST: f32 = 0.25;

/// What says that the face at this place, in pixels of the picture, is a document's; none where
/// nothing does.
pub fn signal(side: &Side, face: &Quad) -> Option<Signal> {
    let signal = |word: &str| Signal::new("selfie.document", word).within(side.part, corners(face));
    if is_on_the_page(side, face) {
        return Some(signal("mrz"));
    }
    (is_beside_print(side.print, face)).then(|| signal("print"))
}

/// Whether a zone that was surely read belongs to a page that the face is on.
fn is_on_the_page(side: &Side, face: &Quad) -> bool {
    let (Some(mrz), Ok(picture)) = (side.mrz.filter(|mrz| mrz.is_valid()), side.picture) else {
        return false;
    };
    let page = page::locate(picture.width(), picture.height(), Some(mrz), &[]);
    page.source == page::Source::Mrz && contains(&page.quad, face.centre())
}

fn contains(quad: &Quad, point: Point) -> bool {
    let [a, b, c, d] = quad.0;
    [(a, b), (b, c), (c, d), (d, a)].into_iter().all(|(from, to)| {
        (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x) >= 0.0
    })
}

/// Whether enough lines stand on one side of the face, and one of them is a date.
fn is_beside_print(print: &[TextLine], face: &Quad) -> bool {
    let [left, top, right, bottom] = face.bounds();
    let (width, height) = (right - left, bottom - top);
    let fits = |line: &&TextLine| {
        let middle = line.quad.centre().y;
        line.confidence >= SURE
            && line.quad.height() <= TALLEST * height
            && (top - ABOVE * height..=bottom + BELOW * height).contains(&middle)
    };
    let lines: Vec<&TextLine> = print.iter().filter(fits).collect();
    let beside = |is_there: &dyn Fn(&[f32; 4]) -> bool| {
        let there: Vec<_> = lines.iter().filter(|line| is_there(&line.quad.bounds())).collect();
        there.len() >= FEWEST_LINES && there.iter().any(|line| has_date(&line.text))
    };
    beside(&|line| line[0] >= right && line[0] <= right + MOST_AWAY * width)
        || beside(&|line| line[2] <= left && line[2] >= left - MOST_AWAY * width)
}

/// Whether a day, a month and a year follow each other, in any order: 12.08.1974, 12 AUG 1974,
/// 12 AUG/AOÛT 1974, 1974-08-12, 120874 not.
fn has_date(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| word.parse::<u16>().ok().filter(|_| word.len() <= 4);
    let is_day =
        |word: &str| word.len() <= 2 && number(word).is_some_and(|n| (1..=31).contains(&n));
    let is_year =
        |word: &str| word.len() == 4 && number(word).is_some_and(|n| (1900..2100).contains(&n));
    let is_month = |word: &str| {
        is_day(word) || (word.chars().count() >= 3 && word.chars().all(char::is_alphabetic))
    };
    words.windows(3).any(|words| {
        is_month(words[1])
            && (is_day(words[0]) && is_year(words[2]) || is_year(words[0]) && is_day(words[2]))
    }) || words.windows(4).any(|words| {
        is_day(words[0]) && is_month(words[1]) && is_month(words[2]) && is_year(words[3])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, left: f32, top: f32) -> TextLine {
        let quad = Quad::rectangle(left, top, 200.0, 18.0);
        TextLine { text: text.to_owned(), confidence: 0.97, quad }
    }

    const FACE: Quad = Quad::rectangle(100.0, 200.0, 100.0, 120.0);

    fn card(left: f32) -> Vec<TextLine> {
        ["SPECIMEN", "ANNA MARIA", "12.08.1974", "UTOPIA", "L898902C"]
            .iter()
            .zip([180.0, 210.0, 240.0, 270.0, 300.0])
            .map(|(text, top)| line(text, left, top))
            .collect()
    }

    #[test]
    fn a_documents_lines_stand_beside_its_portrait() {
        assert!(is_beside_print(&card(240.0), &FACE));
        let face_on_the_right = FACE.moved(400.0, 0.0);
        assert!(is_beside_print(&card(240.0), &face_on_the_right));
    }

    #[test]
    fn text_that_people_stand_before_is_no_document() {
        let mut undated = card(240.0);
        undated[2] = line("KEEP OUT", 240.0, 240.0);
        assert!(!is_beside_print(&undated, &FACE), "no date");
        assert!(!is_beside_print(&card(240.0)[..3], &FACE), "too few");
        assert!(!is_beside_print(&card(60.0), &FACE), "across the face, as on a shirt");
        let far_below: Vec<_> =
            card(240.0).iter().map(|l| line(&l.text, 240.0, l.quad.bounds()[1] + 400.0)).collect();
        assert!(!is_beside_print(&far_below, &FACE), "below the face");
        let unsure: Vec<_> =
            card(240.0).into_iter().map(|l| TextLine { confidence: 0.7, ..l }).collect();
        assert!(!is_beside_print(&unsure, &FACE), "hardly read");
        let small_face = Quad::rectangle(100.0, 200.0, 30.0, 36.0);
        assert!(!is_beside_print(&card(240.0), &small_face), "print as large as the face");
    }

    #[test]
    fn dates_as_documents_write_them() {
        for date in
            ["12.08.1974", "12 AUG 1974", "born 12 AUG/AOÛT 1974", "1974-08-12", "08/12/1974"]
        {
            assert!(has_date(date), "{date}");
        }
        for other in ["120874", "ROUTE 66", "SALE 50 TO 1974", "1974", "EST 1974", "99.99.1974", ""]
        {
            assert!(!has_date(other), "{other}");
        }
    }

    #[test]
    fn a_page_holds_what_is_within_its_edges() {
        let quad = Quad::rectangle(10.0, 10.0, 100.0, 50.0);
        assert!(contains(&quad, Point::new(60.0, 30.0)));
        assert!(!contains(&quad, Point::new(60.0, 70.0)));
        assert!(!contains(&quad, Point::new(f32::NAN, 30.0)));
    }
}
