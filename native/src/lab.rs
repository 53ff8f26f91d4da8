//! `gilscope lab`: a lab's experiment, what came of it, and what it teaches.

use gilscope::labs;
use rust_embed::RustEmbed;

use crate::args::LabArgs;
use crate::exit::{Outcome, UsageError};
use crate::print::{self, BOLD};
use crate::{output, run};

/// The explanation and the Python programs of every lab.
#[derive(RustEmbed)]
#[folder = "../src/labs"]
#[include = "*/text.md"]
#[include = "*/*.py"]
struct Files;

pub fn lab(args: LabArgs) -> anyhow::Result<Outcome> {
    let lab = labs::find(&args.lab).ok_or_else(|| UsageError {
        flag: "LAB".into(),
        value: args.lab.clone(),
        remedy: labs::known(),
    })?;
    if args.python {
        output::text(&listings(lab.id))?;
        return Ok(Outcome::Done);
    }
    let (aside, width) = (args.exports.quiet || args.exports.takes_stdout(), output::width());
    let outcome = run::run(&args.into())?;
    if !aside && outcome == Outcome::Done {
        output::text(&teaching(lab.id, width))?;
    }
    Ok(outcome)
}

fn folder(lab: &str) -> String {
    lab.replace('-', "_")
}

fn text(path: &str) -> String {
    Files::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
}

/// Why it is so, and where to go on.
fn teaching(lab: &str, width: u16) -> String {
    let text = text(&format!("{}/text.md", folder(lab)));
    let paragraphs = text.split("\n\n").map(|paragraph| print::wrapped(&paragraph.replace('\n', " "), "", width));
    let why = paragraphs.collect::<Vec<_>>().join("\n");
    let place = labs::ALL.iter().position(|other| other.id == lab);
    let next = place.and_then(|place| labs::ALL.get(place + 1));
    let next = next.map(|next| format!("\nNext: {} (gilscope lab {})\n", next.question, next.id));
    format!("\n{BOLD}Why{BOLD:#}\n{why}\nThe same in Python: gilscope lab {lab} --python\n{}", next.unwrap_or_default())
}

/// Every Python program of the lab, each after its name.
fn listings(lab: &str) -> String {
    let folder = folder(lab) + "/";
    let mut paths: Vec<_> = Files::iter().filter(|path| path.starts_with(&folder) && path.ends_with(".py")).collect();
    // What others are compared to comes first.
    let rank = |path: &str| ["serial.py", "threads.py", "processes.py"].iter().position(|name| path.ends_with(name));
    paths.sort_by_key(|path| (rank(path.trim_start_matches(&folder)).unwrap_or(usize::MAX), path.clone()));
    let listing = |path: &_| format!("# {}\n{}", AsRef::<str>::as_ref(path), text(AsRef::<str>::as_ref(path)));
    paths.iter().map(listing).collect::<Vec<_>>().join("\n")
}
