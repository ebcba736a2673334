//! Rules of the house that no compiler checks: the arrow between the crates, what every manifest
//! says, file lengths, the same migrations in both folders, and committed lock files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![forbid(unsafe_code)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

const MAX_LINES: usize = 600;

/// Crate, what it may use always, and what it may use under a feature only.
const ARROW: &[(&str, &[&str], &[&str])] = &[
    (
        "keepwell",
        &[
            "keepwell-app",
            "keepwell-services",
            "keepwell-store",
            "keepwell-parsers",
            "keepwell-ask",
            "keepwell-audit",
            "keepwell-crypto",
            "keepwell-journal",
            "keepwell-domain",
        ],
        &[],
    ),
    ("keepwell-frontend", &["keepwell-app"], &[]),
    ("keepwell-app", &["keepwell-domain", "keepwell-audit"], &["keepwell-services", "keepwell-store"]),
    (
        "keepwell-services",
        &[
            "keepwell-store",
            "keepwell-parsers",
            "keepwell-ask",
            "keepwell-audit",
            "keepwell-crypto",
            "keepwell-journal",
            "keepwell-domain",
        ],
        &[],
    ),
    ("keepwell-store", &["keepwell-domain"], &[]),
    ("keepwell-parsers", &["keepwell-domain"], &[]),
    ("keepwell-ask", &["keepwell-domain"], &[]),
    ("keepwell-audit", &["keepwell-domain"], &[]),
    ("keepwell-journal-app", &["keepwell-journal", "keepwell-crypto", "keepwell-domain"], &[]),
    ("keepwell-journal", &["keepwell-crypto", "keepwell-domain"], &[]),
    ("keepwell-crypto", &["keepwell-domain"], &[]),
    ("keepwell-domain", &[], &[]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn packages() -> Vec<Value> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout).expect("cargo metadata is JSON");
    metadata["packages"].as_array().expect("it lists packages").clone()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Every file that git knows or would take, by the given endings.
fn files(endings: &[&str]) -> Vec<PathBuf> {
    let out = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let listed = String::from_utf8(out.stdout).expect("names are UTF-8");
    listed
        .lines()
        .map(PathBuf::from)
        .filter(|file| {
            file.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e))
                && root().join(file).is_file()
        })
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The edges that break the arrow, as sentences.
fn wrong_edges(packages: &[Value]) -> Vec<String> {
    let members: BTreeSet<&str> = packages.iter().map(|p| text(p, "name")).collect();
    let rules: BTreeMap<&str, (&[&str], &[&str])> =
        ARROW.iter().map(|(name, always, optional)| (*name, (*always, *optional))).collect();
    let mut wrong = Vec::new();
    for package in packages {
        let from = text(package, "name");
        let Some((always, optional)) = rules.get(from) else {
            wrong.push(format!("{from} has no line in ARROW"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = text(dependency, "name");
            // A crate may name itself for its tests, to turn a feature on.
            let is_self = to == from && dependency["kind"] == "dev";
            if !members.contains(to) || always.contains(&to) || is_self {
                continue;
            }
            if !optional.contains(&to) {
                wrong.push(format!("{from} must not use {to}"));
            } else if dependency["optional"] != true {
                wrong.push(format!("{from} may use {to} only as an optional dependency"));
            }
        }
    }
    wrong
}

#[test]
fn crates_depend_only_along_the_arrow() {
    assert_eq!(wrong_edges(&packages()), Vec::<String>::new());
}

#[test]
fn an_edge_against_the_arrow_is_found() {
    let package = |name: &str, uses: &str, optional: bool| serde_json::json!({ "name": name, "dependencies": [{ "name": uses, "optional": optional }] });
    let back =
        [package("keepwell-store", "keepwell-services", true), package("keepwell-services", "serde", false)];
    assert_eq!(wrong_edges(&back), ["keepwell-store must not use keepwell-services"]);
    let always =
        [package("keepwell-app", "keepwell-store", false), package("keepwell-store", "serde", false)];
    assert_eq!(wrong_edges(&always), ["keepwell-app may use keepwell-store only as an optional dependency"]);
    assert_eq!(
        wrong_edges(&[package("keepwell-misc", "serde", false)]),
        ["keepwell-misc has no line in ARROW"]
    );
}

#[test]
fn pages_bring_services_and_store_only_on_the_server() {
    let packages = packages();
    let app = packages.iter().find(|p| text(p, "name") == "keepwell-app").expect("there is an app");
    let features = app["features"].as_object().expect("it has features");
    for (name, parts) in features {
        let parts: Vec<&str> = parts.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let server_side =
            parts.iter().any(|p| p.contains("keepwell-services") || p.contains("keepwell-store"));
        let implicit = name.starts_with("keepwell-");
        assert!(!server_side || name == "ssr" || implicit, "feature {name} brings server crates: {parts:?}");
    }
}

#[test]
fn every_manifest_has_a_description_and_the_licence() {
    for package in packages() {
        let name = text(&package, "name");
        assert_eq!(text(&package, "license"), "AGPL-3.0-or-later", "{name}");
        assert!(text(&package, "description").len() > 20, "{name} wants a description");
        assert_eq!(package["publish"], serde_json::json!([]), "{name} must not be published");
    }
    assert!(read(Path::new("LICENSE")).contains("GNU AFFERO GENERAL PUBLIC LICENSE"));
}

#[test]
fn every_crate_root_forbids_unsafe_code() {
    for package in packages() {
        for target in package["targets"].as_array().into_iter().flatten() {
            let kinds: Vec<&str> =
                target["kind"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            if !kinds.iter().any(|k| matches!(*k, "lib" | "rlib" | "cdylib" | "bin")) {
                continue;
            }
            let path = PathBuf::from(text(target, "src_path"));
            assert!(read(&path).contains("#![forbid(unsafe_code)]"), "{} does not", path.display());
        }
    }
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = files(&["rs", "ts", "mjs", "css"])
        .iter()
        .map(|file| (file, read(file).lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(file, lines)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "split these: {long:#?}");
}

/// The API's description names schemas by their types: of two with one name the later would take the place of the other.
#[test]
fn every_shape_of_the_api_has_a_name_of_its_own() {
    let mut seen = BTreeMap::new();
    for file in files(&["rs"]).iter().filter(|f| f.starts_with("src/api")) {
        let text = read(file);
        let lines: Vec<&str> = text.lines().collect();
        for (at, _) in
            lines.iter().enumerate().filter(|(_, l)| l.contains("derive(") && l.contains("ToSchema"))
        {
            let name = lines[at + 1..]
                .iter()
                .find_map(|l| l.split_once("struct ").or_else(|| l.split_once("enum ")))
                .map(|(_, rest)| {
                    rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
                })
                .expect("a derive stands before a type");
            if let Some(other) = seen.insert(name.clone(), file.clone()) {
                panic!("{name} stands in {} and in {}", other.display(), file.display());
            }
        }
    }
    assert!(seen.len() > 50, "only {} were found", seen.len());
}

#[test]
fn both_databases_have_the_same_migrations() {
    let list = |folder: &Path| -> BTreeSet<String> {
        fs::read_dir(folder)
            .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
            .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
            .collect()
    };
    let migrations = root().join("migrations");
    let folders = list(&migrations);
    assert!(folders.contains("sqlite") && folders.contains("postgres"), "{folders:?}");
    let twins: BTreeSet<String> =
        folders.iter().map(|f| f.replace("sqlite", "postgres")).filter(|f| folders.contains(f)).collect();
    assert_eq!(twins.len() * 2, folders.len(), "each folder has a twin for the other engine: {folders:?}");
    for postgres in twins {
        let sqlite = postgres.replace("postgres", "sqlite");
        let files = list(&migrations.join(&sqlite));
        assert!(!files.is_empty(), "{sqlite} is empty");
        assert_eq!(files, list(&migrations.join(&postgres)), "{sqlite} and {postgres}");
    }
}

#[test]
fn lock_files_are_committed() {
    for file in ["Cargo.lock", "end2end/package-lock.json"] {
        let known = Command::new("git")
            .args(["ls-files", "--error-unmatch", file])
            .current_dir(root())
            .output()
            .expect("git runs");
        assert!(known.status.success(), "{file} is not committed");
    }
}
