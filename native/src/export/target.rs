//! Where an export goes. A file is replaced whole or left as it was: never half written.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// As a flag names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Stdout,
    Path(PathBuf),
}

impl From<&str> for Target {
    fn from(text: &str) -> Self {
        if text == "-" { Self::Stdout } else { Self::Path(text.into()) }
    }
}

impl Target {
    /// The same with `-name` before its extension; standard output stays what it is.
    pub fn named(&self, name: &str) -> Self {
        let Self::Path(path) = self else { return Self::Stdout };
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let extension = path.extension().map_or_else(String::new, |end| format!(".{}", end.to_string_lossy()));
        Self::Path(path.with_file_name(format!("{stem}-{name}{extension}")))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdout => f.write_str("-"),
            Self::Path(path) => path.display().fmt(f),
        }
    }
}

/// As it was found.
#[derive(Debug)]
pub enum Destination {
    Stdout,
    /// A file, there or not yet; its content is replaced in one step.
    File(PathBuf),
    /// A pipe or a device, which only takes a stream.
    Stream(PathBuf, File),
}

impl Target {
    /// Find the destination and try it, without changing anything.
    pub fn open(&self) -> io::Result<Destination> {
        let Self::Path(path) = self else { return Ok(Destination::Stdout) };
        match fs::metadata(path) {
            Ok(found) if found.is_file() => {
                OpenOptions::new().append(true).open(path)?;
                // The file that a link points to is replaced, not the link.
                let path = fs::canonicalize(path)?;
                beside(&path)?;
                Ok(Destination::File(path))
            }
            Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => Ok(Destination::Stream(path.clone(), OpenOptions::new().write(true).open(path)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                beside(path)?;
                Ok(Destination::File(path.clone()))
            }
            Err(error) => Err(error),
        }
    }
}

impl Destination {
    pub fn write(&self, content: &[u8]) -> anyhow::Result<()> {
        match self {
            Self::Stdout => crate::output::bytes(content)?,
            Self::File(path) => replace(path, content)?,
            Self::Stream(_, file) => (&mut &*file).write_all(content)?,
        }
        Ok(())
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdout => f.write_str("-"),
            Self::File(path) | Self::Stream(path, _) => path.display().fmt(f),
        }
    }
}

/// A file of the usual permissions in the same folder; it goes when it is dropped.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".gilscope-");
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(cause)
}

/// Without the random name that tempfile puts into its errors: the reader asked for another one.
fn cause(error: io::Error) -> io::Error {
    let cause = error.get_ref().and_then(|inner| inner.source()).map(ToString::to_string);
    io::Error::new(error.kind(), cause.unwrap_or_else(|| error.to_string()))
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(content)?;
    if let Ok(found) = fs::metadata(path) {
        file.as_file().set_permissions(found.permissions())?;
    }
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        fs::write(&path, "a long text from before").unwrap();
        let destination = Target::Path(path.clone()).open().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "a long text from before");
        destination.write(b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_name_goes_before_the_extension() {
        let named = |path: &str| Target::from(path).named("3.13.0").to_string();
        assert_eq!(named("out/race.json"), "out/race-3.13.0.json");
        assert_eq!([named("race"), named("-")], ["race-3.13.0", "-"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_found_out_before_anything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let error = Target::Path(folder.path().join("not/there")).open().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let error = Target::Path(folder.path().into()).open().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_a_device_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        Target::Path(link.clone()).open().unwrap().write(b"new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(matches!(Target::from("/dev/null").open().unwrap(), Destination::Stream(..)));
    }
}
