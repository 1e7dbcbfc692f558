//! One member out of a Python wheel (a zip) or an npm package (a compressed tar), as a stream.
//!
//! The archive was verified before; the member is verified by whoever takes it.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::read::GzDecoder;

use crate::install::take::Trouble;

/// Hands the member at `path` inside the archive to `take`.
pub(crate) fn with_member(
    archive: &Path,
    path: &str,
    take: impl FnOnce(&mut dyn Read) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let file = BufReader::new(File::open(archive).map_err(Trouble::unavailable)?);
    let name = archive.to_string_lossy();
    if name.ends_with(".tgz") || name.ends_with(".tar.gz") {
        from_tar(GzDecoder::new(file), path, take)
    } else {
        let mut zip = zip::ZipArchive::new(file).map_err(Trouble::unavailable)?;
        let mut member = zip.by_name(path).map_err(Trouble::unavailable)?;
        take(&mut member)
    }
}

fn from_tar(
    stream: impl Read,
    path: &str,
    take: impl FnOnce(&mut dyn Read) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut tar = tar::Archive::new(stream);
    for entry in tar.entries().map_err(Trouble::unavailable)? {
        let mut entry = entry.map_err(Trouble::unavailable)?;
        if entry.path().is_ok_and(|entry_path| entry_path == Path::new(path)) {
            return take(&mut entry);
        }
    }
    Err(Trouble::Unavailable(format!("it has no member {path}")))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read_member(archive: &Path, path: &str) -> Result<String, Trouble> {
        let mut text = String::new();
        with_member(archive, path, |member| {
            member.read_to_string(&mut text).map(drop).map_err(Trouble::unavailable)
        })?;
        Ok(text)
    }

    #[test]
    fn wheels_and_npm_packages_give_their_members() {
        let folder = tempfile::tempdir().unwrap();
        let wheel = folder.path().join("a.whl");
        let mut zip = zip::ZipWriter::new(File::create(&wheel).unwrap());
        zip.start_file("a/net.onnx", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"zipped").unwrap();
        zip.finish().unwrap();

        let package = folder.path().join("a.tgz");
        let gzip = flate2::write::GzEncoder::new(
            File::create(&package).unwrap(),
            flate2::Compression::default(),
        );
        let mut tar = tar::Builder::new(gzip);
        let mut header = tar::Header::new_gnu();
        header.set_size(6);
        tar.append_data(&mut header, "a/net.onnx", &b"tarred"[..]).unwrap();
        tar.into_inner().unwrap().finish().unwrap();

        assert_eq!(read_member(&wheel, "a/net.onnx").unwrap(), "zipped");
        assert_eq!(read_member(&package, "a/net.onnx").unwrap(), "tarred");
        assert!(read_member(&wheel, "net.onnx").is_err());
        assert!(read_member(&package, "net.onnx").is_err());
    }

    #[test]
    fn what_is_no_archive_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.whl", "a.tgz"] {
            let path = folder.path().join(name);
            std::fs::write(&path, b"no archive at all").unwrap();
            assert!(read_member(&path, "a").is_err(), "{name}");
        }
    }
}
