//! `cargo xtask bench steps`: how long the steps of each workload are, after each of which a holder of the lock looks
//! whether it is wanted. They are to be 0.1 to 0.2 us.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gilscope::experiment::Experiment;
use gilscope::stats::Summary;
use gilscope::workload::{self, Breaker, Heap, Progress, Workload};

const WINDOW: Duration = Duration::from_millis(10);
const WINDOWS: usize = 15;

#[expect(clippy::print_stdout, reason = "a benchmark")]
pub fn run(_: &[String]) -> anyhow::Result<()> {
    println!("{:20} {:>12} {:>20}", "workload", "ns a look", "95 % interval");
    for workload in workload::ALL {
        let looks = Summary::of((0..WINDOWS).filter_map(|_| window(workload)).collect());
        let Some(Summary { median, ci95, .. }) = looks else {
            println!("{:20} computes without the lock", workload.id);
            continue;
        };
        let [low, high] = ci95.unwrap_or([median; 2]);
        println!("{:20} {median:>12.0} {:>20}", workload.id, format!("{low:.0} to {high:.0}"));
    }
    Ok(())
}

/// Nanoseconds a step that needs the lock, over a window; `None` if there was none.
fn window(workload: &Workload) -> Option<f64> {
    let experiment = Experiment::of(workload.id).ok()?;
    let heap: Arc<Heap> = Arc::default();
    if let Some(input) = workload.input {
        heap.put_input(input(&experiment).into());
    }
    let mut task = (workload.start)(&experiment, 0, &heap);
    let (mut steps, mut spent) = (0.0, Duration::ZERO);
    while spent < WINDOW {
        // The clock is read once in a while only.
        let start = Instant::now();
        for _ in 0..200 {
            match task.quantum(Breaker::after(1)) {
                Progress::More => steps += 1.0,
                Progress::MoreUnlocked | Progress::Wait { .. } => {}
                Progress::Done(_) => task = (workload.start)(&experiment, 0, &heap),
            }
        }
        spent += start.elapsed();
    }
    (steps > 100.0).then(|| spent.as_secs_f64() * 1e9 / steps)
}
