//! The page of one report.

use gilscope::report::{Outcome, Report};
use gilscope::{embed, labs, workload};
use maud::{Markup, PreEscaped, html};

use super::frame::{notice, page as frame};
use super::table::table;
use super::{chart, repeat};
use crate::format;
use crate::print;

pub fn page(report: &Report) -> anyhow::Result<String> {
    let title = labs::find(&report.experiment.lab).map_or(report.experiment.lab.as_str(), |lab| lab.question);
    let drawn = report.charts.iter().filter(|chart| !chart.series.is_empty());
    let charts = drawn.map(chart::figure).collect::<anyhow::Result<Vec<_>>>()?;
    // What each worker did when is for Perfetto, and long.
    let carried = embed::element(&Report { trace: None, ..report.clone() })?;
    let body = html! {
        h1 { (title) }
        (verdict(report))
        @for text in print::warning_texts(report) { (notice("caution", &text)) }
        h2 { "Figures" }
        (table(print::times_columns(report)))
        @if report.experiment.sweep.is_empty() { (table(print::costs_columns(report))) }
        @if !charts.is_empty() { h2 { "Charts" } @for chart in &charts { (chart) } }
        h2 { "Machine" }
        (machine(report))
        h2 { "Experiment" }
        (experiment(report))
        h2 { "Run it again" }
        pre { (repeat::command(report)) }
        p class="soft" { "In the browser, behind the address of a gilscope page:" }
        pre { (repeat::fragment(report)) }
        (PreEscaped(carried))
    };
    Ok(frame(title, &body))
}

fn verdict(report: &Report) -> Markup {
    let Some(verdict) = &report.verdict else { return Markup::default() };
    let kind = match verdict.outcome {
        Outcome::Confirmed => "good",
        Outcome::Refuted => "caution",
        Outcome::CouldNotTell => "",
    };
    html! {
        (notice(kind, &verdict.text))
        @if !verdict.parts.is_empty() { ul { @for part in &verdict.parts { li { (part.text) } } } }
    }
}

/// Names and values, one pair a row.
fn pairs(pairs: &[(&str, String)]) -> Markup {
    html! {
        div class="box" {
            table { tbody { @for (name, value) in pairs { tr { th scope="row" { (name) } td { (value) } } } } }
        }
    }
}

fn machine(report: &Report) -> Markup {
    let (host, facts) = (&report.host, &report.host.machine);
    let ceiling = host.ceiling.iter().map(|(workers, speedup)| format!("{} for {workers}", format::ratio(*speedup)));
    let ceiling: Vec<_> = ceiling.collect();
    let cores = facts.physical_cores.map(|cores| format!(", {cores} physical")).unwrap_or_default();
    let mut known = vec![("host", host.engine.clone()), ("system", host.os.clone())];
    known.extend(facts.cpu.clone().map(|cpu| ("processor", cpu)));
    known.push(("logical cores", format!("{}{cores}", host.logical_cores)));
    #[expect(clippy::cast_precision_loss, reason = "memory in megabytes")]
    known.extend(facts.memory_bytes.map(|bytes| ("memory", format::bytes(bytes as f64))));
    known.extend(facts.power.clone().map(|power| ("power", power)));
    if !ceiling.is_empty() {
        known.push(("ceiling", ceiling.join(", ")));
    }
    known.push(("gilscope", report.version.clone()));
    pairs(&known)
}

fn experiment(report: &Report) -> Markup {
    let unit = workload::find(&report.experiment.workload).map_or("", |workload| workload.size_unit);
    let is_swept = |name: &str| report.experiment.sweep.iter().any(|point| point.contains_key(name));
    let fields = report.experiment.fields().into_iter();
    let fields = fields.filter(|(name, value)| *name != "trace" && !value.is_empty() && !is_swept(name));
    let named = fields.map(|(name, value)| (name, if name == "size" { format!("{value} {unit}") } else { value }));
    let answer = report.runs.first().map(|run| ("answer", run.answer.clone()));
    let known: Vec<_> = named.chain(answer.filter(|_| report.experiment.sweep.is_empty())).collect();
    pairs(&known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::tests::report;
    use gilscope::chart::{Axis, Chart, Form, Mark, Unit};

    fn drawn() -> Report {
        let mut report = report();
        report.charts = labs::find("race").unwrap().analysis.charts(&report);
        let lines =
            Chart::new("Lines <b>", Form::Lines, Axis::log("size", Unit::Count), Axis::log("time", Unit::Seconds));
        let marks = [Mark::at(10.0, 0.001), Mark { interval: Some([0.09, 0.11]), ..Mark::at(1e6, 0.1) }];
        report.charts.push(lines.with("threads", marks));
        report
    }

    #[test]
    fn a_page_stands_alone_and_carries_its_report() {
        let report = drawn();
        let page = page(&report).unwrap();
        for outside in ["http://", "https://", "src=", "@import", "url("] {
            let found = page.matches(outside).count();
            let namespace = if outside == "http://" { page.matches("http://www.w3.org/2000/svg").count() } else { 0 };
            assert_eq!(found, namespace, "{outside}");
        }
        assert_eq!(page.matches("<script").count(), 1, "the data alone");
        assert_eq!(page.matches(r#"<svg class="drawing""#).count(), report.charts.len());
        assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
        assert_eq!(embed::read(&page).unwrap(), report);
    }

    #[test]
    fn text_of_a_report_is_never_html() {
        let mut report = drawn();
        report.host.engine = "<img src=x onerror=alert(1)>".into();
        report.runs[0].answer = "</script><script>alert(1)</script>".into();
        report.charts[1].series[0].name = "<i>".into();
        let page = page(&report).unwrap();
        assert!(!page.contains("<img") && !page.contains("<i>") && !page.contains("Lines <b>"));
        assert_eq!(page.matches("<script").count(), 1);
    }

    #[test]
    fn the_page_says_what_the_terminal_says() {
        let page = page(&report()).unwrap();
        for part in [
            "Do my threads take turns?",
            "Confirmed: threads took turns",
            "2 threads ran 0.96x",
            "[1.200, 1.300]",
            "Something else used the machine",
        ] {
            assert!(page.contains(part), "{part}");
        }
        assert!(page.contains("gilscope run sum-of-squares --model serial,threads,processes --runs 3"), "{page}");
    }
}
