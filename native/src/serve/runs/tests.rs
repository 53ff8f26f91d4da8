use gilscope::companion::RunProgress;
use gilscope::session::{Event, RunError};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{advance, sleep};

use super::*;
use crate::serve::run::GRACE;

/// Runs, and the switch that stops them all.
fn runs() -> (Runs, watch::Sender<bool>) {
    let (stopping, stop) = watch::channel(false);
    (Runs::new("start".into(), stop), stopping)
}

fn asked() -> RunRequest {
    serde_json::from_str(r#"{"host": "native", "experiment": {"models": ["serial"], "runs": 2, "warmup": 0}}"#).unwrap()
}

/// A host that does what the test says.
struct Fake {
    controls: Controls,
    events: mpsc::UnboundedSender<Event>,
    report: oneshot::Sender<Result<gilscope::report::Report, RunError>>,
}

impl Fake {
    fn tell(&self) {
        self.events.send(Event::Ceiling { workers: 2, speedup: 1.9 }).unwrap();
    }

    /// As a host ends that measured nothing.
    fn end(self) {
        self.report.send(Err(RunError::Cancelled)).unwrap();
    }

    /// Wait until the run is cancelled, then end.
    async fn end_when_cancelled(self) {
        while !self.controls.cancel.is_cancelled() {
            sleep(Duration::from_millis(1)).await;
        }
        self.end();
    }
}

/// Add a run; the receiver hears when it begins to measure.
fn add(runs: &Runs) -> (String, oneshot::Receiver<Fake>) {
    let (begun, begins) = oneshot::channel();
    let info = runs.add(asked(), move |controls| {
        let (events, heard) = mpsc::unbounded_channel();
        let (report, reported) = oneshot::channel();
        assert!(begun.send(Fake { controls, events, report }).is_ok(), "the test has ended");
        Measuring { events: heard, report: reported }
    });
    (info.unwrap().id, begins)
}

/// All lines of a run from `from` on.
async fn lines(runs: &Runs, id: &str, from: u64) -> Vec<Value> {
    use futures_util::StreamExt;
    let run = runs.find(id).expect("the run is known");
    let bytes: Vec<u8> = run.events(from).flat_map(futures_util::stream::iter).collect().await;
    let lines = std::str::from_utf8(&bytes).unwrap().lines().filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn last_message(lines: &[Value]) -> &str {
    lines.last().unwrap()["said"]["message"].as_str().unwrap()
}

fn progress(runs: &Runs) -> Vec<RunProgress> {
    runs.infos().into_iter().map(|info| info.progress).collect()
}

#[tokio::test(start_paused = true)]
async fn runs_measure_one_after_another_and_each_hears_when_it_moves_up() {
    let (runs, _stop) = runs();
    let [(first, one), (second, two), (third, three)] = [add(&runs), add(&runs), add(&runs)];
    let one = one.await.unwrap();
    assert_eq!(
        progress(&runs),
        [RunProgress::Running { done: 0.0 }, RunProgress::Queued { ahead: 1 }, RunProgress::Queued { ahead: 2 }]
    );
    one.end();
    lines(&runs, &first, 0).await;
    two.await.unwrap().end();
    lines(&runs, &second, 0).await;
    three.await.unwrap().end();
    let heard: Vec<_> = lines(&runs, &third, 0).await;
    assert_eq!(heard[0]["said"]["ahead"], 2);
    assert_eq!(heard[1]["said"]["ahead"], 1);
    assert_eq!(progress(&runs), [RunProgress::Ended; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_waits_can_be_cancelled_and_those_behind_it_move_up() {
    let (runs, _stop) = runs();
    let [(_, one), (second, mut two), (third, _three)] = [add(&runs), add(&runs), add(&runs)];
    let _one = one.await.unwrap();
    runs.find(&second).unwrap().cancel();
    let heard = lines(&runs, &second, 0).await;
    assert_eq!(last_message(&heard), "the run was cancelled before anything was measured");
    assert!(two.try_recv().is_err(), "it never measured");
    sleep(Duration::from_millis(1)).await;
    assert_eq!(runs.find(&third).unwrap().info().progress, RunProgress::Queued { ahead: 1 });
}

#[tokio::test(start_paused = true)]
async fn the_next_run_waits_until_the_workers_of_a_cancelled_one_have_ended() {
    let (runs, _stop) = runs();
    let [(first, one), (_, mut two)] = [add(&runs), add(&runs)];
    let one = one.await.unwrap();
    runs.find(&first).unwrap().cancel();
    sleep(Duration::from_secs(1)).await;
    assert!(one.controls.cancel.is_cancelled() && two.try_recv().is_err());
    one.end();
    two.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_run_that_nobody_listens_to_is_cancelled_after_the_grace_and_says_so() {
    let (runs, _stop) = runs();
    let (id, begins) = add(&runs);
    let fake = begins.await.unwrap();
    let listening = runs.find(&id).unwrap().events(0);
    sleep(10 * GRACE).await;
    assert!(!fake.controls.cancel.is_cancelled(), "somebody listens");
    drop(listening);
    advance(GRACE - Duration::from_secs(1)).await;
    assert!(!fake.controls.cancel.is_cancelled(), "the listener may come back");
    fake.end_when_cancelled().await;
    let heard = lines(&runs, &id, 0).await;
    assert_eq!(last_message(&heard), "the run was cancelled, because no page had listened to it for 60 s");
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_goes_on_with_the_next_line() {
    use futures_util::StreamExt;
    let (runs, _stop) = runs();
    let (id, begins) = add(&runs);
    let fake = begins.await.unwrap();
    fake.tell();
    let mut stream = Box::pin(runs.find(&id).unwrap().events(0));
    assert!(stream.next().await.unwrap().starts_with(br#"{"number":0,"#));
    drop(stream);
    fake.tell();
    sleep(GRACE / 2).await;
    fake.tell();
    fake.end();
    let heard = lines(&runs, &id, 1).await;
    assert_eq!(heard.iter().map(|line| line["number"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn stopping_the_server_ends_all_runs() {
    let (runs, stop) = runs();
    let [(first, one), (second, _two)] = [add(&runs), add(&runs)];
    let one = one.await.unwrap();
    stop.send(true).unwrap();
    tokio::join!(runs.idle(), one.end_when_cancelled());
    for id in [first, second] {
        assert_eq!(last_message(&lines(&runs, &id, 0).await), "the run was cancelled, because the server was stopped");
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_breaks_off_is_no_silence() {
    let (runs, _stop) = runs();
    let (id, begins) = add(&runs);
    drop(begins.await.unwrap());
    assert!(last_message(&lines(&runs, &id, 0).await).starts_with("the run broke off"));
}

#[tokio::test(start_paused = true)]
async fn the_last_ended_runs_are_kept_for_a_while() {
    let (runs, _stop) = runs();
    let (mut ids, mut all) = (Vec::new(), Vec::new());
    for _ in 0..MAX_ENDED + 2 {
        let (id, begins) = add(&runs);
        all.push(Arc::downgrade(&runs.find(&id).unwrap()));
        begins.await.unwrap().end();
        lines(&runs, &id, 0).await;
        ids.push(id);
    }
    sleep(Duration::from_millis(1)).await;
    let kept: Vec<_> = runs.infos().into_iter().map(|info| info.id).collect();
    assert_eq!(kept, ids[2..]);
    assert!(all[..2].iter().all(|run| run.upgrade().is_none()), "what is forgotten takes memory");
    sleep(KEPT + Duration::from_secs(1)).await;
    assert!(runs.infos().is_empty());
}

#[tokio::test(start_paused = true)]
async fn there_is_no_room_for_any_number_of_runs() {
    let (runs, _stop) = runs();
    let waiting: Vec<_> = (0..MAX_UNENDED).map(|_| add(&runs)).collect();
    let refused = runs.add(asked(), |_| unreachable!("there was no room"));
    assert_eq!(refused.unwrap_err().to_string(), "32 runs wait already: cancel one, or wait");
    runs.find(&waiting[5].0).unwrap().cancel();
    lines(&runs, &waiting[5].0, 0).await;
    sleep(Duration::from_millis(1)).await;
    add(&runs);
}
