//! Every test has origins of its own: what a browser keeps for one cannot reach another.

use std::collections::BTreeSet;
use std::sync::Mutex;

static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Whether no test had this origin before: a system hands out the same port again.
pub fn is_new(origin: &str) -> bool {
    SEEN.lock().expect("unpoisoned").insert(origin.to_owned())
}
