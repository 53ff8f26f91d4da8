//! What the advice rests on, in sentences with their figures.

use super::Case;
use super::costs::Costs;
use super::forecast::{Forecast, WORTH, each_bytes, fitting, messages};
use crate::experiment::Model;
use crate::labs::words::{bytes, percent, plural, ratio, seconds, times};

/// From this share of the work on, a cost is worth a word.
const NOTABLE: f64 = 0.05;

/// In the order in which they are read.
pub fn reasons(case: &Case, costs: &Costs, advice: &Forecast, forecasts: &[Forecast]) -> Vec<String> {
    let split = forecasts.iter().find(|one| one.model == Model::Processes);
    [
        under_the_lock(case),
        waits(case),
        split.and_then(|_| side_by_side(case, costs)),
        split.and_then(|split| start_up(case, costs, split)),
        split.and_then(|split| sending(case, costs, split)),
        memory(case, costs),
        close(advice, forecasts),
        unmeasured(case, costs, forecasts),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn under_the_lock(case: &Case) -> Option<String> {
    let share = percent(1.0 - case.wait_share);
    let text = || format!("Your tasks compute for {share} of their time. Under the lock threads take turns at that.");
    (case.wait_share < 1.0).then(text)
}

fn waits(case: &Case) -> Option<String> {
    let share = percent(case.wait_share);
    let text = || {
        format!("They wait for {share} of it; waits overlap in threads and in an event loop, on any number of cores.")
    };
    (case.wait_share > 0.0).then(text)
}

fn side_by_side(case: &Case, costs: &Costs) -> Option<String> {
    let speedup = times(costs.speedup?);
    let processes = plural(costs.workers, "process", "processes");
    let text =
        || format!("{processes} side by side ran {speedup} as fast as one task after another: they cannot gain more.");
    (case.wait_share < 1.0).then(text)
}

fn start_up(case: &Case, costs: &Costs, split: &Forecast) -> Option<String> {
    let start_s = f64::from(split.workers) * costs.process_start_s?.value;
    let (start, work) = (seconds(start_s), seconds(case.work_s()));
    let text =
        || format!("Starting the processes takes {start} here; all of your work takes {work} one after another.");
    (start_s > NOTABLE * case.work_s()).then(text)
}

fn sending(case: &Case, costs: &Costs, split: &Forecast) -> Option<String> {
    let (messages, message_s) = (messages(case, split.chunk), costs.message_s?.value);
    let bytes_s = f64::from(case.tasks) * case.task_bytes * costs.byte_s.map_or(0.0, |cost| cost.value);
    let text = || {
        let data = if bytes_s > 0.0 { format!(", and their data {}", seconds(bytes_s)) } else { String::new() };
        let messages = plural(messages, "message", "messages");
        format!("Processes would need {messages} of {} each{data}.", seconds(message_s))
    };
    (f64::from(messages) * message_s + bytes_s > NOTABLE * case.work_s()).then(text)
}

fn memory(case: &Case, costs: &Costs) -> Option<String> {
    let (fit, each) = (fitting(case, costs), bytes(each_bytes(case, costs)));
    let beside = if costs.process_bytes.is_none() {
        ", beside what a process itself takes, which cannot be told here"
    } else {
        ""
    };
    let text = || {
        format!("At {each} for each worker{beside}, only {} fit into your memory.", plural(fit, "process", "processes"))
    };
    (fit < costs.workers).then(text)
}

/// Another model that is as good as the one advised.
fn close(advice: &Forecast, forecasts: &[Forecast]) -> Option<String> {
    let second = forecasts.iter().find(|one| one.model != advice.model)?;
    let factor = second.elapsed_s / advice.elapsed_s;
    let close = (WORTH.recip()..WORTH).contains(&factor);
    close.then(|| format!("{} would take {}x of that: too close to call.", name(second.model), ratio(factor)))
}

fn name(model: Model) -> &'static str {
    match model {
        Model::Serial => "A plain loop",
        Model::Threads => "Threads",
        Model::Processes => "Processes",
        Model::FreeThreads => "Free threads",
        Model::EventLoop => "An event loop",
    }
}

/// Models that would be thought of, were their costs known.
fn unmeasured(case: &Case, costs: &Costs, forecasts: &[Forecast]) -> Option<String> {
    let possible = [
        (Model::Threads, true),
        (Model::Processes, fitting(case, costs) > 0),
        (Model::EventLoop, case.wait_share > 0.0),
    ];
    let lacking =
        possible.into_iter().filter(|(model, possible)| *possible && forecasts.iter().all(|one| one.model != *model));
    let names: Vec<_> = lacking.map(|(model, _)| model.name()).collect();
    (!names.is_empty())
        .then(|| format!("Nothing is said of {}: their costs could not be measured here.", names.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::super::decide;
    use super::super::tests::{case, costs};
    use super::*;
    use crate::stats::Estimate;

    #[test]
    fn reasons_are_sentences_with_their_figures() {
        let slow = Costs { byte_s: Some(Estimate { value: 1e-6, ci95: None }), ..costs() };
        assert_eq!(
            decide(&case(), &slow).reasons,
            [
                "Your tasks compute for 100 % of their time. Under the lock threads take turns at that.",
                "4 processes side by side ran 3.60x (3.24-3.96) as fast as one task after another: they cannot gain more.",
                "Processes would need 17 messages of 50 us each, and their data 1.02 s.",
            ]
        );
        let few = Case { tasks: 8, wait_share: 0.5, ..case() };
        assert_eq!(
            decide(&few, &costs()).reasons,
            [
                "Your tasks compute for 50 % of their time. Under the lock threads take turns at that.",
                "They wait for 50 % of it; waits overlap in threads and in an event loop, on any number of cores.",
                "4 processes side by side ran 3.60x (3.24-3.96) as fast as one task after another: they cannot gain more.",
                "Starting the processes takes 200 ms here; all of your work takes 80 ms one after another.",
            ]
        );
    }
}
