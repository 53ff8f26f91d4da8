//! What each field with a number accepts, and why.

use serde::Serialize;

use super::{Experiment, FieldError, MAX_WORKERS};
use crate::model::ward::TRIES;
use crate::workload;

/// `CPU_SETSIZE`: https://man7.org/linux/man-pages/man3/CPU_SET.3.html
const MOST_CORES: u32 = 1_024;
const MOST_TASKS: u32 = 10_000;

/// The numbers that a field accepts, as its text spells them.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Bounds {
    pub field: String,
    pub low: f64,
    pub high: f64,
    /// After a number that need not be whole; empty for one that must.
    pub unit: String,
    /// Why no more and no less: what follows "because".
    pub because: String,
}

impl Bounds {
    fn whole(field: &str, low: u32, high: u32, because: impl Into<String>) -> Self {
        Self { field: field.into(), low: low.into(), high: high.into(), unit: String::new(), because: because.into() }
    }

    fn real(field: &str, low: f64, high: f64, unit: &str, because: &str) -> Self {
        Self { field: field.into(), low, high, unit: unit.into(), because: because.into() }
    }

    fn hold(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    fn remedy(&self) -> String {
        let Self { low, high, unit, because, .. } = self;
        let numbers = if unit.is_empty() {
            format!("a whole number from {low} to {high}")
        } else {
            format!("{low} to {high} {unit}")
        };
        format!("use {numbers}, because {because}")
    }
}

impl Experiment {
    /// The bounds of every field with a number, on a host with at most `max_workers`. Those of some fields depend on
    /// what others hold.
    pub fn bounds(&self, max_workers: u32) -> Vec<Bounds> {
        let workload = workload::find(&self.workload);
        let (most_size, size_because) = workload.map_or((u32::MAX, ""), |w| ((w.max_size)(self.tasks), w.size_because));
        let beside = max_workers.saturating_sub(self.workers.iter().max().copied().unwrap_or(0));
        vec![
            Bounds::whole("tasks", 1, MOST_TASKS, "every answer is kept until the last one is there"),
            Bounds::whole("size", 1, most_size, size_because),
            Bounds::whole("chunk", 1, MOST_TASKS, "no run has more tasks"),
            Bounds::whole("seed", 0, u32::MAX, "it is a number of 32 bits"),
            Bounds::whole("workers", 1, max_workers, "each is a thread, a process or a web worker of its own"),
            Bounds::whole("runs", 1, 1_000, "the report keeps the figures of every round"),
            Bounds::whole("warmup", 0, 100, "these rounds are thrown away, and workers are warm long before"),
            Bounds::real(
                "switch-interval",
                0.1,
                1_000.0,
                "milliseconds",
                "timers are not finer, and after a second without a turn a worker looks dead",
            ),
            Bounds::whole(
                "background",
                0,
                beside,
                format!("they count as workers, and there can be {max_workers} in all"),
            ),
            Bounds::real("shared", 0.0, 100.0, "percent", "it is a part of all operations"),
            Bounds::whole("memory-budget", 1, u32::MAX, "no worker takes less than about a MiB"),
            Bounds::whole("fault-times", 1, TRIES, "a task is not tried more often"),
            Bounds::whole("cores", 1, MOST_CORES, "a set of cores ends there in Linux"),
        ]
    }

    /// For a text that is none of the numbers that this field accepts.
    pub(super) fn not_within_bounds(&self, field: &str, text: &str) -> FieldError {
        let bounds = self.bounds(MAX_WORKERS).into_iter().find(|bounds| bounds.field == field);
        FieldError::new(field, text, bounds.expect("a field with a number has bounds").remedy())
    }

    /// Check every number against its bounds.
    pub(super) fn validate_numbers(&self, max_workers: u32) -> Result<(), FieldError> {
        for bounds in self.bounds(max_workers) {
            if let Some(value) = self.numbers(&bounds.field).into_iter().find(|value| !bounds.hold(*value)) {
                return Err(FieldError::new(&bounds.field, value, bounds.remedy()));
            }
        }
        Ok(())
    }

    /// The numbers that a field holds, in the unit of its text.
    fn numbers(&self, field: &str) -> Vec<f64> {
        match field {
            "tasks" => vec![self.tasks.into()],
            "size" => vec![self.size.into()],
            "chunk" => vec![self.chunk.into()],
            "seed" => vec![self.seed.into()],
            "workers" => self.workers.iter().map(|&workers| workers.into()).collect(),
            "runs" => vec![self.runs.into()],
            "warmup" => vec![self.warmup.into()],
            "switch-interval" => vec![self.switch_interval_ms()],
            "background" => vec![self.background.into()],
            "shared" => vec![self.shared_percent()],
            #[expect(clippy::cast_precision_loss, reason = "2^53 MiB are out of bounds")]
            "memory-budget" => vec![(self.memory_budget_bytes >> 20) as f64],
            "fault-times" => vec![self.fault_times.into()],
            "cores" => self.cores.map(f64::from).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::FIELDS;
    use crate::report::HostKind;

    #[test]
    fn both_ends_of_every_bound_are_accepted_and_what_lies_beyond_is_refused_with_the_reason() {
        let setting = crate::labs::Setting { host: HostKind::Native, logical_cores: 2, quick: false };
        for bounds in Experiment::of("sha256").unwrap().bounds(MAX_WORKERS) {
            let Bounds { field, low, high, .. } = &bounds;
            assert!(FIELDS.contains(&field.as_str()), "{field}");
            let at = |value: f64| {
                let experiment =
                    Experiment::from_fields(&setting, [("workload", "sha256"), (field.as_str(), &value.to_string())])?;
                experiment.validate_numbers(MAX_WORKERS)
            };
            assert_eq!((at(*low), at(*high)), (Ok(()), Ok(())), "{field}");
            for beyond in [low - 1.0, high + 1.0].into_iter().filter(|beyond| (0.0..=4_294_967_295.0).contains(beyond))
            {
                let error = at(beyond).unwrap_err();
                assert_eq!((error.field.as_str(), error.value), (field.as_str(), beyond.to_string()));
                assert!(error.remedy.ends_with(&format!("because {}", bounds.because)), "{}", error.remedy);
            }
        }
    }

    #[test]
    fn every_bound_has_a_reason() {
        for workload in workload::ALL {
            for bounds in Experiment::of(workload.id).unwrap().bounds(MAX_WORKERS) {
                assert!(!bounds.because.is_empty(), "{} of {}", bounds.field, workload.id);
            }
        }
    }
}
