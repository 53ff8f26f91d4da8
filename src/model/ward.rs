//! Who has died in a sample, of which tasks, and which of those are tried once more.

use std::collections::HashMap;

use crate::experiment::Experiment;
use crate::fault::{Fault, doomed_task};
use crate::host::{Death, HostError, Sink};

/// A task whose workers have died so often is not tried again, nor is a worker started again that died so often
/// without an answer in between.
pub const TRIES: u32 = 3;

/// The deaths of a sample.
pub struct Ward {
    fault: Fault,
    /// How often the doomed task kills its worker.
    times: u32,
    doomed: u32,
    /// Workers that died of a task in this sample.
    deaths_of: HashMap<u32, u32>,
    /// Tasks that nobody tries any more, with the cause of the last death.
    lost: Vec<(u32, String)>,
    deaths: Vec<Death>,
    /// Tasks of this sample without an answer.
    unanswered: u32,
    /// The fault at a start has struck.
    has_struck: bool,
}

impl Ward {
    pub fn new(experiment: &Experiment) -> Self {
        Self {
            fault: experiment.fault,
            times: experiment.fault_times,
            doomed: doomed_task(experiment.tasks),
            deaths_of: HashMap::new(),
            lost: Vec::new(),
            deaths: Vec::new(),
            unanswered: 0,
            has_struck: false,
        }
    }

    pub fn begin_sample(&mut self, tasks: u32) {
        self.deaths_of.clear();
        self.deaths.clear();
        self.unanswered = tasks;
    }

    /// What a worker is to suffer at its start.
    pub fn at_start(&mut self, worker: u32) -> Fault {
        let strikes = self.fault == Fault::Start && worker == 0 && !self.has_struck;
        self.has_struck |= strikes;
        if strikes { Fault::Start } else { Fault::None }
    }

    /// What a worker with these tasks is to suffer.
    pub fn at(&self, tasks: &[u32]) -> Fault {
        let strikes = tasks.contains(&self.doomed) && self.deaths_of(self.doomed) < self.times;
        if strikes && self.fault != Fault::Start { self.fault } else { Fault::None }
    }

    pub fn deaths_of(&self, task: u32) -> u32 {
        self.deaths_of.get(&task).copied().unwrap_or(0)
    }

    pub fn answered(&mut self) {
        self.unanswered = self.unanswered.saturating_sub(1);
    }

    /// Take in a death. Gives those of its tasks that are to be tried once more.
    pub fn admit(&mut self, mut death: Death, sink: &mut dyn Sink) -> Vec<u32> {
        death.unanswered = self.unanswered;
        let mut again = Vec::new();
        for &task in &death.tasks {
            let deaths = self.deaths_of.entry(task).or_insert(0);
            *deaths += 1;
            if *deaths < TRIES {
                again.push(task);
            } else {
                self.lost.push((task, death.cause.clone()));
            }
        }
        sink.died(&death);
        self.deaths.push(death);
        again
    }

    /// A fresh worker has taken the place of one that died.
    pub fn revived(&mut self, worker: u32, at_us: f64) {
        let death = self.deaths.iter_mut().rfind(|death| death.worker == worker && death.ready_us.is_none());
        if let Some(death) = death {
            death.ready_us = Some(at_us);
        }
    }

    /// The deaths of this sample.
    ///
    /// # Errors
    /// When there is a task that nobody tries any more.
    pub fn close(&mut self) -> Result<Vec<Death>, HostError> {
        let Some((task, cause)) = self.lost.first() else { return Ok(std::mem::take(&mut self.deaths)) };
        Err(HostError::Failed(format!(
            "task {task} was tried {TRIES} times and each time its worker died, at last so: {cause}. All other tasks were \
             answered"
        )))
    }
}
