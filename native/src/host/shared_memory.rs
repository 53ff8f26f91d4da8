//! Memory that worker processes map: a file that lies in memory where there is such a thing.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use gilscope::sync::Words;
use memmap2::{MmapOptions, MmapRaw};

/// The parent's side, which worker processes open by its path.
pub struct SharedFile {
    /// On Linux nothing of it is left when the last process that has it open ends, however it ends.
    #[cfg(target_os = "linux")]
    file: File,
    #[cfg(not(target_os = "linux"))]
    file: tempfile::NamedTempFile,
}

impl SharedFile {
    #[cfg(target_os = "linux")]
    pub fn new(bytes: u64) -> io::Result<Self> {
        let file = File::from(rustix::fs::memfd_create("gilscope", rustix::fs::MemfdFlags::CLOEXEC)?);
        file.set_len(bytes)?;
        Ok(Self { file })
    }

    #[cfg(not(target_os = "linux"))]
    pub fn new(bytes: u64) -> io::Result<Self> {
        let file = tempfile::NamedTempFile::new()?;
        file.as_file().set_len(bytes)?;
        Ok(Self { file })
    }

    /// Where a worker process finds it.
    #[cfg(target_os = "linux")]
    pub fn path(&self) -> PathBuf {
        use std::os::fd::AsRawFd;
        format!("/proc/{}/fd/{}", std::process::id(), self.file.as_raw_fd()).into()
    }

    #[cfg(not(target_os = "linux"))]
    pub fn path(&self) -> PathBuf {
        self.file.path().into()
    }

    /// Map it into this process.
    pub fn map(&self) -> io::Result<Mapped> {
        #[cfg(target_os = "linux")]
        let file = &self.file;
        #[cfg(not(target_os = "linux"))]
        let file = self.file.as_file();
        Mapped::of(file)
    }
}

/// One process's view of it.
pub struct Mapped(MmapRaw);

impl Mapped {
    /// Map what the parent has made.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::of(&OpenOptions::new().read(true).write(true).open(path)?)
    }

    fn of(file: &File) -> io::Result<Self> {
        Ok(Self(MmapOptions::new().map_raw(file)?))
    }

    /// The address of `length` bytes at `at`.
    fn place(&self, at: usize, length: usize) -> *mut u8 {
        assert!(at.checked_add(length).is_some_and(|end| end <= self.0.len()), "beyond the shared memory");
        self.0.as_mut_ptr().wrapping_add(at)
    }
}

impl Mapped {
    fn word(&self, index: usize) -> &AtomicU32 {
        // SAFETY: `place` is within the mapping, which outlives the reference and is aligned to a page; an
        // atomic may be seen by any number of parties.
        unsafe { AtomicU32::from_ptr(self.place(index * 4, 4).cast()) }
    }
}

impl Words for Mapped {
    fn len(&self) -> usize {
        self.0.len() / 4
    }

    fn load(&self, index: usize) -> u32 {
        self.word(index).load(Ordering::Acquire)
    }

    fn store(&self, index: usize, value: u32) {
        self.word(index).store(value, Ordering::Release);
    }

    fn compare_exchange(&self, index: usize, current: u32, new: u32) -> Result<u32, u32> {
        self.word(index).compare_exchange(current, new, Ordering::AcqRel, Ordering::Acquire)
    }

    fn fetch_add(&self, index: usize, by: u32) -> u32 {
        self.word(index).fetch_add(by, Ordering::AcqRel)
    }

    fn wait(&self, index: usize, expected: u32, timeout: Duration) {
        futex::wait(self.word(index), expected, timeout);
    }

    fn notify(&self, index: usize, count: u32) {
        futex::wake(self.word(index), count);
    }

    fn read(&self, index: usize, bytes: &mut [u8]) {
        // SAFETY: `place` is within the mapping. The worker that writes there tells of it by a message, or by
        // a word, that comes afterwards.
        unsafe { ptr::copy_nonoverlapping(self.place(index * 4, bytes.len()), bytes.as_mut_ptr(), bytes.len()) }
    }

    fn write(&self, index: usize, bytes: &[u8]) {
        // SAFETY: as above, with the roles exchanged.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), self.place(index * 4, bytes.len()), bytes.len()) }
    }
}

/// Waiting at a word, among processes.
#[cfg(target_os = "linux")]
mod futex {
    use std::sync::atomic::AtomicU32;
    use std::time::Duration;

    use rustix::thread::futex::{self, Flags, Timespec};

    pub fn wait(word: &AtomicU32, expected: u32, timeout: Duration) {
        let timeout = Timespec { tv_sec: timeout.as_secs().cast_signed(), tv_nsec: timeout.subsec_nanos().into() };
        // Whatever it says, the caller looks at the word again.
        let _ = futex::wait(word, Flags::empty(), expected, Some(&timeout));
    }

    pub fn wake(word: &AtomicU32, count: u32) {
        let _ = futex::wake(word, Flags::empty(), count.min(i32::MAX.cast_unsigned()));
    }
}

/// Other systems have no wait at a word that is shared among processes: look again soon.
#[cfg(not(target_os = "linux"))]
mod futex {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    pub fn wait(word: &AtomicU32, expected: u32, timeout: Duration) {
        if word.load(Ordering::Acquire) == expected {
            std::thread::sleep(timeout.min(Duration::from_micros(50)));
        }
    }

    pub fn wake(_: &AtomicU32, _: u32) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_view_writes_another_reads() {
        let file = SharedFile::new(8192).unwrap();
        let (here, there) = (file.map().unwrap(), Mapped::open(&file.path()).unwrap());
        here.write(1024, b"hello");
        let mut read = [0; 5];
        there.read(1024, &mut read);
        assert_eq!(&read, b"hello");
        here.store(7, 42);
        assert_eq!((there.load(7), there.compare_exchange(7, 1, 2), there.fetch_add(7, 1)), (42, Err(42), 42));
    }

    #[test]
    fn one_view_waits_until_the_other_one_wakes_it() {
        let file = SharedFile::new(4096).unwrap();
        let (here, there) = (file.map().unwrap(), Mapped::open(&file.path()).unwrap());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while there.load(0) == 0 {
                    there.wait(0, 0, Duration::from_secs(30));
                }
                there.store(1, 1);
            });
            here.store(0, 1);
            here.notify(0, 1);
        });
        assert_eq!(here.load(1), 1);
    }

    #[test]
    #[should_panic(expected = "beyond the shared memory")]
    fn nobody_reads_beyond_it() {
        SharedFile::new(4096).unwrap().map().unwrap().read(1022, &mut [0; 10]);
    }
}
