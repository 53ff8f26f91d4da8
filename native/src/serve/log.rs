//! The lines of a run, for pages that come late, read slowly, or come back.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gilscope::companion::Said;
use tokio::sync::watch;
use tokio::time::timeout;

use super::lines::{Lines, Piece};

/// Bytes of traces and answers that a run keeps: more than a page falls behind, little enough to be replayed at once.
const MAX_PASSING_BYTES: usize = 16 * 1024 * 1024;
/// Silence after which a blank line is sent, so that both ends notice a connection that leads nowhere.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// One writer, any number of readers. No reader holds the writer up: each asks for the lines that it has not read.
pub struct Log {
    lines: Mutex<Lines>,
    told: watch::Sender<Told>,
}

#[derive(Clone, Copy, Default)]
struct Told {
    /// The number of the next line.
    next: u64,
    /// No line will follow.
    ended: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self { lines: Mutex::new(Lines::new(MAX_PASSING_BYTES)), told: watch::Sender::default() }
    }
}

impl Log {
    pub fn push(&self, said: &Said) {
        let next = self.with(|lines| {
            lines.push(said);
            lines.next()
        });
        self.told.send_modify(|told| told.next = next);
    }

    /// Push the last line.
    pub fn end(&self, said: &Said) {
        self.push(said);
        self.told.send_modify(|told| told.ended = true);
    }

    pub fn has_ended(&self) -> bool {
        self.told.borrow().ended
    }

    pub fn bytes(&self) -> usize {
        self.with(|lines| lines.bytes())
    }

    /// The lines from `from` on, as soon as there are any; `None` when none will come.
    pub async fn piece(&self, from: u64) -> Option<Piece> {
        let mut told = self.told.subscribe();
        let news = told.wait_for(|told| told.next > from || told.ended);
        let Ok(now) = timeout(HEARTBEAT, news).await else {
            return Some(Piece { bytes: b"\n".to_vec(), next: from });
        };
        // The sender lives as long as `self`.
        let now = *now.ok()?;
        (now.next > from).then(|| self.with(|lines| lines.piece(from)))
    }

    fn with<T>(&self, body: impl FnOnce(&mut Lines) -> T) -> T {
        body(&mut self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn text(log: &Log, from: u64) -> Option<String> {
        Some(String::from_utf8(log.piece(from).await?.bytes).unwrap())
    }

    #[tokio::test]
    async fn a_reader_waits_for_what_is_not_there_yet() {
        let log = Log::default();
        let (told, ()) = tokio::join!(text(&log, 0), async { log.push(&Said::Queued { ahead: 1 }) });
        assert_eq!(told.unwrap(), "{\"number\":0,\"said\":{\"type\":\"queued\",\"ahead\":1}}\n");
    }

    #[tokio::test]
    async fn after_the_last_line_there_is_none_but_all_can_be_read_again() {
        let log = Log::default();
        log.push(&Said::Queued { ahead: 1 });
        log.end(&Said::Error { message: "no".into(), field: None });
        assert!(text(&log, 2).await.is_none() && text(&log, 9).await.is_none());
        assert_eq!(text(&log, 0).await.unwrap().lines().count(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_broken_by_a_blank_line() {
        let log = Log::default();
        assert_eq!(text(&log, 0).await.unwrap(), "\n");
    }
}
