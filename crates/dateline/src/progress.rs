/// Told of long work, so that a front end can show it. Every method may be left out.
pub trait Progress: Sync {
    /// `task` begins; it is `bytes` long when that is known.
    fn begin(&self, task: &str, bytes: Option<u64>) {
        let _ = (task, bytes);
    }

    /// `bytes` of the task are done.
    fn advance(&self, bytes: u64) {
        let _ = bytes;
    }

    /// The task is over, well or not.
    fn end(&self) {}

    /// Something that the user should know, in one line.
    fn note(&self, message: &str) {
        let _ = message;
    }
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
