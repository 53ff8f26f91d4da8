//! `gilscope workloads` and `gilscope labs`.

use gilscope::{labs, workload};
use serde::Serialize;

use crate::args::ListArgs;
use crate::exit::Outcome;
use crate::print::{self, BOLD};
use crate::{format, output};

pub fn workloads(args: &ListArgs) -> anyhow::Result<Outcome> {
    let infos: Vec<_> = workload::ALL.iter().map(|workload| workload.info()).collect();
    if args.json {
        return json(&infos);
    }
    let width = output::width();
    let texts = infos.iter().map(|info| {
        let defaults = format!(
            "{} {}, {}",
            format::count(info.default_size.into()),
            info.size_unit,
            format::plural(info.default_tasks.into(), "task", "tasks")
        );
        entry(&info.id, &[("", &info.about), ("default", &defaults)], width)
    });
    output::text(&texts.collect::<Vec<_>>().join("\n"))?;
    Ok(Outcome::Done)
}

pub fn labs(args: &ListArgs) -> anyhow::Result<Outcome> {
    let infos: Vec<_> = labs::ALL.iter().map(|lab| lab.info()).collect();
    if args.json {
        return json(&infos);
    }
    let width = output::width();
    let texts = infos.iter().map(|info| {
        let lines = [("", &info.question), ("claim", &info.claim), ("article", &info.article)];
        entry(&info.id, &lines, width)
    });
    output::text(&texts.collect::<Vec<_>>().join("\n"))?;
    Ok(Outcome::Done)
}

fn json(infos: &impl Serialize) -> anyhow::Result<Outcome> {
    output::bytes(format!("{}\n", serde_json::to_string_pretty(infos)?).as_bytes())?;
    Ok(Outcome::Done)
}

/// A name, and what there is to say about it below.
fn entry(id: &str, lines: &[(&str, &String)], width: u16) -> String {
    let lines = lines.iter().map(|(label, text)| {
        let label = if label.is_empty() { String::new() } else { format!("{label}: ") };
        print::wrapped(&format!("{label}{text}"), "  ", width)
    });
    format!("{BOLD}{id}{BOLD:#}\n{}", lines.collect::<String>())
}
