//! Reading a recording, also while it is being written.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::{Event, HEADER, MAGIC, VERSION, WRITTEN};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    pub pid: u32,
    /// Oldest first.
    pub events: Vec<Event>,
    /// How many events were overwritten by later ones, or were incomplete when the file was read.
    pub lost: u64,
}

/// Read the recording of one process.
///
/// # Errors
/// If the file cannot be read, or is not a recording of this version.
pub fn events(path: &Path) -> io::Result<Recording> {
    let mut file = File::open(path)?;
    let mut header = [0; HEADER * 8];
    file.read_exact(&mut header)?;
    let (words, _) = header.as_chunks();
    let [magic, version_and_pid, capacity] = [0, 1, 2].map(|at| u64::from_le_bytes(words[at]));
    let written = u64::from_le_bytes(words[WRITTEN]);
    if magic != MAGIC || version_and_pid as u32 != VERSION || capacity == 0 {
        let text = format!("not a recording of version {VERSION}: {}", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidData, text));
    }

    let mut slots = Vec::new();
    file.take(written.min(capacity).saturating_mul(16)).read_to_end(&mut slots)?;
    let (slots, _) = slots.as_chunks::<8>();
    let (slots, _) = slots.as_chunks::<2>();
    let mut events: Vec<_> = (written.saturating_sub(capacity)..written)
        .map_while(|number| Some((number / capacity, slots.get(usize::try_from(number % capacity).ok()?)?)))
        .filter_map(|(lap, slot)| Event::decode(u64::from_le_bytes(slot[0]), u64::from_le_bytes(slot[1]), lap))
        .collect();
    // A thread reads the clock before it has its place in the ring, so another one's event may come in between.
    events.sort_by_key(|event| event.at_ns);
    let lost = written - events.len() as u64;
    Ok(Recording { pid: (version_and_pid >> 32) as u32, events, lost })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{Kind, tag};

    fn read(words: &[u64]) -> io::Result<Recording> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("7.ring");
        fs::write(&path, words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>()).expect("written");
        events(&path)
    }

    fn header(capacity: u64, written: u64) -> [u64; HEADER] {
        [MAGIC, u64::from(VERSION) | 7 << 32, capacity, written, 0, 0, 0, 0]
    }

    #[test]
    fn events_come_oldest_first_and_what_was_overwritten_is_counted() {
        let word = |kind, lap| tag(kind, 70, lap);
        // Events 3, 4 and 2: the ring is in its second lap.
        let slots = [30, word(Kind::Took, 1), 40, word(Kind::Dropped, 1), 20, word(Kind::Wants, 0)];
        let recording = read(&[&header(3, 5)[..], &slots].concat()).expect("a recording");
        assert_eq!((recording.pid, recording.lost), (7, 2));
        let event = |at_ns, kind| Event { at_ns, thread: 70, kind };
        assert_eq!(recording.events, [event(20, Kind::Wants), event(30, Kind::Took), event(40, Kind::Dropped)]);
    }

    #[test]
    fn an_incomplete_event_is_lost() {
        let slots = [10, tag(Kind::Wants, 70, 1), 5, 0, 20, tag(Kind::Took, 70, 1)];
        let recording = read(&[&header(3, 6)[..], &slots].concat()).expect("a recording");
        assert_eq!((recording.events.len(), recording.lost), (2, 4));
        // The file ends too early.
        let recording = read(&[&header(3, 3)[..], &[10, tag(Kind::Wants, 70, 0)]].concat()).expect("a recording");
        assert_eq!((recording.events.len(), recording.lost), (1, 2));
    }

    #[test]
    fn another_file_is_refused() {
        assert!(read(&[0; HEADER]).is_err());
        assert!(read(&header(0, 0)).is_err());
        assert!(read(&header(3, 0)[1..]).is_err());
        assert!(read(&header(u64::MAX, u64::MAX)).is_ok_and(|recording| recording.events.is_empty()));
    }
}
