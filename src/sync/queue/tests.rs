use std::collections::BTreeMap;
use std::sync::Mutex;

use super::super::HeapWords;
use super::super::tests::{Patient, cancelling_ends, together};
use super::*;

const CAPACITY: u32 = 3;
/// Not a whole number of words.
const SLOT_BYTES: usize = 6;

fn words() -> Patient {
    let words = Patient::new(1 + Queue::words(CAPACITY, SLOT_BYTES));
    queue(&words).init();
    words
}

fn queue(words: &dyn Words) -> Queue<'_> {
    Queue::at(words, 1, CAPACITY, SLOT_BYTES)
}

/// Number `i` of a party.
fn message(party: u32, i: u32) -> [u8; SLOT_BYTES] {
    let [a, b, c, d] = i.to_be_bytes();
    [a, b, c, d, 0xab, u8::try_from(party).unwrap()]
}

/// So many put, so many get; whatever was got is whole, in order of each who put it, and nothing is lost.
fn pass(putting: u32, getting: u32, each: u32) {
    let (words, cancel, all) = (words(), Cancel::default(), Mutex::<Vec<[u8; SLOT_BYTES]>>::default());
    together(putting + getting, |party| {
        if party < putting {
            (0..each).for_each(|i| queue(&words).put(&message(party, i), &cancel).unwrap());
            return;
        }
        let (mut got, mut last) = (vec![[0; SLOT_BYTES]; (each * putting / getting) as usize], BTreeMap::new());
        for message in &mut got {
            queue(&words).get(message, &cancel).unwrap();
            let before = last.insert(message[5], *message);
            assert!(before.is_none_or(|before| before < *message), "messages of one party stay in order");
        }
        all.lock().unwrap().extend(got);
    });
    let mut all = all.into_inner().unwrap();
    all.sort_unstable();
    let mut put: Vec<_> = (0..putting).flat_map(|party| (0..each).map(move |i| message(party, i))).collect();
    put.sort_unstable();
    assert!(all == put, "each message is got exactly once");
}

#[test]
fn from_one_to_one() {
    pass(1, 1, 2_000);
}

#[test]
fn from_two_to_two() {
    pass(2, 2, 1_000);
}

#[test]
fn from_one_to_three_and_back() {
    pass(1, 3, 1_200);
    pass(3, 1, 400);
}

#[test]
fn cancelling_lets_those_go_who_wait_for_a_message_or_for_a_slot() {
    let words = HeapWords::new(1 + Queue::words(CAPACITY, SLOT_BYTES));
    queue(&words).init();
    cancelling_ends(|cancel| queue(&words).get(&mut [0; SLOT_BYTES], cancel));
    (0..CAPACITY).for_each(|i| queue(&words).put(&message(0, i), &Cancel::default()).unwrap());
    cancelling_ends(|cancel| queue(&words).put(&message(0, 0), cancel));
}

#[test]
#[should_panic = "as long as a slot"]
fn a_message_of_another_length_is_refused() {
    let _ = queue(&words()).put(&[0; 7], &Cancel::default());
}
