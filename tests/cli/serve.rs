//! `gilscope serve`: headers, who may ask, and how a run streams, queues and ends.

use gilscope::report::Report;
use serde_json::Value;

use crate::server::{Response, Server};
use crate::support::{output, stderr};

const QUICK: &str = r#"{"size": 2000, "runs": 1, "models": ["serial"], "from_a_later_version": true}"#;
/// Goes on until somebody stops it.
const ENDLESS: &str =
    r#"{"size": 20000, "runs": 1000, "warmup": 100, "models": ["serial", "processes"], "tasks": 100}"#;

fn lines(response: &Response) -> Vec<Value> {
    response.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn every_response_is_isolated_and_locked_down() {
    let server = Server::start(&[]);
    let host = server.host();
    let responses = [
        server.get("/"),
        server.get("/no/such/file"),
        server.get("/api/run"),
        server.send("GET", "/", &[("Host", "evil.example")], "").finish(),
        server.send("POST", "/api/run", &[("Host", &host)], "{}").finish(),
    ];
    assert_eq!(responses.each_ref().map(|response| response.status), [200, 404, 403, 403, 403]);
    for response in responses {
        for (name, value) in [
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("document-isolation-policy", "isolate-and-require-corp"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(response.header(name), Some(value), "{}", response.status);
        }
        let policy = response.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(response.header("access-control-allow-origin"), None);
    }
}

#[test]
fn without_isolation_only_the_isolating_headers_are_gone() {
    let page = Server::start(&["--no-isolation"]).get("/");
    for name in ["cross-origin-opener-policy", "cross-origin-embedder-policy", "document-isolation-policy"] {
        assert_eq!(page.header(name), None);
    }
    assert!(page.header("content-security-policy").is_some());
}

#[test]
fn the_page_carries_a_fresh_token_and_is_never_kept() {
    let (one, other) = (Server::start(&[]), Server::start(&[]));
    assert_eq!(one.token(), one.token());
    assert_ne!(one.token(), other.token());
    let page = one.get("/");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
}

#[test]
fn a_name_that_is_not_ours_is_refused_everywhere() {
    let server = Server::start(&[]);
    let localhost = format!("localhost:{}", server.port);
    assert_eq!(server.send("GET", "/", &[("Host", &localhost)], "").finish().status, 200);
    let rebound = format!("evil.example:{}", server.port);
    for path in ["/", "/index.html", "/assets/main.js", "/api/run"] {
        for host in [rebound.as_str(), "127.0.0.1:1", "localhost", ""] {
            assert_eq!(server.send("GET", path, &[("Host", host)], "").finish().status, 403, "{host} {path}");
        }
    }
}

#[test]
fn only_a_page_of_this_server_may_start_a_run() {
    let server = Server::start(&[]);
    let (host, origin) = (server.host(), format!("http://{}", server.host()));
    let (token, other_name) = (server.token(), format!("http://localhost:{}", server.port));
    let secure = format!("https://{}", server.host());
    let cases: [&[(&str, &str)]; 8] = [
        &[("Origin", &origin)],
        &[("Origin", &origin), ("X-Gilscope-Token", "")],
        &[("Origin", &origin), ("X-Gilscope-Token", &token[1..])],
        &[("X-Gilscope-Token", &token)],
        &[("Origin", "null"), ("X-Gilscope-Token", &token)],
        &[("Origin", "http://evil.example"), ("X-Gilscope-Token", &token)],
        &[("Origin", &other_name), ("X-Gilscope-Token", &token)],
        &[("Origin", &secure), ("X-Gilscope-Token", &token)],
    ];
    for headers in cases {
        let headers = [&[("Host", host.as_str())], headers].concat();
        assert_eq!(server.send("POST", "/api/run", &headers, QUICK).finish().status, 403, "{headers:?}");
    }
    assert_eq!(server.run(QUICK).status, 200);
}

#[test]
fn no_other_origin_is_invited() {
    let server = Server::start(&[]);
    let headers = [("Host", server.host()), ("Origin", "http://evil.example".into())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = server.send("OPTIONS", "/api/run", &headers, "").finish();
    assert_eq!(answer.status, 403);
    assert!(!answer.headers.iter().any(|(name, _)| name.starts_with("access-control-")));
}

#[test]
fn a_run_streams_its_events_and_ends_with_its_report() {
    let response = Server::start(&[]).run(QUICK).finish();
    assert_eq!(response.header("content-type"), Some("application/x-ndjson"));
    assert!(!response.headers.iter().any(|(name, _)| name.starts_with("access-control-")));
    let lines = lines(&response);
    let (last, events) = lines.split_last().expect("lines");
    assert!(events.iter().all(|line| line["type"] == "event"));
    assert_eq!(events[0]["event"]["type"], "begin");
    assert_eq!(last["type"], "report");
    let report = Report::from_json(&last["report"].to_string()).expect("a report");
    assert_eq!((report.experiment.size, report.runs.len()), (2000, 1));
}

#[test]
fn what_cannot_be_run_is_answered_with_the_field_to_blame() {
    let server = Server::start(&[]);
    let lines = lines(&server.run(r#"{"workers": [0]}"#).finish());
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["type"], &lines[0]["field"]), (&Value::from("error"), &Value::from("workers")));
    assert_eq!(lines[0]["message"], "workers cannot be '0': use a whole number from 1 to 256");

    let malformed = server.run("{\"size\": \"many\"}").finish();
    assert_eq!(malformed.status, 400);
    assert!(malformed.body.contains("this is not an experiment"), "{}", malformed.body);
    let long = format!("{{\"lab\": \"{}\"}}", "x".repeat(64 * 1024));
    assert_eq!(server.run(&long).status, 413);
}

#[test]
fn a_second_run_waits_for_the_first() {
    let server = Server::start(&[]);
    let mut first = server.run(ENDLESS);
    assert!(first.piece().expect("an event").contains("\"begin\""));
    let mut second = server.run(QUICK);
    assert_eq!(second.piece().expect("a line").trim_end(), r#"{"type":"queued","ahead":1}"#);
    drop(first);
    let response = second.finish();
    assert_eq!(lines(&response).last().expect("lines")["type"], "report");
}

#[cfg(target_os = "linux")]
#[test]
fn a_page_that_goes_away_takes_its_run_and_its_workers_along() {
    use crate::support::{children, eventually, is_alive};

    let server = Server::start(&[]);
    let mut run = server.run(ENDLESS);
    while !run.piece().expect("an event").contains("\"round-start\"") {}
    let workers = children(server.child.id());
    assert!(!workers.is_empty());
    drop(run);
    eventually("the workers end", || !workers.iter().copied().any(is_alive));
    eventually("no other has come", || children(server.child.id()).is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_stops_the_server_its_run_and_its_workers() {
    use crate::support::{children, interrupt, is_alive};

    let mut server = Server::start(&[]);
    let mut run = server.run(ENDLESS);
    while !run.piece().expect("an event").contains("\"round-start\"") {}
    let workers = children(server.child.id());
    interrupt(server.child.id());
    assert_eq!(server.child.wait().expect("it ends").code(), Some(0));
    assert!(!workers.is_empty() && !workers.iter().copied().any(is_alive));
}

#[test]
fn a_port_in_use_is_named_with_a_remedy() {
    let server = Server::start(&[]);
    let output = output(&["serve", "--no-open", "--port", &server.port.to_string()]);
    let error = stderr(&output);
    assert!(error.starts_with(&format!("error: --port cannot be '{}': ", server.port)), "{error}");
    assert!(error.contains("use another port, or 0 for any free one"), "{error}");
    assert_eq!(output.status.code(), Some(2));
}
