//! Where the GIL of the running CPython is in memory.
//!
//! CPython exports the variable `_PyRuntime`. Until 3.11, the GIL is a part of it. Since 3.12, every interpreter points
//! to its GIL, and since 3.13, `_PyRuntime` begins with a table of offsets
//! (`_Py_DebugOffsets` in `Include/internal/pycore_debug_offsets.h`; 3.13: `pycore_runtime.h`).
//!
//! The GIL itself, `struct _gil_runtime_state` in `Include/internal/pycore_gil.h`, is the same from 3.9 to 3.15: interval,
//! last holder, `locked`, number of switches, then a condition variable and a mutex for the lock and another pair for
//! forced switches.

use std::ffi::{CStr, c_char};
use std::mem::transmute;
use std::sync::OnceLock;

use libc::{RTLD_DEFAULT, dlsym, pthread_cond_t, pthread_mutex_t};

const INTERVAL: usize = 0;
const LOCKED: usize = 16;
const MUTEX: usize = 32 + size_of::<pthread_cond_t>();
const SWITCH_MUTEX: usize = MUTEX + size_of::<pthread_mutex_t>() + size_of::<pthread_cond_t>();
const SIZE: usize = SWITCH_MUTEX + size_of::<pthread_mutex_t>();

/// `DEFAULT_INTERVAL` in `Python/ceval_gil.c`, in microseconds. It is in effect when the GIL is first taken.
const DEFAULT_INTERVAL: u64 = 5_000;

/// Addresses of what CPython locks to take and to drop the GIL.
#[derive(Clone, Copy)]
pub struct Gil {
    pub mutex: usize,
    pub switch_mutex: usize,
}

enum Layout {
    /// The GIL is at this address.
    Fixed(usize),
    /// The pointer to the newest interpreter is at `head`. The interpreter, of this size, has a pointer to its GIL.
    PerInterpreter { head: usize, gil: usize, size: usize },
}

static LAYOUT: OnceLock<Layout> = OnceLock::new();

/// Find out which CPython this process runs, if any.
pub fn prepare() {
    // SAFETY: the name is a C string.
    let runtime = unsafe { dlsym(RTLD_DEFAULT, c"_PyRuntime".as_ptr()) };
    if runtime.is_null() {
        return;
    }
    let runtime = runtime.expose_provenance();
    let has_table = read::<[u8; 8]>(runtime) == *b"xdebugpy";
    if let Some(layout) = if has_table { by_table(runtime) } else { by_version(runtime) } {
        let _ = LAYOUT.set(layout);
    }
}

/// As `_Py_DebugOffsets` has it. A free-threaded build has no GIL to follow.
fn by_table(runtime: usize) -> Option<Layout> {
    let word = |index: usize| read::<u64>(runtime + index * 8) as usize;
    let (minor, free_threaded, head, size) = (word(1) >> 16 & 0xff, word(2) != 0, word(5), word(6));
    // 3.14 added `threads_main` before `ceval_gil`.
    let gil = word(if minor == 13 { 14 } else { 15 });
    let plausible = !free_threaded && gil % 8 == 0 && gil < size;
    plausible.then_some(Layout::PerInterpreter { head: runtime + head, gil, size })
}

/// As `Include/internal/pycore_runtime.h` and `pycore_interp.h` have it, compiled for 64 bits.
fn by_version(runtime: usize) -> Option<Layout> {
    match minor_version()? {
        // `ceval.gil`
        9 | 10 => Some(Layout::Fixed(runtime + 352)),
        11 => Some(Layout::Fixed(runtime + 360)),
        // `interpreters.head` of the runtime, `ceval.gil` of the interpreter; every interpreter is larger than this.
        12 => Some(Layout::PerInterpreter { head: runtime + 40, gil: 384, size: 64 << 10 }),
        _ => None,
    }
}

/// The `x` of Python 3.x.
fn minor_version() -> Option<u32> {
    // SAFETY: the name is a C string.
    let address = unsafe { dlsym(RTLD_DEFAULT, c"Py_GetVersion".as_ptr()) };
    if address.is_null() {
        return None;
    }
    // SAFETY: CPython documents this signature, and that it may be called before Python is initialized.
    let version: extern "C" fn() -> *const c_char = unsafe { transmute(address) };
    // SAFETY: it returns a static C string.
    let text = unsafe { CStr::from_ptr(version()) };
    text.to_str().ok()?.strip_prefix("3.")?.split('.').next()?.parse().ok()
}

/// The GIL of the main interpreter, once CPython has created it.
pub fn find() -> Option<Gil> {
    let address = match *LAYOUT.get()? {
        Layout::Fixed(address) => address,
        Layout::PerInterpreter { head, gil, size } => {
            let interpreter = Some(read::<usize>(head)).filter(|address| *address != 0)?;
            // The main interpreter has its GIL within itself.
            let within = interpreter..(interpreter + size).saturating_sub(SIZE);
            Some(read::<usize>(interpreter + gil)).filter(|address| within.contains(address) && address % 8 == 0)?
        }
    };
    // `locked` is -1 until the mutexes exist. The interval is a check that this is a GIL.
    let created = read::<u64>(address + INTERVAL) == DEFAULT_INTERVAL && matches!(read::<i32>(address + LOCKED), 0 | 1);
    created.then_some(Gil { mutex: address + MUTEX, switch_mutex: address + SWITCH_MUTEX })
}

/// Read CPython's memory.
fn read<T: Copy>(address: usize) -> T {
    // SAFETY: `_PyRuntime` is a variable of at least 1 KiB, and the main interpreter is never freed while Python runs;
    // offsets are aligned and within either. Another thread may write there: a volatile read is one load.
    unsafe { std::ptr::with_exposed_provenance::<T>(address).read_volatile() }
}
