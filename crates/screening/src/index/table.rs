//! Hash to ids, packed: two arrays and a directory of buckets, no pointers.

#[derive(Default)]
pub(crate) struct HashTable {
    shift: u32,
    directory: Vec<u32>,
    hashes: Vec<u32>,
    ids: Vec<u32>,
}

impl HashTable {
    pub(crate) fn build(mut entries: Vec<(u32, u32)>) -> Self {
        entries.sort_unstable();
        entries.dedup();
        let bits = (entries.len().max(4) / 4).ilog2().clamp(1, 24);
        let shift = 32 - bits;
        let mut directory = vec![0_u32; (1 << bits) + 1];
        for (hash, _) in &entries {
            directory[(hash >> shift) as usize + 1] += 1;
        }
        for at in 1..directory.len() {
            directory[at] += directory[at - 1];
        }
        let (hashes, ids) = entries.into_iter().unzip();
        Self { shift, directory, hashes, ids }
    }

    /// The ids under a hash; others may share it.
    pub(crate) fn get(&self, hash: u32) -> &[u32] {
        if self.directory.is_empty() {
            return &[];
        }
        let bucket = (hash >> self.shift) as usize;
        let (start, end) = (self.directory[bucket] as usize, self.directory[bucket + 1] as usize);
        let hashes = &self.hashes[start..end];
        let from = hashes.partition_point(|other| *other < hash);
        let to = from + hashes[from..].partition_point(|other| *other == hash);
        &self.ids[start + from..start + to]
    }

    pub(crate) fn bytes(&self) -> usize {
        4 * (self.directory.len() + self.hashes.len() + self.ids.len())
    }
}

/// Lists of ids by place, packed.
#[derive(Default)]
pub(crate) struct Lists {
    ends: Vec<u32>,
    ids: Vec<u32>,
}

impl Lists {
    pub(crate) fn push(&mut self, ids: impl IntoIterator<Item = u32>) {
        self.ids.extend(ids);
        self.ends.push(self.ids.len() as u32);
    }

    /// For every id, where it occurs.
    pub(crate) fn inverted(&self, of: usize, wanted: impl Fn(u32) -> bool) -> Self {
        let mut ends = vec![0_u32; of + 1];
        let each = |mut take: Box<dyn FnMut(u32, u32) + '_>| {
            for place in 0..self.ends.len() {
                let ids = self.get(place);
                for (at, id) in ids.iter().enumerate() {
                    if wanted(*id) && !ids[..at].contains(id) {
                        take(*id, place as u32);
                    }
                }
            }
        };
        each(Box::new(|id, _| ends[id as usize + 1] += 1));
        for at in 1..ends.len() {
            ends[at] += ends[at - 1];
        }
        let mut ids = vec![0_u32; ends[of] as usize];
        let mut next = ends.clone();
        each(Box::new(|id, place| {
            ids[next[id as usize] as usize] = place;
            next[id as usize] += 1;
        }));
        ends.remove(0);
        Self { ends, ids }
    }

    pub(crate) fn get(&self, at: usize) -> &[u32] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.ids[start as usize..self.ends[at] as usize]
    }

    pub(crate) fn shrink(&mut self) {
        self.ends.shrink_to_fit();
        self.ids.shrink_to_fit();
    }

    pub(crate) fn bytes(&self) -> usize {
        4 * (self.ends.len() + self.ids.len())
    }
}

/// Texts one after another.
#[derive(Default)]
pub(crate) struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
    }

    pub(crate) fn get(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[start..self.ends[at] as usize]
    }

    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + 4 * self.ends.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_table_gives_what_was_put_in(entries in prop::collection::vec((0_u32..50, 0_u32..9), 0..200)) {
            let spread: Vec<(u32, u32)> =
                entries.iter().map(|(hash, id)| (hash.wrapping_mul(0x9e37_79b9), *id)).collect();
            let table = HashTable::build(spread.clone());
            for hash in (0_u32..50).map(|hash| hash.wrapping_mul(0x9e37_79b9)) {
                let mut expected: Vec<u32> =
                    spread.iter().filter(|(other, _)| *other == hash).map(|(_, id)| *id).collect();
                expected.sort_unstable();
                expected.dedup();
                prop_assert_eq!(table.get(hash), expected);
            }
        }
    }

    #[test]
    fn inverted_lists_say_where() {
        let mut lists = Lists::default();
        lists.push([0, 2, 2]);
        lists.push([]);
        lists.push([2, 1]);
        let inverted = lists.inverted(3, |id| id != 1);
        let expected: [&[u32]; 3] = [&[0], &[], &[0, 2]];
        assert_eq!([inverted.get(0), inverted.get(1), inverted.get(2)], expected);
    }
}
