//! What one party does once.

use super::{ARRIVED, BASE, FOUND, Primitive, event, queue};
use crate::host::Cancel;
use crate::lock::Cancelled;
use crate::sync::{Barrier, Condition, Lock, RLock, Semaphore, Words};

pub(super) struct Operation<'a> {
    pub(super) words: &'a dyn Words,
    pub(super) party: u32,
    pub(super) parties: u32,
    pub(super) cancel: &'a Cancel,
}

impl Operation<'_> {
    pub(super) fn perform(&self, primitive: Primitive, number: u32) -> Result<(), Cancelled> {
        if self.cancel.is_cancelled() {
            return Err(Cancelled);
        }
        match primitive {
            Primitive::Lock => self.lock(),
            Primitive::RLock => self.rlock(),
            Primitive::Semaphore => self.semaphore(),
            Primitive::Event => self.event(),
            Primitive::Condition => self.condition(),
            Primitive::Barrier => self.barrier(number),
            Primitive::Queue if self.party == 0 => self.put(number),
            Primitive::Queue => self.get(),
        }
    }

    /// In two steps: what two parties add at the same time is lost.
    fn add_one(&self) {
        self.words.store(FOUND, self.words.load(FOUND).wrapping_add(1));
    }

    fn lock(&self) -> Result<(), Cancelled> {
        let lock = Lock::at(self.words, BASE);
        lock.acquire(self.cancel)?;
        self.add_one();
        lock.release();
        Ok(())
    }

    fn rlock(&self) -> Result<(), Cancelled> {
        let lock = RLock::at(self.words, BASE);
        lock.acquire(self.party, self.cancel)?;
        lock.acquire(self.party, self.cancel)?;
        self.add_one();
        lock.release(self.party);
        lock.release(self.party);
        Ok(())
    }

    fn semaphore(&self) -> Result<(), Cancelled> {
        let semaphore = Semaphore::at(self.words, BASE);
        semaphore.acquire(self.cancel)?;
        self.add_one();
        semaphore.release();
        Ok(())
    }

    fn event(&self) -> Result<(), Cancelled> {
        let mine = event(self.words, self.party);
        mine.wait(self.cancel)?;
        mine.clear();
        self.add_one();
        event(self.words, (self.party + 1) % self.parties).set();
        Ok(())
    }

    fn condition(&self) -> Result<(), Cancelled> {
        let lock = Lock::at(self.words, BASE);
        let condition = Condition::at(lock, self.words, BASE + Lock::WORDS);
        lock.acquire(self.cancel)?;
        condition.wait_for(|| self.words.load(FOUND) % self.parties == self.party, self.cancel)?;
        self.add_one();
        condition.notify_all();
        lock.release();
        Ok(())
    }

    /// A meeting counts for a party that finds, when it goes on, that all have come.
    fn barrier(&self, number: u32) -> Result<(), Cancelled> {
        self.words.fetch_add(ARRIVED, 1);
        Barrier::at(self.words, BASE, self.parties).wait(self.cancel)?;
        let all = self.words.load(ARRIVED) >= self.parties * (number + 1);
        self.words.fetch_add(FOUND, all.into());
        Ok(())
    }

    /// As many numbers as there are others, who get one each.
    fn put(&self, number: u32) -> Result<(), Cancelled> {
        let others = self.parties - 1;
        let mut numbers = number * others..(number + 1) * others;
        numbers.try_for_each(|number| queue(self.words).put(&number.to_le_bytes(), self.cancel))
    }

    fn get(&self) -> Result<(), Cancelled> {
        let mut bytes = [0; 4];
        queue(self.words).get(&mut bytes, self.cancel)?;
        let number = u32::from_le_bytes(bytes);
        let carry = self.words.fetch_add(FOUND, number).checked_add(number).is_none();
        self.words.fetch_add(FOUND + 1, carry.into());
        Ok(())
    }
}
