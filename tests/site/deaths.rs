//! Web workers that die in the middle of a run, of every fault there is and by the reader's hand.

use anyhow::{Context, Result, ensure};
use gilscope::experiment::{Experiment, Model};
use gilscope::fault::{Fault, doomed_task};
use gilscope::report::{Report, WarningCode};
use gilscope::trace::State;

use crate::page::{Page, eventually};
use crate::trials::{SiteTest, tests};
use gilscope_tests::driver::Engine;
use gilscope_tests::invariants;
use gilscope_tests::reports::{closed_form, small};

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(EVERY_ENGINE;
            whatever_a_worker_dies_of_its_task_is_run_again_and_the_answer_is_right,
            a_task_that_kills_every_worker_is_given_up_and_a_panic_on_a_shared_heap_fails_the_run_alone,
            a_reader_kills_a_worker_and_no_answer_is_lost,
        ),
        tests!(CHROMIUM;
            a_reader_kills_a_process_of_the_companion,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn struck(fault: Fault) -> Experiment {
    let models = vec![Model::Serial, Model::Processes];
    let (workers, size) = (vec![2], 3_000_000);
    Experiment { fault, models, workers, size, tasks: 6, runs: 1, warmup: 0, ..small("sum-of-squares") }
}

/// What the page is told of it.
fn cause(fault: Fault, engine: Engine) -> &'static str {
    match (fault, engine) {
        (Fault::Kill, _) => "it was terminated",
        // One that closes itself is only missed.
        (Fault::Exit | Fault::Wedge | Fault::Send | Fault::Start, Engine::WebKit) => "it was not heard of for 10 s",
        (Fault::Exit | Fault::Wedge | Fault::Send | Fault::Start, _) => "it was not heard of for 3 s",
        // A stack that is used up is an error of the engine's, not of WebAssembly's.
        (Fault::Overflow, _) => "",
        _ => "its WebAssembly trapped: ",
    }
}

/// Run it with less patience for the silent than usual, but with enough for a worker to start on a busy machine.
/// WebKitGTK needs all of it: there a wedged worker goes on computing after it is terminated.
async fn run(page: &Page, experiment: &Experiment) -> Result<Report> {
    let run = "return window.gilscope.run(args[0], { patienceS: args[1] })";
    let patience_s = if page.engine == Engine::WebKit { 10 } else { 3 };
    let report = page.js_async(run, vec![serde_json::json!(experiment), patience_s.into()]).await?;
    Ok(Report::from_json(&report.to_string())?)
}

async fn whatever_a_worker_dies_of_its_task_is_run_again_and_the_answer_is_right(page: &Page) -> Result<()> {
    page.open("").await?;
    for fault in Fault::ALL.into_iter().filter(|fault| *fault != Fault::None) {
        let experiment = struck(fault);
        let report = run(page, &experiment).await?;
        holds(&report, fault, page.engine).with_context(|| format!("{fault:?}"))?;
    }
    Ok(())
}

fn holds(report: &Report, fault: Fault, engine: Engine) -> Result<()> {
    ensure!(report.runs.iter().all(|run| run.answer == closed_form(&report.experiment)), "{:?}", report.runs);
    let processes = report.widest(Model::Processes).context("processes")?;
    ensure!(processes.per_worker.iter().map(|worker| worker.faults).sum::<u32>() == 1, "{:?}", processes.per_worker);
    let said = processes.warnings.iter().find(|warning| warning.code == WarningCode::WorkerDied);
    ensure!(said.context("a warning")?.text.contains(cause(fault, engine)), "{said:?}");
    // Before the first round nobody has a task.
    if fault != Fault::Start {
        let [death] = &processes.deaths[..] else { anyhow::bail!("{:?}", processes.deaths) };
        ensure!(death.tasks == [doomed_task(report.experiment.tasks)] && death.replaced_s.is_some(), "{death:?}");
        let spans = || report.trace.iter().flatten().flat_map(|run| &run.tracks).flat_map(|track| &track.spans);
        ensure!(spans().any(|span| span.state == State::Dead), "the trace shows no death");
    }
    invariants::hold(report);
    Ok(())
}

async fn a_task_that_kills_every_worker_is_given_up_and_a_panic_on_a_shared_heap_fails_the_run_alone(
    page: &Page,
) -> Result<()> {
    page.open("").await?;
    let report = page.run(&Experiment { fault_times: 3, ..struck(Fault::Kill) }).await?;
    let failed = report.warnings.iter().find(|warning| warning.code == WarningCode::Failed).context("a failure")?;
    ensure!(failed.text.contains("task 3 was tried 3 times and each time its worker died"), "{failed:?}");
    for model in [Model::Threads, Model::FreeThreads] {
        let experiment = Experiment { models: vec![Model::Serial, model], ..struck(Fault::Panic) };
        let report = page.run(&experiment).await?;
        let failed = report.warnings.iter().find(|warning| warning.code == WarningCode::Failed).context("a failure")?;
        ensure!(failed.text.contains("its WebAssembly trapped: "), "{failed:?}");
        ensure!(report.widest(model).is_none() && report.widest(Model::Serial).is_some());
        // The page's memory, on which it died, is sound.
        let report = page.run(&Experiment { fault: Fault::None, ..experiment }).await?;
        ensure!(report.widest(model).context("it runs")?.answer == closed_form(&report.experiment));
        invariants::hold(&report);
    }
    Ok(())
}

/// Tasks long enough to be killed in.
const LONG: &str = "#lab=worker-death&fault=none&tasks=30&size=20000000&runs=1&warmup=0&workers=2";

async fn a_reader_kills_a_worker_and_no_answer_is_lost(page: &Page) -> Result<()> {
    page.open(LONG).await?;
    kills(page, "it was killed").await
}

async fn a_reader_kills_a_process_of_the_companion(page: &Page) -> Result<()> {
    page.open(LONG).await?;
    page.offers("native-switch").await?;
    page.click("native-switch").await?;
    page.click("browser-switch").await?;
    kills(page, if cfg!(unix) { "signal: 9 (SIGKILL)" } else { "exit code: 1" }).await
}

/// Run, kill a worker, and see that the page tells of it.
async fn kills(page: &Page, cause: &str) -> Result<()> {
    page.click("run-button").await?;
    let killed = async || {
        // Once: a task that dies too often is given up.
        let script = "const told = document.querySelector('[data-testid=last-death]').textContent;
            const button = document.querySelector('[data-testid=kill-1]:enabled');
            if (button && !told && !(window.clicked > performance.now() - 1000)) {
                button.click();
                window.clicked = performance.now();
            }
            return told";
        Ok(page
            .js(script, vec![])
            .await?
            .as_str()
            .is_some_and(|text| text.contains(&format!("worker 1 died ({cause}); task "))))
    };
    ensure!(eventually(killed).await?, "nobody died: {}", page.text("status").await?);
    page.reaches("done").await?;
    let warning = "return document.body.innerText.includes(`died (${arguments[0]})`)";
    ensure!(page.js(warning, vec![cause.into()]).await? == true, "the report does not tell of the death");
    Ok(())
}
