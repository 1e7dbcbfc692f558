//! Files as `PyTorch` wrote them, put together opcode by opcode.

use super::pth::read;
use super::{Recipe, Unconvertible};

const BEGINNING: &[u8] =
    b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.";

fn text(text: &str) -> Vec<u8> {
    [b"X", &(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat()
}

/// `{"little_endian": True}`
fn machine() -> Vec<u8> {
    [b"\x80\x02}".as_slice(), &text("little_endian"), b"\x88s."].concat()
}

/// A tensor of this shape in the storage `key`, which has so many numbers.
fn tensor(key: &str, length: u8, offset: u8, shape: [u8; 2], steps: [u8; 2]) -> Vec<u8> {
    let storage = [
        b"(".as_slice(),
        &text("storage"),
        b"ctorch\nFloatStorage\n",
        &text(key),
        &text("cuda:0"),
        &[b'K', length],
        b"NtQ",
    ];
    [
        b"ctorch._utils\n_rebuild_tensor_v2\n(".as_slice(),
        &storage.concat(),
        &[b'K', offset, b'K', shape[0], b'K', shape[1], 0x86, b'K', steps[0], b'K', steps[1], 0x86],
        b"\x89ccollections\nOrderedDict\n)RtR",
    ]
    .concat()
}

fn named(name: &str, tensor: &[u8]) -> Vec<u8> {
    [b"\x80\x02ccollections\nOrderedDict\n)Rq\x00(".as_slice(), &text(name), tensor, b"u."].concat()
}

/// A whole file of one storage `7`.
fn file(dictionary: &[u8], numbers: &[f32]) -> Vec<u8> {
    let order = [b"\x80\x02](".as_slice(), &text("7"), b"e."].concat();
    let count = (numbers.len() as u64).to_le_bytes();
    let numbers: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    [BEGINNING, &machine(), dictionary, &order, &count, &numbers].concat()
}

fn problem(file: &[u8]) -> String {
    let Err(Unconvertible(problem)) = read(file) else { panic!("it was read") };
    problem
}

#[test]
fn a_tensor_is_read_from_its_place() {
    let numbers = [9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let weights = read(&file(&named("w", &tensor("7", 7, 1, [2, 3], [3, 1])), &numbers)).unwrap();
    let weight = weights.get("w").unwrap();
    assert_eq!((&weight.shape[..], &weight.values[..]), (&[2, 3][..], &numbers[1..]));
}

#[test]
fn what_does_not_fit_together_is_told() {
    let numbers = [0.0; 6];
    let with = |tensor: &[u8]| problem(&file(&named("w", tensor), &numbers));
    assert!(with(&tensor("7", 6, 0, [2, 3], [1, 2])).contains("do not follow each other"));
    assert!(with(&tensor("7", 6, 1, [2, 3], [3, 1])).contains("longer than its storage"));
    assert!(with(&tensor("7", 5, 0, [2, 2], [2, 1])).contains("another length"));
    assert!(with(&tensor("8", 6, 0, [2, 3], [3, 1])).contains("nothing lies in the storage 7"));
    assert!(with(&tensor("7", 6, 0, [255, 255], [255, 1])).contains("longer than it is"));
    assert!(with(b"K\x01").contains("no tensor"));

    let whole = file(&named("w", &tensor("7", 6, 0, [2, 3], [3, 1])), &numbers);
    for length in 0..whole.len() {
        assert!(read(&whole[..length]).is_err(), "cut at {length}");
    }
    assert!(problem(&[&whole[..], &[0]].concat()).contains("something follows"));
}

/// Whoever unpickles such a file with Python runs what it names. Here it is refused by its name.
#[test]
fn nothing_that_a_pickle_names_is_called() {
    let evil = |opcodes: &[u8]| problem(&file(&[b"\x80\x02", opcodes, b"."].concat(), &[]));
    let told = evil(&[b"cos\nsystem\n".as_slice(), &text("true"), b"\x85R"].concat());
    assert!(told.contains("`os.system`"), "{told}");
    assert!(evil(b"ccollections\nOrderedDict\nK\x01\x85R").contains("not allowed"));
    assert!(evil(b"(icollections\nOrderedDict\n").contains("0x69"), "INST");
    assert!(evil(b"\x82\x01").contains("0x82"), "EXT1");
    assert!(evil(b"NR").contains("more than it has"));
    assert!(evil(b"h\x05").contains("recalls nothing"));
}

/// Each tuple holds the one before twice: what shares nothing would have two to the power of sixty.
#[test]
fn what_is_shared_is_not_copied_and_no_depth_is_too_deep() {
    let opcodes: Vec<u8> = (0..60_u8).flat_map(|place| [b'q', place, b'h', place, 0x86]).collect();
    let doubled = [b"\x80\x02N".as_slice(), &opcodes, b"."].concat();
    assert!(problem(&file(&doubled, &[])).contains("no tensors by name"));
    let deep = [b"\x80\x02N".as_slice(), &vec![0x85; 300_000], b"."].concat();
    assert!(problem(&file(&deep, &[])).contains("no tensors by name"));
    let long = [b"\x80\x02".as_slice(), &vec![b'N'; 1_000_001], b"."].concat();
    assert!(problem(&file(&long, &[])).contains("opcodes"));
}

#[test]
fn a_net_without_its_weights_is_told_which_is_missing() {
    let file = file(&named("w", &tensor("7", 1, 0, [1, 1], [1, 1])), &[1.0]);
    let Err(Unconvertible(problem)) = Recipe::MiniFasNet.convert(&[&file]) else { panic!() };
    assert!(problem.contains("module.conv1.conv.weight"), "{problem}");
}
