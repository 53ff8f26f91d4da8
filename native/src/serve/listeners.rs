//! Who listens to a run, and for how long nobody may.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// The number of those who listen.
#[derive(Default)]
pub struct Listeners(watch::Sender<u32>);

/// Counts as one, until it is dropped.
pub struct Listening(watch::Sender<u32>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.send_modify(|listening| *listening -= 1);
    }
}

impl Listeners {
    pub fn join(&self) -> Listening {
        self.0.send_modify(|listening| *listening += 1);
        Listening(self.0.clone())
    }

    /// Wait until nobody has listened for so long.
    pub async fn gone_for(&self, grace: Duration) {
        let mut listening = self.0.subscribe();
        // The sender lives as long as `self`, so no wait fails.
        loop {
            let _ = listening.wait_for(|count| *count == 0).await;
            if timeout(grace, listening.wait_for(|count| *count > 0)).await.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, sleep};

    use crate::serve::run::GRACE;

    #[tokio::test(start_paused = true)]
    async fn a_listener_who_comes_back_in_time_starts_the_grace_anew() {
        let (listeners, start) = (Listeners::default(), Instant::now());
        let comes_back = async {
            drop(listeners.join());
            sleep(GRACE / 2).await;
            let back = listeners.join();
            sleep(10 * GRACE).await;
            drop(back);
        };
        tokio::join!(listeners.gone_for(GRACE), comes_back);
        assert_eq!(start.elapsed(), GRACE / 2 + 11 * GRACE);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_gone_while_one_of_two_listens() {
        let listeners = Listeners::default();
        let (one, other) = (listeners.join(), listeners.join());
        drop(one);
        assert!(timeout(10 * GRACE, listeners.gone_for(GRACE)).await.is_err());
        drop(other);
        assert!(timeout(2 * GRACE, listeners.gone_for(GRACE)).await.is_ok());
    }
}
