//! Tensors as `PyTorch` stored them before version 1.6: pickles of what there is, then the numbers.
//! No Python runs; see [`super::pickle`].

use std::collections::BTreeMap;

use super::Unconvertible;
use super::pickle::{Name, Object, Pickle};
use super::weights::{Weight, Weights};

/// The first two pickles: the format's number and its version.
const BEGINNING: &[u8] =
    b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.";

/// Where a tensor lies among the numbers.
struct Tensor<'a> {
    name: &'a str,
    storage: &'a str,
    offset: usize,
    shape: Vec<usize>,
    count: usize,
}

/// A storage as the pickle announces it.
#[derive(Clone, Copy)]
struct Storage {
    kind: Name,
    length: usize,
}

/// Reads all tensors of 32-bit floats. Counters, which are whole numbers, are left out.
pub(super) fn read(file: &[u8]) -> Result<Weights, Unconvertible> {
    let mut bytes = file.strip_prefix(BEGINNING).ok_or_else(|| {
        Unconvertible::new("it is not a file that `torch.save` wrote before PyTorch 1.6")
    })?;
    let machine = Pickle::read(&mut bytes)?;
    if !is_little_endian(&machine) {
        return Err(Unconvertible::new("its numbers are not little-endian"));
    }
    let dictionary = Pickle::read(&mut bytes)?;
    let order = Pickle::read(&mut bytes)?;
    let (tensors, announced) = announced(&dictionary)?;
    let storages = storages(&order, &announced, bytes)?;
    // Tensors may share a storage; all of them together are not longer than the file.
    let numbers = tensors.iter().try_fold(0_usize, |sum, tensor| sum.checked_add(tensor.count));
    if numbers.is_none_or(|numbers| numbers > file.len()) {
        return Err(Unconvertible::new("its tensors are longer than it is"));
    }
    let mut weights = BTreeMap::new();
    for tensor in tensors {
        let Some(numbers) = storages.get(tensor.storage) else { continue };
        let own = tensor
            .offset
            .checked_add(tensor.count)
            .and_then(|end| numbers.get(tensor.offset..end))
            .ok_or_else(|| {
                Unconvertible(format!("`{}` is longer than its storage", tensor.name))
            })?;
        let values = own.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        weights.insert(tensor.name.to_owned(), Weight { shape: tensor.shape, values });
    }
    Ok(Weights::new(weights))
}

fn is_little_endian(machine: &Pickle) -> bool {
    let Object::Dictionary(entries) = machine.root() else { return false };
    entries.iter().any(|(key, value)| {
        machine.text(*key) == Ok("little_endian") && *machine.get(*value) == Object::Boolean(true)
    })
}

/// The tensors by name, and the storages that they lie in.
fn announced(pickle: &Pickle) -> Result<(Vec<Tensor<'_>>, BTreeMap<&str, Storage>), Unconvertible> {
    let Object::Dictionary(entries) = pickle.root() else {
        return Err(Unconvertible::new("it holds no tensors by name"));
    };
    let (mut tensors, mut storages) = (Vec::new(), BTreeMap::new());
    for (key, value) in entries {
        let name = pickle.text(*key)?;
        let Object::Tensor(arguments) = pickle.get(*value) else {
            return Err(Unconvertible(format!("`{name}` is no tensor")));
        };
        let (tensor, storage) = tensor(pickle, name, arguments)?;
        storages.insert(tensor.storage, storage);
        tensors.push(tensor);
    }
    Ok((tensors, storages))
}

/// From the storage, the offset, the sides, and the steps along them.
fn tensor<'a>(
    pickle: &'a Pickle,
    name: &'a str,
    arguments: &[usize],
) -> Result<(Tensor<'a>, Storage), Unconvertible> {
    let unreadable = || Unconvertible(format!("the tensor `{name}` cannot be read"));
    let [storage, offset, shape, strides, ..] = arguments else { return Err(unreadable()) };
    let Object::Storage(identifier) = pickle.get(*storage) else { return Err(unreadable()) };
    let [word, kind, key, _device, length, _view] = pickle.sequence(*identifier)? else {
        return Err(unreadable());
    };
    let (Object::Name(kind @ (Name::FloatStorage | Name::LongStorage)), "storage") =
        (pickle.get(*kind), pickle.text(*word)?)
    else {
        return Err(unreadable());
    };
    let sizes = |id: usize| -> Result<Vec<usize>, Unconvertible> {
        pickle.sequence(id)?.iter().map(|id| pickle.size(*id)).collect()
    };
    let (shape, strides) = (sizes(*shape)?, sizes(*strides)?);
    let count = steps(&shape).filter(|(_, steps)| *steps == strides).map(|(count, _)| count);
    let count = count.ok_or_else(|| {
        Unconvertible(format!("the numbers of `{name}` do not follow each other"))
    })?;
    let tensor =
        Tensor { name, storage: pickle.text(*key)?, offset: pickle.size(*offset)?, shape, count };
    Ok((tensor, Storage { kind: *kind, length: pickle.size(*length)? }))
}

/// How many numbers there are, and the steps along each side when they follow each other.
fn steps(shape: &[usize]) -> Option<(usize, Vec<usize>)> {
    let mut count = 1_usize;
    let mut steps = Vec::new();
    for side in shape.iter().rev() {
        steps.push(count);
        count = count.checked_mul(*side)?;
    }
    steps.reverse();
    Some((count, steps))
}

/// The numbers of the storages of floats, in the order in which they follow the pickles.
fn storages<'a>(
    order: &'a Pickle,
    announced: &BTreeMap<&str, Storage>,
    mut bytes: &'a [u8],
) -> Result<BTreeMap<&'a str, &'a [[u8; 4]]>, Unconvertible> {
    let Object::Sequence(keys) = order.root() else {
        return Err(Unconvertible::new("it does not say in which order its numbers follow"));
    };
    let mut storages = BTreeMap::new();
    for key in keys {
        let key = order.text(*key)?;
        let storage = announced.get(key);
        let storage =
            storage.ok_or_else(|| Unconvertible(format!("nothing lies in the storage {key}")))?;
        let (length, rest) = bytes.split_first_chunk().ok_or_else(cut_off)?;
        if usize::try_from(u64::from_le_bytes(*length)) != Ok(storage.length) {
            return Err(Unconvertible(format!("the storage {key} has another length than told")));
        }
        let width = if storage.kind == Name::FloatStorage { 4 } else { 8 };
        let numbers =
            storage.length.checked_mul(width).and_then(|length| rest.split_at_checked(length));
        let (numbers, rest) = numbers.ok_or_else(cut_off)?;
        bytes = rest;
        if storage.kind == Name::FloatStorage {
            storages.insert(key, numbers.as_chunks().0);
        }
    }
    if bytes.is_empty() {
        Ok(storages)
    } else {
        Err(Unconvertible::new("something follows its numbers"))
    }
}

fn cut_off() -> Unconvertible {
    Unconvertible::new("its numbers are cut off")
}
