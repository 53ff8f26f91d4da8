//! What holds of the primitives on a heap's words, however parties interleave.

use std::sync::Arc;

use super::explore;
use super::heap_words::HeapWords;
use super::means::thread;
use crate::host::Cancel;
use crate::sync::scenario::{self, Primitive};

/// No wait ends by its time here, so a lost wake-up is a deadlock.
#[test]
fn every_primitive_does_its_job_and_no_wake_up_is_lost() {
    for primitive in Primitive::ALL {
        for parties in [2, 3] {
            explore(format!("{}, {parties} parties", primitive.name()), move || play(primitive, parties));
        }
    }
}

fn play(primitive: Primitive, parties: u32) {
    const OPERATIONS: u32 = 2;
    // Every word more is a step more for the scheduler.
    let words = Arc::new(HeapWords::new(scenario::needed(primitive, parties)));
    scenario::prepare(primitive, &*words, parties);
    let each = (0..parties).map(|party| {
        let words = words.clone();
        let perform = move || scenario::party(primitive, &*words, party, parties, 0, OPERATIONS, &Cancel::default());
        thread::spawn(perform)
    });
    for thread in each.collect::<Vec<_>>() {
        thread.join().unwrap().unwrap();
    }
    assert_eq!(scenario::found(primitive, &*words), scenario::expected(primitive, parties, OPERATIONS));
}
