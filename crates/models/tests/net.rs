//! Running nets, and what stands in the way of it.

#![allow(clippy::unwrap_used, reason = "a test's helpers are tests")]

mod common;

use std::sync::Arc;

use bonafide_models::{Error, InstallOptions, Library, Net, install, verify};

const FOLDER: &str = "[{ kind = \"folder\", path = \"nowhere\" }]";

#[test]
fn a_net_computes_and_tells_its_metadata() {
    let net = Net::from_bytes("relu", common::relu()).unwrap();
    let output = net.run(&[-1.0, 2.0, -3.0, 4.0], [1, 1, 2, 2]).unwrap();
    assert_eq!((output.shape, output.data), (vec![1, 1, 2, 2], vec![0.0, 2.0, 0.0, 4.0]));
    assert_eq!(net.metadata("greeting"), Some("hello"));
    assert_eq!(net.metadata("farewell"), None);
}

#[test]
fn many_threads_share_one_net() {
    let net = Arc::new(Net::from_bytes("relu", common::relu()).unwrap());
    let workers: Vec<_> = (0..4_u8)
        .map(|worker| {
            let net = Arc::clone(&net);
            std::thread::spawn(move || {
                let value = f32::from(worker);
                (0..50).all(|_| net.run(&[value; 6], [1, 1, 2, 3]).unwrap().data == [value; 6])
            })
        })
        .collect();
    assert!(workers.into_iter().all(|worker| worker.join().unwrap()));
}

#[test]
fn an_input_that_does_not_fill_its_shape_is_an_error() {
    let net = Net::from_bytes("relu", common::relu()).unwrap();
    for shape in [[1, 1, 2, 3], [1, 1, 1, 3], [usize::MAX, 2, 1, 1]] {
        assert!(matches!(net.run(&[0.0; 4], shape), Err(Error::Input { .. })), "{shape:?}");
    }
}

#[test]
fn a_library_tells_missing_from_damaged_from_unknown() {
    let directory = tempfile::tempdir().unwrap();
    let from_dir = tempfile::tempdir().unwrap();
    common::offer(directory.path(), &common::relu(), FOLDER, "", common::PROBE);
    std::fs::write(from_dir.path().join("relu.onnx"), common::relu()).unwrap();
    let library = Library::open(directory.path()).unwrap();

    assert!(matches!(library.net("rectify"), Err(Error::Missing { .. })));
    assert!(matches!(library.net("divine"), Err(Error::UnknownRole { .. })));

    let installed = directory.path().join("tiny/relu.onnx");
    std::fs::create_dir_all(installed.parent().unwrap()).unwrap();
    std::fs::write(&installed, b"something else").unwrap();
    assert!(matches!(library.net("rectify"), Err(Error::Damaged { .. })));

    let options = InstallOptions {
        directory: directory.path().to_owned(),
        from_dir: Some(from_dir.path().to_owned()),
        offline: true,
        ..InstallOptions::default()
    };
    install("tiny", &options, &mut ()).unwrap();
    let net = library.net("rectify").unwrap();
    assert!(Arc::ptr_eq(&net, &library.net("rectify").unwrap()), "loaded once");
    assert_eq!(library.model("rectify").unwrap().id, "relu");
}

#[test]
fn a_net_that_computes_something_else_fails_its_probe() {
    let directory = tempfile::tempdir().unwrap();
    let installed = directory.path().join("tiny/relu.onnx");
    std::fs::create_dir_all(installed.parent().unwrap()).unwrap();
    std::fs::write(&installed, common::relu()).unwrap();

    common::offer(directory.path(), &common::relu(), FOLDER, "", common::PROBE);
    verify(directory.path(), "tiny").unwrap();
    for (right, wrong, statistic) in [
        ("0.65625", "0.65", "mean"),
        ("0.727_080_24", "0.72", "root mean square"),
        ("0.416_005_29", "0.5", "centroid"),
        ("[1, 3, 3, 8]", "[1, 3, 8, 3]", "output shape"),
    ] {
        let probe = common::PROBE.replace(right, wrong);
        common::offer(directory.path(), &common::relu(), FOLDER, "", &probe);
        let error = verify(directory.path(), "tiny").unwrap_err();
        assert!(matches!(error, Error::Probe { what, .. } if what == statistic), "{error}");
    }
}

#[test]
fn a_file_that_is_no_net_is_an_error() {
    for content in [&b""[..], b"no net", &common::relu()[..20]] {
        assert!(matches!(Net::from_bytes("broken", content.to_vec()), Err(Error::Load { .. })));
    }
}
