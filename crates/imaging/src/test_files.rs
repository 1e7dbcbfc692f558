//! Picture files made for tests.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};

/// A picture with some structure, so that its file is not trivially small.
pub(crate) fn textured(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x * 7 % 256) as u8, (y * 5 % 256) as u8, ((x * y) % 256) as u8])
    })
}

/// White with a black square of 8 pixels in the top left corner.
pub(crate) fn black_corner(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| image::Rgb([if x < 8 && y < 8 { 0 } else { 255 }; 3]))
        .into()
}

pub(crate) fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encodes into memory");
    bytes.into_inner()
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encode(&textured(width, height).into(), ImageFormat::Jpeg)
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    encode(&textured(width, height).into(), ImageFormat::Png)
}

/// A whole, tiny PNG whose header claims any size.
pub(crate) fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(1, 1);
    let mut header = b"IHDR".to_vec();
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]); // 8-bit RGB
    let checksum = crc32(&header);
    bytes[12..29].copy_from_slice(&header);
    bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

/// The JPEG with an EXIF segment that says nothing but the orientation.
pub(crate) fn jpeg_oriented(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let exif = [b"Exif\0\0", exif(orientation).as_slice()].concat();
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

/// The PNG with an `eXIf` chunk after its header.
pub(crate) fn png_oriented(png: &[u8], orientation: u8) -> Vec<u8> {
    const HEADER_END: usize = 33;
    let exif = exif(orientation);
    let body = [b"eXIf", exif.as_slice()].concat();
    let length = (exif.len() as u32).to_be_bytes();
    let checksum = crc32(&body).to_be_bytes();
    [&png[..HEADER_END], &length, &body, &checksum, &png[HEADER_END..]].concat()
}

/// A little-endian TIFF structure with one entry: orientation, a short.
fn exif(orientation: u8) -> Vec<u8> {
    let entry = [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
    [b"II*\0".as_slice(), &[8, 0, 0, 0], &[1, 0], &entry, &[0, 0, 0, 0]].concat()
}

/// The checksum of PNG chunks (ISO/IEC 15948 annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}
