use std::path::{Path, PathBuf};

use bonafide_imaging::{Point, Quad, gray, turn, warp};
use bonafide_specimen::aamva::Version;
use bonafide_specimen::{Drawn, Issue, JURISDICTIONS, Licence, Person};
use image::{GrayImage, Luma, imageops};
use jiff::civil::date;

use super::{Barcode, read_pdf417};

fn back() -> Drawn {
    let today = date(2026, 11, 23);
    let (person, issue) = (Person::generate(today, 7), Issue::generate(today, 7));
    Licence::new(person, issue, JURISDICTIONS[0], Version::V10).draw_back(7).expect("draws")
}

fn truth(back: &Drawn) -> (&[u8], Quad) {
    let symbol = back.labels.barcode.as_ref().expect("a symbol");
    (symbol.payload.as_bytes(), symbol.quad)
}

fn is_near(found: &Quad, expected: &Quad, pixels: f32) -> bool {
    found.0.iter().zip(&expected.0).all(|(a, b)| a.distance(*b) < pixels)
}

fn read(picture: &GrayImage) -> Barcode {
    read_pdf417(picture).expect("reads")
}

#[test]
fn a_licence_in_any_of_four_turns() {
    let back = back();
    let (payload, quad) = truth(&back);
    let picture = gray(&back.picture);
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    for turns in 0..4 {
        let barcode = read(&turn(&picture, turns));
        assert_eq!(barcode.bytes, payload, "{turns}");
        let expected = Quad(quad.0.map(|at| match turns {
            1 => Point::new(height - at.y, at.x),
            2 => Point::new(width - at.x, height - at.y),
            3 => Point::new(at.y, width - at.x),
            _ => at,
        }));
        assert!(
            is_near(&barcode.quad, &expected, 6.0),
            "{turns}: {:?} for {expected:?}",
            barcode.quad
        );
    }
}

/// On a table: beyond its frame a warp repeats the border, and makes bars of its own.
#[test]
fn a_licence_aslant() {
    const MARGIN: f32 = 600.0;
    let back = back();
    let (payload, quad) = truth(&back);
    let mut table = GrayImage::from_pixel(2800, 2200, Luma([140]));
    imageops::replace(&mut table, &gray(&back.picture), MARGIN as i64, MARGIN as i64);
    let centre = Point::new(1400.0, 1100.0);
    for degrees in [7.0_f32, 12.0, 30.0, 100.0, 200.0] {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let turned = |at: Point, sine: f32| {
            let (x, y) = (at.x - centre.x, at.y - centre.y);
            Point::new(centre.x + x * cosine - y * sine, centre.y + x * sine + y * cosine)
        };
        let window = Quad(Quad::frame(2800, 2200).0.map(|at| turned(at, sine)));
        let barcode = read(&warp(&table, &window, 2800, 2200));
        assert_eq!(barcode.bytes, payload, "{degrees} degrees");
        let expected = Quad(quad.moved(MARGIN, MARGIN).0.map(|at| turned(at, -sine)));
        assert!(
            is_near(&barcode.quad, &expected, 12.0),
            "{degrees}: {:?} for {expected:?}",
            barcode.quad
        );
    }
}

#[test]
fn no_symbol_is_found_where_there_is_none() {
    assert_eq!(read_pdf417(&GrayImage::new(0, 0)), None);
    assert_eq!(read_pdf417(&GrayImage::new(1, 1)), None);
    let stripes = GrayImage::from_fn(640, 400, |x, _| Luma([if x / 3 % 2 == 0 { 0 } else { 255 }]));
    assert_eq!(read_pdf417(&stripes), None);
}

#[test]
fn nothing_personal_is_shown() {
    let barcode =
        Barcode { bytes: b"SECRET".to_vec(), quad: Quad::frame(1, 1), mended_codewords: 0 };
    assert!(!format!("{barcode:?}").contains("SECRET") && !format!("{barcode:?}").contains("83"));
}

/// The public symbols, where they are beside the checkout. Two have no text beside them.
#[test]
fn public_symbols() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata/pdf417");
    if !data.is_dir() {
        println!("skipped: the public symbols are not beside the checkout");
        return;
    }
    let pictures: Vec<PathBuf> = ["pdf417-1", "pdf417-2"]
        .iter()
        .flat_map(|set| std::fs::read_dir(data.join(set)).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .collect();
    let mut decoded = 0;
    for path in &pictures {
        let picture = on_white(&image::open(path).expect("opens").into_rgba8());
        let Some(barcode) = read_pdf417(&picture) else { continue };
        decoded += 1;
        if let Ok(text) = std::fs::read(path.with_extension("txt")) {
            assert_eq!(barcode.bytes, text, "{}", path.display());
        }
    }
    assert_eq!(pictures.len(), 39);
    assert!(decoded >= 38, "{decoded} of 39");
}

/// Some of the pictures are transparent.
fn on_white(picture: &image::RgbaImage) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, .., alpha] = picture.get_pixel(x, y).0.map(u16::from);
        Luma([(255 - alpha + red * alpha / 255) as u8])
    })
}
