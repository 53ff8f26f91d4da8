//! What a spawned process costs in CPython on the same machine, if there is one.

use std::process::Command;

/// Prints the seconds from starting a spawned process to its first message, one a line.
const SCRIPT: &str = r#"
import multiprocessing, time
def ready(pipe):
    pipe.send(None)
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    for _ in range(20):
        ours, theirs = context.Pipe()
        start = time.perf_counter()
        process = context.Process(target=ready, args=(theirs,))
        process.start()
        ours.recv()
        print(time.perf_counter() - start)
        process.join()
"#;

/// Seconds; `None` without a Python.
pub fn spawn() -> Option<Vec<f64>> {
    // A spawned process imports the script again, so it has to be a file.
    let folder = tempfile::tempdir().ok()?;
    let script = folder.path().join("spawn.py");
    std::fs::write(&script, SCRIPT).ok()?;
    let output = Command::new("python3").arg(&script).output().ok().filter(|output| output.status.success())?;
    let seconds: Vec<f64> =
        String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| line.parse().ok()).collect();
    (!seconds.is_empty()).then_some(seconds)
}
