//! The ceiling's bare workers: threads that run the kernel with nothing around it.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use gilscope::host::{HostError, Sample};
use gilscope::schedule::bare_tasks;
use gilscope::workload;

use super::Context;

/// Starts its threads afresh for every sample and times them from the moment when all are there.
pub struct BarePool {
    context: Context,
    pub stable: bool,
}

impl BarePool {
    pub fn start(context: Context) -> Self {
        let stable = context.warm_up();
        Self { context, stable }
    }

    pub fn sample(&self) -> Result<Sample, HostError> {
        let context = &self.context;
        let workload = workload::find(&context.experiment.workload).expect("a valid experiment");
        let barrier = Barrier::new(context.workers as usize);
        let sleep = |us: f64| thread::sleep(Duration::from_secs_f64(us / 1e6));
        let times = thread::scope(|scope| {
            let run = || {
                barrier.wait();
                let start_us = context.now_us();
                for task in bare_tasks(&context.experiment).take_while(|_| !context.cancel.is_cancelled()) {
                    std::hint::black_box(workload::run_bare(workload, &context.experiment, task, sleep));
                }
                (start_us, context.now_us())
            };
            let threads: Vec<_> = (0..context.workers).map(|_| scope.spawn(run)).collect();
            threads.into_iter().map(|thread| thread.join().ok()).collect::<Option<Vec<_>>>()
        });
        context.check_cancel()?;
        let times = times.ok_or_else(|| HostError::Failed("a bare worker panicked; its message is above".into()))?;
        let start_us = times.iter().map(|(start_us, _)| *start_us).fold(f64::INFINITY, f64::min);
        let end_us = times.iter().map(|(_, end_us)| *end_us).fold(0.0, f64::max);
        Ok(Sample { start_us, end_us, ..Sample::default() })
    }
}
