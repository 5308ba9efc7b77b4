//! How often somebody may try to come in.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Tries that fail under one name before it must wait.
const FREE: u32 = 5;
/// The first wait; each further failure doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(15);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// After so long without a failure a name is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(60 * 60);
/// Names that are remembered; where more are tried at once, all tries wait.
const NAMES: usize = 10_000;
/// Tries under all names together in a minute: hashing costs memory and time by design.
const IN_A_MINUTE: u32 = 120;

/// Failed tries by name, and all tries of the last minute.
#[derive(Debug)]
pub(crate) struct Attempts {
    failed: HashMap<String, (u32, Instant)>,
    minute: (Instant, u32),
}

impl Attempts {
    pub(crate) fn new(now: Instant) -> Self {
        Self { failed: HashMap::new(), minute: (now, 0) }
    }

    /// Counts a try under a name, unless it comes too soon: then how long it must wait.
    pub(crate) fn begin(&mut self, name: &str, now: Instant) -> Result<(), Duration> {
        if now.duration_since(self.minute.0) >= Duration::from_secs(60) {
            self.minute = (now, 0);
        }
        if self.minute.1 >= IN_A_MINUTE {
            return Err(Duration::from_secs(60).saturating_sub(now.duration_since(self.minute.0)).max(Duration::from_secs(1)));
        }
        if let Some(&(failures, last)) = self.failed.get(&key(name)) {
            let wait = wait(failures).saturating_sub(now.duration_since(last));
            if !wait.is_zero() {
                return Err(wait.max(Duration::from_secs(1)));
            }
        } else if self.failed.len() >= NAMES {
            self.failed.retain(|_, (_, last)| now.duration_since(*last) < FORGOTTEN);
            if self.failed.len() >= NAMES {
                return Err(FIRST_WAIT);
            }
        }
        self.minute.1 += 1;
        Ok(())
    }

    /// The try failed.
    pub(crate) fn failed(&mut self, name: &str, now: Instant) {
        let entry = self.failed.entry(key(name)).or_insert((0, now));
        if now.duration_since(entry.1) >= FORGOTTEN {
            entry.0 = 0;
        }
        *entry = (entry.0.saturating_add(1), now);
    }

    /// The try succeeded.
    pub(crate) fn succeeded(&mut self, name: &str) {
        self.failed.remove(&key(name));
    }
}

fn key(name: &str) -> String {
    name.chars().take(100).collect::<String>().trim().to_lowercase()
}

fn wait(failures: u32) -> Duration {
    match failures.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(more) => FIRST_WAIT.saturating_mul(1 << more.min(10)).min(LONGEST_WAIT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_waits_longer_after_each_failure_and_success_clears_it() {
        let mut now = Instant::now();
        let mut attempts = Attempts::new(now);
        for _ in 0..5 {
            attempts.begin("ann", now).unwrap();
            attempts.failed("ann", now);
        }
        assert_eq!(attempts.begin("Ann ", now), Err(Duration::from_secs(15)));
        attempts.begin("bob", now).unwrap();
        now += Duration::from_secs(15);
        attempts.begin("ann", now).unwrap();
        attempts.failed("ann", now);
        assert_eq!(attempts.begin("ann", now), Err(Duration::from_secs(30)));
        now += Duration::from_secs(30);
        attempts.begin("ann", now).unwrap();
        attempts.succeeded("ann");
        attempts.begin("ann", now).unwrap();
        for _ in 0..40 {
            attempts.failed("ann", now);
        }
        assert_eq!(attempts.begin("ann", now), Err(LONGEST_WAIT));
    }

    #[test]
    fn all_names_together_have_a_limit() {
        let now = Instant::now();
        let mut attempts = Attempts::new(now);
        for nth in 0..IN_A_MINUTE {
            attempts.begin(&format!("n{nth}"), now).unwrap();
        }
        assert!(attempts.begin("one more", now).is_err());
        attempts.begin("one more", now + Duration::from_secs(60)).unwrap();
    }
}
