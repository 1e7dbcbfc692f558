//! Whether a file is all there. Decoders forgive a missing end and paint it grey; a document of which the lower
//! half is grey must be sent again, so the end of the file is looked for before anything is decoded.

use crate::format::PNG_SIGNATURE;
use crate::{Error, Format};

/// A progressive JPEG has about ten scans. Each costs a pass over the whole picture, so thousands of nearly empty
/// ones would keep a decoder busy for hours.
const MOST_JPEG_SCANS: usize = 100;

/// Refuses files that stop before their format's end marker, and JPEGs built to take forever.
pub(crate) fn check(bytes: &[u8], format: Format) -> Result<(), Error> {
    match format {
        Format::Jpeg => check_jpeg(bytes),
        Format::Png => check_png(bytes),
    }
}

const CUT_OFF: Error = Error::Damaged { reason: "it ends too early" };

/// Walks from marker to marker (ISO/IEC 10918-1 annex B) up to the end-of-image marker.
fn check_jpeg(bytes: &[u8]) -> Result<(), Error> {
    const END_OF_IMAGE: u8 = 0xD9;
    const START_OF_SCAN: u8 = 0xDA;
    let mut scans = 0;
    let mut position = 2; // after start-of-image
    loop {
        let (marker, after) = next_marker(bytes, position).ok_or(CUT_OFF)?;
        match marker {
            END_OF_IMAGE if scans > 0 => return Ok(()),
            END_OF_IMAGE => return Err(Error::Damaged { reason: "it contains no picture" }),
            START_OF_SCAN => scans += 1,
            _ => {}
        }
        if scans > MOST_JPEG_SCANS {
            return Err(Error::Damaged { reason: "it has too many scans" });
        }
        position = after + segment_length(bytes, after).ok_or(CUT_OFF)?;
    }
}

/// The next marker that is followed by a segment or ends the image, and the position after it. Stuffed zeros, fill
/// bytes and restart markers within a scan are passed over.
fn next_marker(bytes: &[u8], from: usize) -> Option<(u8, usize)> {
    let rest = bytes.get(from..)?;
    rest.windows(2)
        .position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0x01 | 0xD0..=0xD8 | 0xFF))
        .map(|offset| (rest[offset + 1], from + offset + 2))
}

fn segment_length(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes.get(at..at + 2)?;
    Some(usize::from(u16::from_be_bytes([length[0], length[1]])))
}

/// Walks from chunk to chunk (ISO/IEC 15948 §5.3) up to `IEND`.
fn check_png(bytes: &[u8]) -> Result<(), Error> {
    const LENGTH_TYPE_AND_CHECKSUM: usize = 12;
    let mut rest = &bytes[PNG_SIGNATURE.len()..];
    loop {
        let header = rest.get(..8).ok_or(CUT_OFF)?;
        let length = u32::from_be_bytes([header[0], header[1], header[2], header[3]]) as usize;
        let is_end = &header[4..8] == b"IEND";
        let chunk = length.checked_add(LENGTH_TYPE_AND_CHECKSUM).ok_or(CUT_OFF)?;
        rest = rest.get(chunk..).ok_or(CUT_OFF)?;
        if is_end {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_files;

    #[test]
    fn whole_files_pass_even_with_bytes_after_the_end() {
        for (mut bytes, format) in
            [(test_files::jpeg(64, 48), Format::Jpeg), (test_files::png(64, 48), Format::Png)]
        {
            assert_eq!(check(&bytes, format), Ok(()));
            bytes.extend_from_slice(b"appended by a camera");
            assert_eq!(check(&bytes, format), Ok(()));
        }
    }

    #[test]
    fn every_shorter_beginning_is_cut_off() {
        for (bytes, format) in
            [(test_files::jpeg(64, 48), Format::Jpeg), (test_files::png(64, 48), Format::Png)]
        {
            for end in 8..bytes.len() {
                assert_eq!(check(&bytes[..end], format), Err(CUT_OFF), "{format:?} cut at {end}");
            }
        }
    }

    #[test]
    fn a_jpeg_of_countless_scans_is_refused() {
        let mut bytes = vec![0xFF, 0xD8];
        for _ in 0..10_000 {
            bytes.extend_from_slice(&[0xFF, 0xDA, 0, 3, 0]);
        }
        bytes.extend_from_slice(&[0xFF, 0xD9]);
        assert_eq!(
            check(&bytes, Format::Jpeg),
            Err(Error::Damaged { reason: "it has too many scans" })
        );
    }
}
