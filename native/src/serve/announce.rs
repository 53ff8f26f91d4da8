//! What the terminal is told when the server begins.

use std::io::{IsTerminal, stdout};

use super::address::Address;
use super::token::Token;
use crate::args::ServeArgs;
use crate::output;

/// Tell where the site is, and open it where somebody is there to look.
pub fn tell(args: &ServeArgs, address: &Address, token: &Token) -> anyhow::Result<()> {
    let url = url(address, token);
    output::text(&format!("gilscope is at {url} (Ctrl-C stops it)\n"))?;
    if address.is_any() {
        let here = address.local().ip();
        output::text(&format!("From another machine: the same, with an address of this one in place of {here}.\n"))?;
    }
    if address.is_remote() {
        anstream::eprintln!(
            "Whoever has that address can start runs here, and it travels unencrypted: use networks that you trust."
        );
    }
    let open = args.open || (!args.no_open && stdout().is_terminal());
    if open && open::that_detached(&url).is_err() && args.open {
        anstream::eprintln!("No browser could be opened: open {url} yourself.");
    }
    Ok(())
}

/// On this machine whoever can reach the server may have the page. Others must be told the token.
fn url(address: &Address, token: &Token) -> String {
    let token = if address.is_remote() { format!("?token={}", token.as_str()) } else { String::new() };
    format!("http://{}/{token}", address.local())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_part_of_the_address_only_where_others_can_reach_it() {
        let token = Token::random().unwrap();
        let url = |address: &str| super::url(&Address::new(address.parse().unwrap()), &token);
        assert_eq!(url("127.0.0.1:1"), "http://127.0.0.1:1/");
        assert_eq!(url("[::1]:1"), "http://[::1]:1/");
        assert_eq!(url("192.168.1.5:1"), format!("http://192.168.1.5:1/?token={}", token.as_str()));
        assert_eq!(url("0.0.0.0:1"), format!("http://127.0.0.1:1/?token={}", token.as_str()));
    }
}
