//! What a run has said so far, within bounds.

use std::collections::VecDeque;

use gilscope::companion::{Line, Said};
use gilscope::session::Event;
use serde_json::value::{RawValue, to_raw_value};

/// Bytes of a piece that is sent at once. One line may be longer.
const PIECE_BYTES: usize = 64 * 1024;

/// Numbered lines. Traces and answers, of which there can be millions, make room for later ones; all other lines stay:
/// there are only so many of them as the experiment has rounds.
pub struct Lines {
    next: u64,
    lasting: VecDeque<Kept>,
    passing: VecDeque<Kept>,
    passing_bytes: usize,
    max_passing_bytes: usize,
}

type Kept = Line<Box<RawValue>>;

/// Some lines as they are sent.
pub struct Piece {
    pub bytes: Vec<u8>,
    /// The number of the line after them.
    pub next: u64,
}

impl Lines {
    pub fn new(max_passing_bytes: usize) -> Self {
        let (lasting, passing) = Default::default();
        Self { next: 0, lasting, passing, passing_bytes: 0, max_passing_bytes }
    }

    pub fn push(&mut self, said: &Said) {
        let line = Line { number: self.next, said: to_raw_value(said).expect("lines have text keys only") };
        self.next += 1;
        if !matches!(said, Said::Event { event: Event::Trace { .. } | Event::Task { .. } }) {
            return self.lasting.push_back(line);
        }
        self.passing_bytes += size(&line);
        self.passing.push_back(line);
        while self.passing_bytes > self.max_passing_bytes {
            self.passing_bytes -= self.passing.pop_front().as_ref().map_or(0, size);
        }
    }

    /// The number of the next line.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Bytes of all lines that are kept.
    pub fn bytes(&self) -> usize {
        self.passing_bytes + self.lasting.iter().map(size).sum::<usize>()
    }

    /// The lines from `from` on, as many as make a piece.
    pub fn piece(&self, from: u64) -> Piece {
        let mut piece = Piece { bytes: Vec::new(), next: from };
        let mut lasting = after(&self.lasting, from).peekable();
        let mut passing = after(&self.passing, from).peekable();
        while piece.bytes.len() < PIECE_BYTES {
            let lasting_is_next = match (lasting.peek(), passing.peek()) {
                (Some(one), Some(other)) => one.number < other.number,
                (one, _) => one.is_some(),
            };
            let line = if lasting_is_next { lasting.next() } else { passing.next() };
            piece.skip_to(line.map_or(self.next, |line| line.number));
            let Some(line) = line else { break };
            piece.add(line.number, &*line.said);
        }
        piece
    }
}

impl Piece {
    /// Tell of the lines before `number` that are not there any more.
    fn skip_to(&mut self, number: u64) {
        if number > self.next {
            self.add(number - 1, Said::Dropped { lines: number - self.next });
        }
    }

    fn add(&mut self, number: u64, said: impl serde::Serialize) {
        serde_json::to_writer(&mut self.bytes, &Line { number, said }).expect("lines have text keys only");
        self.bytes.push(b'\n');
        self.next = number + 1;
    }
}

fn size(line: &Kept) -> usize {
    line.said.get().len()
}

fn after(lines: &VecDeque<Kept>, from: u64) -> impl Iterator<Item = &Kept> {
    lines.range(lines.partition_point(|line| line.number < from)..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_end(round: u32) -> Said {
        let event = Event::RoundEnd { run: 0, round, warmup: false, start_us: 0.0, end_us: 1.0, speedup: None };
        Said::Event { event }
    }

    fn trace() -> Said {
        Said::Event { event: Event::Trace { run: 0, worker: 0, now_us: 1.0, transitions: Vec::new() } }
    }

    /// Number and kind of the lines from `from` on, piece by piece.
    fn read(lines: &Lines, mut from: u64) -> Vec<String> {
        let mut told = Vec::new();
        while from < lines.next() {
            let piece = lines.piece(from);
            for line in std::str::from_utf8(&piece.bytes).unwrap().lines() {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                let kind = line["said"]["event"]["type"].as_str().or(line["said"]["type"].as_str()).unwrap();
                told.push(format!("{} {kind}", line["number"]));
            }
            from = piece.next;
        }
        told
    }

    #[test]
    fn lines_come_from_any_number_on_in_their_order() {
        let mut lines = Lines::new(1_000);
        for said in [Said::Queued { ahead: 1 }, trace(), round_end(0), trace()] {
            lines.push(&said);
        }
        assert_eq!(read(&lines, 0), ["0 queued", "1 trace", "2 round-end", "3 trace"]);
        assert_eq!(read(&lines, 2), ["2 round-end", "3 trace"]);
        assert!(read(&lines, 4).is_empty() && lines.piece(9).bytes.is_empty());
    }

    #[test]
    fn the_oldest_traces_make_room_and_a_reader_is_told_so() {
        let one = to_raw_value(&trace()).unwrap().get().len();
        let mut lines = Lines::new(2 * one);
        lines.push(&trace());
        lines.push(&trace());
        lines.push(&round_end(0));
        lines.push(&trace());
        lines.push(&trace());
        assert_eq!(read(&lines, 0), ["1 dropped", "2 round-end", "3 trace", "4 trace"]);
        assert_eq!(read(&lines, 1), ["1 dropped", "2 round-end", "3 trace", "4 trace"]);
        let first = String::from_utf8(lines.piece(0).bytes).unwrap();
        assert!(first.starts_with(r#"{"number":1,"said":{"type":"dropped","lines":2}}"#), "{first}");
        for round in 1..100 {
            lines.push(&round_end(round));
        }
        assert_eq!(read(&lines, 0).len(), 103);
    }

    #[test]
    fn a_line_that_is_too_long_to_be_kept_leaves_its_mark_at_the_end() {
        let mut lines = Lines::new(1);
        lines.push(&round_end(0));
        lines.push(&trace());
        assert_eq!(read(&lines, 0), ["0 round-end", "1 dropped"]);
    }

    #[test]
    fn many_lines_come_in_pieces_and_none_is_lost_between_two() {
        let mut lines = Lines::new(1 << 20);
        for _ in 0..4_000 {
            lines.push(&trace());
        }
        assert!(lines.bytes() > 2 * PIECE_BYTES);
        assert!(lines.piece(0).bytes.len() < PIECE_BYTES + 1_000);
        assert_eq!(read(&lines, 0).len(), 4_000);
    }
}
