//! Where the indexes keep their tables: in memory, or in somebody else's store.

mod memory;

use serde::{Serialize, de::DeserializeOwned};

pub use memory::Memory;

/// Version of what stands in the tables. Tables of another version are to be thrown away and made anew from the reports.
pub const TABLES_VERSION: u32 = 1;

/// A table of an index. The numbers never change; one that is given up is not used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Space {
    /// List: texts by a sampled run of words.
    CopyRuns = 1,
    /// List: texts by the one that leads their cluster; a cluster of one has none.
    CopyMembers = 2,
    /// Value: the sketch of a text.
    CopySketches = 3,
    /// Value: cluster and overlaps of a text.
    CopyTexts = 4,
    /// Value: which clusters a line is new to, by the hash of the line.
    CopyLines = 5,
    /// List: happenings by type, place and time.
    EventBlocks = 11,
    /// List: happenings by a rare word.
    EventWords = 12,
    /// List: happenings by the one that their event is named after, itself left out.
    EventMembers = 13,
    /// Value: the facts of a happening.
    EventFacts = 14,
    /// Value: the happening that the event of another is named after.
    EventOf = 15,
}

impl Space {
    /// All tables.
    pub const ALL: [Self; 10] = [
        Self::CopyRuns,
        Self::CopyMembers,
        Self::CopySketches,
        Self::CopyTexts,
        Self::CopyLines,
        Self::EventBlocks,
        Self::EventWords,
        Self::EventMembers,
        Self::EventFacts,
        Self::EventOf,
    ];

    /// Its number, for a column of a table.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Whether it holds lists of ids by key; else it holds values by id.
    #[must_use]
    pub const fn is_list(self) -> bool {
        matches!(self, Self::CopyRuns | Self::CopyMembers | Self::EventBlocks | Self::EventWords | Self::EventMembers)
    }
}

/// Where an index keeps its tables: lists of ids by key, and small values by id.
///
/// A key is any `u64`, an id one below 2⁵⁶. A space holds lists or values, never both ([`Space::is_list`]). One change of an index makes many calls; a
/// store on disk puts them into one transaction, for a change that stops in the middle leaves the tables half done. Reading takes `&self`:
/// a store that needs more has a cell inside.
pub trait Store {
    /// Why the store failed.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Up to `most` ids filed under `key`, largest first; empty when there are none.
    ///
    /// # Errors
    /// As the store says; likewise for all below.
    fn postings(&self, space: Space, key: u64, most: usize) -> Result<Vec<u64>, Self::Error>;

    /// [`Self::postings`] for each of many keys, in their order. Keys come sorted, so that a store in key order reads on.
    ///
    /// # Errors
    /// As the store says.
    fn postings_of(&self, space: Space, keys: &[u64], most: usize) -> Result<Vec<Vec<u64>>, Self::Error> {
        keys.iter().map(|&key| self.postings(space, key, most)).collect()
    }

    /// Files `id` under `key`; filed twice is filed once.
    ///
    /// # Errors
    /// As the store says.
    fn post(&mut self, space: Space, key: u64, id: u64) -> Result<(), Self::Error>;

    /// Takes `id` from under `key`, if it is there.
    ///
    /// # Errors
    /// As the store says.
    fn unpost(&mut self, space: Space, key: u64, id: u64) -> Result<(), Self::Error>;

    /// The value of `id`.
    ///
    /// # Errors
    /// As the store says.
    fn get(&self, space: Space, id: u64) -> Result<Option<Vec<u8>>, Self::Error>;

    /// [`Self::get`] for each of many ids, in their order.
    ///
    /// # Errors
    /// As the store says.
    fn get_all(&self, space: Space, ids: &[u64]) -> Result<Vec<Option<Vec<u8>>>, Self::Error> {
        ids.iter().map(|&id| self.get(space, id)).collect()
    }

    /// Sets the value of `id`.
    ///
    /// # Errors
    /// As the store says.
    fn put(&mut self, space: Space, id: u64, value: &[u8]) -> Result<(), Self::Error>;

    /// Removes the value of `id`, if there is one.
    ///
    /// # Errors
    /// As the store says.
    fn delete(&mut self, space: Space, id: u64) -> Result<(), Self::Error>;
}

/// So that an index can be laid over tables for one change.
impl<S: Store> Store for &mut S {
    type Error = S::Error;

    fn postings(&self, space: Space, key: u64, most: usize) -> Result<Vec<u64>, S::Error> {
        (**self).postings(space, key, most)
    }

    fn postings_of(&self, space: Space, keys: &[u64], most: usize) -> Result<Vec<Vec<u64>>, S::Error> {
        (**self).postings_of(space, keys, most)
    }

    fn post(&mut self, space: Space, key: u64, id: u64) -> Result<(), S::Error> {
        (**self).post(space, key, id)
    }

    fn unpost(&mut self, space: Space, key: u64, id: u64) -> Result<(), S::Error> {
        (**self).unpost(space, key, id)
    }

    fn get(&self, space: Space, id: u64) -> Result<Option<Vec<u8>>, S::Error> {
        (**self).get(space, id)
    }

    fn get_all(&self, space: Space, ids: &[u64]) -> Result<Vec<Option<Vec<u8>>>, S::Error> {
        (**self).get_all(space, ids)
    }

    fn put(&mut self, space: Space, id: u64, value: &[u8]) -> Result<(), S::Error> {
        (**self).put(space, id, value)
    }

    fn delete(&mut self, space: Space, id: u64) -> Result<(), S::Error> {
        (**self).delete(space, id)
    }
}

/// Why an index could not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError<E> {
    /// The store failed.
    #[error("the tables of the index cannot be read or written: {0}")]
    Store(#[from] E),
    /// A value in the tables is not what was put there. The tables can be made anew from the reports.
    #[error("table {}: the value of {id} is damaged; the tables must be made anew", space.number())]
    Damaged {
        /// In which table.
        space: Space,
        /// Whose value.
        id: u64,
    },
}

/// The value of an id, decoded; `None` when there is none.
pub(crate) fn read<S: Store, T: DeserializeOwned>(store: &S, space: Space, id: u64) -> Result<Option<T>, IndexError<S::Error>> {
    store.get(space, id)?.map(|bytes| decode(space, id, &bytes)).transpose()
}

/// A value that an index put into the tables.
pub(crate) fn decode<E, T: DeserializeOwned>(space: Space, id: u64, bytes: &[u8]) -> Result<T, IndexError<E>> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        _ => Err(IndexError::Damaged { space, id }),
    }
}

/// Puts a value into the tables.
pub(crate) fn write<S: Store, T: Serialize>(store: &mut S, space: Space, id: u64, value: &T) -> Result<(), IndexError<S::Error>> {
    // Only a sequence of unknown length or a full buffer can fail here, and there is neither.
    let bytes = postcard::to_allocvec(value).map_err(|_| IndexError::Damaged { space, id })?;
    Ok(store.put(space, id, &bytes)?)
}
