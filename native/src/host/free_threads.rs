//! `free-threads`: a rayon pool of OS threads.

use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use gilscope::host::{Found, HostError, Sample, Sink};
use gilscope::model::free_threads::run_free_threads;
use gilscope::model::job::Job;
use gilscope::trace::State;
use gilscope::trace::ring::Recorder;
use rayon::{ThreadBuilder, ThreadPoolBuilder};

use super::Context;
use super::threads::{Answer, Crew, answer_of};

/// A rayon pool of its own, not the global one, so that each number of workers has one.
pub struct FreePool {
    pub crew: Crew,
    pool: Arc<rayon::ThreadPool>,
    recorders: Arc<Vec<Mutex<Recorder>>>,
    answer: Sender<Answer>,
    answers: Receiver<Answer>,
}

impl FreePool {
    pub fn start(context: Context, sink: &mut dyn Sink) -> Result<Self, HostError> {
        let (mut crew, recorders) = Crew::recruit(context);
        let recorders: Arc<Vec<_>> = Arc::new(recorders.into_iter().map(Mutex::new).collect());
        let (answer, answers) = channel();
        let mut hire = |thread: ThreadBuilder| {
            let worker = u32::try_from(thread.index()).expect("few workers");
            let (recorders, answer) = (recorders.clone(), answer.clone());
            let body = move || {
                let at_us = recorders[thread.index()].lock().expect("only this thread's").enter(State::Idle, None);
                let _ = answer.send(Answer::Ready { at_us });
                // Holding on to the way to answer would hide that this thread is gone.
                drop(answer);
                thread.run();
            };
            crew.hire(worker, &answers, sink, |builder| builder.spawn(body)).map_err(std::io::Error::other)
        };
        let built = ThreadPoolBuilder::new()
            .num_threads(recorders.len())
            .spawn_handler(&mut hire)
            .build()
            .map_err(|error| HostError::Failed(error.to_string()))?;
        let context = crew.context.clone();
        if !context.is_cold() {
            for stable in built.broadcast(|_| context.warm_up()) {
                crew.stable &= stable;
            }
        }
        crew.context.check_cancel()?;
        Ok(Self { crew, pool: Arc::new(built), recorders, answer, answers })
    }

    pub fn sample(&mut self, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        let context = self.crew.context.clone();
        let job = Arc::new(Job::new(&context.experiment, tasks, context.cancel.clone()));
        let start_us = context.now_us();
        let (shared, recorders, answer) = (job.clone(), self.recorders.clone(), self.answer.clone());
        let pool = Arc::downgrade(&self.pool);
        self.pool.spawn(move || {
            let _ = answer.send(answer_of(|| {
                if let Some(pool) = pool.upgrade() {
                    run_free_threads(&shared, &pool, &recorders);
                }
                Answer::Done { at_us: context.now_us() }
            }));
        });
        let end_us = self.crew.wait(&job, &self.answers, 1, sink)?;
        let found = job.found().map(|by_parent| Found { by_parent, by_worker: Vec::new() });
        Ok(Sample { start_us, end_us, found, ..Sample::default() })
    }

    pub fn stop(self, sink: &mut dyn Sink) {
        drop(self.pool);
        self.crew.dismiss(sink);
    }
}
