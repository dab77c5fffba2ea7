//! A file that is written at its end.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The file of a path. One that was removed or renamed, as programs do that rotate logs, is made anew.
#[derive(Debug)]
pub(super) struct Appended {
    path: PathBuf,
    /// `None` when something went wrong with it.
    opened: Option<Opened>,
}

#[derive(Debug)]
struct Opened {
    file: File,
    /// Its last line has no end: somebody found the disk full, or was killed.
    is_cut: bool,
}

impl Appended {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        // The program may go to another folder.
        let path = std::path::absolute(path)?;
        let opened = Some(Opened::at(&path)?);
        Ok(Self { path, opened })
    }

    /// Writes lines at once, so that those of other processes are not among them. They begin on a line of their own.
    pub(super) fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        let here = self.opened.take().filter(|opened| opened.is_at(&self.path));
        let mut opened = here.map_or_else(|| Opened::at(&self.path), Ok)?;
        let written = if std::mem::take(&mut opened.is_cut) {
            opened.file.write_all(&[b"\n", lines].concat())
        } else {
            opened.file.write_all(lines)
        };
        // What is no file, such as a pipe, is not opened again: that would wait for a reader.
        if written.is_ok() || !opened.is_file() {
            self.opened = Some(opened);
        }
        written
    }
}

impl Opened {
    fn at(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let is_cut = file.metadata().is_ok_and(|it| it.is_file()) && is_cut(path).unwrap_or_default();
        Ok(Self { file, is_cut })
    }

    fn is_file(&self) -> bool {
        self.file.metadata().is_ok_and(|it| it.is_file())
    }

    fn is_at(&self, path: &Path) -> bool {
        let is_it =
            |own: Metadata| !own.is_file() || fs::metadata(path).is_ok_and(|other| is_same(&own, &other));
        self.file.metadata().is_ok_and(is_it)
    }
}

fn is_cut(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(unix)]
fn is_same(own: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    (own.dev(), own.ino()) == (other.dev(), other.ino())
}

/// There a file that is open keeps its name.
#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}
