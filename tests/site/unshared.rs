//! A page that is not isolated: what can run runs, the rest says why not.

use anyhow::{Result, ensure};
use gilscope::experiment::{Experiment, Model};
use gilscope::report::WarningCode;

use crate::browser::in_every_browser;
use crate::invariants;
use crate::page::Page;
use crate::support::{closed_form, native, small};

in_every_browser!(["--no-isolation"]
    serial_and_processes_race_and_the_others_say_why_not,
    the_report_holds_the_invariants_and_tells_what_did_not_run,
);

async fn serial_and_processes_race_and_the_others_say_why_not(page: &Page) -> Result<()> {
    page.open("#size=500000&runs=3&warmup=0&workers=2").await?;
    ensure!(page.js("return window.crossOriginIsolated", vec![]).await? == false);
    ensure!(page.text("notice-isolation").await?.contains("Memory cannot be shared here"));
    page.race().await?;
    for model in ["threads", "free-threads"] {
        let lane = page.text(&format!("lane-{model}")).await?;
        ensure!(lane.contains("Not available here"), "{lane}");
        ensure!(page.all(&format!("timeline-{model}")).await?.is_empty());
    }
    for model in ["serial", "processes"] {
        ensure!(page.text(&format!("speedup-{model}")).await?.ends_with('×'));
    }
    let table = page.text("results-table").await?;
    ensure!(table.contains("serial") && table.contains("processes") && !table.contains("threads"), "{table}");
    ensure!(page.all("verdict").await?.len() == 1 && page.all("error").await?.is_empty());
    Ok(())
}

async fn the_report_holds_the_invariants_and_tells_what_did_not_run(page: &Page) -> Result<()> {
    page.open("").await?;
    let experiment = small("sum-of-squares");
    let report = page.run(&experiment).await?;
    // Clocks are coarse here, so what is short may have no length; what is counted and answered stands.
    let models: Vec<_> = report.runs.iter().map(|run| (run.model, run.workers)).collect();
    ensure!(models == [(Model::Serial, 1), (Model::Processes, 2), (Model::Processes, 4)], "{models:?}");
    ensure!(!report.host.isolated);
    let unavailable = report.warnings.iter().filter(|warning| warning.code == WarningCode::ModelUnavailable);
    ensure!(unavailable.count() == 2, "{:?}", report.warnings);
    invariants::hold(&report);
    ensure!(report.runs.iter().all(|run| run.answer == closed_form(&experiment)));
    let wrong = invariants::answers([&report, &native(&Experiment { trace: false, ..experiment })]);
    ensure!(wrong.is_empty(), "{wrong:?}");
    Ok(())
}
