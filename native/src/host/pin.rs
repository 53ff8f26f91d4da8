//! `--cores K`: so that one core is one core.

use anyhow::{Result, bail};

/// Pin the calling thread, and whatever it starts from now on, to the first `cores` it may use.
#[cfg(target_os = "linux")]
pub fn to_cores(cores: u32) -> Result<()> {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
    let allowed = sched_getaffinity(None)?;
    let mut chosen = CpuSet::new();
    let usable = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core));
    usable.take(cores as usize).for_each(|core| chosen.set(core));
    if chosen.count() < cores {
        bail!("cores cannot be '{cores}': this process may use {} cores; ask for at most that", allowed.count());
    }
    Ok(sched_setaffinity(None, &chosen)?)
}

#[cfg(not(target_os = "linux"))]
pub fn to_cores(cores: u32) -> Result<()> {
    bail!("cores cannot be '{cores}': pinning to cores works on Linux only; leave it out")
}
