//! `GET /api/hosts`: what this machine can run an experiment on. Pages know hosts by ids alone, so nothing that is
//! started here takes its name from a page.

use gilscope::companion::HostInfo;
use gilscope::report::HostKind;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use crate::cpython::find::{self, Python};
use crate::measure::AnyHost;

/// The id of this binary's own host.
pub const NATIVE: &str = "native";

/// A host of this machine, and what pages know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    pub info: HostInfo,
    pub any: AnyHost,
}

/// All of them. Pythons are looked for when somebody asks first, once: each is started for it.
#[derive(Default)]
pub struct Hosts(OnceCell<Vec<Host>>);

impl Hosts {
    pub async fn all(&self) -> &[Host] {
        // A search that panics finds nothing.
        self.0.get_or_init(async || hosts(spawn_blocking(find::all).await.unwrap_or_default())).await
    }

    /// The host of this id.
    ///
    /// # Errors
    /// In words for the page, when there is none.
    pub async fn find(&self, id: &str) -> Result<&Host, String> {
        let all = self.all().await;
        all.iter().find(|host| host.info.id == id).ok_or_else(|| {
            let ids: Vec<_> = all.iter().map(|host| host.info.id.as_str()).collect();
            format!("host cannot be '{id}': use one of {}", ids.join(", "))
        })
    }
}

fn hosts(pythons: Vec<Python>) -> Vec<Host> {
    let engine = format!("gilscope {}", env!("CARGO_PKG_VERSION"));
    let info = HostInfo { id: NATIVE.into(), kind: HostKind::Native, engine };
    let mut hosts = vec![Host { info, any: AnyHost::Native }];
    for python in pythons {
        let id = free_id(&hosts, &python);
        let info = HostInfo { id, kind: HostKind::Cpython, engine: python.engine() };
        hosts.push(Host { info, any: AnyHost::Cpython(python) });
    }
    hosts
}

/// `cpython-3.13.0`, with Python's own `t` for a free-threaded build, and a number where there are several.
fn free_id(taken: &[Host], python: &Python) -> String {
    let build = if python.gil_can_be_off { "t" } else { "" };
    let id = format!("cpython-{}{build}", python.version);
    let others = (2..).map(|number| format!("{id}-{number}"));
    let mut ids = std::iter::once(id.clone()).chain(others);
    ids.find(|id| taken.iter().all(|host| host.info.id != *id)).expect("ids without end")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python(version: &str, gil_can_be_off: bool) -> Python {
        Python {
            implementation: "CPython".into(),
            version: version.into(),
            compiler: "GCC".into(),
            executable: format!("/opt/{version}/python").into(),
            start_methods: Vec::new(),
            interpreters: false,
            gil_can_be_off,
            switch_interval: true,
        }
    }

    fn found() -> Hosts {
        let pythons = vec![python("3.13.0", false), python("3.13.0", true), python("3.13.0", false)];
        Hosts(OnceCell::new_with(Some(hosts(pythons))))
    }

    #[tokio::test]
    async fn every_host_has_an_id_of_its_own_that_says_nothing_of_where_it_lies() {
        let hosts = found();
        let ids: Vec<_> = hosts.all().await.iter().map(|host| host.info.id.as_str()).collect();
        assert_eq!(ids, ["native", "cpython-3.13.0", "cpython-3.13.0t", "cpython-3.13.0-2"]);
        let infos: Vec<_> = hosts.all().await.iter().map(|host| &host.info).collect();
        assert!(!serde_json::to_string(&infos).unwrap().contains("/opt"));
    }

    #[tokio::test]
    async fn a_page_names_a_host_by_its_id_and_by_nothing_else() {
        let hosts = found();
        assert_eq!(hosts.find("native").await.unwrap().any, AnyHost::Native);
        for wrong in ["", "Native", "/opt/3.13.0/python", "cpython-3.13", "native; rm -rf /"] {
            let ids = "native, cpython-3.13.0, cpython-3.13.0t, cpython-3.13.0-2";
            assert_eq!(hosts.find(wrong).await.unwrap_err(), format!("host cannot be '{wrong}': use one of {ids}"));
        }
    }
}
