//! Text from outside, as errors repeat it: a terminal obeys none of it, and a long one is not repeated whole.

/// Letters that [`short`] keeps.
const MOST: usize = 80;

/// The same without what a terminal or a log would obey.
pub fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter }).collect()
}

/// The beginning of it, printable.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => printable(&text[..end]) + "…",
        None => printable(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stay_and_commands_go() {
        assert_eq!(printable("größe = 5\u{1b}[2J\n\u{9b}"), "größe = 5\u{fffd}[2J\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_long_text_is_cut_between_two_letters() {
        assert_eq!(short(&"ß".repeat(MOST)), "ß".repeat(MOST));
        assert_eq!(short(&"ß".repeat(MOST + 1)), "ß".repeat(MOST) + "…");
    }
}
