//! How smoothly timelines move that show 100,000 spans.

use super::browser::Browser;
use super::table::{Figure, Target};
use gilscope_tests::driver::Engine;

/// Eight workers that take turns; made up, because no round of a few seconds has that many.
const SHOW: &str = "
    const done = arguments[arguments.length - 1];
    const [workers, turns, turn_us] = [8, 6250, 800];
    const span = (state, start_us, end_us, task) => ({ state, start_us, end_us, task, work: 0, unlocked: false });
    const tracks = Array.from({ length: workers }, (_, worker) => {
        const starts = Array.from({ length: turns }, (_, turn) => (turn * workers + worker) * turn_us);
        const spans = starts.flatMap((at, task) => [
            span('waiting', task === 0 ? 0 : starts[task - 1] + turn_us, at, task),
            span('running', at, at + turn_us, task),
        ]);
        return { worker, spans: spans.filter(({ start_us, end_us }) => end_us > start_us), dropped_spans: 0 };
    });
    const { measurement } = document.querySelector('gs-lab-lanes');
    const experiment = { size: 1000, models: ['threads'], workers: [workers], warmup: 0, runs: 1 };
    window.gilscope.run(experiment).then(async (report) => {
        const samples = [{ start_us: 0, end_us: turns * workers * turn_us }];
        report.trace = [{ model: 'threads', workers, samples, tracks }];
        measurement.recall(new Map([['browser', report]]));
        await new Promise((shown) => setTimeout(shown, 1000));
        done(tracks.reduce((sum, { spans }) => sum + spans.length, 0));
    });";

/// Frames a second, once for each of several journeys: in, along, out again.
const MOVE: &str = "
    const done = arguments[arguments.length - 1];
    const { scale } = document.querySelector('gs-lab-lanes').measurement;
    const steps = [...Array(40).fill(() => scale.zoom(1.1)), ...Array(20).fill(() => scale.pan(0.02)),
        ...Array(20).fill(() => scale.pan(-0.02)), ...Array(40).fill(() => scale.zoom(1 / 1.1))];
    const rates = [];
    let [step, start] = [0, 0];
    const frame = (now) => {
        if (step === 0) start = now;
        if (step < steps.length) steps[step++]();
        else {
            rates.push((steps.length * 1000) / (now - start));
            scale.whole();
            step = 0;
        }
        if (rates.length < 9) requestAnimationFrame(frame);
        else done(rates);
    };
    requestAnimationFrame(frame);";

pub async fn smoothness(engine: Engine) -> anyhow::Result<Figure> {
    let browser = Browser::open(engine).await?;
    // Goes to the page and waits until it can be used.
    browser.site().await?;
    let spans: u64 = browser.session.execute_async(SHOW, vec![]).await?.convert()?;
    let rates: Vec<f64> = browser.session.execute_async(MOVE, vec![]).await?.convert()?;
    browser.close().await?;
    // The display of a browser without a window has 60 frames a second, and some take a little longer.
    Ok(Figure::per_second(&format!("frames, {spans} spans in view, {engine:?}"), rates, Target::AtLeast(58.0)))
}
