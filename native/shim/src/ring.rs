//! Writes events to the file of this process. The format is described in `gilscope_ring`.

use std::env;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process;
use std::ptr;
use std::slice;
use std::sync::OnceLock;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, fence};

use gilscope_ring::{FOLDER, HEADER, Kind, MAGIC, VERSION, WRITTEN, tag};
use memmap2::MmapRaw;

/// Events in a file of 8 MiB.
const CAPACITY: usize = 1 << 19;

static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
static RING: AtomicPtr<Ring> = AtomicPtr::new(ptr::null_mut());
/// Set by the first thread that tries to open the file. It stays set if that fails.
static OPENED: AtomicBool = AtomicBool::new(false);

struct Ring(&'static [AtomicU64]);

/// Whether the environment asks for a recording.
pub fn prepare() -> bool {
    env::var_os(FOLDER).is_some_and(|folder| DIRECTORY.set(folder.into()).is_ok())
}

/// A forked process gets its own file, with its first event.
pub fn after_fork() {
    RING.store(ptr::null_mut(), Release);
    OPENED.store(false, Release);
}

pub fn write(kind: Kind, thread: u32, at_ns: u64) {
    // SAFETY: the pointer is null, or to a ring that is never freed.
    let ring = unsafe { RING.load(Acquire).as_ref() };
    if let Some(ring) = ring.or_else(open) {
        ring.write(kind, thread, at_ns);
    }
}

/// Open the file for the first event. If that fails, the program runs without a recording.
#[cold]
fn open() -> Option<&'static Ring> {
    if OPENED.swap(true, AcqRel) {
        return None;
    }
    let ring: &Ring = Box::leak(Box::new(Ring::create(DIRECTORY.get()?).ok()?));
    RING.store(ptr::from_ref(ring).cast_mut(), Release);
    Some(ring)
}

impl Ring {
    fn create(directory: &Path) -> io::Result<Self> {
        let (pid, words) = (process::id(), HEADER + 2 * CAPACITY);
        let path = directory.join(format!("{pid}.ring"));
        // Left by an earlier process with this id, or by this one before it called `exec`.
        let _ = fs::remove_file(&path);
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        // Reserve all of it: on a full disk, writing to the memory of a sparse file would kill the program.
        // SAFETY: the descriptor is open.
        match unsafe { libc::posix_fallocate(file.as_raw_fd(), 0, (words * 8) as libc::off_t) } {
            0 => {}
            error => {
                let _ = fs::remove_file(&path);
                return Err(io::Error::from_raw_os_error(error));
            }
        }
        let memory = Box::leak(Box::new(MmapRaw::map_raw(&file)?));
        // SAFETY: the memory is aligned to a page, has this many words, and is never unmapped. This process writes
        // to it through these atomics only.
        let ring = unsafe { slice::from_raw_parts(memory.as_ptr().cast::<AtomicU64>(), words) };
        ring[1].store(u64::from(VERSION) | u64::from(pid) << 32, Relaxed);
        ring[2].store(CAPACITY as u64, Relaxed);
        ring[0].store(MAGIC, Release);
        Ok(Self(ring))
    }

    fn write(&self, kind: Kind, thread: u32, at_ns: u64) {
        let number = self.0[WRITTEN].fetch_add(1, Relaxed) as usize;
        let slot = HEADER + 2 * (number % CAPACITY);
        self.0[slot + 1].store(0, Relaxed);
        fence(Release);
        self.0[slot].store(at_ns, Relaxed);
        self.0[slot + 1].store(tag(kind, thread, (number / CAPACITY) as u64), Release);
    }
}
