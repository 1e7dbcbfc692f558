//! Where the document lies in its picture, and how large it appears.
//!
//! A machine readable zone tells nearly all: its characters have a pitch of 2.54 mm in every format, it is as wide
//! as the sheet but for its margins, and it stands at the sheet's lower edge (ICAO 9303-3 §4). Without one, the
//! visible text says where the document at least is; without that, the whole frame is taken.

use bonafide_imaging::{Point, Quad};
use image::{RgbImage, imageops};

use crate::mrz::{Format, Reading};

/// A document's outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page {
    /// The outline. One derived from a machine readable zone may lie partly outside of the picture.
    pub quad: Quad,
    /// What it was derived from.
    pub source: Source,
    /// Resolution, where it is known.
    pub pixels_per_millimetre: Option<f32>,
}

/// What an outline was derived from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The machine readable zone.
    Mrz,
    /// The lines of visible text.
    Print,
    /// Nothing: it is the whole frame.
    Frame,
}

impl Source {
    /// The word in the evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mrz => "mrz",
            Self::Print => "print",
            Self::Frame => "frame",
        }
    }
}

/// Finds the page in a picture of this size.
pub fn locate(width: u32, height: u32, mrz: Option<&Reading>, print: &[Quad]) -> Page {
    let frame = Quad::frame(width, height);
    mrz.and_then(|mrz| around_mrz(mrz.format, &mrz.quad?))
        .or_else(|| around_print(print))
        .unwrap_or(Page { quad: frame, source: Source::Frame, pixels_per_millimetre: None })
}

impl Page {
    /// The part of the picture that the page takes, upright as the picture is, and where it begins. The whole picture
    /// where only a sliver of the page is in it.
    pub fn cut(&self, picture: &RgbImage) -> (RgbImage, Point) {
        let bounds = self.quad.bounds();
        let along_x = |value: f32| value.clamp(0.0, picture.width() as f32) as u32;
        let along_y = |value: f32| value.clamp(0.0, picture.height() as f32) as u32;
        let (left, top) = (along_x(bounds[0]), along_y(bounds[1]));
        let (width, height) = (along_x(bounds[2]) - left, along_y(bounds[3]) - top);
        if width < LEAST_SIDE || height < LEAST_SIDE {
            return (picture.clone(), Point::new(0.0, 0.0));
        }
        let cut = imageops::crop_imm(picture, left, top, width, height).to_image();
        (cut, Point::new(left as f32, top as f32))
    }

    /// The share of the page's area that lies outside of a picture of this size, 0 to 1.
    pub fn share_outside(&self, width: u32, height: u32) -> f32 {
        const STEPS: u32 = 40;
        let [a, b, c, d] = self.quad.0;
        let between = |from: Point, to: Point, share: f32| {
            Point::new(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
        };
        let share = |step: u32| (step as f32 + 0.5) / STEPS as f32;
        let outside = (0..STEPS * STEPS).filter(|i| {
            let (across, down) = (share(i % STEPS), share(i / STEPS));
            let point = between(between(a, b, across), between(d, c, across), down);
            point.x < 0.0 || point.y < 0.0 || point.x > width as f32 || point.y > height as f32
        });
        outside.count() as f32 / (STEPS * STEPS) as f32
    }
}

/// Slivers are no page.
const LEAST_SIDE: u32 = 64;

/// Sheet width and height in millimetres: ID-1, ID-2 and ID-3 of ISO/IEC 7810, visas of ICAO 9303-7 §3.
fn sheet(format: Format) -> (f32, f32) {
    match format {
        Format::Td1 => (85.6, 54.0),
        Format::Td2 | Format::FrenchIdentityCard => (105.0, 74.0),
        Format::Td3 => (125.0, 88.0),
        Format::MrvA => (120.0, 80.0),
        Format::MrvB => (105.0, 74.0),
    }
}

fn around_mrz(format: Format, zone: &Quad) -> Option<Page> {
    /// Nominal pitch and width of a character, and what is left below the last line, in millimetres.
    const PITCH: f32 = 2.54;
    const CHARACTER: f32 = 1.7;
    const BELOW: f32 = 7.0;
    let (sheet_width, sheet_height) = sheet(format);
    let zone_width = (format.columns() - 1) as f32 * PITCH + CHARACTER;
    let scale = zone.width() / zone_width;
    if !(scale.is_finite() && scale > 0.1) {
        return None;
    }
    let [a, b, c, d] = zone.0;
    let right = Point::new((b.x - a.x + c.x - d.x) / 2.0, (b.y - a.y + c.y - d.y) / 2.0);
    let (right_x, right_y) = (right.x / zone.width() * scale, right.y / zone.width() * scale);
    let margin = (sheet_width - zone_width) / 2.0;
    // Downwards is to the right, a quarter turn clockwise further. One step is a millimetre.
    let corner = |across: f32, down: f32| {
        Point::new(d.x + across * right_x - down * right_y, d.y + across * right_y + down * right_x)
    };
    let (left, bottom) = (-margin, BELOW);
    let (right, top) = (left + sheet_width, bottom - sheet_height);
    let quad =
        Quad([corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)]);
    Some(Page { quad, source: Source::Mrz, pixels_per_millimetre: Some(scale) })
}

fn around_print(print: &[Quad]) -> Option<Page> {
    const FEWEST: usize = crate::side::FEWEST_LINES;
    /// Text keeps off the edges of its sheet by about this share of it.
    const MARGIN: f32 = 0.15;
    if print.len() < FEWEST {
        return None;
    }
    let [left, top, right, bottom] = print
        .iter()
        .map(Quad::bounds)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
    let quad = Quad::rectangle(left, top, right - left, bottom - top).grown(MARGIN);
    Some(Page { quad, source: Source::Print, pixels_per_millimetre: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bonafide_imaging::Homography;

    /// A TD3 zone on a sheet of 125 x 88 mm at 10 pixels a millimetre.
    const ZONE: Quad = Quad::rectangle(70.4, 710.0, 1109.2, 100.0);
    const SHEET: Quad = Quad::rectangle(0.0, 0.0, 1250.0, 880.0);

    fn assert_near(found: &Quad, expected: &Quad, pixels: f32) {
        for (found, expected) in found.0.iter().zip(expected.0) {
            assert!(found.distance(expected) < pixels, "{found:?} is not near {expected:?}");
        }
    }

    #[test]
    fn a_passport_is_found_around_its_zone() {
        let page = around_mrz(Format::Td3, &ZONE).expect("a page");
        assert_near(&page.quad, &SHEET, 5.0);
        assert!((page.pixels_per_millimetre.expect("known") - 10.0).abs() < 0.01);
        assert!(page.share_outside(1250, 880) < 0.02);
    }

    #[test]
    fn it_turns_with_the_zone() {
        let turned = Quad([
            Point::new(900.0, 100.0),
            Point::new(900.0, 1350.0),
            Point::new(20.0, 1350.0),
            Point::new(20.0, 100.0),
        ]);
        let map = Homography::rectangle_to_quad(1250.0, 880.0, &turned).expect("a map");
        let page = around_mrz(Format::Td3, &map.map_quad(&ZONE)).expect("a page");
        assert_near(&page.quad, &turned, 5.0);
    }

    #[test]
    fn a_cut_off_page_is_told_by_its_share_outside() {
        let page = around_mrz(Format::Td3, &ZONE.moved(0.0, -440.0)).expect("a page");
        assert!((page.share_outside(1250, 440) - 0.5).abs() < 0.03);
    }

    #[test]
    fn print_gives_a_rough_page_and_nothing_gives_the_frame() {
        let lines: Vec<Quad> =
            (0..6).map(|i| Quad::rectangle(200.0, 100.0 + 50.0 * i as f32, 400.0, 30.0)).collect();
        let page = locate(1000, 800, None, &lines);
        assert_eq!(page.source, Source::Print);
        assert_near(&page.quad, &Quad::rectangle(170.0, 79.0, 460.0, 322.0), 2.0);
        assert_eq!(locate(1000, 800, None, &lines[..3]).quad, Quad::frame(1000, 800));
    }

    #[test]
    fn the_cut_begins_where_it_says() {
        let picture = RgbImage::from_fn(300, 200, |x, y| image::Rgb([(x % 256) as u8, y as u8, 0]));
        for quad in [
            Quad::rectangle(-20.0, 30.5, 200.0, 100.0),
            Quad::rectangle(280.0, 10.0, 90.0, 90.0),
            Quad::frame(300, 200),
        ] {
            let page = Page { quad, source: Source::Mrz, pixels_per_millimetre: None };
            let (cut, origin) = page.cut(&picture);
            let begin = picture.get_pixel(origin.x as u32, origin.y as u32);
            assert_eq!(cut.get_pixel(0, 0), begin);
        }
    }
}
