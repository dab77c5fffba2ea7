//! A crate's package: as it is in the registry, or with every function annotated.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::annotate::{Function, annotated, functions, with_first_item};
use crate::cargo::{cargo, succeed};
use crate::subjects::Subject;

/// All that is in a package.
#[derive(Clone)]
pub(crate) struct Package {
    files: BTreeMap<PathBuf, Vec<u8>>,
    /// The first file of its library and of each of its programs.
    roots: Vec<PathBuf>,
}

/// How many functions with a body a crate has, and what became of them.
#[derive(Default)]
pub(crate) struct Functions {
    pub(crate) annotated: usize,
    /// What is left out, with the reason.
    pub(crate) left_out: Vec<(String, &'static str)>,
    /// Const functions, which are none of the others.
    pub(crate) constant: usize,
}

/// The part of `cargo metadata` that is of interest.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Described>,
}

#[derive(Deserialize)]
struct Described {
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    src_path: PathBuf,
}

impl Package {
    /// The crate as the registry has it. `folder` is for cargo to work in.
    pub(crate) fn download(subject: &Subject, folder: &Path) -> Result<Self> {
        let Subject { name, version, .. } = subject;
        let dependency = format!("{name} = {{ version = \"={version}\", default-features = false }}");
        let manifest = format!(
            "[package]\nname = \"download\"\nedition = \"2024\"\n[dependencies]\n{dependency}\n[workspace]\n"
        );
        write(&folder.join("Cargo.toml"), manifest.as_bytes())?;
        write(&folder.join("src/lib.rs"), b"")?;
        succeed(&mut cargo(folder, &["fetch"]))?;
        let root = &registry(&format!("{name}-{version}"))?;
        let metadata = succeed(&mut cargo(root, &["metadata", "--no-deps", "--format-version", "1"]))?;
        let Metadata { packages } = serde_json::from_str(&metadata)?;
        let [package] = <[Described; 1]>::try_from(packages).ok().context("not one package")?;
        let mut files = BTreeMap::new();
        read(root, root, &mut files)?;
        let targets = package.targets.into_iter().filter(Target::is_code);
        let roots = targets.map(|target| Ok(target.src_path.strip_prefix(root)?.to_owned()));
        let mut package = Self { files, roots: roots.collect::<Result<_>>()? };
        package.add_to_manifest(subject.manifest);
        Ok(package)
    }

    /// Puts `attribute` on every function of the library and the programs, whether this machine compiles it or not, but those
    /// that `left_out` has a reason for.
    pub(crate) fn annotate(
        &mut self,
        attribute: &str,
        left_out: impl Fn(&str, &Function) -> Option<&'static str>,
    ) -> Result<Functions> {
        let mut counts = Functions::default();
        for path in self.sources() {
            let file = path.display().to_string();
            let text = self.text(&path)?;
            let mut traced = functions(text).with_context(|| file.clone())?;
            traced.retain(|function| match left_out(&file, function) {
                _ if function.is_const => {
                    counts.constant += 1;
                    false
                }
                Some(reason) => {
                    counts.left_out.push((format!("{file} {}", function.path), reason));
                    false
                }
                None => true,
            });
            counts.annotated += traced.len();
            let text = annotated(text, attribute, &traced)?;
            self.files.insert(path, text.into());
        }
        Ok(counts)
    }

    /// Links the crate `name` into the library and the programs.
    pub(crate) fn link(&mut self, name: &str) -> Result<()> {
        for root in self.roots.clone() {
            let text = with_first_item(self.text(&root)?, &format!("use {name} as _;"))?;
            self.files.insert(root, text.into());
        }
        Ok(())
    }

    /// Adds a dependency, as a manifest specifies it.
    pub(crate) fn depend(&mut self, name: &str, specification: &str) {
        self.add_to_manifest(&format!("[dependencies.{name}]\n{specification}"));
    }

    /// Writes it into `folder`, a workspace of its own.
    pub(crate) fn store(mut self, folder: &Path) -> Result<()> {
        self.add_to_manifest("[workspace]");
        for (path, content) in self.files {
            if is_above(&path) {
                write(&folder.with_file_name(&path), &content)?;
            }
            let path = folder.join(path);
            // Cargo has added our dependencies to the lock that is there.
            if !(path.ends_with("Cargo.lock") && path.exists()) {
                write(&path, &content)?;
            }
        }
        Ok(())
    }

    /// The first file of its library and of each of its programs.
    pub(crate) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Its functions with a body, each with its file.
    pub(crate) fn functions(&self) -> Result<Vec<(String, Function)>> {
        let mut all = Vec::new();
        for path in self.sources() {
            let file = path.display().to_string();
            all.extend(functions(self.text(&path)?)?.into_iter().map(|function| (file.clone(), function)));
        }
        Ok(all)
    }

    fn sources(&self) -> Vec<PathBuf> {
        let folders: Vec<&Path> = self.roots.iter().filter_map(|root| root.parent()).collect();
        let is_source = |path: &&PathBuf| {
            let is_rust = path.extension().is_some_and(|extension| extension == "rs");
            is_rust && folders.iter().any(|folder| path.starts_with(folder))
        };
        self.files.keys().filter(is_source).cloned().collect()
    }

    fn text(&self, path: &Path) -> Result<&str> {
        let content = self.files.get(path).with_context(|| format!("no {}", path.display()))?;
        Ok(std::str::from_utf8(content)?)
    }

    fn add_to_manifest(&mut self, text: &str) {
        let manifest = self.files.entry("Cargo.toml".into()).or_default();
        manifest.extend(format!("\n{text}\n").bytes());
    }
}

impl Functions {
    /// All that could be annotated.
    pub(crate) fn all(&self) -> usize {
        self.annotated + self.left_out.len()
    }

    /// The part of them that is not.
    pub(crate) fn left_out_share(&self) -> f64 {
        self.left_out.len() as f64 / self.all().max(1) as f64
    }
}

/// Whether tests look for the file in the folder above too, which is the repository's.
fn is_above(path: &Path) -> bool {
    path == Path::new("README.md")
}

impl Target {
    fn is_code(&self) -> bool {
        self.kind.iter().any(|kind| ["lib", "bin"].contains(&kind.as_str()))
    }
}

/// The specification of a dependency that is a folder.
pub(crate) fn in_folder(folder: &Path) -> String {
    format!("path = '{}'\ndefault-features = false", folder.display())
}

/// Where cargo keeps the sources of `package`. Its metadata does not say that of a dependency without a library.
fn registry(package: &str) -> Result<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).context("cargo has no home")?;
    let sources = home.join("registry/src");
    let registries = fs::read_dir(&sources).with_context(|| sources.display().to_string())?;
    let mut folders = registries.filter_map(|registry| Some(registry.ok()?.path().join(package)));
    folders.find(|folder| folder.is_dir()).with_context(|| format!("{package} was not fetched"))
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(root, &path, files)?;
        } else {
            files.insert(path.strip_prefix(root)?.to_owned(), fs::read(&path)?);
        }
    }
    Ok(())
}

/// Leaves a file alone that has the content already, so that cargo does not build it again.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content).with_context(|| path.display().to_string())
}
