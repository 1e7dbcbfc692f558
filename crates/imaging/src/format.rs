/// The picture formats that are accepted (contract §4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG (ISO/IEC 10918-1).
    Jpeg,
    /// PNG (ISO/IEC 15948).
    Png,
}

impl Format {
    /// The media type, as in `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// The usual file extension, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// Tells the format by the first bytes of the content; names and declared media types are never trusted.
pub fn sniff(bytes: &[u8]) -> Option<Format> {
    const JPEG_START: &[u8] = &[0xFF, 0xD8, 0xFF];
    if bytes.starts_with(JPEG_START) {
        Some(Format::Jpeg)
    } else if bytes.starts_with(PNG_SIGNATURE) {
        Some(Format::Png)
    } else {
        None
    }
}

/// The eight bytes that every PNG begins with.
pub(crate) const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_files;

    #[test]
    fn content_decides_and_not_the_name() {
        assert_eq!(sniff(&test_files::jpeg(8, 8)), Some(Format::Jpeg));
        assert_eq!(sniff(&test_files::png(8, 8)), Some(Format::Png));
        assert_eq!(sniff(b"%PDF-1.7\n1 0 obj"), None);
        assert_eq!(sniff(b"GIF89a"), None);
        assert_eq!(sniff(b""), None);
    }

    #[test]
    fn formats_have_their_usual_names() {
        assert_eq!((Format::Jpeg.media_type(), Format::Jpeg.extension()), ("image/jpeg", "jpg"));
        assert_eq!((Format::Png.media_type(), Format::Png.extension()), ("image/png", "png"));
    }
}
