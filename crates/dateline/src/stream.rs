//! Work on many things at once, with the results in the order of the things and only so many in hand.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

/// How much may be taken before the oldest of it is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ahead {
    /// Inputs.
    pub(crate) items: usize,
    /// Their bytes together; one may always be taken.
    pub(crate) bytes: usize,
}

impl Ahead {
    /// For a sink that is fast: enough to ride over one long report, little enough to keep memory flat.
    pub(crate) fn for_threads(threads: NonZeroUsize) -> Self {
        Self { items: threads.get() * 8, bytes: 64 << 20 }
    }
}

/// What the threads share.
struct Queue<I> {
    inputs: I,
    taken: usize,
    /// Bytes of each input that is in hand, oldest first, and of all.
    sizes: VecDeque<usize>,
    bytes: usize,
    over: bool,
}

impl<I> Queue<I> {
    fn is_full(&self, ahead: Ahead) -> bool {
        !self.sizes.is_empty() && (self.sizes.len() >= ahead.items || self.bytes >= ahead.bytes)
    }
}

/// Calls `work` on every input with `threads` threads, each with its own `worker()`, and `sink` on every result in the order of
/// the inputs, on the calling thread, until it breaks off.
///
/// No more than `ahead` is taken beyond the last result that went to `sink`; `size` gives the bytes of an input.
pub(crate) fn in_order<I, W, R, M, F, S>(
    inputs: I,
    threads: NonZeroUsize,
    ahead: Ahead,
    size: impl Fn(&I::Item) -> usize + Sync,
    worker: M,
    work: F,
    mut sink: S,
) where
    I: Iterator + Send,
    R: Send,
    M: Fn() -> W + Sync,
    F: Fn(&mut W, I::Item) -> R + Sync,
    S: FnMut(R) -> ControlFlow<()>,
{
    let queue = Mutex::new(Queue { inputs, taken: 0, sizes: VecDeque::new(), bytes: 0, over: false });
    let moved = Condvar::new();
    std::thread::scope(|scope| {
        let (results, arriving) = mpsc::channel::<(usize, R)>();
        for _ in 0..threads.get() {
            let results = results.clone();
            let (queue, moved, size, worker, work) = (&queue, &moved, &size, &worker, &work);
            scope.spawn(move || {
                let mut worker = worker();
                loop {
                    let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                    let Ok(mut queue) = moved.wait_while(queue, |queue| !queue.over && queue.is_full(ahead)) else {
                        return;
                    };
                    if queue.over {
                        return;
                    }
                    let Some(input) = queue.inputs.next() else {
                        queue.over = true;
                        moved.notify_all();
                        return;
                    };
                    let number = queue.taken;
                    queue.taken += 1;
                    let size = size(&input);
                    queue.sizes.push_back(size);
                    queue.bytes += size;
                    drop(queue);
                    if results.send((number, work(&mut worker, input))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(results);
        let mut early = BTreeMap::new();
        let mut next = 0;
        for (number, result) in arriving {
            early.insert(number, result);
            while let Some(result) = early.remove(&next) {
                next += 1;
                let broke = sink(result).is_break();
                let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                let size = queue.sizes.pop_front().unwrap_or_default();
                queue.bytes -= size;
                queue.over |= broke;
                drop(queue);
                moved.notify_all();
                if broke {
                    return;
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn threads(n: usize) -> NonZeroUsize {
        NonZeroUsize::new(n).unwrap()
    }

    #[test]
    fn results_come_in_order_for_any_number_of_threads() {
        for n in [1, 2, 7] {
            let mut seen = Vec::new();
            let slow_then_fast = |(): &mut (), i: u64| {
                std::thread::sleep(std::time::Duration::from_micros(100 * (5 - i % 5)));
                i
            };
            in_order(
                0..200u64,
                threads(n),
                Ahead::for_threads(threads(n)),
                |_| 1,
                || (),
                slow_then_fast,
                |i| {
                    seen.push(i);
                    ControlFlow::Continue(())
                },
            );
            assert_eq!(seen, (0..200).collect::<Vec<_>>());
        }
    }

    #[test]
    fn inputs_are_not_taken_far_ahead_of_the_sink() {
        // By number, by size, and where each is larger than all that may be in hand.
        for (items, bytes, most) in [(16, usize::MAX, 16), (1000, 70, 7), (1000, 3, 1)] {
            let taken = AtomicUsize::new(0);
            let mut given = 0;
            let inputs = (0..300usize).inspect(|_| {
                taken.fetch_add(1, Ordering::SeqCst);
            });
            in_order(
                inputs,
                threads(2),
                Ahead { items, bytes },
                |_| 10,
                || (),
                |(), i| i,
                |_| {
                    std::thread::sleep(std::time::Duration::from_micros(200));
                    assert!(taken.load(Ordering::SeqCst) <= given + most);
                    given += 1;
                    ControlFlow::Continue(())
                },
            );
            assert_eq!(given, 300);
        }
    }

    #[test]
    fn breaking_off_stops_an_endless_input() {
        let mut seen = 0;
        in_order(
            0..,
            threads(3),
            Ahead::for_threads(threads(3)),
            |_| 1,
            || (),
            |(), i: u64| i,
            |_| {
                seen += 1;
                if seen == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        assert_eq!(seen, 10);
    }
}
