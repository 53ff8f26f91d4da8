use super::super::{HeapWords, Words};
use std::thread;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(30);

#[test]
fn nobody_waits_at_a_word_that_has_changed() {
    let words = HeapWords::new(1);
    words.store(0, 1);
    words.wait(0, 0, LONG);
}

#[test]
fn those_who_wait_at_the_word_are_woken_and_no_more_than_asked_for() {
    let words = HeapWords::new(2);
    let at = |index| words.waiting_at(index);
    thread::scope(|scope| {
        for index in [0, 1, 1, 1] {
            let words = &words;
            scope.spawn(move || words.wait(index, 0, LONG));
        }
        while (at(0), at(1)) != (1, 3) {
            thread::yield_now();
        }
        words.notify(1, 2);
        assert_eq!((at(0), at(1)), (1, 1));
        words.notify(0, u32::MAX);
        words.notify(1, u32::MAX);
    });
}

#[test]
fn waiting_ends_with_its_time() {
    HeapWords::new(1).wait(0, 0, Duration::from_millis(1));
}

#[test]
fn bytes_are_little_endian_and_come_back() {
    let words = HeapWords::new(3);
    words.write(1, &[1, 2, 3, 4, 5]);
    assert_eq!([0, 1, 2].map(|index| words.load(index)), [0, 0x0403_0201, 5]);
    let mut bytes = [0; 5];
    words.read(1, &mut bytes);
    assert_eq!(bytes, [1, 2, 3, 4, 5]);
}
