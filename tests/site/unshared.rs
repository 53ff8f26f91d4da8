//! A page that is not isolated: the lock runs over messages, the rest that can run runs, and what cannot says why not.

use anyhow::{Context, Result, ensure};
use gilscope::experiment::{Experiment, Model};
use gilscope::labs::Setting;
use gilscope::lock::Policy;
use gilscope::report::{HostKind, LockTransport, Report, WarningCode};
use gilscope::workload::{self, Workload};

use crate::browser::Options;
use crate::page::Page;
use crate::trials::{SiteTest, tests};
use gilscope_tests::invariants;
use gilscope_tests::reports::{closed_form, native, small};

pub fn tests() -> Vec<SiteTest> {
    tests!(EVERY_ENGINE, Options { flags: &["--no-isolation"], ..Options::default() };
        a_race_has_threads_with_a_label_and_free_threads_with_a_reason,
        what_can_do_with_messages_holds_the_invariants_and_the_rest_is_refused,
        the_labs_of_the_lock_are_judged_and_turns_are_forced,
    )
}

async fn a_race_has_threads_with_a_label_and_free_threads_with_a_reason(page: &Page) -> Result<()> {
    page.open("#size=500000&runs=3&warmup=0&workers=2").await?;
    ensure!(page.js("return window.crossOriginIsolated", vec![]).await? == false);
    ensure!(page.text("notice-isolation").await?.contains("a lock that runs over messages"));
    page.race().await?;
    let lane = page.text("lane-free-threads").await?;
    ensure!(lane.contains("Not available here: this page is not cross-origin isolated"), "{lane}");
    ensure!(page.all("timeline-free-threads").await?.is_empty());
    for model in ["serial", "threads", "processes"] {
        ensure!(page.text(&format!("speedup-{model}")).await?.ends_with('×'));
    }
    ensure!(page.text("lock-over-messages").await?.contains("runs over messages"));
    let table = page.text("results-table").await?;
    ensure!(table.contains("threads") && !table.contains("free-threads"), "{table}");
    ensure!(page.all("error").await?.is_empty());
    page.is_judged_by(&["browser"]).await
}

async fn what_can_do_with_messages_holds_the_invariants_and_the_rest_is_refused(page: &Page) -> Result<()> {
    page.open("").await?;
    // Clocks are coarse here: tasks that are shorter may have no length.
    for (workload, size) in [("sum-of-squares", 3_000_000), ("matrix-kernel", 240), ("io-mixed", 6_000)] {
        let experiment = Experiment { size, workers: vec![3], ..small(workload) };
        let report = page.run(&experiment).await?;
        ensure!(report.widest(Model::Threads).is_some(), "{workload}: {:?}", report.warnings);
        invariants::hold(&report);
        let wrong = invariants::answers([&report, &native(&Experiment { trace: false, ..experiment })]);
        ensure!(wrong.is_empty(), "{workload}: {wrong:?}");
    }
    let refused = async |experiment: Experiment, why: &str| {
        let report = page.run(&Experiment { models: vec![Model::Threads], ..experiment }).await?;
        let said = &report.warnings[0];
        let named = said.code == WarningCode::ModelUnavailable && said.text.contains(why);
        ensure!(report.runs.is_empty() && named, "{}: {:?}", report.experiment.workload, report.warnings);
        Ok(())
    };
    let shares =
        |workload: &&&Workload| workload.counts.is_some() || workload.input.is_some() || workload.meeting.is_some();
    for workload in workload::ALL.iter().filter(shares) {
        refused(small(workload.id), "on one heap; this page is not cross-origin isolated").await?;
    }
    refused(Experiment { lock_policy: Policy::Ticks, ..small("sha256") }, "use lock-policy switch-interval").await
}

/// The experiment of a lab, quick, with its trace.
async fn lab(page: &Page, id: &str) -> Result<Report> {
    let setting = Setting { host: HostKind::Browser, logical_cores: 2, quick: true };
    let experiment = Experiment::from_fields(&setting, [("lab", id)])?;
    let report = page.run(&Experiment { trace: true, ..experiment }).await?;
    invariants::hold(&report);
    ensure!(report.verdict.is_some(), "{id}: no verdict");
    ensure!(!report.host.isolated && report.host.lock == Some(LockTransport::Messages));
    ensure!(report.warnings.iter().any(|warning| warning.code == WarningCode::LockOverMessages));
    Ok(report)
}

async fn the_labs_of_the_lock_are_judged_and_turns_are_forced(page: &Page) -> Result<()> {
    page.open("").await?;
    let race = lab(page, "race").await?;
    ensure!(race.runs.iter().all(|run| run.answer == closed_form(&race.experiment)));
    let threads = race.widest(Model::Threads).context("threads")?;
    let lock = threads.lock.as_ref().context("a lock")?;
    ensure!(lock.forced_switches > 0 && lock.acquisitions > lock.forced_switches, "{lock:?}");
    ensure!(threads.per_worker.iter().all(|worker| worker.waiting_s > 0.0), "each waits for the other");
    ensure!(threads.memory_bytes.is_none() && threads.channel.is_none(), "that tells nothing of threads");
    let convoy = lab(page, "convoy").await?;
    for run in convoy.runs.iter().filter(|run| run.model == Model::Threads) {
        let forced = run.lock.as_ref().context("a lock")?.forced_switches > 0;
        ensure!(forced == (convoy.experiment_of(run).background > 0), "{:?}", run.lock);
    }
    Ok(())
}
