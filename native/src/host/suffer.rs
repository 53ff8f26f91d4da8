//! What a worker process does to itself when it is to suffer a fault.

use std::sync::atomic::{AtomicBool, Ordering};

use gilscope::fault::{self, Fault};

/// So much memory more than it has by then is what a worker may take before there is none.
const SPARE_BYTES: u64 = 256 << 20;

static ENDS_SENDING: AtomicBool = AtomicBool::new(false);

/// Whether the next frame is to be sent only half.
pub fn ends_sending() -> bool {
    ENDS_SENDING.load(Ordering::Relaxed)
}

pub fn suffer(fault: Fault) {
    match fault {
        Fault::None => {}
        Fault::Send => ENDS_SENDING.store(true, Ordering::Relaxed),
        Fault::Exit | Fault::Start => std::process::exit(3),
        Fault::Kill => kill(),
        Fault::Memory => {
            limit_memory();
            fault::suffer(fault)
        }
        Fault::Panic | Fault::Overflow | Fault::Wedge => fault::suffer(fault),
    }
}

/// As `kill -KILL` or the system's out-of-memory killer would.
#[cfg(unix)]
fn kill() {
    use rustix::process::{Signal, getpid, kill_process};
    let _ = kill_process(getpid(), Signal::KILL);
}

#[cfg(not(unix))]
fn kill() {
    std::process::abort();
}

/// The whole machine's is not for a test to take.
#[cfg(target_os = "linux")]
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let own_bytes = super::machine::address_space().unwrap_or(0);
    let limit = Rlimit { current: Some(own_bytes + SPARE_BYTES), ..getrlimit(Resource::As) };
    let _ = setrlimit(Resource::As, limit);
}

/// Elsewhere the allocator's answer to having none is what can be shown.
#[cfg(not(target_os = "linux"))]
fn limit_memory() {
    std::alloc::handle_alloc_error(std::alloc::Layout::new::<[u8; SPARE_BYTES as usize]>());
}
