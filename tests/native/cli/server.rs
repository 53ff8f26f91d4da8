//! A `gilscope serve` under test, and a client that sends exactly what it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::Value;

use gilscope_tests::binary::gilscope;

/// A server on a free port; it ends with the test.
pub struct Server {
    pub child: Child,
    pub port: u16,
    /// As it was printed.
    pub url: String,
}

impl Server {
    pub fn start(flags: &[&str]) -> Self {
        Self::start_with(flags, &[])
    }

    /// Start it with these environment variables.
    pub fn start_with(flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let args = [&["serve", "--port", "0", "--no-open"], flags].concat();
        let mut command = gilscope(&args);
        let child = command.envs(variables.iter().copied()).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("gilscope starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let url =
            line.split(' ').find(|word| word.starts_with("http://")).unwrap_or_else(|| panic!("no URL in {line}"));
        let port = url.rsplit(':').next().and_then(|rest| rest.split('/').next()?.parse().ok()).expect("a port");
        Self { child, port, url: url.to_owned() }
    }

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The token that this start of the server gives its pages.
    pub fn token(&self) -> String {
        let page = self.get("/").body;
        let content = page.split_once("<meta name=\"gilscope-token\" content=\"").expect("a token").1;
        content.split('"').next().expect("its end").to_owned()
    }

    pub fn get(&self, path: &str) -> Response {
        self.send("GET", path, &[("Host", &self.host())], "").finish()
    }

    /// The headers of a page of this server.
    pub fn own_headers(&self) -> Vec<(&'static str, String)> {
        let origin = format!("http://{}", self.host());
        vec![("Host", self.host()), ("Origin", origin), ("X-Gilscope-Token", self.token())]
    }

    /// Ask as a page of this server does.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> Streaming {
        let headers = self.own_headers();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.send(method, path, &headers, body)
    }

    /// Ask for a run of `experiment`, natively.
    pub fn begin(&self, experiment: &str) -> Response {
        self.ask("POST", "/api/runs", &format!(r#"{{"host": "native", "experiment": {experiment}}}"#)).finish()
    }

    /// The id of a run of `experiment`.
    pub fn run(&self, experiment: &str) -> String {
        let begun = self.begin(experiment);
        assert_eq!(begun.status, 201, "{}", begun.body);
        begun.json()["id"].as_str().expect("an id").to_owned()
    }

    /// The lines of a run from number `from` on.
    pub fn events(&self, id: &str, from: usize) -> Streaming {
        self.ask("GET", &format!("/api/runs/{id}/events?from={from}"), "")
    }

    pub fn cancel(&self, id: &str) -> Response {
        self.ask("DELETE", &format!("/api/runs/{id}"), "").finish()
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Streaming {
        let ip = if self.url.contains("[::1]") { "::1" } else { "127.0.0.1" };
        let mut stream = TcpStream::connect((ip, self.port)).expect("a connection");
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .expect("sent");
        Streaming::begin(stream)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer whose body is still to come.
pub struct Streaming {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    reader: BufReader<TcpStream>,
}

impl Streaming {
    fn begin(stream: TcpStream) -> Self {
        let mut reader = BufReader::new(stream);
        let mut line = || {
            let mut line = String::new();
            reader.read_line(&mut line).expect("an answer");
            line.trim_end().to_owned()
        };
        let status = line().split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let headers = std::iter::from_fn(|| {
            let line = line();
            let (name, value) = line.split_once(':')?;
            Some((name.to_lowercase(), value.trim().to_owned()))
        });
        let headers = headers.collect();
        Self { status, headers, reader }
    }

    /// The next piece of a body that comes in pieces, if it is more than a sign of life; `None` at its end.
    pub fn piece(&mut self) -> Option<String> {
        std::iter::from_fn(|| self.any_piece()).find(|piece| piece != "\n")
    }

    fn any_piece(&mut self) -> Option<String> {
        let mut length = String::new();
        self.reader.read_line(&mut length).ok()?;
        let length = usize::from_str_radix(length.trim(), 16).ok().filter(|length| *length > 0)?;
        let mut piece = vec![0; length + 2];
        self.reader.read_exact(&mut piece).ok()?;
        Some(String::from_utf8_lossy(&piece[..length]).into_owned())
    }

    /// Wait for the whole body.
    pub fn finish(mut self) -> Response {
        let chunked = self.headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        let mut body = String::new();
        if chunked {
            body.extend(std::iter::from_fn(|| self.piece()));
        } else {
            self.reader.read_to_string(&mut body).expect("text");
        }
        Response { status: self.status, headers: self.headers, body }
    }
}

pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Response {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// The lines of a run.
    pub fn lines(&self) -> Vec<Value> {
        let lines = self.body.lines().filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}
