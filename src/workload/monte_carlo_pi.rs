//! Estimate pi from the share of seeded random points of a square that fall into its quarter circle.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use super::{Partial, Progress, Steps, UnderLock, Workload, total};
use crate::experiment::Experiment;

/// Points a step: at about 4 ns a point, 0.13 us.
const STEP: u32 = 32;

pub static INFO: Workload = Workload {
    id: "monte-carlo-pi",
    about: "throws random points at a square and counts those inside the quarter circle: simulation",
    under_lock: UnderLock::Computes,
    size_unit: "points a task",
    default_size: 20_000_000,
    default_tasks: 4,
    python: Some(100),
    max_size: |_| 1_000_000_000,
    size_because: "more takes longer than anybody waits",
    start: |experiment, task, _| Box::new(Points::of(experiment, task)),
    merge: |experiment: &Experiment, partials: &[Partial]| {
        let inside = total(partials);
        let points = u64::from(experiment.size) * u64::from(experiment.tasks);
        #[expect(clippy::cast_precision_loss, reason = "both are far below 2^53")]
        let pi = 4.0 * inside as f64 / points as f64;
        format!("{pi:.9} ({inside} of {points} points inside)")
    },
    tile: None,
    counts: None,
    input: None,
    meeting: None,
};

struct Points {
    random: Pcg32,
    left: u32,
    inside: u64,
}

impl Points {
    /// All tasks draw from one sequence, each from its own place in it, so every split of the same
    /// points gives the same answer.
    fn of(experiment: &Experiment, task: u32) -> Self {
        let mut random = Pcg32::seed_from_u64(u64::from(experiment.seed));
        random.advance(2 * u64::from(task) * u64::from(experiment.size));
        Self { random, left: experiment.size, inside: 0 }
    }
}

impl Steps for Points {
    const QUANTUM: u32 = 256;

    fn step(&mut self) -> Progress {
        let points = self.left.min(STEP);
        self.inside += inside(&mut self.random, points);
        self.left -= points;
        if self.left > 0 { Progress::More } else { Progress::Done(self.inside.to_le_bytes().to_vec()) }
    }
}

/// How many of the next `points` points are within the quarter circle. Coordinates are 31-bit whole
/// numbers, so the comparison is exact on every machine.
#[inline(never)]
fn inside(random: &mut Pcg32, points: u32) -> u64 {
    const RADIUS: u64 = 1 << 31;
    let mut inside = 0;
    for _ in 0..points {
        let x = u64::from(random.next_u32() >> 1);
        let y = u64::from(random.next_u32() >> 1);
        inside += u64::from(x * x + y * y < RADIUS * RADIUS);
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answer, small};

    #[test]
    fn every_split_of_the_same_points_gives_the_same_answer() {
        let whole = answer(&small("monte-carlo-pi", 120_000, 1));
        assert_eq!(answer(&small("monte-carlo-pi", 40_000, 3)), whole);
        assert_eq!(answer(&small("monte-carlo-pi", 10_000, 12)), whole);
    }

    #[test]
    fn comes_near_pi() {
        let pi: f64 = answer(&small("monte-carlo-pi", 100_000, 4))[..11].parse().unwrap();
        assert!((pi - std::f64::consts::PI).abs() < 0.02, "{pi}");
    }
}
