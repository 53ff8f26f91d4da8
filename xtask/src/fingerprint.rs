//! Has anything changed that a step reads or wrote?

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

/// A hash of inputs. Another Rust release may hash differently, which costs one rebuild.
#[derive(Clone, Default)]
pub struct Fingerprint(DefaultHasher);

impl Fingerprint {
    pub fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// The contents of files and folders. A path that does not exist counts as such.
    pub fn contents(mut self, root: &Path, paths: &[&str]) -> Result<Self> {
        for file in paths.iter().flat_map(|path| files(&root.join(path))) {
            let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            file.strip_prefix(root).unwrap_or(&file).hash(&mut self.0);
            bytes.hash(&mut self.0);
        }
        Ok(self)
    }

    /// What tells a file from one written later: its size and time. Cheaper than its content, and a tool that
    /// replaces an output behind our back shows.
    pub fn identities(mut self, paths: &[PathBuf]) -> Result<Self> {
        for file in paths.iter().flat_map(|path| files(path)) {
            let metadata = fs::metadata(&file)?;
            file.hash(&mut self.0);
            (metadata.len(), metadata.modified()?).hash(&mut self.0);
        }
        Ok(self)
    }

    pub fn hex(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// The files under a path in a stable order, without what tools put there, and without tests, which no build reads.
fn files(path: &Path) -> Vec<PathBuf> {
    WalkDir::new(path)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || is_input(entry))
        .filter_map(|entry| entry.ok())
        .filter(|entry| entry.file_type().is_file())
        .map(DirEntry::into_path)
        .collect()
}

fn is_input(entry: &DirEntry) -> bool {
    let others = ["node_modules", "dist", "target", "tests"];
    !entry.file_type().is_dir() || !others.iter().any(|other| entry.file_name() == *other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("src/node_modules")).unwrap();
        fs::create_dir_all(root.join("src/tests")).unwrap();
        fs::write(root.join("src/a.rs"), "a").unwrap();
        fs::write(root.join("src/node_modules/b.js"), "b").unwrap();
        fs::write(root.join("src/tests/a.ts"), "test").unwrap();
        root
    }

    fn of(root: &Path) -> String {
        Fingerprint::default().contents(root, &["src", "absent"]).unwrap().hex()
    }

    #[test]
    fn follows_contents_and_ignores_tests_and_what_tools_wrote() {
        let root = tree("contents");
        let before = of(&root);
        fs::write(root.join("src/node_modules/b.js"), "changed").unwrap();
        fs::write(root.join("src/tests/a.ts"), "changed").unwrap();
        assert_eq!(of(&root), before);
        fs::write(root.join("src/a.rs"), "changed").unwrap();
        assert_ne!(of(&root), before);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_renamed_file_is_a_change() {
        let root = tree("rename");
        let before = of(&root);
        fs::rename(root.join("src/a.rs"), root.join("src/c.rs")).unwrap();
        assert_ne!(of(&root), before);
        fs::remove_dir_all(root).unwrap();
    }
}
