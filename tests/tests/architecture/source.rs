//! The source tree as the rules see it: files, the tokens in them, and the paths those tokens spell.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One Rust file, without its comments and its `#[cfg(test)]` items.
#[derive(Clone)]
pub(crate) struct Source {
    /// Where it is, from the root of the repository, with `/`.
    pub(crate) file: String,
    /// The module it holds, from the crate's root: `runtime/src/span/view.rs` is `["span", "view"]`.
    pub(crate) module: Vec<String>,
    /// What the compiler sees of it outside tests.
    pub(crate) tokens: TokenStream,
}

impl Source {
    /// Reads `text` as if it stood in `file`.
    pub(crate) fn parse(file: &str, text: &str) -> Self {
        let tokens = text.parse().unwrap_or_else(|error| panic!("{file} is not Rust: {error}"));
        Self { file: file.to_owned(), module: module_of(file), tokens: without_tests(tokens) }
    }

    /// Every path that the file spells, groups of `use` expanded, `self` and `super` resolved.
    pub(crate) fn paths(&self) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        collect_paths(self.tokens.clone(), &self.module, &mut found);
        found
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the test crate is in a workspace").to_owned()
}

/// Every file under `folder` that ends with one of `endings`, as path from the repository's root and text.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    visit(&root().join(folder), &mut |path| {
        let name = path.to_string_lossy();
        if endings.iter().any(|ending| name.ends_with(ending)) {
            let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
            found.push((relative(path), text));
        }
    });
    found.sort();
    found
}

/// The Rust files under `folder`, parsed.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    files(folder, &[".rs"]).iter().map(|(file, text)| Source::parse(file, text)).collect()
}

/// One file of the repository.
pub(crate) fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What `lib.rs` re-exports: name to the module it comes from, so that `crate::Context` counts as `crate::context`.
pub(crate) fn reexports(lib: &Source) -> BTreeMap<String, String> {
    let declared: Vec<String> = declared_modules(lib);
    lib.paths()
        .into_iter()
        .filter(|path| path.len() > 1)
        .filter_map(|path| {
            let path: Vec<String> = path.into_iter().filter(|part| part != "crate").collect();
            let (first, last) = (path.first()?.clone(), path.last()?.clone());
            (declared.contains(&first) && first != last).then_some((last, first))
        })
        .collect()
}

fn declared_modules(lib: &Source) -> Vec<String> {
    let tokens: Vec<TokenTree> = lib.tokens.clone().into_iter().collect();
    tokens
        .windows(2)
        .filter(|pair| is_ident(&pair[0], "mod"))
        .filter_map(|pair| match &pair[1] {
            TokenTree::Ident(name) => Some(name.to_string()),
            _ => None,
        })
        .collect()
}

fn relative(path: &Path) -> String {
    let path = path.strip_prefix(root()).expect("only files of the repository are visited");
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn visit(folder: &Path, each: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let hidden = name.starts_with('.') && name != ".ci" && name != ".github";
        if hidden || name.starts_with("target") {
            continue;
        }
        if path.is_dir() { visit(&path, each) } else { each(&path) }
    }
}

fn module_of(file: &str) -> Vec<String> {
    let inside = file.rsplit_once("src/").map_or(file, |(_, inside)| inside);
    let inside = inside.trim_end_matches(".rs");
    inside.split('/').filter(|part| !matches!(*part, "lib" | "mod" | "main")).map(str::to_owned).collect()
}

/// Drops every item that follows `#[cfg(test)]`: up to its block, or its semicolon.
fn without_tests(tokens: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let attribute = is_punct(&token, '#') && tokens.peek().is_some_and(is_cfg_test);
        if attribute {
            tokens.find(|token| is_punct(token, ';') || is_group(token, Delimiter::Brace));
        } else {
            kept.push(token);
        }
    }
    kept.into_iter().collect()
}

fn is_cfg_test(token: &TokenTree) -> bool {
    is_group(token, Delimiter::Bracket) && token.to_string().replace(' ', "").starts_with("[cfg(test)")
}

fn collect_paths(tokens: TokenStream, module: &[String], found: &mut Vec<Vec<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        at = match &tokens[at] {
            TokenTree::Ident(_) => read_path(&tokens, at, &[], module, found),
            TokenTree::Group(group) => {
                collect_paths(group.stream(), &inner_module(&tokens, at, module), found);
                at + 1
            }
            _ => at + 1,
        };
    }
}

/// The module of a block: one deeper after `mod name`.
fn inner_module(tokens: &[TokenTree], block: usize, module: &[String]) -> Vec<String> {
    let mut inner = module.to_vec();
    if let Some([word, TokenTree::Ident(name)]) = block.checked_sub(2).map(|from| &tokens[from..block])
        && is_ident(word, "mod")
    {
        inner.push(name.to_string());
    }
    inner
}

/// Reads `a::b::c` or `a::{b, c::d}` from `at`, and returns where it stopped.
fn read_path(
    tokens: &[TokenTree],
    mut at: usize,
    prefix: &[String],
    module: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut path = prefix.to_vec();
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(part)) => path.push(part.to_string()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace && !path.is_empty() => {
                read_group(group.stream(), &path, module, found);
                return at + 1;
            }
            _ => break,
        }
        at += 1;
        let goes_on = tokens.get(at).is_some_and(|token| is_punct(token, ':'))
            && tokens.get(at + 1).is_some_and(|token| is_punct(token, ':'));
        if !goes_on {
            break;
        }
        at += 2;
    }
    if path.len() > 1 {
        found.push(resolve(path, module));
    }
    at
}

fn read_group(tokens: TokenStream, prefix: &[String], module: &[String], found: &mut Vec<Vec<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for branch in tokens.split(|token| is_punct(token, ',')) {
        if branch.first().is_some_and(|token| is_punct(token, '*')) {
            found.push(resolve(prefix.to_vec(), module));
        } else if !branch.is_empty() {
            read_path(branch, 0, prefix, module, found);
        }
    }
}

/// `super::x` and `self::x` as `crate::..::x`, and `x::self` as `x`.
fn resolve(path: Vec<String>, module: &[String]) -> Vec<String> {
    let mut base = module.to_vec();
    let mut rest = path.as_slice();
    let relative = matches!(rest.first().map(String::as_str), Some("super" | "self"));
    while let Some((first, after)) = rest.split_first() {
        match first.as_str() {
            "super" => drop(base.pop()),
            "self" => {}
            _ => break,
        }
        rest = after;
    }
    let start = if relative { [vec!["crate".to_owned()], base].concat() } else { Vec::new() };
    start.into_iter().chain(rest.iter().filter(|part| *part != "self").cloned()).collect()
}

pub(crate) fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

pub(crate) fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}
