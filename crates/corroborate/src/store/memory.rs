use std::convert::Infallible;

use rustc_hash::FxHashMap;

use super::{Space, Store};

/// Most keys lead to one id, which needs no allocation.
#[derive(Clone, Debug)]
#[expect(clippy::box_collection, reason = "half the size of the many lists of one")]
enum List {
    One(u64),
    /// Ascending.
    Many(Box<Vec<u64>>),
}

#[derive(Clone, Debug, Default)]
struct Table {
    lists: FxHashMap<u64, List>,
    values: FxHashMap<u64, Box<[u8]>>,
}

/// Tables in memory: never fail, gone with the process.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// By [`Space::number`].
    tables: [Table; 16],
}

impl Memory {
    /// No tables yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many rows a space holds: ids filed, or values.
    #[must_use]
    pub fn rows(&self, space: Space) -> usize {
        let Some(table) = self.table(space) else { return 0 };
        let filed = |list: &List| match list {
            List::One(_) => 1,
            List::Many(ids) => ids.len(),
        };
        table.values.len() + table.lists.values().map(filed).sum::<usize>()
    }

    /// Memory that it takes, in bytes; tables are counted by what they have reserved.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let many = |list: &List| match list {
            List::One(_) => 0,
            List::Many(ids) => size_of::<Vec<u64>>() + ids.capacity() * 8,
        };
        let of = |table: &Table| {
            table.lists.capacity() * (8 + size_of::<List>() + 1)
                + table.lists.values().map(many).sum::<usize>()
                + table.values.capacity() * (8 + size_of::<Box<[u8]>>() + 1)
                + table.values.values().map(|value| value.len()).sum::<usize>()
        };
        self.tables.iter().map(of).sum()
    }

    fn table(&self, space: Space) -> Option<&Table> {
        self.tables.get(usize::from(space.number()))
    }

    fn table_mut(&mut self, space: Space) -> Option<&mut Table> {
        self.tables.get_mut(usize::from(space.number()))
    }
}

impl Store for Memory {
    type Error = Infallible;

    fn postings(&self, space: Space, key: u64, most: usize) -> Result<Vec<u64>, Infallible> {
        Ok(match self.table(space).and_then(|table| table.lists.get(&key)) {
            None => Vec::new(),
            Some(List::One(id)) => std::iter::once(*id).take(most).collect(),
            Some(List::Many(ids)) => ids.iter().rev().take(most).copied().collect(),
        })
    }

    fn post(&mut self, space: Space, key: u64, id: u64) -> Result<(), Infallible> {
        let Some(table) = self.table_mut(space) else { return Ok(()) };
        let list = table.lists.entry(key).or_insert(List::One(id));
        match list {
            List::One(other) if *other == id => {}
            List::One(other) => *list = List::Many(Box::new(vec![id.min(*other), id.max(*other)])),
            // Ids mostly rise.
            List::Many(ids) => {
                if ids.last().is_some_and(|&last| last < id) {
                    ids.push(id);
                } else if let Err(at) = ids.binary_search(&id) {
                    ids.insert(at, id);
                }
            }
        }
        Ok(())
    }

    fn unpost(&mut self, space: Space, key: u64, id: u64) -> Result<(), Infallible> {
        let Some(table) = self.table_mut(space) else { return Ok(()) };
        let empty = match table.lists.get_mut(&key) {
            None => false,
            Some(List::One(only)) => *only == id,
            Some(List::Many(ids)) => {
                if let Ok(at) = ids.binary_search(&id) {
                    ids.remove(at);
                }
                ids.is_empty()
            }
        };
        if empty {
            table.lists.remove(&key);
        }
        Ok(())
    }

    fn get(&self, space: Space, id: u64) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.table(space).and_then(|table| table.values.get(&id)).map(|value| value.to_vec()))
    }

    fn put(&mut self, space: Space, id: u64, value: &[u8]) -> Result<(), Infallible> {
        if let Some(table) = self.table_mut(space) {
            table.values.insert(id, value.into());
        }
        Ok(())
    }

    fn delete(&mut self, space: Space, id: u64) -> Result<(), Infallible> {
        if let Some(table) = self.table_mut(space) {
            table.values.remove(&id);
        }
        Ok(())
    }
}
