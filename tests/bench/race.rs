//! `cargo xtask bench race`: the figures that gilscope promises of itself, measured side by side in one run.
//!
//! Everything that clocks could spoil is a ratio of arms that were interleaved. Prints a table and writes
//! the same as JSON to `target/bench/race.json`, or to the file that is named.

use gilscope::experiment::{Experiment, Model};
use gilscope::report::Report;
use gilscope::trace::turns::{self, Turn};

use gilscope_tests::driver::Engine;

use super::browser::Browser;
use super::table::{self, Figure, Target};
use super::{cpython, native, page, timeline};

/// Tasks of about 300 ms, as many as workers.
fn race() -> Experiment {
    let base =
        Experiment { size: 150_000_000, tasks: 2, workers: vec![2], warmup: 1, runs: 1, ..Experiment::default() };
    Experiment { trace: true, ..base }
}

const ROUNDS: u32 = 9;
/// Pairs of short runs for ratios between hosts, or with and without recording.
const PAIRS: usize = 7;

pub async fn run(args: &[String]) -> anyhow::Result<()> {
    let file = args.iter().find(|argument| !argument.starts_with('-')).map(String::as_str);
    let file = file.unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench/race.json"));
    let figures = measure().await?;
    table::print(&figures);
    table::save(&figures, file)?;
    println!("\nSaved as {file}");
    Ok(())
}

async fn measure() -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    eprintln!("bench: timelines in Chromium and in Firefox");
    for engine in [Engine::Chromium, Engine::Firefox] {
        figures.push(timeline::smoothness(engine).await?);
    }
    let browser = Browser::open(Engine::Chromium).await?;
    figures.extend(browser.site().await?);
    eprintln!("bench: a race on the page, drawn");
    figures.extend(page::race(&browser).await?);

    let long = Experiment { runs: ROUNDS, tasks: 4, ..race() };
    eprintln!("bench: {ROUNDS} rounds natively");
    figures.extend(race_figures("native", &native::run(&long, true)?));
    eprintln!("bench: {ROUNDS} rounds in Chromium");
    figures.extend(race_figures("browser", &browser.run(&long, true).await?));

    eprintln!("bench: {PAIRS} pairs, wasm and native");
    let serial = Experiment { models: vec![Model::Serial], runs: 2, warmup: 0, trace: false, ..race() };
    let mut ratios = Vec::new();
    for _ in 0..PAIRS {
        let native = elapsed(&native::run(&serial, true)?, Model::Serial);
        ratios.push(elapsed(&browser.run(&serial, true).await?, Model::Serial) / native);
    }
    figures.push(Figure::ratio("wasm serial / native serial", ratios, Target::AtMost(1.15)));

    eprintln!("bench: {PAIRS} pairs on each host, recording on and off");
    for model in [Model::Threads, Model::Processes] {
        let one = Experiment { models: vec![model], runs: 2, warmup: 0, trace: false, ..race() };
        let (mut natively, mut in_browser) = (Vec::new(), Vec::new());
        for pair in 0..PAIRS {
            // Who goes first changes, so that a drift of the clock favours neither.
            let order = if pair % 2 == 0 { [true, false] } else { [false, true] };
            let (mut native_s, mut browser_s) = ([0.0; 2], [0.0; 2]);
            for recording in order {
                native_s[usize::from(recording)] = elapsed(&native::run(&one, recording)?, model);
                browser_s[usize::from(recording)] = elapsed(&browser.run(&one, recording).await?, model);
            }
            natively.push(native_s[1] / native_s[0]);
            in_browser.push(browser_s[1] / browser_s[0]);
        }
        figures.push(Figure::ratio(&format!("native {model}: recording on / off"), natively, Target::AtMost(1.01)));
        figures.push(Figure::ratio(&format!("browser {model}: recording on / off"), in_browser, Target::AtMost(1.01)));
    }

    let tiny = Experiment { size: 1_000, models: vec![Model::Processes], warmup: 0, trace: false, ..race() };
    let starts: Vec<f64> = (0..20)
        .map(|_| native::run(&tiny, true))
        .collect::<anyhow::Result<Vec<_>>>()?
        .iter()
        .flat_map(|report| report.runs[0].startup_s.samples.clone())
        .collect();
    figures.push(Figure::milliseconds("native worker start-up, spawn to ready", starts, Target::AtMost(5.0)));
    figures.extend(
        cpython::spawn()
            .map(|starts| Figure::milliseconds("CPython's spawn to ready, for comparison", starts, Target::None)),
    );
    browser.close().await?;
    Ok(figures)
}

fn elapsed(report: &Report, model: Model) -> f64 {
    report.widest(model).expect("this model ran").elapsed_s.min
}

/// What the race promises, from one report.
fn race_figures(host: &str, report: &Report) -> Vec<Figure> {
    let run = |model| report.widest(model).expect("every model ran");
    let ceiling = report.host.ceiling["2"];
    let of_ceiling = |model| {
        let speedups = &run(model).speedup.as_ref().expect("serial ran").samples;
        speedups.iter().map(|speedup| speedup / ceiling).collect::<Vec<_>>()
    };
    let threads = run(Model::Threads);
    let against_serial = threads.speedup.as_ref().expect("serial ran").samples.iter().map(|speedup| 1.0 / speedup);
    vec![
        Figure::ratio(&format!("{host} ceiling for 2 workers"), vec![ceiling], Target::None),
        Figure::ratio(&format!("{host} processes: efficiency"), of_ceiling(Model::Processes), Target::AtLeast(0.97)),
        Figure::ratio(
            &format!("{host} free-threads: efficiency"),
            of_ceiling(Model::FreeThreads),
            Target::AtLeast(0.95),
        ),
        Figure::ratio(&format!("{host} threads / serial"), against_serial.collect(), Target::Within(0.95, 1.10)),
        Figure::ratio(
            &format!("{host} forced switches / (elapsed / interval)"),
            switches(report),
            Target::Within(0.9, 1.1),
        ),
    ]
}

/// Forced switches by round, as a share of what the switch interval allows in that round.
fn switches(report: &Report) -> Vec<f64> {
    let trace = report.trace.iter().flatten().find(|run| run.model == Model::Threads).expect("a trace of threads");
    let tracks: Vec<_> = trace.tracks.iter().map(|track| track.spans.clone()).collect();
    let turns = turns::turns(&tracks);
    let by_round = trace.samples.iter().map(|round| {
        let within = |turn: &&Turn| turn.start_us >= round.start_us && turn.end_us <= round.end_us;
        let forced = turns.iter().filter(within).filter(|turn| turn.is_forced).count();
        #[expect(clippy::cast_precision_loss, reason = "a few hundred switches")]
        let share = forced as f64 * report.experiment.switch_interval_s * 1e6 / (round.end_us - round.start_us);
        share
    });
    by_round.collect()
}
