//! Every bound on what a list may be. Far above any published list; below what hurts a host.

/// Bytes of one file (`OpenSanctions`' largest is below 4 GB).
pub(crate) const FILE_BYTES: u64 = 8 << 30;
/// Bytes of one record: a CSV row, a JSON line, an XML element with all its children.
pub(crate) const RECORD_BYTES: u64 = 4 << 20;
/// Elements of one XML record.
pub(crate) const RECORD_ELEMENTS: usize = 100_000;
/// How deep elements may lie in each other.
pub(crate) const DEPTH: usize = 64;
/// Entities of one list.
pub(crate) const ENTITIES: usize = 5_000_000;
/// Names of one entity.
pub(crate) const NAMES: usize = 2_000;
/// Characters of one name; the rest of a longer one is cut off.
pub(crate) const NAME_CHARACTERS: usize = 500;
/// Births, countries, identifiers and programmes of one entity, each.
pub(crate) const DETAILS: usize = 500;
