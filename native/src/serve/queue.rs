//! Runs take turns: two at a time would measure each other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// First come, first served. Each has a channel that tells how many are ahead of it.
#[derive(Clone, Default)]
pub struct Queue(Arc<Mutex<Vec<watch::Sender<u32>>>>);

/// A place in the queue, until it is dropped: the first one may measure.
pub struct Turn {
    queue: Queue,
    ahead: watch::Receiver<u32>,
}

impl Queue {
    pub fn join(&self) -> Turn {
        let mut all = self.all();
        let (sender, ahead) = watch::channel(count(all.len()));
        all.push(sender);
        Turn { queue: self.clone(), ahead }
    }

    pub fn len(&self) -> usize {
        self.all().len()
    }

    /// Wait until all who are here now have left.
    pub async fn idle(&self) {
        self.join().begin(|_| ()).await;
    }

    fn all(&self) -> MutexGuard<'_, Vec<watch::Sender<u32>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    pub fn ahead(&self) -> u32 {
        *self.ahead.borrow()
    }

    /// Wait until nobody is ahead; `queued` hears how many are, now and whenever one leaves.
    pub async fn begin(&mut self, mut queued: impl FnMut(u32)) {
        loop {
            match *self.ahead.borrow_and_update() {
                0 => return,
                ahead => queued(ahead),
            }
            // The sender is in the queue until `self` is dropped.
            let _ = self.ahead.changed().await;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut all = self.queue.all();
        let place = self.ahead() as usize;
        all.remove(place);
        for behind in &all[place..] {
            behind.send_modify(|ahead| *ahead -= 1);
        }
    }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).expect("few runs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_wait_in_their_order_and_hear_how_many_are_ahead() {
        let queue = Queue::default();
        let (first, second, mut third) = (queue.join(), queue.join(), queue.join());
        let mut heard = Vec::new();
        let others = async {
            tokio::task::yield_now().await;
            drop(second);
            tokio::task::yield_now().await;
            drop(first);
        };
        tokio::join!(third.begin(|ahead| heard.push(ahead)), others);
        assert_eq!(heard, [2, 1]);
        drop(third);
        queue.idle().await;
        assert_eq!(queue.len(), 0);
    }

    #[tokio::test]
    async fn who_leaves_from_the_end_moves_nobody() {
        let queue = Queue::default();
        let (mut first, second) = (queue.join(), queue.join());
        first.begin(|ahead| panic!("{ahead} are ahead of the first")).await;
        drop(second);
        assert_eq!((first.ahead(), queue.join().ahead()), (0, 1));
    }
}
