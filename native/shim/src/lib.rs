//! Records who holds CPython's Global Interpreter Lock (GIL), when it is loaded by `LD_PRELOAD` and the environment
//! variable `GILSCOPE_SHIM_DIR` names a folder for the recordings.
//!
//! CPython guards the GIL with two mutexes (`Python/ceval_gil.c`). `take_gil` locks the GIL's mutex, waits until the GIL
//! is free, and then, still with that mutex, locks the second one while it marks the GIL as taken. `drop_gil` locks the
//! GIL's mutex only; if it was asked to drop the GIL, it then locks the second mutex, without the first, and waits there
//! until another thread has taken the GIL. So the sequence of calls tells exactly what happens.
//!
//! Not followed: a libpython that the program loads with `dlopen`, and subinterpreters with their own GIL. In a
//! free-threaded build nothing is recorded.
#![cfg(all(target_os = "linux", target_pointer_width = "64", target_endian = "little"))]

mod offsets;
mod ring;

use std::cell::Cell;
use std::ffi::{CStr, c_int, c_void};
use std::mem::transmute;
use std::process::abort;
use std::ptr;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicPtr, AtomicUsize};

use gilscope_ring::Kind;
use libc::pthread_mutex_t;

/// The addresses of CPython's two mutexes; 0 until they are known.
static MUTEX: AtomicUsize = AtomicUsize::new(0);
static SWITCH_MUTEX: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, Copy)]
enum Stage {
    /// Neither has the GIL nor is in `take_gil`.
    Without,
    /// In `take_gil`.
    Taking,
    Holding,
    /// In `drop_gil`, with the mutex.
    Dropping,
}

thread_local! {
    static STAGE: Cell<Stage> = const { Cell::new(Stage::Without) };
    /// The thread's id in the operating system; 0 until it is needed.
    static THREAD: Cell<u32> = const { Cell::new(0) };
}

/// The dynamic linker calls it before the program starts.
#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = start;

extern "C" fn start() {
    if ring::prepare() {
        offsets::prepare();
    }
}

/// # Safety
/// As for the function of this name in libc.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutex_lock(mutex: *mut pthread_mutex_t) -> c_int {
    before_lock(mutex.addr());
    // SAFETY: our caller's promise is for this function.
    unsafe { LOCK.get()(mutex) }
}

/// # Safety
/// As for the function of this name in libc.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutex_unlock(mutex: *mut pthread_mutex_t) -> c_int {
    before_unlock(mutex.addr());
    // SAFETY: our caller's promise is for this function.
    unsafe { UNLOCK.get()(mutex) }
}

#[inline]
fn before_lock(address: usize) {
    let mutex = match MUTEX.load(Acquire) {
        0 => find(),
        known => known,
    };
    if address == mutex {
        STAGE.set(match STAGE.get() {
            Stage::Holding => Stage::Dropping,
            _ => {
                record(Kind::Wants);
                Stage::Taking
            }
        });
    } else if address == SWITCH_MUTEX.load(Relaxed) {
        match STAGE.get() {
            Stage::Taking => {
                record(Kind::Took);
                STAGE.set(Stage::Holding);
            }
            Stage::Without => record(Kind::Forced),
            Stage::Holding | Stage::Dropping => {}
        }
    }
}

#[inline]
fn before_unlock(address: usize) {
    if address == MUTEX.load(Acquire) {
        // In `take_gil`, only a thread that must exit unlocks this mutex without having taken the GIL.
        if let Stage::Dropping | Stage::Taking = STAGE.get() {
            record(Kind::Dropped);
            STAGE.set(Stage::Without);
        }
    } else if address == SWITCH_MUTEX.load(Relaxed)
        && let Stage::Without = STAGE.get()
    {
        record(Kind::Resumed);
    }
}

/// Look for the GIL. `take_gil` locks its mutex soon after it was created, so no event is missed.
#[cold]
fn find() -> usize {
    let Some(gil) = offsets::find() else { return 0 };
    // SAFETY: the function may be called in a copy of this process at any time.
    unsafe { libc::pthread_atfork(None, None, Some(after_fork)) };
    SWITCH_MUTEX.store(gil.switch_mutex, Relaxed);
    MUTEX.store(gil.mutex, Release);
    gil.mutex
}

/// CPython makes a new GIL in the child, which the thread that called `fork` then takes.
unsafe extern "C" fn after_fork() {
    STAGE.set(Stage::Without);
    THREAD.set(0);
    ring::after_fork();
}

fn record(kind: Kind) {
    if THREAD.get() == 0 {
        // SAFETY: it has no arguments. (`libc::gettid` needs glibc 2.30.)
        THREAD.set(unsafe { libc::syscall(libc::SYS_gettid) } as u32);
    }
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a local variable. This clock exists on every Linux.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    ring::write(kind, THREAD.get(), time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64);
}

static LOCK: Next = Next::new(c"pthread_mutex_lock");
static UNLOCK: Next = Next::new(c"pthread_mutex_unlock");

/// A function of libc that ours replaces.
struct Next {
    name: &'static CStr,
    address: AtomicPtr<c_void>,
}

impl Next {
    const fn new(name: &'static CStr) -> Self {
        Self { name, address: AtomicPtr::new(ptr::null_mut()) }
    }

    fn get(&self) -> unsafe extern "C" fn(*mut pthread_mutex_t) -> c_int {
        let mut address = self.address.load(Relaxed);
        if address.is_null() {
            // SAFETY: the name is a C string.
            address = unsafe { libc::dlsym(libc::RTLD_NEXT, self.name.as_ptr()) };
            self.address.store(address, Relaxed);
        }
        if address.is_null() {
            abort();
        }
        // SAFETY: both functions have this signature.
        unsafe { transmute(address) }
    }
}
