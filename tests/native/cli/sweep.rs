//! `gilscope sweep`: flags with several values are the points of one experiment.

use gilscope::report::Report;

use gilscope_tests::binary::{output, stderr, stdout, succeeds};

const SMALL: [&str; 9] =
    ["sweep", "--size", "100..10000x10", "--model", "serial,threads", "--runs", "2", "--warmup", "0"];

#[test]
fn every_combination_is_a_point() {
    let report = succeeds(&[&SMALL[..], &["--workers", "1..2", "--export-json", "-"]].concat());
    let report = Report::from_json(&report).expect("a report");
    let points: Vec<_> = report.experiment.sweep.iter().map(|point| (&*point["size"], &*point["workers"])).collect();
    let expected = [("100", "1"), ("100", "2"), ("1000", "1"), ("1000", "2"), ("10000", "1"), ("10000", "2")];
    let sorted = |mut points: Vec<_>| {
        points.sort_unstable();
        points
    };
    assert_eq!(sorted(points), sorted(expected.to_vec()));
    assert_eq!(report.runs.len(), 12);
    assert_eq!(report.verdict, None, "a sweep is no race");
}

#[test]
fn a_sweep_prints_a_row_a_point_and_charts_over_what_varies() {
    let page = succeeds(&SMALL);
    for part in [
        "at          model",
        "size 100    serial",
        "size 10000  threads",
        "How many times as fast as one task after another",
    ] {
        assert!(page.contains(part), "{part}:\n{page}");
    }
}

#[test]
fn what_cannot_be_swept_names_the_flag_and_the_remedy() {
    let cases: [(&[&str], &str); 6] = [
        (&["--size", "9..1"], "error: --size cannot be '9..1': a range goes up"),
        (&["--size", "1..200"], "that is more than 100 values; take larger steps"),
        (&["--size", "1..50", "--tasks", "1..50"], "50 of size times 50 of tasks make more than 100 points"),
        (&["--size", "100"], "nothing varies; give several values"),
        (
            &["--workers", "0..2"],
            "error: --workers cannot be '0': use a whole number from 1 to 256, because each is a thread, a process or a web worker of its own",
        ),
        (&["--cores", "1..2"], "error: --cores cannot be '1..2': this field cannot vary within one experiment"),
    ];
    for (flags, told) in cases {
        let output = output(&[&["sweep"], flags].concat());
        assert!(stderr(&output).contains(told), "{flags:?}: {}", stderr(&output));
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{flags:?}");
    }
}
