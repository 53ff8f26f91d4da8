//! The race at the points of a reader's own sweep: over what is a number, and by its name over what is not.

use crate::chart::{Axis, Chart, Form, Mark, Unit};
use crate::experiment::Model;
use crate::points::{self, Line};
use crate::report::{Report, Run};
use crate::stats::Summary;

/// Most lines of a sweep that are drawn: the longest ones.
const LINES: usize = 4;

/// A quantity of a run that is worth a chart.
struct Drawn {
    title: &'static str,
    label: &'static str,
    unit: Unit,
    log: bool,
    of: fn(&Run) -> Option<&Summary>,
}

const DRAWN: [Drawn; 2] = [
    Drawn {
        title: "How many times as fast as one task after another",
        label: "speed-up",
        unit: Unit::Ratio,
        log: false,
        of: |run| run.speedup.as_ref().filter(|_| run.model != Model::Serial),
    },
    Drawn {
        title: "How long all tasks took",
        label: "elapsed time",
        unit: Unit::Seconds,
        log: true,
        of: |run| Some(&run.elapsed_s),
    },
];

pub fn charts(report: &Report) -> Vec<Chart> {
    let lines = points::lines(&report.experiment.sweep);
    let charts = |drawn: &Drawn| match lines.is_empty() {
        true => vec![bars(report, drawn)],
        false => lines.iter().take(LINES).map(|line| over(report, drawn, line)).collect(),
    };
    DRAWN.iter().flat_map(charts).filter(|chart| !chart.series.is_empty()).collect()
}

/// Models with each number of workers, in the order of the report.
fn arms(report: &Report) -> Vec<(Model, u32)> {
    let mut arms: Vec<_> = report.runs.iter().map(|run| (run.model, run.workers)).collect();
    arms.sort_unstable();
    arms.dedup();
    arms
}

fn over(report: &Report, drawn: &Drawn, line: &Line) -> Chart {
    let setting = line.setting();
    let title = if setting.is_empty() { drawn.title.to_owned() } else { format!("{}, at {setting}", drawn.title) };
    let y = Axis { label: drawn.label.into(), unit: drawn.unit, log: drawn.log };
    let chart = Chart::new(title, Form::Lines, line.axis(), y);
    // Over the number of workers a model is one line, over anything else it has one for each number.
    if line.field == "workers" {
        return Model::ALL.into_iter().fold(chart, |chart, model| {
            chart.with(model.name(), marks(report, drawn, line, |run| run.model == model))
        });
    }
    let arms = arms(report);
    arms.iter().fold(chart, |chart, &(model, workers)| {
        let several = arms.iter().filter(|arm| arm.0 == model).count() > 1;
        let name = if several { format!("{model}, {workers}") } else { model.to_string() };
        chart.with(name, marks(report, drawn, line, |run| (run.model, run.workers) == (model, workers)))
    })
}

fn marks(report: &Report, drawn: &Drawn, line: &Line, is_of: impl Fn(&Run) -> bool) -> Vec<Mark> {
    let at = |(value, index): &(f64, u32)| {
        let run = report.runs.iter().find(|run| run.point == Some(*index) && is_of(run))?;
        Some(Mark::of(line.x(*value), (drawn.of)(run)?))
    };
    line.at.iter().filter_map(at).collect()
}

fn bars(report: &Report, drawn: &Drawn) -> Chart {
    let axis = Axis { label: drawn.label.into(), unit: drawn.unit, log: false };
    let chart = Chart::new(drawn.title, Form::Bars, Axis::new("point", Unit::None), axis);
    let sweep = &report.experiment.sweep;
    arms(report).iter().fold(chart, |chart, (model, workers)| {
        let runs = report.runs.iter().filter(|run| (run.model, run.workers) == (*model, *workers));
        let marks = runs.filter_map(|run| {
            let point = sweep.get(run.point? as usize)?;
            Some(Mark::of(points::setting(point), (drawn.of)(run)?))
        });
        chart.with(format!("{model}, {workers}"), marks.collect::<Vec<_>>())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::race;

    fn swept(sweep: &str) -> Vec<Chart> {
        let mut report = race::tests::report(1.0, 1.9, 1.95);
        report.experiment.set("sweep", sweep).unwrap();
        let runs = std::mem::take(&mut report.runs);
        for point in 0..u32::try_from(report.experiment.sweep.len()).unwrap() {
            report.runs.extend(runs.iter().map(|run| Run { point: Some(point), ..run.clone() }));
        }
        assert_eq!(race::LAB.analysis.judge(&report), None, "a sweep is no race");
        race::LAB.analysis.charts(&report)
    }

    #[test]
    fn a_number_that_varies_is_an_axis() {
        let charts = swept("size=1000; size=10000; size=100000");
        assert_eq!(charts.len(), 2);
        assert_eq!(charts[0].x, Axis::log("size", Unit::Count));
        assert_eq!(
            charts[0].series.iter().map(|s| (s.name.as_str(), s.marks.len())).collect::<Vec<_>>(),
            [("threads", 3), ("processes", 3)]
        );
    }

    #[test]
    fn names_that_vary_are_bars() {
        let charts = swept("channel=message; channel=queue");
        assert_eq!((charts.len(), charts[0].form), (2, Form::Bars));
        assert_eq!(charts[0].series[0].marks[1].x, "channel queue".into());
    }
}
