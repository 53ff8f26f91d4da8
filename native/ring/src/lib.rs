//! The file in which the shim (`native/shim`) records a process's use of CPython's Global Interpreter Lock (GIL).
//!
//! The file is a ring buffer of fixed size: a header of eight words, then two words for each event. A word is a
//! little-endian `u64`.
//!
//! | word | holds |
//! | --- | --- |
//! | 0 | [`MAGIC`], written last, when the header is complete |
//! | 1 | [`VERSION`] in the lower half, the process id in the upper half |
//! | 2 | the capacity: how many events the ring has room for |
//! | 3 | the number of events written so far; event `n` is in slot `n % capacity` |
//! | 4 to 7 | zero |
//! | 8 + 2 × slot | when: `CLOCK_MONOTONIC`, in nanoseconds |
//! | 9 + 2 × slot | bits 0 to 7: the kind; 8 to 31: the lap, `n / capacity`; 32 to 63: the thread id |
//!
//! The writer clears an event's second word, writes the time, and then writes the second word. If a reader finds an
//! unexpected lap there, the event is incomplete or has been overwritten.

mod read;
mod tracks;

pub use read::{Recording, events};
pub use tracks::{State, Stretch, Track, tracks};

pub const MAGIC: u64 = u64::from_le_bytes(*b"gilring\0");
pub const VERSION: u32 = 1;

/// Words before the first event.
pub const HEADER: usize = 8;
/// The header word that counts the events written so far.
pub const WRITTEN: usize = 3;

/// The environment variable that names the folder for the files, one for each process: `<pid>.ring`.
pub const FOLDER: &str = "GILSCOPE_SHIM_DIR";

/// What a thread does with the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Asks for the lock; it may be free.
    Wants = 1,
    Took,
    /// Released the lock. Right after [`Kind::Wants`]: gave up, because the interpreter is shutting down.
    Dropped,
    /// Released the lock on request, and now waits until another thread has taken it.
    Forced,
    /// No longer waits for another thread to take it. A computing thread asks for the lock again immediately.
    Resumed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// `CLOCK_MONOTONIC`, in nanoseconds.
    pub at_ns: u64,
    /// The thread's id in the operating system.
    pub thread: u32,
    pub kind: Kind,
}

/// The second word of an event.
pub fn tag(kind: Kind, thread: u32, lap: u64) -> u64 {
    kind as u64 | (lap & 0xff_ffff) << 8 | u64::from(thread) << 32
}

impl Event {
    /// The event in these two words, if it is complete and of this lap.
    fn decode(at_ns: u64, word: u64, lap: u64) -> Option<Self> {
        use Kind::{Dropped, Forced, Resumed, Took, Wants};
        let thread = (word >> 32) as u32;
        let kind = [Wants, Took, Dropped, Forced, Resumed].into_iter().find(|kind| tag(*kind, thread, lap) == word)?;
        Some(Self { at_ns, thread, kind })
    }
}
