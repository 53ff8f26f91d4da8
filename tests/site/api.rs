//! `window.gilscope.run`: the invariants, and the answers beside those of the native host.

use anyhow::{Context, Result, ensure};
use gilscope::experiment::{Channel, Experiment, Model};
use gilscope::report::{HostKind, LockTransport, WarningCode};
use gilscope::trace::State;
use gilscope::workload;

use crate::page::Page;
use crate::trials::{SiteTest, tests};
use gilscope_tests::invariants;
use gilscope_tests::reports::{closed_form, native, small};

pub fn tests() -> Vec<SiteTest> {
    [
        tests!(CHROMIUM_AND_FIREFOX;
            every_workload_holds_the_invariants_and_agrees_with_the_native_host,
        ),
        tests!(EVERY_ENGINE;
            many_workers_and_chunks_give_the_same_answer,
            the_largest_data_comes_through_every_channel,
            threads_share_one_memory_and_processes_do_not,
            under_the_lock_two_workers_take_turns,
        ),
        tests!(CHROMIUM;
            what_cannot_be_run_rejects_with_the_field,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

async fn every_workload_holds_the_invariants_and_agrees_with_the_native_host(page: &Page) -> Result<()> {
    page.open("").await?;
    for workload in workload::ALL {
        let experiment = small(workload.id);
        let report = page.run(&experiment).await?;
        ensure!(report.host.kind == HostKind::Browser && report.experiment == experiment);
        let runs = |model: &Model| if model.is_alone() { 1 } else { experiment.workers.len() };
        ensure!(report.runs.len() == experiment.models.iter().map(runs).sum::<usize>(), "{}", workload.id);
        invariants::hold(&report);
        let wrong = invariants::answers([&report, &native(&experiment)]);
        ensure!(wrong.is_empty(), "{}: {wrong:?}", workload.id);
    }
    Ok(())
}

async fn many_workers_and_chunks_give_the_same_answer(page: &Page) -> Result<()> {
    page.open("").await?;
    let experiment = Experiment {
        size: 20_000,
        tasks: 70,
        chunk: 3,
        workers: vec![1, 32],
        runs: 1,
        warmup: 0,
        ..Experiment::default()
    };
    let report = page.run(&experiment).await?;
    ensure!(report.runs.len() == 7);
    for run in &report.runs {
        ensure!(run.answer == closed_form(&experiment), "{}: {}", run.model, run.answer);
        ensure!(run.per_worker.len() == run.workers as usize);
        ensure!(run.per_worker.iter().map(|worker| worker.tasks).sum::<u32>() == 70, "{}", run.model);
    }
    ensure!(report.warnings.iter().any(|warning| warning.code == WarningCode::MoreWorkersThanCores));
    Ok(())
}

/// A worker's memory has room for little more.
async fn the_largest_data_comes_through_every_channel(page: &Page) -> Result<()> {
    page.open("").await?;
    for channel in [Channel::Message, Channel::Transfer, Channel::SharedMemory] {
        let models = vec![Model::Processes];
        let experiment =
            Experiment { size: 64 << 20, tasks: 3, models, channel, workers: vec![1], ..small("checksum") };
        let report = page.run(&experiment).await?;
        ensure!(report.runs.len() == 1 && report.runs[0].elapsed_s.samples.len() == 2, "{channel:?}: {report:?}");
        ensure!(report.warnings.iter().all(|warning| warning.code != WarningCode::Failed), "{channel:?}");
    }
    Ok(())
}

async fn threads_share_one_memory_and_processes_do_not(page: &Page) -> Result<()> {
    page.open("").await?;
    ensure!(
        page.js("return window.crossOriginIsolated && typeof SharedArrayBuffer === 'function'", vec![]).await? == true
    );
    let body = "
        const memories = [];
        const post = Worker.prototype.postMessage;
        Worker.prototype.postMessage = function (message, ...rest) {
            if (message.tag === 'start') memories.push(message.memory ? message.memory.buffer : null);
            return post.call(this, message, ...rest);
        };
        const of = async (model) => {
            memories.length = 0;
            const { host } = await window.gilscope.run({ ...args[0], models: [model] });
            const shared = memories.filter((memory) => memory?.constructor.name === 'SharedArrayBuffer');
            return [memories.length, shared.length, host.isolated];
        };
        return [await of('threads'), await of('free-threads'), await of('processes')];";
    let experiment = Experiment { size: 20_000, workers: vec![2], runs: 1, warmup: 0, ..Experiment::default() };
    let counts = page.js_async(body, vec![serde_json::json!(experiment)]).await?;
    let [threads, free, processes]: [(u32, u32, bool); 3] = serde_json::from_value(counts)?;
    ensure!(threads.1 >= 2 && threads.2, "threads: {threads:?}");
    ensure!(free.1 >= 2 && free.2, "free-threads: {free:?}");
    ensure!(processes.0 >= 2 && processes.1 == 0, "processes: {processes:?}");
    Ok(())
}

async fn under_the_lock_two_workers_take_turns(page: &Page) -> Result<()> {
    page.open("").await?;
    let one = Experiment { size: 20_000_000, tasks: 2, workers: vec![2], runs: 1, warmup: 0, ..Experiment::default() };
    let experiment = Experiment { models: vec![Model::Threads], switch_interval_s: 0.001, trace: true, ..one };
    let report = page.run(&experiment).await?;
    invariants::hold(&report);
    ensure!(report.host.lock == Some(LockTransport::SharedMemory));
    let lock = report.runs[0].lock.as_ref().context("a lock")?;
    ensure!(lock.forced_switches > 0 && lock.acquisitions > lock.forced_switches, "{lock:?}");
    let tracks = &report.trace.as_ref().context("a trace")?[0].tracks;
    let running = tracks.iter().flat_map(|track| {
        let spans = track.spans.iter().filter(|span| span.state == State::Running && span.task.is_some());
        spans.map(|span| (span.start_us, track.worker))
    });
    let mut running: Vec<_> = running.collect();
    running.sort_by(|a, b| a.0.total_cmp(&b.0));
    let turns = running.windows(2).filter(|pair| pair[0].1 != pair[1].1).count();
    ensure!(turns >= 4, "{turns} turns in {running:?}");
    ensure!(report.runs[0].per_worker.iter().all(|worker| worker.waiting_s > 0.0), "each waits for the other");
    Ok(())
}

async fn what_cannot_be_run_rejects_with_the_field(page: &Page) -> Result<()> {
    page.open("").await?;
    let body = "return window.gilscope.run(args[0], args[1]).then(() => 'ran', (error) => [error.field, `${error.value}`, error.remedy])";
    for (experiment, field, value) in [
        (serde_json::json!({"workers": [33]}), "workers", "33"),
        (serde_json::json!({"size": 0}), "size", "0"),
        (serde_json::json!({"models": []}), "model", ""),
        (serde_json::json!({"workload": "fibonacci", "size": 1}), "workload", "fibonacci"),
    ] {
        let rejected = page.js_async(body, vec![experiment.clone(), serde_json::json!({})]).await?;
        ensure!(rejected[0] == field && rejected[1] == value && rejected[2] != "", "{experiment}: {rejected}");
    }
    let impatient = page.js_async(body, vec![serde_json::json!({}), serde_json::json!({"patienceS": 0.5})]).await?;
    ensure!(impatient == serde_json::json!(["patienceS", "0.5", "use 1 to 3600 seconds"]), "{impatient}");
    Ok(())
}
