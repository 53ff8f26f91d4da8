//! Which fields change nothing in an experiment, and why.

use super::{Experiment, Model};
use crate::fault::Fault;
use crate::lock::Policy;
use crate::report::HostKind;

/// The workloads whose additions go to one shared object or to private ones.
const ON_SHARED_OBJECTS: [&str; 2] = ["counter", "atomic-counter"];
/// The workloads that have no random number in them.
const NOT_RANDOM: [&str; 7] =
    ["sum-of-squares", "mandelbrot", "primitive", "counter", "atomic-counter", "refcounts", "atomic-refcounts"];

impl Experiment {
    /// Why a field changes nothing in this experiment on `host`, if so.
    pub fn idle(&self, field: &str, host: HostKind) -> Option<String> {
        let runs = |models: &[Model]| self.models.iter().any(|model| models.contains(model));
        let is_of = |workloads: &[&str]| workloads.contains(&self.workload.as_str());
        let reason = match field {
            "chunk" | "channel" | "start-method" if !runs(&[Model::Processes]) => "only processes are sent messages",
            "start-method" if host == HostKind::Browser => {
                "a browser has only one way to start a worker, as spawn does; natively and in CPython there are others"
            }
            "fault" | "fault-times" if !runs(&[Model::Processes, Model::Threads, Model::FreeThreads]) => {
                "it happens in processes, and panic also in threads and free-threads"
            }
            "fault" | "fault-times" if host == HostKind::Cpython => {
                "faults are of gilscope’s own workers, not of Python’s"
            }
            "fault-times" if self.fault == Fault::None => "nothing happens to any worker",
            "library" if host != HostKind::Cpython => "these are Python’s libraries, so it acts in CPython alone",
            "cores" if host == HostKind::Browser => {
                "a page cannot choose its cores; natively and in CPython it can be done"
            }
            "background" if !runs(&[Model::Threads, Model::Processes]) => {
                "only threads and processes have workers beside"
            }
            "switch-interval" | "lock-policy" if !runs(&[Model::Threads]) => "only threads have the lock",
            "switch-interval" if self.lock_policy == Policy::Ticks => "this lock counts ticks and knows no interval",
            "seed" if is_of(&NOT_RANDOM) => "this workload has no random numbers",
            "shared" if !is_of(&ON_SHARED_OBJECTS) => "only counter and atomic-counter have an object to share",
            "primitive" if !is_of(&["primitive"]) => "only the workload primitive synchronizes with one",
            "memory-budget" if self.lab != "capacity" => "only the lab capacity counts what fits into it",
            _ => return None,
        };
        Some(reason.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::tests::{answer, small};

    #[test]
    fn a_field_that_does_not_act_says_why_and_one_that_acts_says_nothing() {
        let race = Experiment::default();
        let idle = |field, host| race.idle(field, host).is_some();
        assert!(idle("start-method", HostKind::Browser) && !idle("start-method", HostKind::Native));
        assert!(idle("library", HostKind::Native) && !idle("library", HostKind::Cpython));
        assert!(idle("cores", HostKind::Browser) && !idle("cores", HostKind::Native));
        assert!(idle("shared", HostKind::Native) && idle("primitive", HostKind::Native));
        for field in ["size", "workers", "switch-interval", "chunk", "channel", "background"] {
            assert!(!idle(field, HostKind::Browser), "{field}");
        }
        let ticks = Experiment { lock_policy: Policy::Ticks, ..Experiment::default() };
        assert!(ticks.idle("switch-interval", HostKind::Native).is_some());
        let serial = Experiment { models: vec![Model::Serial], ..Experiment::default() };
        for field in ["switch-interval", "lock-policy", "chunk", "channel", "start-method", "background"] {
            assert!(serial.idle(field, HostKind::Native).is_some(), "{field}");
        }
    }

    #[test]
    fn a_workload_that_is_said_to_have_no_random_number_has_none() {
        for id in NOT_RANDOM.into_iter().filter(|id| *id != "primitive") {
            let with = |seed| answer(&Experiment { seed, ..small(id, 40, 2) });
            assert_eq!(with(1), with(2), "{id}");
        }
        assert!(ON_SHARED_OBJECTS.iter().all(|id| NOT_RANDOM.contains(id)));
    }
}
