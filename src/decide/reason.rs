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

    /// The one that has this part, if there is one.
    fn with(case: &Case, costs: &Costs, part: &str) -> Option<String> {
        decide(case, costs).reasons.into_iter().find(|reason| reason.contains(part))
    }

    #[test]
    fn tasks_that_only_wait_are_not_said_to_compute() {
        let waiting = Case { wait_share: 1.0, ..case() };
        assert_eq!([with(&waiting, &costs(), "compute"), with(&waiting, &costs(), "side by side")], [None, None]);
        assert!(with(&waiting, &costs(), "They wait for 100 % of it").is_some());
    }

    #[test]
    fn costs_are_worth_a_word_from_a_twentieth_of_the_work_on() {
        // Starting four processes takes 0.2 s, the work 10 s.
        let start = |process_s: f64| {
            let costs = Costs { process_start_s: Some(Estimate { value: process_s, ci95: None }), ..costs() };
            with(&case(), &costs, "Starting the processes takes")
        };
        assert_eq!(start(0.12), None);
        assert!(start(0.13).unwrap().contains("takes 520 ms here; all of your work takes 10.00 s"));
        // 17 messages and 1,024,000 bytes.
        let sending = |message_s: f64, byte_s: f64| {
            let cost = |value| Some(Estimate { value, ci95: None });
            with(
                &case(),
                &Costs { message_s: cost(message_s), byte_s: cost(byte_s), ..costs() },
                "Processes would need",
            )
        };
        assert_eq!(sending(0.029, 0.0), None);
        assert_eq!(sending(0.03, 0.0).unwrap(), "Processes would need 17 messages of 30 ms each.");
        assert_eq!(sending(0.0, 4.8e-7), None);
        assert_eq!(
            sending(0.0, 4.9e-7).unwrap(),
            "Processes would need 17 messages of 0 ns each, and their data 502 ms."
        );
        assert!(sending(0.02, 2.4e-7).is_some(), "both together");
    }

    #[test]
    fn memory_is_a_reason_where_it_leaves_fewer_processes_than_there_could_be() {
        let fit = |mib: u32, costs: &Costs| {
            let case = Case { worker_bytes: f64::from(2 << 20), budget_bytes: f64::from(mib << 20), ..case() };
            with(&case, costs, "fit into your memory")
        };
        assert_eq!(fit(48, &costs()), None, "four of 12 MiB");
        assert_eq!(fit(47, &costs()).unwrap(), "At 12 MiB for each worker, only 3 processes fit into your memory.");
        let unknown = Costs { process_bytes: None, ..costs() };
        assert_eq!(
            fit(7, &unknown).unwrap(),
            "At 2 MiB for each worker, beside what a process itself takes, which cannot be told here, only 3 processes \
             fit into your memory."
        );
    }

    #[test]
    fn a_model_that_is_about_as_good_is_told() {
        let about = |model, elapsed_s| Forecast { model, elapsed_s, range_s: [elapsed_s; 2], workers: 1, chunk: 1 };
        let beside = |model, elapsed_s| close(&about(Model::FreeThreads, 2.0), &[about(model, elapsed_s)]);
        assert_eq!(beside(Model::Threads, 2.1).unwrap(), "Threads would take 1.05x of that: too close to call.");
        assert_eq!(beside(Model::Threads, 1.9).unwrap(), "Threads would take 0.95x of that: too close to call.");
        assert_eq!([beside(Model::Threads, 2.4), beside(Model::Threads, 1.6)], [None, None]);
        assert_eq!(beside(Model::FreeThreads, 2.0), None, "it is the one advised");
        let names = [Model::Serial, Model::Processes, Model::EventLoop].map(|model| beside(model, 2.0).unwrap());
        let begin = ["A plain loop", "Processes", "An event loop"];
        assert!(names.iter().zip(begin).all(|(text, name)| text.starts_with(&format!("{name} would take 1.00x"))));
    }

    #[test]
    fn only_models_that_the_case_could_use_are_said_to_be_unmeasured() {
        let unknown = Costs { workers: 4, ..Costs::default() };
        let said = |case: &Case| with(case, &unknown, "Nothing is said of").unwrap();
        assert!(said(&case()).starts_with("Nothing is said of threads and processes: "));
        assert!(said(&Case { wait_share: 0.5, ..case() }).contains("of threads and processes and event-loop: "));
        let none = Case { worker_bytes: 1.0, budget_bytes: 0.0, ..case() };
        assert!(said(&none).contains("of threads: "));
        assert_eq!(with(&case(), &costs(), "Nothing is said of"), None);
    }
}
