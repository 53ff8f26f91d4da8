//! Faults that a worker can be made to suffer, so that what follows can be watched and tested.

use serde::{Deserialize, Serialize};

/// What happens to the worker that is given the doomed task, see [`doomed_task`].
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// It is killed from outside: SIGKILL, `terminate()`.
    Kill,
    /// It ends by itself in the middle of the task.
    Exit,
    /// It panics; in a browser its WebAssembly traps. Also in `threads` and `free-threads`, whose run fails then.
    Panic,
    /// It asks for memory until there is none.
    Memory,
    /// It calls itself until its stack is used up.
    Overflow,
    /// It computes for ever and is not heard of any more.
    Wedge,
    /// It ends while it sends its answer.
    Send,
    /// The first worker ends before it is ready.
    Start,
}

impl Fault {
    pub const ALL: [Self; 9] = [
        Self::None,
        Self::Kill,
        Self::Exit,
        Self::Panic,
        Self::Memory,
        Self::Overflow,
        Self::Wedge,
        Self::Send,
        Self::Start,
    ];

    /// The name in every spelling of an experiment.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Kill => "kill",
            Self::Exit => "exit",
            Self::Panic => "panic",
            Self::Memory => "memory",
            Self::Overflow => "overflow",
            Self::Wedge => "wedge",
            Self::Send => "send",
            Self::Start => "start",
        }
    }
}

/// The task whose worker suffers the fault: the middle one of so many.
pub fn doomed_task(tasks: u32) -> u32 {
    tasks / 2
}

/// Suffer a fault that needs no help of the host.
///
/// # Panics
/// That is what it is for.
pub fn suffer(fault: Fault) -> ! {
    match fault {
        Fault::Memory => exhaust_memory(),
        Fault::Overflow => {
            let depth = overflow(std::hint::black_box(0));
            unreachable!("a stack ended at {depth}")
        }
        Fault::Wedge => loop {
            std::hint::black_box(());
        },
        _ => panic!("the fault that was asked for"),
    }
}

/// In parts that are written, as memory that nobody touches is not taken.
fn exhaust_memory() -> ! {
    const PART: usize = 16 << 20;
    let mut taken = Vec::new();
    loop {
        taken.push(std::hint::black_box(vec![1_u8; PART]));
    }
}

#[expect(unconditional_recursion, reason = "its stack is to be used up")]
#[inline(never)]
fn overflow(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 64]);
    overflow(depth + 1) + std::hint::black_box(room)[0]
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// For workers that nothing happens to.
    pub(crate) fn no_fault(fault: Fault) {
        panic!("{} was not asked for", fault.name());
    }
}
