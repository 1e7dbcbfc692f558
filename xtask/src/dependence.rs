//! Who may know whom: the directions of dependence of design.md §1, and what no crate may bring in.
//!
//! The rules are the tables below; the unit tests of this file hold the workspace to them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use cargo_metadata::{DependencyKind, Metadata, Package, PackageId};

use crate::workspace;

/// The crates of the house that each crate may know. A crate that is not listed here is an error:
/// give it a row.
const KNOWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("vault", &["domain"]),
    ("imaging", &["domain"]),
    ("models", &["domain"]),
    ("specimen", &["domain", "imaging"]),
    ("document", &["domain", "imaging", "models"]),
    ("face", &["domain", "imaging", "models"]),
    ("screening", &["domain"]),
    ("store", &["domain", "vault"]),
    (
        "engine",
        &[
            "document",
            "domain",
            "face",
            "imaging",
            "models",
            "screening",
            "specimen",
            "store",
            "vault",
        ],
    ),
    ("report", &["domain"]),
    ("api", &["domain", "engine"]),
    (
        "bonafide",
        &[
            "api",
            "document",
            "domain",
            "engine",
            "face",
            "imaging",
            "models",
            "report",
            "screening",
            "specimen",
            "store",
            "vault",
        ],
    ),
    (
        "bench",
        &["document", "domain", "engine", "face", "imaging", "models", "screening", "specimen"],
    ),
    ("xtask", &[]),
];

/// Libraries that stay behind one door: (library or `prefix*`, the crates that may name it).
const DOORS: &[(&str, &[&str])] = &[
    // The bench commits rows of its own: the yardstick of the store.
    ("sqlx", &["store", "bench"]),
    ("apalis*", &["store"]),
    ("object_store", &["store"]),
    ("axum*", &["api", "bonafide"]),
    ("tower-http", &["api"]),
    ("reqwest", &["engine", "models", "screening", "bonafide", "bench"]),
    ("rten*", &["models"]),
    ("chacha20poly1305", &["vault"]),
];

/// Crates whose whole tree stays free of a runtime, a network and a database.
const PURE: &[&str] = &["domain", "imaging"];
const IMPURE: &[&str] = &["tokio", "async-std", "axum", "hyper", "reqwest", "sqlx", "object_store"];

/// What nothing may bring in, however deep: TLS is rustls with ring (ADR 0006).
const BANNED: &[&str] = &["openssl", "openssl-sys", "native-tls"];

/// Checks this workspace; the error names each edge that goes the wrong way.
pub(crate) fn check() -> Result<()> {
    let offences = offences(&edges(&workspace::metadata()?));
    ensure!(offences.is_empty(), "dependences that go the wrong way:\n  {}", offences.join("\n  "));
    println!("directions of dependence: fine");
    Ok(())
}

/// One dependence of one package on another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    from: String,
    to: String,
    /// Whether it is there for tests only.
    development: bool,
    /// Whether `from` is a crate of the house.
    ours: bool,
}

fn edges(metadata: &Metadata) -> BTreeSet<Edge> {
    let packages: BTreeMap<&PackageId, &Package> =
        metadata.packages.iter().map(|package| (&package.id, package)).collect();
    let resolve = metadata.resolve.as_ref().expect("cargo metadata was asked for the whole graph");
    let mut edges = BTreeSet::new();
    for node in &resolve.nodes {
        for dependency in &node.deps {
            edges.insert(Edge {
                from: short(&packages[&node.id].name).to_owned(),
                to: short(&packages[&dependency.pkg].name).to_owned(),
                development: dependency
                    .dep_kinds
                    .iter()
                    .all(|kind| kind.kind == DependencyKind::Development),
                ours: metadata.workspace_members.contains(&node.id),
            });
        }
    }
    edges
}

/// The house's crates are called by their folder.
fn short(package: &str) -> &str {
    package.strip_prefix("bonafide-").unwrap_or(package)
}

fn offences(edges: &BTreeSet<Edge>) -> Vec<String> {
    let mut offences = Vec::new();
    for edge in edges.iter().filter(|edge| edge.ours) {
        offences.extend(wrong_direction(edge));
        offences.extend(wrong_door(edge));
    }
    for pure in PURE {
        offences.extend(IMPURE.iter().filter_map(|impure| reached(edges, pure, impure)));
    }
    for edge in edges.iter().filter(|edge| BANNED.contains(&edge.to.as_str())) {
        offences.push(format!("{} -> {}: banned (deny.toml says why)", edge.from, edge.to));
    }
    offences
}

fn wrong_direction(edge: &Edge) -> Option<String> {
    // A crate's own tests may ask for one of its features.
    if edge.from == edge.to && edge.development {
        return None;
    }
    let Some((_, known)) = KNOWS.iter().find(|(name, _)| *name == edge.from) else {
        return Some(format!("{}: no row in KNOWS says whom it may know", edge.from));
    };
    // Tests may use drawn documents anywhere above `specimen`; nothing below it can.
    let drawn_in_tests = edge.development && edge.to == "specimen";
    let house = KNOWS.iter().any(|(name, _)| *name == edge.to);
    (house && !known.contains(&edge.to.as_str()) && !drawn_in_tests)
        .then(|| format!("{} -> {}: may know only {known:?}", edge.from, edge.to))
}

fn wrong_door(edge: &Edge) -> Option<String> {
    let (_, doors) = DOORS.iter().find(|(library, _)| names(library, &edge.to))?;
    (!edge.development && !doors.contains(&edge.from.as_str()))
        .then(|| format!("{} -> {}: only {doors:?} may use it", edge.from, edge.to))
}

fn names(pattern: &str, library: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => library.starts_with(prefix),
        None => library == pattern,
    }
}

/// How `from` reaches `target` without going through tests, if it does.
fn reached(edges: &BTreeSet<Edge>, from: &str, target: &str) -> Option<String> {
    let mut paths = vec![vec![from]];
    let mut seen = BTreeSet::from([from]);
    while let Some(path) = paths.pop() {
        let last = *path.last().expect("a path has at least its start");
        if last == target {
            return Some(format!("{}: {from} stays pure", path.join(" -> ")));
        }
        for edge in edges.iter().filter(|edge| edge.from == last && !edge.development) {
            if seen.insert(&edge.to) {
                paths.push(path.iter().copied().chain([edge.to.as_str()]).collect());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: &str, to: &str, development: bool) -> Edge {
        Edge { from: from.to_owned(), to: to.to_owned(), development, ours: true }
    }

    #[test]
    fn the_house_depends_in_the_right_directions() {
        let metadata = workspace::metadata().expect("the workspace resolves");
        let offences = offences(&edges(&metadata));
        assert!(offences.is_empty(), "wrong dependences:\n{}", offences.join("\n"));
    }

    #[test]
    fn every_kind_of_offence_is_found_and_named() {
        let cases = [
            (edge("domain", "store", false), "domain -> store"),
            (edge("document", "face", false), "document -> face"),
            (edge("domain", "specimen", false), "domain -> specimen"),
            (edge("engine", "sqlx", false), "engine -> sqlx"),
            (edge("engine", "apalis-sqlite", false), "engine -> apalis-sqlite"),
            (edge("store", "axum", false), "store -> axum"),
            (edge("document", "reqwest", false), "document -> reqwest"),
            (edge("domain", "tokio", false), "domain -> tokio"),
            (edge("models", "openssl-sys", true), "models -> openssl-sys"),
            (edge("newcomer", "serde", false), "newcomer: no row"),
        ];
        for (edge, expected) in cases {
            let found = offences(&BTreeSet::from([edge]));
            assert!(
                found.iter().any(|offence| offence.starts_with(expected)),
                "{expected}: {found:?}"
            );
        }
    }

    #[test]
    fn impurity_is_found_through_others_but_not_through_tests() {
        let through = |development| {
            offences(&BTreeSet::from([
                edge("imaging", "codec", false),
                Edge { ours: false, ..edge("codec", "tokio", development) },
            ]))
        };
        assert_eq!(through(false), ["imaging -> codec -> tokio: imaging stays pure"]);
        assert!(through(true).is_empty());
    }

    #[test]
    fn tests_may_use_drawn_documents_and_any_client() {
        let edges =
            BTreeSet::from([edge("engine", "specimen", true), edge("api", "reqwest", true)]);
        assert!(offences(&edges).is_empty());
    }
}
