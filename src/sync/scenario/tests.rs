use super::super::HeapWords;
use super::super::tests::{Patient, together};
use super::*;

/// Play the scenario in two parts of so many operations.
fn play(primitive: Primitive, parties: u32, operations: u32) -> i64 {
    let needed = needed(primitive, parties);
    let (words, cancel) = (Patient::new(needed), Cancel::default());
    // What an earlier scenario left.
    (0..needed).for_each(|index| words.store(index, 7));
    prepare(primitive, &words, parties);
    together(parties, |number| {
        party(primitive, &words, number, parties, 0, operations, &cancel).unwrap();
        party(primitive, &words, number, parties, operations, 2 * operations, &cancel).unwrap();
    });
    found(primitive, &words)
}

#[test]
fn every_primitive_does_its_job() {
    for primitive in Primitive::ALL {
        for (parties, operations) in [(1, 5), (2, 400), (4, 200)] {
            let found = play(primitive, parties, operations);
            assert_eq!(found, expected(primitive, parties, 2 * operations), "{primitive:?}, {parties} parties");
        }
    }
}

#[test]
fn a_heap_has_words_enough_for_as_many_parties_as_there_may_be() {
    for primitive in Primitive::ALL {
        assert!(needed(primitive, MAX_WORKERS) <= WORDS, "{primitive:?}");
    }
}

#[test]
fn cancelling_ends_every_scenario() {
    for primitive in Primitive::ALL {
        let (words, cancel) = (HeapWords::new(WORDS), Cancel::default());
        prepare(primitive, &words, 3);
        together(3, |number| {
            if number == 2 {
                std::thread::sleep(std::time::Duration::from_millis(2));
                cancel.cancel();
            } else {
                assert_eq!(party(primitive, &words, number, 3, 0, u32::MAX / 3, &cancel), Err(Cancelled));
            }
        });
    }
}

#[test]
fn a_sum_may_need_both_words() {
    let words = HeapWords::new(WORDS);
    prepare(Primitive::Queue, &words, 2);
    words.store(FOUND, u32::MAX);
    for (number, cancel) in [(0, Cancel::default()), (1, Cancel::default())] {
        party(Primitive::Queue, &words, number, 2, 0, 2, &cancel).unwrap();
    }
    assert_eq!(found(Primitive::Queue, &words), i64::from(u32::MAX) + 1);
}

#[test]
fn names_are_the_same_in_json() {
    for primitive in Primitive::ALL {
        assert_eq!(serde_json::to_value(primitive).unwrap(), primitive.name());
    }
}
