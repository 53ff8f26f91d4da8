//! Scale seeded pictures down (the `fast_image_resize` crate), as a web service does with what is uploaded.

use fast_image_resize::images::TypedImage;
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;
use sha2::{Digest, Sha256};

use super::{Partial, Picture, Progress, Steps, Tile, UnderLock, Workload, sha256};
use crate::experiment::Experiment;

/// Pixels of the picture made in a step: at about 6 ns a pixel, 0.2 us.
const STEP: u32 = 32;
/// Width and height of a tile of the small picture; a tile is a step, of 25 us. Whole rows would be simpler, but every
/// call computes the weights of each column and row anew, which would take longer than using them.
const TILE: u32 = 24;
/// How many times narrower and lower the small picture is.
const FACTOR: u32 = 4;
/// A filter of polynomials: the weights of others come from sines, which hosts compute differently.
const FILTER: ResizeAlg = ResizeAlg::Convolution(FilterType::CatmullRom);

pub static INFO: Workload = Workload {
    id: "image-resize",
    about: "makes pictures, and scales each down in a kernel that drops the lock: Pillow",
    under_lock: UnderLock::Drops,
    size_unit: "pixels wide and high",
    default_size: 2_048,
    default_tasks: 8,
    python: None,
    // 48 MiB a picture.
    max_size: |_| 4_096,
    size_because: "such a picture takes 48 MiB already",
    start: |experiment, task, _| Box::new(Resizing::of(experiment, task)),
    merge: |_: &Experiment, partials: &[Partial]| sha256::answer(partials),
    tile: None,
    counts: None,
    input: None,
    meeting: None,
};

struct Resizing {
    painter: Painter,
    /// Width and height of the picture.
    size: u32,
    /// The picture's rows, as far as they are made. Not an image from the start, which would be cleared in one
    /// go: several milliseconds without a checkpoint.
    picture: Vec<U8x3>,
    resizer: Resizer,
    /// The next tile of the small picture.
    next: u32,
    hash: Sha256,
}

impl Resizing {
    fn of(experiment: &Experiment, task: u32) -> Self {
        Self {
            painter: Painter::of((u64::from(experiment.seed) << 32) | u64::from(task)),
            size: experiment.size,
            picture: Vec::with_capacity(experiment.size.pow(2) as usize),
            resizer: Resizer::new(),
            next: 0,
            hash: Sha256::new(),
        }
    }

    fn is_painted(&self) -> bool {
        self.picture.len() == self.size.pow(2) as usize
    }

    /// Make the next pixels of the picture, which are all in one row.
    fn paint(&mut self) {
        let first = u32::try_from(self.picture.len()).expect("fewer than 2^32 pixels");
        let (x, y) = (first % self.size, first / self.size);
        let end = self.size.min(x + STEP);
        self.picture.extend((x..end).map(|x| self.painter.pixel(x, y)));
    }

    /// How many pixels of the picture become one, in both directions. It is a whole number, so that every tile
    /// is computed with the same weights; what it leaves over on the right and below is cut off.
    fn scale(&self) -> u32 {
        FACTOR.min(self.size)
    }

    /// The tiles of the small picture, row by row.
    fn tile(&self, index: u32) -> Option<Tile> {
        let size = self.size / self.scale();
        let columns = size.div_ceil(TILE);
        let (x, y) = (index % columns * TILE, index / columns * TILE);
        (y < size).then(|| Tile { x, y, width: TILE.min(size - x), height: TILE.min(size - y) })
    }

    /// Scale down what `tile` of the small picture shows.
    fn shrink(&mut self, tile: Tile) -> Vec<U8x3> {
        let mut small = TypedImage::new(tile.width, tile.height);
        let part = [tile.x, tile.y, tile.width, tile.height];
        let [x, y, width, height] = part.map(|pixels| f64::from(pixels * self.scale()));
        let options = ResizeOptions::new().resize_alg(FILTER).crop(x, y, width, height);
        // Of the type that the crate's own buffers have: for another one its code would be in the module twice.
        let picture = TypedImage::from_pixels_slice(self.size, self.size, &mut self.picture);
        let picture = picture.expect("the picture is painted");
        self.resizer.resize_typed(&picture, &mut small, &options).expect("the tile is within the picture");
        small.pixels().to_vec()
    }

    /// The small picture row by row, out of its tiles.
    fn shrink_all(&mut self) -> Vec<U8x3> {
        let size = self.size / self.scale();
        let mut pixels = vec![U8x3::new([0; 3]); size.pow(2) as usize];
        for tile in (0..).map_while(|index| self.tile(index)).collect::<Vec<_>>() {
            for (index, pixel) in (0..).zip(self.shrink(tile)) {
                pixels[((tile.y + index / tile.width) * size + tile.x + index % tile.width) as usize] = pixel;
            }
        }
        pixels
    }
}

/// What a task makes, and what it scales that down to, from a picture at most `most` pixels wide and high.
pub fn before_and_after(experiment: &Experiment, task: u32, most: u32) -> [Picture; 2] {
    let experiment = Experiment { size: experiment.size.min(most), ..experiment.clone() };
    let mut resizing = Resizing::of(&experiment, task);
    while !resizing.is_painted() {
        resizing.paint();
    }
    let after = resizing.shrink_all();
    let picture = |edge: u32, pixels: &[U8x3]| Picture { edge, rgb: pixels.iter().flat_map(|pixel| pixel.0).collect() };
    [picture(resizing.size, &resizing.picture), picture(resizing.size / resizing.scale(), &after)]
}

impl Steps for Resizing {
    const QUANTUM: u32 = 128;

    /// Under the lock the picture is made; it is scaled without, as Pillow does.
    fn step(&mut self) -> Progress {
        if !self.is_painted() {
            self.paint();
            return if self.is_painted() { Progress::MoreUnlocked } else { Progress::More };
        }
        match self.tile(self.next) {
            Some(tile) => {
                self.shrink(tile).iter().for_each(|pixel| self.hash.update(pixel.0));
                self.next += 1;
                Progress::MoreUnlocked
            }
            None => Progress::Done(self.hash.finalize_reset().to_vec()),
        }
    }
}

/// Makes pictures out of a seed: a wave of each colour, and grain.
struct Painter {
    /// By how much the colours change from one pixel to the next, to the right and down, in 1/256 levels.
    slopes: [[u32; 2]; 3],
    random: Pcg32,
}

impl Painter {
    fn of(seed: u64) -> Self {
        let mut random = Pcg32::seed_from_u64(seed);
        let slopes = std::array::from_fn(|_| std::array::from_fn(|_| random.next_u32() % 1_024));
        Self { slopes, random }
    }

    fn pixel(&mut self, x: u32, y: u32) -> U8x3 {
        let grain = self.random.next_u32().to_le_bytes();
        U8x3::new(std::array::from_fn(|colour| {
            let [right, down] = self.slopes[colour];
            let phase = ((x * right + y * down) >> 8) % 512;
            let [level, ..] = phase.min(511 - phase).to_le_bytes();
            level ^ (grain[colour] % 16)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{run_bare, tests::small};
    use super::*;
    use fast_image_resize::CpuExtensions;
    use proptest::prelude::*;

    fn painted(experiment: &Experiment, task: u32) -> Resizing {
        let mut resizing = Resizing::of(experiment, task);
        while !resizing.is_painted() {
            resizing.paint();
        }
        resizing
    }

    fn tiles(resizing: &Resizing) -> impl Iterator<Item = Tile> {
        (0..).map_while(|index| resizing.tile(index))
    }

    #[test]
    fn tiles_are_what_one_call_for_the_whole_picture_gives() {
        for size in [1, 3, 4, 30, 96, 260] {
            let mut resizing = painted(&small("image-resize", size, 1), 0);
            let edge = size / resizing.scale();
            let whole = resizing.shrink(Tile { x: 0, y: 0, width: edge, height: edge });
            // One call gives all its weights as many bits as the largest allows, so some are rounded otherwise.
            let near = |a: &U8x3, b: &U8x3| (0..3).all(|i| a.0[i].abs_diff(b.0[i]) <= 1);
            assert!(resizing.shrink_all().iter().zip(&whole).all(|(a, b)| near(a, b)), "{size}");
        }
    }

    #[test]
    fn the_extensions_of_a_processor_change_no_pixel() {
        let mut resizing = painted(&small("image-resize", 260, 1), 0);
        let with = resizing.shrink_all();
        // SAFETY: every processor can do without extensions.
        unsafe { resizing.resizer.set_cpu_extensions(CpuExtensions::None) };
        assert_eq!(resizing.shrink_all(), with);
    }

    #[test]
    fn a_task_is_the_digest_of_its_small_picture() {
        let experiment = small("image-resize", 96, 2);
        let [before, after] = before_and_after(&experiment, 1, 96);
        assert_eq!((before.edge, before.rgb.len(), after.edge), (96, 96 * 96 * 3, 24));
        assert_eq!(run_bare(&INFO, &experiment, 1, |_| ()), Sha256::digest(after.rgb).to_vec());
    }

    #[test]
    fn what_is_shown_of_a_large_picture_is_a_smaller_one() {
        let [before, after] = before_and_after(&small("image-resize", 96, 2), 1, 40);
        assert_eq!((before.edge, after.edge), (40, 10));
    }

    #[test]
    fn a_small_picture_has_the_colours_of_the_large_one() {
        let mut resizing = painted(&small("image-resize", 256, 1), 0);
        let mean = |pixels: &[U8x3]| {
            let mean = |i: usize| pixels.iter().map(|pixel| u64::from(pixel.0[i])).sum::<u64>() / pixels.len() as u64;
            [mean(0), mean(1), mean(2)]
        };
        let (large, small) = (mean(&resizing.picture), mean(&resizing.shrink_all()));
        assert!((0..3).all(|i| large[i].abs_diff(small[i]) <= 1), "{large:?} {small:?}");
    }

    #[test]
    fn tasks_and_seeds_make_different_pictures() {
        let experiment = small("image-resize", 20, 2);
        let other = Experiment { seed: 2, ..experiment.clone() };
        assert_ne!(run_bare(&INFO, &experiment, 0, |_| ()), run_bare(&INFO, &experiment, 1, |_| ()));
        assert_ne!(run_bare(&INFO, &experiment, 0, |_| ()), run_bare(&INFO, &other, 0, |_| ()));
    }

    /// It holds wherever the tests run, so every host that passes them answers alike.
    #[test]
    fn the_answer_is_known() {
        let answer = super::super::tests::answer(&small("image-resize", 100, 2));
        assert_eq!(answer, "sha256 6d5559c7a068c54e99fa6559212ab128d14abec5034081ea509e1948706151b6");
    }

    proptest! {
        #[test]
        fn tiles_cover_every_pixel_once(size in 1u32..200) {
            let resizing = Resizing::of(&small("image-resize", size, 1), 0);
            let small = size / resizing.scale();
            let mut seen = vec![0u8; (small * small) as usize];
            for tile in tiles(&resizing) {
                for pixel in 0..tile.width * tile.height {
                    seen[((tile.y + pixel / tile.width) * small + tile.x + pixel % tile.width) as usize] += 1;
                }
            }
            prop_assert!(seen.iter().all(|&times| times == 1));
        }
    }
}
