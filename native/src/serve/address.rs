//! Where the server listens, and what it may be called there.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::Context;
use axum::http::uri::Authority;
use tokio::net::TcpListener;

use crate::args::ServeArgs;
use crate::exit::UsageError;

const LOCALHOST: &str = "localhost";
/// What a browser leaves out of a Host header.
const HTTP_PORT: u16 = 80;

/// An address with its port.
pub struct Address(SocketAddr);

/// Listen where the flags say.
pub async fn bind(args: &ServeArgs) -> anyhow::Result<(TcpListener, Address)> {
    let ip = resolve(&args.host, args.allow_remote)?;
    let listener = TcpListener::bind((ip, args.port)).await.map_err(|error| cannot_bind(args, &error))?;
    let address = Address(listener.local_addr().context("cannot tell the port")?);
    Ok((listener, address))
}

/// Names other than `localhost` are not looked up: what one leads to can change, and anybody may own it.
fn resolve(host: &str, allow_remote: bool) -> Result<IpAddr, UsageError> {
    let wrong = |remedy: &str| UsageError { flag: "--host".into(), value: host.into(), remedy: remedy.into() };
    let ip = if host == LOCALHOST { Some(Ipv4Addr::LOCALHOST.into()) } else { ip(host) };
    let ip = ip.ok_or_else(|| wrong("use an IP address of this machine, or localhost"))?;
    if ip.is_loopback() || allow_remote {
        return Ok(ip);
    }
    Err(wrong("other machines could reach it; add --allow-remote if they may, or use 127.0.0.1"))
}

fn cannot_bind(args: &ServeArgs, error: &io::Error) -> UsageError {
    if error.kind() == ErrorKind::AddrNotAvailable {
        let remedy = "this machine has no such address; use one that it has, or 0.0.0.0 for all".into();
        return UsageError { flag: "--host".into(), value: args.host.clone(), remedy };
    }
    let remedy = format!("{error}; use another port, or 0 for any free one");
    UsageError { flag: "--port".into(), value: args.port.to_string(), remedy }
}

/// An address as flags and Host headers spell it, with brackets or without.
fn ip(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match bare {
        Some(v6) => v6.parse().ok().map(IpAddr::V6),
        None => text.parse().ok(),
    }
}

impl Address {
    #[cfg(test)]
    pub fn new(address: SocketAddr) -> Self {
        Self(address)
    }

    /// Whether other machines can reach it.
    pub fn is_remote(&self) -> bool {
        !self.0.ip().is_loopback()
    }

    /// Whether it stands for all addresses of this machine.
    pub fn is_any(&self) -> bool {
        self.0.ip().is_unspecified()
    }

    /// The same as this machine reaches it.
    pub fn local(&self) -> SocketAddr {
        let ip = match self.0.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        SocketAddr::new(ip, self.0.port())
    }

    /// Whether a Host header names this server. Where it listens on all addresses, any of them will do: a page whose
    /// name was made to point here (DNS rebinding) comes with that name, and never with an address.
    pub fn is_called(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        let own_name = match ip(authority.host()) {
            Some(ip) => self.is_any() || ip == self.0.ip(),
            None => authority.host() == LOCALHOST && self.local().ip().is_loopback(),
        };
        own_name && !host.contains('@') && authority.port_u16().unwrap_or(HTTP_PORT) == self.0.port()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> Address {
        Address(address.parse().unwrap())
    }

    #[test]
    fn only_this_machine_is_let_in_unless_others_are_allowed() {
        for (host, resolved) in
            [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("::1", "::1"), ("[::1]", "::1")]
        {
            assert_eq!(resolve(host, false), Ok(resolved.parse().unwrap()));
        }
        for remote in ["0.0.0.0", "::", "192.168.1.5", "fe80::1"] {
            assert_eq!(
                resolve(remote, false).unwrap_err().to_string(),
                format!(
                    "--host cannot be '{remote}': other machines could reach it; add --allow-remote if they may, or use \
                     127.0.0.1"
                )
            );
            assert_eq!(resolve(remote, true), Ok(remote.parse().unwrap()));
        }
        for wrong in ["", "example.org", "127.0.0.1:80", "[127.0.0.1]"] {
            let error = resolve(wrong, true).unwrap_err().to_string();
            assert_eq!(error, format!("--host cannot be '{wrong}': use an IP address of this machine, or localhost"));
        }
    }

    #[test]
    fn only_its_own_address_and_localhost_with_the_right_port_are_its_name() {
        let server = at("127.0.0.1:8765");
        assert!(server.is_called("127.0.0.1:8765") && server.is_called("localhost:8765"));
        assert!(at("127.0.0.1:80").is_called("localhost"));
        for foreign in [
            "localhost:1",
            "localhost",
            "evil.example:8765",
            "127.0.0.1.evil.example:8765",
            "me@127.0.0.1:8765",
            "192.168.1.5:8765",
            "[::1]:8765",
            "",
        ] {
            assert!(!server.is_called(foreign), "{foreign}");
        }
        let server = at("[::1]:8765");
        assert!(server.is_called("[::1]:8765") && server.is_called("localhost:8765"));
        assert!(!server.is_called("::1:8765") && !server.is_called("127.0.0.1:8765"));
    }

    #[test]
    fn a_remote_server_is_called_by_its_address() {
        let server = at("192.168.1.5:8765");
        assert!(server.is_called("192.168.1.5:8765"));
        assert!(!server.is_called("localhost:8765") && !server.is_called("192.168.1.6:8765"));
        let all = at("0.0.0.0:8765");
        assert!(
            all.is_called("192.168.1.5:8765") && all.is_called("[fe80::1]:8765") && all.is_called("localhost:8765")
        );
        assert!(!all.is_called("evil.example:8765") && !all.is_called("192.168.1.5"));
        assert_eq!(all.local().to_string(), "127.0.0.1:8765");
    }
}
