//! `gilscope serve`: headers, who may ask, and how a run streams, queues and ends.

use std::time::{Duration, Instant};

use gilscope::experiment::Model;
use gilscope::report::{HostKind, Report};
use serde_json::Value;

use super::server::Server;
use gilscope_tests::binary::{output, skipped, stderr};
use gilscope_tests::reports::closed_form;

const QUICK: &str = r#"{"size": 2000, "runs": 1, "models": ["serial"], "from_a_later_version": true}"#;
/// Goes on until somebody stops it.
const ENDLESS: &str =
    r#"{"size": 20000, "runs": 1000, "warmup": 100, "models": ["serial", "processes"], "tasks": 100}"#;

#[test]
fn every_response_is_isolated_and_locked_down() {
    let server = Server::start(&[]);
    let host = server.host();
    let responses = [
        server.get("/"),
        server.get("/no/such/file"),
        server.get("/api/runs"),
        server.send("GET", "/", &[("Host", "evil.example")], "").finish(),
        server.send("POST", "/api/runs", &[("Host", &host)], "{}").finish(),
    ];
    assert_eq!(responses.each_ref().map(|response| response.status), [200, 404, 403, 403, 403]);
    for response in responses {
        for (name, value) in [
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("document-isolation-policy", "isolate-and-require-corp"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(response.header(name), Some(value), "{}", response.status);
        }
        let policies = response.headers.iter().filter(|(name, _)| name == "content-security-policy");
        let policy = policies.map(|(_, value)| value).find(|value| value.starts_with("default-src 'none'; "));
        assert!(policy.is_some_and(|policy| !policy.contains("unsafe-inline")), "{policy:?}");
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

/// A foreign page could lure a reader's click into a frame of it.
#[test]
fn other_sites_may_show_what_has_no_token_and_nothing_else() {
    let server = Server::start(&[]);
    let token = server.token();
    let policies = |path: &str| {
        let response = server.get(path);
        assert_eq!(response.status, 200, "{path}");
        let policies = response.headers.iter().filter(|(name, _)| name == "content-security-policy");
        let loaded_by = response.header("cross-origin-resource-policy").expect("a resource policy").to_owned();
        (policies.map(|(_, value)| value.clone()).collect::<Vec<_>>(), response.body, loaded_by)
    };
    for path in ["/", "/index.html"] {
        let (policies, page, loaded_by) = policies(path);
        assert!(page.contains(&token) && policies.iter().any(|policy| policy == "frame-ancestors 'self'"), "{path}");
        assert_eq!(loaded_by, "same-origin", "{path}");
    }
    for path in ["/embed.html", "/tutorial.html", "/gilscope-lab.js"] {
        let (policies, page, loaded_by) = policies(path);
        assert!(!page.contains(&token), "{path} tells the token");
        assert_eq!(loaded_by, "cross-origin", "{path}");
        assert!(policies.len() == 1 && policies[0].contains("frame-ancestors *;"), "{path}: {policies:?}");
    }
    // It would keep pages, and with them tokens.
    assert_eq!(server.get("/sw.js").status, 404);
}

#[test]
fn a_name_that_is_not_ours_is_refused_everywhere() {
    let server = Server::start(&[]);
    let localhost = format!("localhost:{}", server.port);
    assert_eq!(server.send("GET", "/", &[("Host", &localhost)], "").finish().status, 200);
    let rebound = format!("evil.example:{}", server.port);
    for path in ["/", "/index.html", "/assets/main.js", "/api/runs", "/api/hosts"] {
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
        for (method, path) in [
            ("POST", "/api/runs"),
            ("DELETE", "/api/runs/1"),
            ("DELETE", "/api/runs/1/workers/0"),
            ("GET", "/api/runs/1/events"),
        ] {
            // Browsers leave the origin out where a page asks its own server for something to read.
            let may = method == "GET" && headers.len() == 2 && headers[1].1 == token;
            let status = server.send(method, path, &headers, "").finish().status;
            assert_eq!(status, if may { 404 } else { 403 }, "{method} {headers:?}");
        }
    }
    assert_eq!(server.begin(QUICK).status, 201);
}

#[test]
fn no_other_origin_is_invited() {
    let server = Server::start(&[]);
    let headers = [("Host", server.host()), ("Origin", "http://evil.example".into())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = server.send("OPTIONS", "/api/runs", &headers, "").finish();
    assert_eq!(answer.status, 403);
    assert!(!answer.headers.iter().any(|(name, _)| name.starts_with("access-control-")));
}

#[test]
fn a_run_streams_its_events_and_ends_with_its_report() {
    let server = Server::start(&[]);
    let response = server.events(&server.run(QUICK), 0).finish();
    assert_eq!(response.header("content-type"), Some("application/x-ndjson"));
    assert!(!response.headers.iter().any(|(name, _)| name.starts_with("access-control-")));
    let lines = response.lines();
    let (last, events) = lines.split_last().expect("lines");
    assert!(events.iter().all(|line| line["said"]["type"] == "event"));
    assert_eq!(events[0]["said"]["event"]["type"], "begin");
    assert_eq!(last["said"]["type"], "report");
    let report = Report::from_json(&last["said"]["report"].to_string()).expect("a report");
    assert_eq!((report.experiment.size, report.runs.len()), (2000, 1));
}

#[test]
fn a_connection_that_is_cut_loses_no_line_and_no_report() {
    let server = Server::start(&[]);
    let id = server.run(r#"{"size": 20000, "runs": 20, "models": ["serial", "processes"], "tasks": 20}"#);
    let mut numbers = Vec::new();
    // Cut again and again; what was not read is asked for again.
    for cut in 1..4 {
        let mut stream = server.events(&id, numbers.len());
        let pieces: String = (0..cut).filter_map(|_| stream.piece()).collect();
        let lines: Vec<Value> = pieces.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let read = lines.len().div_ceil(2);
        numbers.extend(lines[..read].iter().map(|line| line["number"].as_u64().expect("a number")));
    }
    let rest = server.events(&id, numbers.len()).finish().lines();
    numbers.extend(rest.iter().map(|line| line["number"].as_u64().expect("a number")));
    assert_eq!(numbers, (0..numbers.len() as u64).collect::<Vec<_>>());

    let again = server.events(&id, 0).finish().lines();
    assert_eq!(again.len(), numbers.len());
    assert_eq!(
        (again.last(), rest.last().expect("a last line")["said"]["type"].as_str()),
        (rest.last(), Some("report"))
    );
}

#[test]
fn what_cannot_be_run_is_answered_with_the_field_to_blame() {
    let server = Server::start(&[]);
    let lines = server.events(&server.run(r#"{"workers": [0]}"#), 0).finish().lines();
    assert_eq!(lines.len(), 1);
    let said = &lines[0]["said"];
    assert_eq!((said["type"].as_str(), said["field"].as_str()), (Some("error"), Some("workers")));
    assert_eq!(
        said["message"],
        "workers cannot be '0': use a whole number from 1 to 256, because each is a thread, a process or a web worker of its own"
    );

    let malformed = server.begin("{\"size\": \"many\"}");
    assert_eq!(malformed.status, 400);
    assert!(malformed.body.contains("this is not a host with an experiment"), "{}", malformed.body);
    let long = format!("{{\"lab\": \"{}\"}}", "x".repeat(64 * 1024));
    assert_eq!(server.begin(&long).status, 413);
}

#[test]
fn a_host_is_named_by_an_id_that_the_server_gave() {
    let server = Server::start(&[]);
    let hosts = server.ask("GET", "/api/hosts", "").finish();
    assert_eq!(hosts.header("cache-control"), Some("no-store"));
    let hosts = hosts.json();
    assert_eq!((&hosts[0]["id"], &hosts[0]["kind"]), (&Value::from("native"), &Value::from("native")));
    for host in hosts.as_array().expect("hosts") {
        assert!(!host.to_string().contains("/bin"), "{host}");
    }
    let refused = server.ask("POST", "/api/runs", r#"{"host": "/bin/sh", "experiment": {}}"#).finish();
    assert_eq!(refused.status, 400);
    assert!(refused.body.starts_with("host cannot be '/bin/sh': use one of native"), "{}", refused.body);
}

#[test]
fn a_python_gets_the_same_experiment_with_sizes_that_suit_it() {
    let server = Server::start(&[]);
    let hosts = server.ask("GET", "/api/hosts", "").finish().json();
    let mut hosts = hosts.as_array().expect("hosts").iter();
    let python =
        hosts.find(|host| host["kind"] == "cpython").expect("a CPython, which the tests of the listings need too");
    let experiment = r#"{"size": 400000, "runs": 1, "models": ["serial", "threads"], "workers": [2]}"#;
    let asked = format!(r#"{{"host": {}, "experiment": {experiment}}}"#, python["id"]);
    let begun = server.ask("POST", "/api/runs", &asked).finish().json();
    assert_eq!(begun["experiment"]["size"], 400_000);
    let id = begun["id"].as_str().expect("an id");
    let kill = server.ask("DELETE", &format!("/api/runs/{id}/workers/0"), "").finish();
    assert_eq!(kill.status, 400, "a Python's workers are its own");
    assert!(kill.body.ends_with("only worker processes of native can be killed"), "{}", kill.body);
    let lines = server.events(id, 0).finish().lines();
    let report = Report::from_json(&lines.last().expect("lines")["said"]["report"].to_string()).expect("a report");
    assert_eq!(report.host.kind, HostKind::Cpython);
    assert_eq!(report.experiment.size, 10_000);
}

#[test]
fn runs_queue_and_are_listed_and_can_be_cancelled_where_they_are() {
    let server = Server::start(&[]);
    let ids = [server.run(ENDLESS), server.run(QUICK), server.run(QUICK)];
    let mut first = server.events(&ids[0], 0);
    assert!(first.piece().expect("an event").contains("\"begin\""));
    let mut third = server.events(&ids[2], 0);
    assert_eq!(third.piece().expect("a line").trim_end(), r#"{"number":0,"said":{"type":"queued","ahead":2}}"#);

    let listed = server.ask("GET", "/api/runs", "").finish().json();
    let states: Vec<_> = listed.as_array().expect("runs").iter().map(|run| run["progress"]["state"].as_str()).collect();
    assert_eq!(states, [Some("running"), Some("queued"), Some("queued")]);
    assert!((0.0..1.0).contains(&listed[0]["progress"]["done"].as_f64().expect("a share")));

    assert_eq!(server.cancel(&ids[1]).status, 204);
    let cancelled = server.events(&ids[1], 0).finish().lines();
    assert_eq!(
        cancelled.last().expect("a line")["said"]["message"],
        "the run was cancelled before anything was measured"
    );
    assert_eq!(third.piece().expect("a line").trim_end(), r#"{"number":1,"said":{"type":"queued","ahead":1}}"#);

    assert_eq!(server.cancel(&ids[0]).status, 204);
    let last = first.finish().lines().pop().expect("a line");
    let begun = last["said"]["type"] == "report";
    let warnings = last["said"]["report"]["warnings"].as_array().into_iter().flatten();
    let told =
        if begun { warnings.map(|warning| &warning["text"]).next_back() } else { Some(&last["said"]["message"]) };
    let told = told.and_then(Value::as_str).unwrap_or_default();
    assert!(told.starts_with("the run was cancelled"), "{last}");
    assert_eq!(third.finish().lines().last().expect("a line")["said"]["type"], "report");
    assert_eq!(server.cancel("no-such-run").status, 404);
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_outlives_its_connection_and_ends_with_its_workers_when_it_is_cancelled() {
    use gilscope_tests::binary::eventually;
    use gilscope_tests::processes::{children, is_alive};

    let server = Server::start(&[]);
    let id = server.run(ENDLESS);
    let mut events = server.events(&id, 0);
    while !events.piece().expect("an event").contains("\"round-start\"") {}
    let workers = children(server.child.id());
    assert!(!workers.is_empty());
    drop(events);
    let mut again = server.events(&id, 0);
    while !again.piece().expect("an event").contains("\"round-end\"") {}
    assert!(workers.iter().copied().all(is_alive));
    server.cancel(&id);
    eventually("the workers end", || !workers.iter().copied().any(is_alive));
    eventually("no other has come", || children(server.child.id()).is_empty());
    assert!(again.finish().body.contains("cancelled"), "its last line says so");
}

#[cfg(unix)]
#[test]
fn a_worker_process_is_killed_when_a_page_asks_for_it_and_no_answer_is_lost() {
    let server = Server::start(&[]);
    let id = server
        .run(r#"{"size": 10000000, "tasks": 150, "runs": 1, "warmup": 0, "workers": [2], "models": ["processes"]}"#);
    let kill = |worker: &str| server.ask("DELETE", &format!("/api/runs/{id}/workers/{worker}"), "").finish();
    let mut events = server.events(&id, 0);
    let mut asked = None::<Instant>;
    while !events.piece().expect("somebody dies").contains("\"type\":\"death\"") {
        // Nothing comes of it while the worker has no task, so it is asked for again, several times within the run; a task
        // that dies too often is given up.
        if asked.is_none_or(|asked| asked.elapsed() > Duration::from_millis(300)) {
            assert_eq!(kill("1").status, 204);
            asked = Some(Instant::now());
        }
    }
    let lines = events.finish().lines();
    let report = Report::from_json(&lines.last().expect("a line")["said"]["report"].to_string()).expect("a report");
    let processes = report.widest(Model::Processes).expect("they end");
    assert!(processes.deaths.iter().all(|death| death.cause.contains("SIGKILL")), "{:?}", processes.deaths);
    assert!(!processes.deaths.is_empty());
    assert_eq!(processes.answer, closed_form(&report.experiment));
    let wrong = kill("256");
    assert_eq!((wrong.status, &*wrong.body), (400, "worker cannot be '256': give its number, at most 255"));
    assert_eq!(kill("-1").status, 400);
    assert_eq!(server.ask("DELETE", "/api/runs/none/workers/0", "").finish().status, 404);
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_stops_the_server_its_run_and_its_workers() {
    use gilscope_tests::processes::{children, interrupt, is_alive};

    let mut server = Server::start(&[]);
    let mut run = server.events(&server.run(ENDLESS), 0);
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

#[test]
fn other_machines_are_let_in_only_when_that_is_asked_for() {
    let refused = |host: &str| stderr(&output(&["serve", "--no-open", "--port", "0", "--host", host]));
    assert_eq!(
        refused("0.0.0.0"),
        "error: --host cannot be '0.0.0.0': other machines could reach it; add --allow-remote if they may, or use \
         127.0.0.1\n"
    );
    let error = refused("example.org");
    assert_eq!(error, "error: --host cannot be 'example.org': use an IP address of this machine, or localhost\n");
    // Kept for documentation, so no machine has it: RFC 5737.
    let flags = ["serve", "--no-open", "--port", "0", "--host", "192.0.2.1", "--allow-remote"];
    let error = stderr(&output(&flags));
    assert!(error.contains("--host cannot be '192.0.2.1': this machine has no such address"), "{error}");
}

#[test]
fn a_remote_server_shows_its_page_to_those_who_know_the_token() {
    let server = Server::start(&["--host", "0.0.0.0", "--allow-remote"]);
    let (_, token) = server.url.split_once("/?token=").expect("a token in the address");
    assert_eq!(server.get("/no/such/file").status, 404);
    for wrong in ["/", "/index.html", "/?token=", &format!("/?token={}", &token[1..])] {
        let refused = server.get(wrong);
        assert!(refused.status == 403 && !refused.body.contains(token), "{wrong}");
    }
    let page = server.get(&format!("/?token={token}"));
    assert_eq!(page.status, 200);
    assert!(page.body.contains(&format!("<meta name=\"gilscope-token\" content=\"{token}\">")));

    let (host, origin) = (server.host(), format!("http://{}", server.host()));
    let rebound = format!("evil.example:{}", server.port);
    let status = |headers: &[(&str, &str)]| server.send("POST", "/api/runs", headers, "{}").finish().status;
    assert_eq!(status(&[("Host", &host), ("Origin", &origin)]), 403);
    assert_eq!(status(&[("Host", &rebound), ("Origin", &origin), ("X-Gilscope-Token", token)]), 403);
    assert_eq!(status(&[("Host", &host), ("Origin", "http://evil.example"), ("X-Gilscope-Token", token)]), 403);
    assert_eq!(status(&[("Host", &host), ("Origin", &origin), ("X-Gilscope-Token", token)]), 400);
}

#[test]
fn the_loopback_address_of_ipv6_is_this_machine_too() {
    // Not every machine has it.
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return skipped("this machine has no IPv6");
    }
    let server = Server::start(&["--host", "::1"]);
    assert_eq!(server.url, format!("http://[::1]:{}/", server.port));
    let own = format!("[::1]:{}", server.port);
    let page = server.send("GET", "/", &[("Host", &own)], "").finish();
    assert!(page.status == 200 && page.body.contains("gilscope-token"));
    assert_eq!(server.send("GET", "/", &[("Host", &server.host())], "").finish().status, 403);
}
