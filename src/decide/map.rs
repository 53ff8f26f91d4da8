//! The same case with other lengths and other numbers of tasks.

use serde::Serialize;

use super::Case;
use super::costs::Costs;
use super::forecast::{choose, forecasts};
use crate::experiment::Model;

/// Powers of ten that the map spans: 1 to a million tasks, of 1 us to 10 s.
const TASKS: [i32; 2] = [0, 6];
const TASK_S: [i32; 2] = [-6, 1];
const STEPS_A_DECADE: i32 = 3;

/// The model for a range of cases, by the one in its middle.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MapCell {
    pub tasks: [f64; 2],
    pub task_s: [f64; 2],
    pub model: Model,
}

/// The edges of the cells, evenly apart on a logarithmic scale.
fn edges([from, to]: [i32; 2]) -> Vec<f64> {
    let steps = 0..=(to - from) * STEPS_A_DECADE;
    steps.map(|step| 10f64.powf(f64::from(from) + f64::from(step) / f64::from(STEPS_A_DECADE))).collect()
}

/// Number of tasks by number of tasks, and within one by length.
pub fn map(case: &Case, costs: &Costs) -> Vec<MapCell> {
    let (counts, lengths) = (edges(TASKS), edges(TASK_S));
    let cell = |tasks: [f64; 2], task_s: [f64; 2]| {
        let middle = |[low, high]: [f64; 2]| (low * high).sqrt();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to a million")]
        let whole = middle(tasks).round() as u32;
        let case = Case { tasks: whole.max(1), task_s: middle(task_s), ..*case };
        MapCell { tasks, task_s, model: choose(&forecasts(&case, costs)).model }
    };
    let rows = counts.windows(2).map(|tasks| [tasks[0], tasks[1]]);
    rows.flat_map(|tasks| lengths.windows(2).map(move |task_s| (tasks, [task_s[0], task_s[1]])))
        .map(|(tasks, task_s)| cell(tasks, task_s))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{case, costs};
    use super::*;

    #[test]
    fn the_map_has_every_cell_and_goes_from_a_plain_loop_to_processes() {
        let map = map(&case(), &costs());
        assert_eq!(map.len(), 18 * 21);
        assert_eq!(map.first().unwrap().model, Model::Serial);
        assert_eq!(map.last().unwrap().model, Model::Processes);
        let (low, high) = (map.first().unwrap(), map.last().unwrap());
        assert!((low.tasks[0] - 1.0).abs() < 1e-9 && (high.tasks[1] - 1e6).abs() < 1e-3);
        assert!((low.task_s[0] - 1e-6).abs() < 1e-12 && (high.task_s[1] - 10.0).abs() < 1e-9);
    }

    #[test]
    fn a_cell_is_judged_by_its_middle() {
        let (case, costs) = (case(), costs());
        let map = map(&case, &costs);
        // Tasks go by thirds of a decade, and so do lengths within them.
        assert!((map[20].task_s[1] - 10.0).abs() < 1e-9 && (map[21].tasks[0] - 10f64.cbrt()).abs() < 1e-9);
        assert!(map.windows(2).all(|pair| pair[0].task_s[1] == pair[1].task_s[0] || pair[1].task_s[0] < 2e-6));
        for cell in map {
            let middle = |[low, high]: [f64; 2]| (low * high).sqrt();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to a million")]
            let tasks = middle(cell.tasks).round() as u32;
            let at = Case { tasks, task_s: middle(cell.task_s), ..case };
            assert_eq!(cell.model, choose(&forecasts(&at, &costs)).model, "{cell:?}");
        }
    }
}
