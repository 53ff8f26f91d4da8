//! The points of a sweep as lines: which of them vary in one number alone.

use crate::chart::{Axis, Unit};
use crate::experiment::Point;

/// Points that have one field apart, whose values are numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub field: String,
    /// What all these points have in common.
    pub fixed: Point,
    /// The field's values, each with the point's number in the sweep.
    pub at: Vec<(f64, u32)>,
}

impl Line {
    /// `channel queue, size 1000`; empty where nothing else was swept.
    pub fn setting(&self) -> String {
        setting(&self.fixed)
    }

    /// The place of one of its values on [`Self::axis`].
    pub fn x(&self, value: f64) -> f64 {
        value * scale(&self.field).1
    }

    /// The axis of its values: logarithmic where they span more than one order of magnitude.
    pub fn axis(&self) -> Axis {
        let values = || self.at.iter().map(|(value, _)| *value);
        let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
        let log = least > 0.0 && most / least > 10.0;
        Axis { label: self.field.clone(), unit: scale(&self.field).0, log }
    }
}

/// A field's unit, and what its texts are in it.
fn scale(field: &str) -> (Unit, f64) {
    match field {
        "switch-interval" => (Unit::Seconds, 1e-3),
        "shared" => (Unit::Share, 1e-2),
        "memory-budget" => (Unit::Bytes, f64::from(1 << 20)),
        _ => (Unit::Count, 1.0),
    }
}

/// A point in words.
pub fn setting(point: &Point) -> String {
    point.iter().map(|(field, value)| format!("{field} {value}")).collect::<Vec<_>>().join(", ")
}

/// Every line of two points or more, the longest first. Where no two points differ in one field alone, because
/// fields vary together, there is one line, over the first field that is another number at every point.
pub fn lines(sweep: &[Point]) -> Vec<Line> {
    let mut fields: Vec<&String> = sweep.iter().flat_map(|point| point.keys()).collect();
    fields.sort_unstable();
    fields.dedup();
    let mut lines: Vec<Line> = fields.iter().flat_map(|field| over(sweep, field)).collect();
    lines.retain(|line| line.at.len() > 1);
    if lines.is_empty() {
        lines.extend(fields.iter().find_map(|field| together(sweep, field)));
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.at.len()));
    lines
}

fn over(sweep: &[Point], field: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (point, index) in sweep.iter().zip(0..) {
        let Some(value) = number(point, field) else { continue };
        let mut fixed = point.clone();
        fixed.remove(field);
        match lines.iter_mut().find(|line| line.fixed == fixed) {
            Some(line) => line.at.push((value, index)),
            None => lines.push(Line { field: field.to_owned(), fixed, at: vec![(value, index)] }),
        }
    }
    lines
}

fn together(sweep: &[Point], field: &str) -> Option<Line> {
    let at: Vec<(f64, u32)> =
        sweep.iter().zip(0..).map(|(point, index)| Some((number(point, field)?, index))).collect::<Option<_>>()?;
    let distinct = at.iter().all(|(value, index)| at.iter().all(|(other, of)| index == of || value != other));
    (distinct && at.len() > 1).then(|| Line { field: field.to_owned(), fixed: Point::new(), at })
}

fn number(point: &Point, field: &str) -> Option<f64> {
    point.get(field)?.parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Experiment;

    fn found(sweep: &str) -> Vec<(String, String, Vec<u32>)> {
        let mut experiment = Experiment::default();
        experiment.set("sweep", sweep).unwrap();
        let lines = lines(&experiment.sweep);
        lines.iter().map(|line| (line.field.clone(), line.setting(), line.at.iter().map(|at| at.1).collect())).collect()
    }

    #[test]
    fn points_that_differ_in_one_number_are_a_line() {
        let crossed = found("size=10 channel=queue; size=20 channel=queue; size=10 channel=message");
        assert_eq!(crossed, [("size".into(), "channel queue".into(), vec![0, 1])]);
        let convoy =
            found("background=0 switch-interval=5; background=1 switch-interval=5; background=1 switch-interval=1");
        let names: Vec<_> = convoy.iter().map(|(field, setting, _)| format!("{field} at {setting}")).collect();
        assert_eq!(names, ["background at switch-interval 5", "switch-interval at background 1"]);
    }

    #[test]
    fn fields_that_vary_together_are_one_line() {
        assert_eq!(found("size=10 tasks=4; size=20 tasks=2"), [("size".into(), String::new(), vec![0, 1])]);
        assert_eq!(found("workload=sha256; workload=io-wait"), []);
        assert_eq!(found(""), []);
    }

    #[test]
    fn an_axis_has_the_unit_of_its_field() {
        let mut experiment = Experiment::default();
        experiment.set("sweep", "switch-interval=1; switch-interval=50").unwrap();
        let line = &lines(&experiment.sweep)[0];
        assert_eq!(line.axis(), Axis::log("switch-interval", Unit::Seconds));
        assert!((line.x(50.0) - 0.05).abs() < 1e-12);
    }
}
