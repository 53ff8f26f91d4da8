//! Facts about this machine, and what disturbs it.

pub mod cores;
mod power;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use gilscope::host::Memory;
use gilscope::report::{HostFacts, HostKind, LockTransport, MachineFacts, Warning, WarningCode};

use crate::interrupt;
use power::Power;

/// More than this share of the machine in use by others disturbs a measurement.
const BUSY_PERCENT: f32 = 15.0;

/// Where Linux tells of the machine.
const SYS: &str = "/sys";

/// What is known before the run starts.
pub struct Machine {
    warnings: Vec<Warning>,
    power: Power,
    facts: MachineFacts,
    /// Held while this run measures; it ends with the process, however that ends.
    _claim: Option<File>,
    logical_cores: u32,
}

impl Machine {
    /// Look for a fifth of a second how busy the machine is.
    pub fn look() -> Self {
        let mut warnings = Vec::new();
        // From here on that is heard; what was before is of no run.
        interrupt::was_stopped();
        let claim = claim();
        if let Claim::Taken = claim {
            let text = "another gilscope was measuring on this machine when this run began; run it again on its own";
            warnings.push(Warning { code: WarningCode::BusyMachine, text: text.into() });
        }
        let mut system = sysinfo::System::new().ok();
        // A system that cannot tell how busy it is gives no warning.
        if let Some(busy) = system.as_mut().map(busy_percent).filter(|busy| *busy > BUSY_PERCENT) {
            let text =
                format!("before the run {busy:.0} % of this machine was in use; close other programs and run again");
            warnings.push(Warning { code: WarningCode::BusyMachine, text });
        }
        let (sys, logical_cores) = (Path::new(SYS), cores::usable());
        let power = Power::look(sys);
        warnings.extend(power.held_down());
        warnings.extend(cores::missing(logical_cores, cores::present(sys)));
        let facts = facts(system, power.words());
        let claim = if let Claim::Made(file) = claim { Some(file) } else { None };
        Self { warnings, power, facts, _claim: claim, logical_cores }
    }

    pub fn facts(&self) -> HostFacts {
        HostFacts {
            kind: HostKind::Native,
            engine: format!("gilscope {} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH),
            os: sysinfo::System::long_os_version().unwrap_or_else(|_| std::env::consts::OS.into()),
            logical_cores: self.logical_cores,
            machine: self.facts.clone(),
            ceiling: BTreeMap::new(),
            isolated: true,
            lock: Some(LockTransport::Os),
        }
    }

    /// What disturbed the machine since the last call.
    pub fn disturbances(&mut self) -> Vec<Warning> {
        self.warnings.extend(self.power.became_too_hot());
        if interrupt::was_stopped() {
            let text = "gilscope was stopped while measuring (Ctrl-Z, or a debugger) and went on later; run again";
            self.warnings.push(Warning { code: WarningCode::StoodStill, text: text.into() });
        }
        std::mem::take(&mut self.warnings)
    }
}

/// What the system tells of the machine.
fn facts(system: Option<sysinfo::System>, power: Option<String>) -> MachineFacts {
    let mut facts = MachineFacts { power, ..MachineFacts::default() };
    let Some(mut system) = system else { return facts };
    system.refresh_memory();
    facts.memory_bytes = Some(system.total_memory()).filter(|bytes| *bytes > 0);
    let cpu = system.cpus().first().map(|cpu| cpu.brand().split_whitespace().collect::<Vec<_>>().join(" "));
    facts.cpu = cpu.filter(|name| !name.is_empty());
    facts.physical_cores = sysinfo::System::physical_core_count().ok().and_then(|cores| u32::try_from(cores).ok());
    facts
}

/// Memory that this process takes; its own is its proportional share of every page that it maps (PSS), so that
/// what processes share is not counted twice.
pub fn memory() -> Memory {
    memory_of(std::process::id())
}

/// The same of another process.
pub fn memory_of(pid: u32) -> Memory {
    of_rollup(pid, "Pss:")
}

/// Memory that this process takes; its own is what it alone has written to: unlike its proportional share that does
/// not change when other processes map the same files.
pub fn written_memory() -> Memory {
    of_rollup(std::process::id(), "Anonymous:")
}

/// By a process's `smaps_rollup`, with this line of it as the process's own; nothing where there is no such file.
fn of_rollup(pid: u32, own: &str) -> Memory {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    Memory { own_bytes: bytes_of(&rollup, own), resident_bytes: bytes_of(&rollup, "Rss:") }
}

/// The addresses that this process has taken, in bytes.
#[cfg(target_os = "linux")]
pub fn address_space() -> Option<u64> {
    bytes_of(&std::fs::read_to_string("/proc/self/status").ok()?, "VmSize:")
}

fn bytes_of(rollup: &str, line: &str) -> Option<u64> {
    let value = rollup.lines().find_map(|text| text.strip_prefix(line))?;
    let kibibytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// How much of all cores is in use, over a fifth of a second.
fn busy_percent(system: &mut sysinfo::System) -> f32 {
    system.refresh_cpu_usage();
    std::thread::sleep(sysinfo::MINIMUM_CPU_UPDATE_INTERVAL);
    system.refresh_cpu_usage();
    system.global_cpu_usage()
}

/// Whether this is the only gilscope that measures here: two runs would spoil each other.
enum Claim {
    Made(File),
    Taken,
    /// The claim could not be made; then nothing is said about it.
    Unknown,
}

fn claim() -> Claim {
    let path = std::env::temp_dir().join("gilscope.measuring");
    // Another user's file can be read only, which is enough for a claim.
    let file = OpenOptions::new().create(true).append(true).open(&path).or_else(|_| File::open(&path));
    match file.map(|file| (file.try_lock(), file)) {
        Ok((Ok(()), file)) => Claim::Made(file),
        Ok((Err(TryLockError::WouldBlock), _)) => Claim::Taken,
        _ => Claim::Unknown,
    }
}
