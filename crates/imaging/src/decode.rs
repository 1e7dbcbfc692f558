use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::{DynamicImage, ImageDecoder, RgbImage};

use crate::{Error, Format, Limits, sniff, wholeness};

/// How the stored pixels had to be turned or mirrored to stand upright (EXIF tag 0x0112).
pub type Orientation = image::metadata::Orientation;

/// What the head of a picture file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The format, told by content.
    pub format: Format,
    /// Width in pixels as stored, before EXIF orientation.
    pub width: u32,
    /// Height in pixels as stored.
    pub height: u32,
}

/// A decoded picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The pixels, upright: EXIF orientation is applied, transparency is laid over white.
    pub rgb: RgbImage,
    /// The format it was stored in.
    pub format: Format,
    /// The orientation that was applied.
    pub orientation: Orientation,
}

/// Checks what an upload can be refused for without decoding a pixel: format, bytes, size and a missing end.
pub fn probe(bytes: &[u8], limits: &Limits) -> Result<Header, Error> {
    open(bytes, limits).map(|(header, _)| header)
}

/// Decodes a picture within the limits and sets it upright.
///
/// The limits are checked before memory is taken. Time is bounded by them too: the work grows with the bytes and
/// the pixels only.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, Error> {
    let (header, mut decoder) = open(bytes, limits)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    // The JPEG decoder is known to panic on files that are broken on purpose (fuzz/seeds/image_sniff).
    let mut stored = catch_unwind(AssertUnwindSafe(|| DynamicImage::from_decoder(decoder)))
        .map_err(|_| UNREADABLE)?
        .map_err(|_| UNREADABLE)?;
    // Fewer channels first: turning a copy is the most memory this takes.
    stored = DynamicImage::ImageRgb8(flatten(stored));
    stored.apply_orientation(orientation);
    Ok(Picture { rgb: stored.into_rgb8(), format: header.format, orientation })
}

const UNREADABLE: Error = Error::Damaged { reason: "its content cannot be read" };

fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<(Header, Box<dyn ImageDecoder + 'a>), Error> {
    if bytes.len() > limits.bytes {
        return Err(Error::TooManyBytes { bytes: bytes.len(), limit: limits.bytes });
    }
    let format = sniff(bytes).ok_or(Error::NotAPicture)?;
    let decoder = decoder(bytes, format, limits)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, decoder.total_bytes(), limits)?;
    wholeness::check(bytes, format)?;
    Ok((Header { format, width, height }, decoder))
}

/// Reads the head of the file; allocates nothing for pixels.
fn decoder<'a>(
    bytes: &'a [u8],
    format: Format,
    limits: &Limits,
) -> Result<Box<dyn ImageDecoder + 'a>, Error> {
    let mut allowed = image::Limits::no_limits();
    allowed.max_alloc = Some(limits.memory);
    let source = Cursor::new(bytes);
    Ok(match format {
        Format::Jpeg => Box::new(JpegDecoder::new(source).map_err(|_| UNREADABLE)?),
        Format::Png => Box::new(PngDecoder::with_limits(source, allowed).map_err(|_| UNREADABLE)?),
    })
}

fn check_size(width: u32, height: u32, raw_bytes: u64, limits: &Limits) -> Result<(), Error> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Error::Damaged { reason: "it has no pixels" });
    }
    if width > limits.width
        || height > limits.height
        || pixels > limits.pixels
        || raw_bytes > limits.memory
    {
        return Err(Error::TooLarge { width, height, limits: *limits });
    }
    if width.max(height) <= limits.shortest_longest_side {
        let shortest_longest_side = limits.shortest_longest_side;
        return Err(Error::TooSmall { width, height, shortest_longest_side });
    }
    Ok(())
}

/// RGB of any decoded picture. What is transparent shows white, as paper would.
fn flatten(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let with_alpha = picture.into_rgba8();
    let (width, height) = with_alpha.dimensions();
    let over_white = |channel: u8, alpha: u8| {
        let (channel, alpha) = (u32::from(channel), u32::from(alpha));
        ((channel * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    RgbImage::from_fn(width, height, |x, y| {
        let [red, green, blue, alpha] = with_alpha.get_pixel(x, y).0;
        image::Rgb([over_white(red, alpha), over_white(green, alpha), over_white(blue, alpha)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_files;
    use proptest::prelude::*;

    /// Guards against the panic in the JPEG decoder that fuzzing found.
    #[test]
    fn a_picture_that_makes_the_decoder_panic_is_damaged() {
        let bytes = include_bytes!("../../../fuzz/seeds/image_sniff/decoder_panics.jpg");
        let limits = Limits { shortest_longest_side: 0, ..Limits::default() };
        assert!(matches!(decode(bytes, &limits), Err(Error::Damaged { .. })));
    }

    const ANY_SIZE: Limits = Limits {
        bytes: 1_000_000,
        width: 500,
        height: 500,
        pixels: 100_000,
        shortest_longest_side: 0,
        memory: 1_000_000,
    };

    #[test]
    fn probe_reads_the_header() {
        let header = probe(&test_files::jpeg(320, 200), &Limits::default()).expect("a picture");
        assert_eq!(header, Header { format: Format::Jpeg, width: 320, height: 200 });
        let header = probe(&test_files::png(301, 20), &Limits::default()).expect("a picture");
        assert_eq!(header, Header { format: Format::Png, width: 301, height: 20 });
    }

    #[test]
    fn a_pdf_is_not_a_picture_whatever_its_name() {
        assert_eq!(probe(b"%PDF-1.7 passport.jpg", &Limits::default()), Err(Error::NotAPicture));
        assert_eq!(probe(b"", &Limits::default()), Err(Error::NotAPicture));
    }

    #[test]
    fn a_png_bomb_is_refused_by_its_header() {
        let bomb = test_files::png_claiming(20_000, 20_000);
        let expected = Error::TooLarge { width: 20_000, height: 20_000, limits: Limits::default() };
        assert_eq!(probe(&bomb, &Limits::default()), Err(expected.clone()));
        assert_eq!(decode(&bomb, &Limits::default()).expect_err("a bomb"), expected);
    }

    #[test]
    fn sixteen_bits_a_channel_count_towards_the_memory() {
        let picture = image::DynamicImage::new_rgba16(400, 200);
        let bytes = test_files::encode(&picture, image::ImageFormat::Png);
        let tight = Limits { memory: 400 * 200 * 8 - 1, ..Limits::default() };
        assert!(matches!(decode(&bytes, &tight), Err(Error::TooLarge { .. })));
        assert!(decode(&bytes, &Limits::default()).is_ok());
    }

    #[test]
    fn too_many_bytes_are_not_even_looked_at() {
        let bytes = vec![0; 10_000_001];
        assert_eq!(
            probe(&bytes, &Limits::default()),
            Err(Error::TooManyBytes { bytes: 10_000_001, limit: 10_000_000 })
        );
    }

    #[test]
    fn a_small_picture_is_refused_and_still_readable_with_looser_limits() {
        let bytes = test_files::jpeg(300, 180);
        let refused = Error::TooSmall { width: 300, height: 180, shortest_longest_side: 300 };
        assert_eq!(probe(&bytes, &Limits::default()), Err(refused));
        let looser = Limits { shortest_longest_side: 0, ..Limits::default() };
        assert_eq!(decode(&bytes, &looser).expect("readable").rgb.dimensions(), (300, 180));
    }

    #[test]
    fn a_truncated_jpeg_is_damaged() {
        let bytes = test_files::jpeg(640, 480);
        for share in [2, 10, 50, 90, 99] {
            let cut = &bytes[..(bytes.len() * share / 100).max(4)];
            assert!(
                matches!(probe(cut, &Limits::default()), Err(Error::Damaged { .. })),
                "{share} %"
            );
            assert!(
                matches!(decode(cut, &Limits::default()), Err(Error::Damaged { .. })),
                "{share} %"
            );
        }
    }

    /// The eight values of EXIF orientation, for a picture that is white but for a black top left corner: where
    /// that corner must end up, and whether width and height change places (EXIF 2.32 §4.6.4, tag 274).
    const ORIENTATIONS: [(u8, [bool; 2], bool); 8] = [
        (1, [false, false], false),
        (2, [true, false], false),
        (3, [true, true], false),
        (4, [false, true], false),
        (5, [false, false], true),
        (6, [true, false], true),
        (7, [true, true], true),
        (8, [false, true], true),
    ];

    #[test]
    fn every_exif_orientation_is_set_upright() {
        let stored = test_files::black_corner(96, 64);
        let jpeg = test_files::encode(&stored, image::ImageFormat::Jpeg);
        let png = test_files::encode(&stored, image::ImageFormat::Png);
        for (value, [right, bottom], sides_swap) in ORIENTATIONS {
            for oriented in
                [test_files::jpeg_oriented(&jpeg, value), test_files::png_oriented(&png, value)]
            {
                let picture = decode(&oriented, &ANY_SIZE).expect("a picture");
                let (width, height) = if sides_swap { (64, 96) } else { (96, 64) };
                assert_eq!(picture.rgb.dimensions(), (width, height), "orientation {value}");
                assert_eq!(picture.orientation.to_exif(), value);
                let x = if right { width - 5 } else { 4 };
                let y = if bottom { height - 5 } else { 4 };
                assert!(
                    picture.rgb.get_pixel(x, y)[0] < 64,
                    "orientation {value}: corner not black"
                );
                assert!(
                    picture.rgb.get_pixel(width - 1 - x, height - 1 - y)[0] > 192,
                    "orientation {value}"
                );
            }
        }
    }

    #[test]
    fn a_nonsense_orientation_leaves_the_picture_as_stored() {
        let jpeg = test_files::jpeg_oriented(&test_files::jpeg(96, 64), 77);
        let picture = decode(&jpeg, &ANY_SIZE).expect("a picture");
        assert_eq!(
            (picture.rgb.dimensions(), picture.orientation),
            ((96, 64), Orientation::NoTransforms)
        );
    }

    #[test]
    fn transparency_shows_white() {
        let clear = image::RgbaImage::from_pixel(40, 30, image::Rgba([0, 0, 0, 0]));
        let bytes = test_files::encode(&clear.into(), image::ImageFormat::Png);
        let picture = decode(&bytes, &ANY_SIZE).expect("a picture");
        assert!(picture.rgb.pixels().all(|pixel| pixel.0 == [255, 255, 255]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), kind in 0..3) {
            let start: &[u8] = [&b""[..], &[0xFF, 0xD8, 0xFF], b"\x89PNG\r\n\x1a\n"][kind as usize];
            let bytes = [start, &bytes].concat();
            if decode(&bytes, &ANY_SIZE).is_ok() {
                prop_assert!(probe(&bytes, &ANY_SIZE).is_ok());
            }
        }

        #[test]
        fn mutated_files_never_panic_and_stay_within_limits(
            kind in 0..2,
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        ) {
            let mut bytes = if kind == 0 { test_files::jpeg(80, 60) } else { test_files::png(80, 60) };
            for (index, value) in changes {
                let at = index.index(bytes.len());
                bytes[at] = value;
            }
            if let Ok(picture) = decode(&bytes, &ANY_SIZE) {
                let (width, height) = picture.rgb.dimensions();
                prop_assert!(width <= 500 && height <= 500 && width * height <= 100_000);
            }
        }
    }
}
