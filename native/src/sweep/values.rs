//! Several values of one flag: `1,2,4`, `1..8`, `5..50+5`, `1000..1000000x10`.
//!
//! `+` and `x` rather than `/` and `*`, which shells or readers take for something else.

use gilscope::experiment::MAX_POINTS;

const REMEDY: &str =
    "give a list as 1,2,4, a range as 1..8, with a step as 5..50+5 or with a factor as 1000..1000000x10";

/// All values that `text` stands for; the error is a remedy.
pub fn of(text: &str) -> Result<Vec<String>, String> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    let values: Vec<Vec<String>> = items.map(of_item).collect::<Result<_, _>>()?;
    let values = values.concat();
    if values.is_empty() { Err(REMEDY.into()) } else { Ok(values) }
}

fn of_item(item: &str) -> Result<Vec<String>, String> {
    let Some((from, rest)) = item.split_once("..") else { return Ok(vec![item.to_owned()]) };
    let (to, next) = match rest.split_once(['+', 'x']) {
        None => (rest, Next::Plus(1.0)),
        Some((to, by)) if rest[to.len()..].starts_with('x') => (to, Next::Times(number(by)?)),
        Some((to, by)) => (to, Next::Plus(number(by)?)),
    };
    range(number(from)?, number(to)?, next)
}

/// How a range goes on.
#[derive(Clone, Copy)]
enum Next {
    Plus(f64),
    Times(f64),
}

impl Next {
    fn at(self, from: f64, step: i32) -> f64 {
        match self {
            Self::Plus(by) => from + by * f64::from(step),
            Self::Times(by) => from * by.powi(step),
        }
    }
}

fn range(from: f64, to: f64, next: Next) -> Result<Vec<String>, String> {
    let goes_up = from <= to && next.at(from, 1) > from;
    if !goes_up {
        return Err(format!("a range goes up, by more than nothing; {REMEDY}"));
    }
    // What is computed misses the end by the last digit of a float.
    let reach = to * (1.0 + 1e-9);
    let values = (0..).map(|step| next.at(from, step)).take_while(|value| *value <= reach);
    let values: Vec<String> = values.take(MAX_POINTS + 1).map(text).collect();
    if values.len() > MAX_POINTS {
        return Err(format!("that is more than {MAX_POINTS} values; take larger steps, as in 5..50+5 or 1..1000x10"));
    }
    Ok(values)
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.trim().replace('_', "").parse::<f64>().ok();
    number.filter(|number| number.is_finite() && *number >= 0.0).ok_or_else(|| REMEDY.to_owned())
}

/// Without the digits that computing in floats adds.
fn text(value: f64) -> String {
    ((value * 1e6).round() / 1e6).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        of(text).unwrap_or_else(|remedy| panic!("{text}: {remedy}")).join(" ")
    }

    #[test]
    fn lists_and_ranges_are_spelled_out() {
        assert_eq!(joined("1, 2,4"), "1 2 4");
        assert_eq!(joined("1..4"), "1 2 3 4");
        assert_eq!(joined("5..50+15"), "5 20 35 50");
        assert_eq!(joined("1000..1_000_000x10"), "1000 10000 100000 1000000");
        assert_eq!(joined("0.1..0.3+0.1"), "0.1 0.2 0.3");
        assert_eq!(joined("1..3,8"), "1 2 3 8");
        assert_eq!(joined("message,queue"), "message queue");
        assert_eq!(joined("7..7"), "7");
    }

    #[test]
    fn what_is_no_range_has_a_remedy() {
        for wrong in
            ["", ",", "1..", "..4", "a..b", "1..4x", "1..4x1", "0..4x2", "4..1", "1..4+0", "-1..4", "1..inf", "1..1000"]
        {
            assert!(of(wrong).is_err(), "{wrong}: {:?}", of(wrong));
        }
    }
}
