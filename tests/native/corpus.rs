//! What the fuzzer has found, and what it begins with, is parsed as everywhere. CONTRIBUTING.md says how to fuzz.

#[path = "../fuzz/parsers.rs"]
mod parsers;

use std::fs;
use std::path::Path;

/// Give a parser all of its files; a panic names the last one told.
fn replay(name: &str, parse: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let files: Vec<_> = fs::read_dir(&folder).expect("a corpus").map(|file| file.expect("a file").path()).collect();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    for file in files {
        println!("{}", file.display());
        parse(&fs::read(&file).expect("it can be read"));
    }
}

#[test]
fn experiments_as_json() {
    replay("experiment", parsers::experiment);
}

#[test]
fn links() {
    replay("link", parsers::link);
}

#[test]
fn saved_reports() {
    replay("report", parsers::report);
}

#[test]
fn reports_in_links() {
    replay("compact", parsers::compact);
}

#[test]
fn messages() {
    replay("message", parsers::message);
}
