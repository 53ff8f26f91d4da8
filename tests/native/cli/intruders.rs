//! `gilscope serve`: what comes of requests that no page of it sends.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::server::Server;
#[cfg(target_os = "linux")]
use gilscope_tests::binary::eventually;
#[cfg(target_os = "linux")]
use gilscope_tests::processes::footprint;

/// Most connections that are answered at once: `connections::MOST`.
const MOST: usize = 256;

#[test]
fn no_path_leads_out_of_the_site() {
    let server = Server::start(&[]);
    let paths = [
        "/../package.json",
        "/../../Cargo.toml",
        "/assets/../../package.json",
        "/./index.html",
        "/%2e%2e/package.json",
        "/..%2f..%2fCargo.toml",
        "/..%5c..%5cCargo.toml",
        "/..\\..\\Cargo.toml",
        "//etc/passwd",
        "/etc/passwd",
        "/%2fetc%2fpasswd",
        "/C:\\Windows\\win.ini",
        "/index.html%00.js",
        "/%",
        "/_headers",
        "/sw.js",
        "/./sw.js",
    ];
    for path in paths {
        let answer = server.get(path);
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.body.contains("package") && !answer.body.contains("root:"), "{path}: {}", answer.body);
    }
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn what_a_foreign_page_asks_for_is_refused_even_if_it_knew_the_token() {
    let server = Server::start(&[]);
    let headers = server.own_headers();
    let own: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let status = |site: &str| {
        let headers = [&own[..], &[("Sec-Fetch-Site", site)]].concat();
        server.send("GET", "/api/runs", &headers, "").finish().status
    };
    assert_eq!(["cross-site", "same-site", "none", "same-origin"].map(status), [403, 403, 403, 200]);
}

#[test]
fn there_is_no_other_way_in() {
    let server = Server::start(&[]);
    let host = server.host();
    let upgrade = [
        ("Host", host.as_str()),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ];
    assert_eq!(server.send("GET", "/", &upgrade, "").finish().status, 200, "there is no WebSocket");
    assert_eq!(server.send("GET", "/api/runs", &upgrade, "").finish().status, 403);
    for method in ["POST", "PUT", "DELETE", "TRACE", "PATCH"] {
        assert_eq!(server.send(method, "/", &[("Host", &host)], "").finish().status, 405, "{method}");
    }
    let tunnel = format!("evil.example:{}", server.port);
    assert!(server.send("CONNECT", &tunnel, &[("Host", &host)], "").finish().status >= 400);
    let elsewhere = format!("http://evil.example:{}/", server.port);
    assert!(!server.send("GET", &elsewhere, &[("Host", "evil.example")], "").finish().body.contains("token"));
}

#[test]
fn a_request_that_cannot_be_is_answered_with_what_is_wrong() {
    let server = Server::start(&[]);
    let answer = |method: &str, path: &str, body: &str| {
        let answer = server.ask(method, path, body).finish();
        (answer.status, answer.body)
    };
    let (status, why) = answer("GET", "/api/runs/1/events?from=-1", "");
    assert_eq!((status, why.as_str()), (400, "from cannot be '-1': give the number of a line, 0 for all"));
    let long = format!("{{\"lab\": \"{}\"}}", "x".repeat(64 * 1024));
    let (status, why) = answer("POST", "/api/runs", &long);
    assert_eq!((status, why.as_str()), (413, "an experiment has at most 65536 bytes: shorten it"));
    let nested = "[".repeat(60_000);
    for wrong in ["", "null", "{\"host\": 1}", "{\"host\": \"native\", \"experiment\": {\"size\": 1e400}}", &nested] {
        let (status, why) = answer("POST", "/api/runs", wrong);
        assert_eq!(status, 400, "{why}");
        assert!(why.starts_with("this is not a host with an experiment: "), "{why}");
    }
    assert_eq!(answer("DELETE", "/api/runs/%00%ff", "").0, 400);
    assert_eq!(answer("DELETE", &format!("/api/runs/{}", "1".repeat(9_000)), "").0, 404);
}

/// They hold their places until they are hung up on, and then everybody is answered again.
#[cfg(target_os = "linux")]
#[test]
fn a_crowd_of_connections_takes_no_more_than_its_places() {
    let server = Server::start(&[]);
    let pid = server.child.id();
    let open = || footprint(&[pid]).descriptors;
    let connect = || TcpStream::connect(("127.0.0.1", server.port)).expect("a place, or one in the system's queue");
    let idle = open();
    let mut admitted = connect();
    // Fewer than the system lets wait (128): it makes those that are more wait to be queued.
    let crowd: Vec<_> = (0..MOST + 60).map(|_| connect()).collect();
    eventually("all places are taken", || open() >= idle + MOST);
    // Who was let in is answered, which also gives the server time to let in more.
    let request = format!("GET /api/runs HTTP/1.1\r\nHost: {}\r\n\r\n", server.host());
    for _ in 0..10 {
        admitted.write_all(request.as_bytes()).expect("sent");
        assert!(admitted.read(&mut [0; 4096]).expect("an answer") > 0);
    }
    assert!(open() < idle + MOST + 10, "{} descriptors, {idle} before", open());
    drop(crowd);
    assert_eq!(server.get("/").status, 200);
}
