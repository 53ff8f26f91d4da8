//! Runs take turns: two at a time would measure each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::{Mutex, OwnedMutexGuard};

#[derive(Default)]
pub struct Queue {
    /// Tokio's mutex is fair: first come, first served.
    turn: Arc<Mutex<()>>,
    /// Runs that are here, measuring or waiting.
    present: Arc<AtomicU32>,
}

/// The right to measure, until it is dropped.
pub struct Turn {
    _turn: OwnedMutexGuard<()>,
    _place: Place,
}

/// Gives its place up when its owner is gone, also from the middle of the queue.
struct Place(Arc<AtomicU32>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Queue {
    /// Wait for the next turn; `queued` hears how many are ahead, if any.
    pub async fn turn(&self, queued: impl FnOnce(u32)) -> Turn {
        let ahead = self.present.fetch_add(1, Ordering::Relaxed);
        let place = Place(Arc::clone(&self.present));
        if ahead > 0 {
            queued(ahead);
        }
        Turn { _turn: Arc::clone(&self.turn).lock_owned().await, _place: place }
    }

    /// Wait until nobody measures.
    pub async fn idle(&self) {
        drop(self.turn.lock().await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_for_the_first_and_hears_so() {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
            let queue = Queue::default();
            let first = queue.turn(|_| panic!("nobody is ahead")).await;
            let mut ahead = 0;
            let second = queue.turn(|count| ahead = count);
            let (second, ()) = tokio::join!(second, async { drop(first) });
            assert_eq!(ahead, 1);
            drop(second);
            drop(queue.turn(|_| panic!("all have left")).await);
        });
    }
}
