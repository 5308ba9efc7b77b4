use std::collections::BTreeSet;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Sketch;
use super::overlap::{Line, Text};
use crate::store::{IndexError, Space, Store, decode, read, write};

/// What one call has read, so that nothing is read twice, and the texts that it changed, which are written at its end.
#[derive(Default)]
pub(super) struct Work {
    texts: FxHashMap<u64, Option<Text>>,
    changed: BTreeSet<u64>,
    sketches: FxHashMap<u64, Option<Rc<Sketch>>>,
    common: FxHashMap<u32, bool>,
}

type Outcome<T, S> = Result<T, IndexError<<S as Store>::Error>>;

impl Work {
    /// What is kept of a text.
    pub(super) fn text<S: Store>(&mut self, store: &S, id: u64) -> Outcome<Option<&Text>, S> {
        let text = match self.texts.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(read(store, Space::CopyTexts, id)?),
        };
        Ok(text.as_ref())
    }

    /// Reads many texts at once.
    pub(super) fn load_texts<S: Store>(&mut self, store: &S, ids: impl Iterator<Item = u64>) -> Outcome<(), S> {
        let ids: Vec<u64> = ids.filter(|id| !self.texts.contains_key(id)).collect();
        for (&id, bytes) in ids.iter().zip(store.get_all(Space::CopyTexts, &ids)?) {
            let text = bytes.map(|bytes| decode(Space::CopyTexts, id, &bytes)).transpose()?;
            self.texts.insert(id, text);
        }
        Ok(())
    }

    /// Changes a text if it is there.
    pub(super) fn change<S: Store>(&mut self, store: &S, id: u64, change: impl FnOnce(&mut Text)) -> Outcome<(), S> {
        self.text(store, id)?;
        if let Some(Some(text)) = self.texts.get_mut(&id) {
            change(text);
            self.changed.insert(id);
        }
        Ok(())
    }

    /// Adds a text whose sketch is in the store.
    pub(super) fn add(&mut self, id: u64, text: Text, sketch: &Sketch) {
        self.texts.insert(id, Some(text));
        self.changed.insert(id);
        self.sketches.insert(id, Some(Rc::new(sketch.clone())));
    }

    /// Forgets a text that is no longer in the store.
    pub(super) fn drop(&mut self, id: u64) {
        self.texts.insert(id, None);
        self.changed.remove(&id);
        self.sketches.insert(id, None);
    }

    pub(super) fn sketch<S: Store>(&mut self, store: &S, id: u64) -> Outcome<Option<Rc<Sketch>>, S> {
        if let Some(known) = self.sketches.get(&id) {
            return Ok(known.clone());
        }
        let space = Space::CopySketches;
        let sketch = match store.get(space, id)? {
            Some(bytes) => Some(Rc::new(Sketch::decode(&bytes).ok_or(IndexError::Damaged { space, id })?)),
            None => None,
        };
        self.sketches.insert(id, sketch.clone());
        Ok(sketch)
    }

    /// Finds out which lines of a sketch are common: stand in so many clusters or more.
    pub(super) fn learn_lines<S: Store>(&mut self, store: &S, sketch: &Sketch, common_line: u32) -> Outcome<(), S> {
        let unknown = |line: &&super::sketch::Line| !self.common.contains_key(&line.hash);
        let mut lines: Vec<u64> = sketch.lines.iter().filter(unknown).map(|line| u64::from(line.hash)).collect();
        lines.sort_unstable();
        lines.dedup();
        for (&line, bytes) in lines.iter().zip(store.get_all(Space::CopyLines, &lines)?) {
            let known: Option<Line> = bytes.map(|bytes| decode(Space::CopyLines, line, &bytes)).transpose()?;
            self.common.insert(line as u32, known.is_some_and(|known| known.texts.len() >= common_line as usize));
        }
        Ok(())
    }

    /// Whether a line that was learned is common.
    pub(super) fn is_common(&self, line: u32) -> bool {
        self.common.get(&line).copied().unwrap_or(false)
    }

    /// Runs that count, with their position: those of lines that are not common. The lines must have been learned.
    pub(super) fn counted<'a>(&'a self, sketch: &'a Sketch) -> impl Iterator<Item = (u32, u32)> + 'a {
        let mut at = 0_usize;
        sketch.lines.iter().flat_map(move |line| {
            let start = at;
            at = at.saturating_add(line.runs as usize);
            let runs = if self.is_common(line.hash) { &[] } else { sketch.runs.get(start..at).unwrap_or_default() };
            runs.iter().enumerate().map(move |(offset, &run)| ((start + offset) as u32, run))
        })
    }

    /// Writes the changed texts.
    pub(super) fn finish<S: Store>(self, store: &mut S) -> Outcome<(), S> {
        for id in self.changed {
            if let Some(Some(text)) = self.texts.get(&id) {
                write(store, Space::CopyTexts, id, text)?;
            }
        }
        Ok(())
    }
}
