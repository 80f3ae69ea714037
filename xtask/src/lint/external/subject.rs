//! What other tools are run on: the tree itself, and beside it in a folder that vanishes all that its templates render.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::interrupt::Folder;
use crate::lint::origin::Origins;
use crate::lint::renders::Render;
use crate::lint::tree;
use crate::pack::{Pack, Template, tracked};
use crate::render;
use crate::report::{Report, Severity, Source, rule_name};
use crate::rules::workflow::File;

/// Something that a tool has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// In which of the subject's files.
    pub file: usize,
    /// Bytes of it.
    pub span: Range<usize>,
    /// `tool/rule`.
    pub rule: String,
    /// Whether it fails the run.
    pub severity: Severity,
    /// What the tool says.
    pub message: String,
    /// Where it says more.
    pub help: String,
}

/// Trees and their files.
#[derive(Debug)]
pub struct Subject {
    /// The tree itself, and the rendered ones.
    pub trees: Vec<Tree>,
    /// The files of all trees.
    pub files: Vec<Judged>,
    templates: Vec<Template>,
    by_path: HashMap<PathBuf, usize>,
    names: HashMap<(usize, String, String), String>,
    scratch: Folder,
}

/// A tree, as a checkout would have it.
#[derive(Debug)]
pub struct Tree {
    /// Where it lies.
    pub folder: PathBuf,
    /// Its files, by their place among all.
    pub files: Range<usize>,
}

/// A file that is judged.
#[derive(Debug)]
pub struct Judged {
    /// Where it lies.
    pub at: PathBuf,
    /// Its path in its tree.
    pub path: String,
    /// Its text. Files that are the same in several trees share a name.
    pub source: Source,
    /// Whether a file before it is the same.
    pub again: bool,
    /// The workflow or action in it.
    pub parsed: Option<File>,
    /// What it is rendered from, and in which cases.
    rendered: Option<(usize, Vec<String>)>,
}

impl Subject {
    /// A repository that renders nothing.
    pub fn of_repository(root: &Path) -> Result<Self> {
        let scratch = Folder::new("lint-", &render::in_memory())?;
        let mut subject = Self {
            trees: Vec::new(),
            files: Vec::new(),
            templates: Vec::new(),
            by_path: HashMap::new(),
            names: HashMap::new(),
            scratch,
        };
        let root = root
            .canonicalize()
            .with_context(|| format!("cannot read {}", root.display()))?;
        for file in tree::read(&root)? {
            let (path, text) = (file.path.clone(), file.source.text.clone());
            subject.add(root.join(&path), path, text, Some(file), None);
        }
        for path in tracked(&root, ".github")? {
            let path = format!(".github/{path}");
            let at = root.join(&path);
            if tree::kind(&path).is_none() && at.is_file() {
                let bytes =
                    fs::read(&at).with_context(|| format!("cannot read {}", at.display()))?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                subject.add(at, path, text, None, None);
            }
        }
        subject.close(root);
        Ok(subject)
    }

    /// A pack, and what its templates render.
    pub fn of_pack(pack: &Pack, rendered: Vec<(Template, Vec<Render>)>) -> Result<Self> {
        let mut subject = Self::of_repository(&pack.root)?;
        let scratch = subject.folder()?;
        for (index, (template, renders)) in rendered.into_iter().enumerate() {
            subject.templates.push(template);
            for render in renders {
                let folder = scratch.join(format!("{}", subject.trees.len()));
                for (path, text) in render.files {
                    let at = folder.join(&path);
                    write(&at, &text)?;
                    let parsed = tree::kind(&path).map(|kind| {
                        let bytes = text.clone().into_bytes();
                        tree::parsed(subject.trees.len(), &path, kind, path.clone(), bytes)
                    });
                    let from = (index, render.cases.clone());
                    subject.add(at, path, text, parsed, Some(from));
                }
                // Tools look for the root of a checkout.
                let git = folder.join(".git");
                fs::create_dir_all(&git)
                    .with_context(|| format!("cannot create {}", git.display()))?;
                subject.close(folder);
            }
        }
        Ok(subject)
    }

    /// A folder that is there as long as this is.
    pub fn folder(&self) -> Result<PathBuf> {
        let path = self.scratch.path();
        path.canonicalize()
            .with_context(|| format!("cannot read {}", path.display()))
    }

    /// The files that satisfy `wanted`, each once however many trees have it.
    pub fn once(&self, wanted: impl Fn(&Judged) -> bool) -> impl Iterator<Item = (usize, &Judged)> {
        self.files
            .iter()
            .enumerate()
            .filter(move |(_, file)| !file.again && wanted(file))
    }

    /// The trees that have workflows or actions, each once however often it is rendered.
    pub fn github(&self) -> Vec<&Tree> {
        let mut seen = BTreeSet::new();
        self.trees
            .iter()
            .filter(|tree| {
                let files = &self.files[tree.files.clone()];
                let names: Vec<&str> = files
                    .iter()
                    .filter(|file| file.parsed.is_some() || file.path.starts_with(".github/"))
                    .map(|file| file.source.file.as_str())
                    .collect();
                files.iter().any(|file| file.parsed.is_some()) && seen.insert(names)
            })
            .collect()
    }

    /// The file at a path, which a tool run in `folder` has named.
    pub fn named(&self, folder: &Path, path: &str) -> Result<usize> {
        let mut whole = PathBuf::new();
        for part in folder.join(path).components() {
            match part {
                Component::ParentDir => drop(whole.pop()),
                Component::CurDir => {}
                part => whole.push(part),
            }
        }
        let known = self.by_path.get(&whole).copied();
        known.ok_or_else(|| anyhow!("it names `{path}`, which it was not given"))
    }

    /// What was found, in the files that it is mended in.
    pub fn report(&self, found: Vec<Found>) -> Result<Report> {
        let touched: BTreeSet<&str> = found
            .iter()
            .map(|f| self.files[f.file].path.as_str())
            .collect();
        let mut origins = Origins::default();
        for (_, file) in self.once(|file| touched.contains(file.path.as_str())) {
            if let Some((template, cases)) = &file.rendered {
                let template = &self.templates[*template];
                let (name, text) = (&file.source.file, &file.source.text);
                origins.insert(name, template, &file.path, text, cases)?;
            }
        }
        let findings = found.into_iter().map(|f| {
            let source = &self.files[f.file].source;
            source.finding(rule_name(&f.rule), f.severity, f.span, f.message, f.help)
        });
        let mut report = Report::default();
        origins.lead_back(findings.collect(), &mut report);
        Ok(report)
    }

    fn add(
        &mut self,
        at: PathBuf,
        path: String,
        text: String,
        parsed: Option<File>,
        rendered: Option<(usize, Vec<String>)>,
    ) {
        let mut again = false;
        let name = match &rendered {
            None => path.clone(),
            Some((template, _)) => {
                let count = self.names.len();
                let key = (*template, path.clone(), text.clone());
                let known = self.names.entry(key);
                again = matches!(known, std::collections::hash_map::Entry::Occupied(_));
                known
                    .or_insert_with(|| format!("{count}\u{0}{path}"))
                    .clone()
            }
        };
        self.by_path.insert(at.clone(), self.files.len());
        self.files.push(Judged {
            at,
            path,
            source: Source::new(name, text),
            again,
            parsed,
            rendered,
        });
    }

    /// The files that were added since the last tree are those of the one in `folder`.
    fn close(&mut self, folder: PathBuf) {
        let begin = self.trees.last().map_or(0, |tree| tree.files.end);
        let files = begin..self.files.len();
        self.trees.push(Tree { folder, files });
    }
}

/// Writes a file and the folders that it lies in.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let attempt = || {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        fs::write(path, text)
    };
    attempt().with_context(|| format!("cannot write {}", path.display()))
}
