//! Where the indexes keep their tables.

use std::collections::HashMap;
use std::convert::Infallible;

/// What a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Space {
    /// Whole pictures by a sixteenth of their fingerprint: entries of 36 bytes.
    Whole,
    /// Pictures by the key of one of their spots: entries of 6 bytes.
    Part,
}

impl Space {
    /// A number that stays the same, for stores that keep them.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Whole => 1,
            Self::Part => 2,
        }
    }
}

/// Lists of entries by key, each in the order in which they were appended. Keys are below 2¹⁸; entries of a space have one length.
///
/// One picture appends to many lists; a store on disk does that in one transaction, with whatever else it notes of the picture.
pub trait Lists {
    /// Why the store failed.
    type Error;

    /// Gives the entries under each of `keys`, which rise: the place of the key in `keys`, and some whole entries one after the other;
    /// in one or more calls a key, none where there are no entries. Of a long list a store may leave out what lies in the middle: what
    /// is under that key is in very many pictures, and says little.
    ///
    /// # Errors
    /// As the store says; likewise for all below.
    fn read(&self, space: Space, keys: &[u32], each: &mut dyn FnMut(usize, &[u8])) -> Result<(), Self::Error>;

    /// Appends entries, sorted by key.
    ///
    /// # Errors
    /// As the store says.
    fn append<const N: usize>(&mut self, space: Space, entries: &[(u32, [u8; N])]) -> Result<(), Self::Error>;

    /// About how many pictures there are: it says how alike spots must be to count.
    ///
    /// # Errors
    /// As the store says.
    fn pictures(&self) -> Result<u64, Self::Error>;
}

impl<L: Lists> Lists for &mut L {
    type Error = L::Error;

    fn read(&self, space: Space, keys: &[u32], each: &mut dyn FnMut(usize, &[u8])) -> Result<(), Self::Error> {
        (**self).read(space, keys, each)
    }

    fn append<const N: usize>(&mut self, space: Space, entries: &[(u32, [u8; N])]) -> Result<(), Self::Error> {
        (**self).append(space, entries)
    }

    fn pictures(&self) -> Result<u64, Self::Error> {
        (**self).pictures()
    }
}

/// Lists in memory, which leave nothing out.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    lists: HashMap<(Space, u32), Vec<u8>>,
    /// Pictures that were filed, by the space that has most.
    pictures: HashMap<Space, u64>,
}

impl Lists for Memory {
    type Error = Infallible;

    fn read(&self, space: Space, keys: &[u32], each: &mut dyn FnMut(usize, &[u8])) -> Result<(), Infallible> {
        for (nth, &key) in keys.iter().enumerate() {
            if let Some(list) = self.lists.get(&(space, key)) {
                each(nth, list);
            }
        }
        Ok(())
    }

    fn append<const N: usize>(&mut self, space: Space, entries: &[(u32, [u8; N])]) -> Result<(), Infallible> {
        for (key, entry) in entries {
            self.lists.entry((space, *key)).or_default().extend(entry);
        }
        *self.pictures.entry(space).or_default() += 1;
        Ok(())
    }

    fn pictures(&self) -> Result<u64, Infallible> {
        Ok(self.pictures.values().copied().max().unwrap_or(0))
    }
}
