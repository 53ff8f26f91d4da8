//! The Mandelbrot set: the picture is the answer, each task one tile of it.

use std::hint::black_box;

use super::{Partial, Progress, Steps, Tile, UnderLock, Workload, sha256};
use crate::experiment::Experiment;

/// Iterations after which a point counts as inside the set.
const MOST_ITERATIONS: u16 = 1_000;
/// Iterations a step, at most: at about 3 ns an iteration, 0.15 us.
const STEP: u16 = 48;

pub static INFO: Workload = Workload {
    id: "mandelbrot",
    about: "draws the Mandelbrot set tile by tile: some tiles are much harder than others",
    under_lock: UnderLock::Computes,
    size_unit: "pixels wide and high",
    default_size: 512,
    default_tasks: 64,
    python: Some(6),
    max_size: |_| 8_192,
    size_because: "such a picture takes 128 MiB already",
    start: |experiment, task, _| Box::new(Picture::of(experiment, task)),
    merge: |experiment: &Experiment, partials: &[Partial]| {
        format!("{0} x {0} pixels, {1}", experiment.size, sha256::answer(partials))
    },
    tile: Some(tile),
    counts: None,
    input: None,
    meeting: None,
};

/// The tasks' tiles lie in a grid that is as near to square as their number allows.
fn tile(experiment: &Experiment, task: u32) -> Tile {
    let tasks = experiment.tasks;
    let rows = (1..=tasks.isqrt()).rev().find(|rows| tasks.is_multiple_of(*rows)).unwrap_or(1);
    let columns = tasks / rows;
    let edge = |index: u32, of: u32| {
        u32::try_from(u64::from(experiment.size) * u64::from(index) / u64::from(of)).expect("at most the size")
    };
    let (row, column) = (task / columns, task % columns);
    let (x, y) = (edge(column, columns), edge(row, rows));
    Tile { x, y, width: edge(column + 1, columns) - x, height: edge(row + 1, rows) - y }
}

struct Picture {
    tile: Tile,
    size: u32,
    /// The point that it is at, and which one that is.
    point: Point,
    next: u32,
    pixels: Vec<u8>,
}

impl Picture {
    fn of(experiment: &Experiment, task: u32) -> Self {
        let tile = tile(experiment, task);
        let pixels = Vec::with_capacity(tile.width as usize * tile.height as usize * 2);
        let mut picture = Self { tile, size: experiment.size, point: Point::default(), next: 0, pixels };
        picture.point = picture.at(0);
        picture
    }

    /// The tile's point of this number, row by row.
    fn at(&self, index: u32) -> Point {
        // An empty tile has no point.
        let width = self.tile.width.max(1);
        let (column, row) = (self.tile.x + index % width, self.tile.y + index / width);
        let scale = 3.0 / f64::from(self.size);
        Point::new(f64::from(column) * scale - 2.25, f64::from(row) * scale - 1.5)
    }
}

impl Steps for Picture {
    const QUANTUM: u32 = 200;

    fn step(&mut self) -> Progress {
        if self.next == self.tile.width * self.tile.height {
            return Progress::Done(std::mem::take(&mut self.pixels));
        }
        if let Some(iterations) = self.point.iterate(STEP) {
            self.pixels.extend(iterations.to_le_bytes());
            self.next += 1;
            self.point = self.at(self.next);
        }
        Progress::More
    }
}

/// A point of the plane, part-way through its iterations of z -> z^2 + c.
#[derive(Clone, Copy, Default)]
struct Point {
    real: f64,
    imaginary: f64,
    x: f64,
    y: f64,
    iterations: u16,
}

impl Point {
    fn new(real: f64, imaginary: f64) -> Self {
        Self { real, imaginary, ..Self::default() }
    }

    /// Do at most so many iterations. Gives how many there are before |z| exceeds 2, at most [`MOST_ITERATIONS`], once
    /// that is known.
    #[inline(never)]
    fn iterate(&mut self, most: u16) -> Option<u16> {
        let Self { real, imaginary, mut x, mut y, iterations } = *self;
        // What the compiler cannot see it does not pack into vectors: their shuffles made each iteration half as long again.
        let imaginary = black_box(imaginary);
        let stop = MOST_ITERATIONS.min(iterations + most);
        for count in iterations..stop {
            let (xx, yy) = (x * x, y * y);
            if xx + yy > 4.0 {
                return Some(count);
            }
            y = 2.0 * x * y + imaginary;
            x = xx - yy + real;
        }
        *self = Self { x, y, iterations: stop, ..*self };
        (stop == MOST_ITERATIONS).then_some(MOST_ITERATIONS)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{run_bare, tests::small};
    use super::*;
    use proptest::prelude::*;
    use std::iter;

    #[test]
    fn known_points_are_inside_and_outside() {
        for most in [1, 7, STEP, MOST_ITERATIONS] {
            let iterations = |real, imaginary| {
                let mut point = Point::new(real, imaginary);
                iter::repeat_with(|| point.iterate(most)).find_map(|found| found).unwrap()
            };
            assert_eq!(iterations(0.0, 0.0), MOST_ITERATIONS);
            assert_eq!(iterations(-1.0, 0.0), MOST_ITERATIONS);
            assert_eq!(iterations(2.0, 2.0), 1);
        }
    }

    #[test]
    fn a_task_gives_two_bytes_a_pixel_of_its_tile() {
        let experiment = small("mandelbrot", 50, 6);
        let tile = tile(&experiment, 4);
        assert_eq!(run_bare(&INFO, &experiment, 4, |_| ()).len() as u32, tile.width * tile.height * 2);
    }

    proptest! {
        #[test]
        fn tiles_cover_every_pixel_once(size in 1u32..60, tasks in 1u32..40) {
            let experiment = small("mandelbrot", size, tasks);
            let mut seen = vec![0u8; (size * size) as usize];
            for task in 0..tasks {
                let Tile { x, y, width, height } = tile(&experiment, task);
                for pixel in 0..width * height {
                    seen[((y + pixel / width) * size + x + pixel % width) as usize] += 1;
                }
            }
            prop_assert!(seen.iter().all(|&times| times == 1));
        }
    }
}
