//! The lists, the queries that should find something, and those that should not.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use bonafide_screening::entity::{Entity, EntityKind, NameKind};
use bonafide_screening::list::{Input, Source, read};
use bonafide_screening::text::Script;
use serde::Deserialize;

use super::perturb::perturb;
use super::protocol::{self, Kind, Side, hash};
use super::random::Random;

/// A query that should find an entity.
pub(crate) struct Positive {
    pub(crate) kind: Kind,
    pub(crate) side: Side,
    pub(crate) entity: String,
    pub(crate) sort: EntityKind,
    pub(crate) name: String,
}

/// A query that should find nothing.
#[derive(Clone)]
pub(crate) struct Negative {
    pub(crate) side: Side,
    pub(crate) sort: EntityKind,
    pub(crate) script: Script,
    pub(crate) name: String,
}

pub(crate) struct Data {
    /// What is indexed: without what was held out.
    pub(crate) entities: Vec<Entity>,
    pub(crate) positives: Vec<Positive>,
    pub(crate) negatives: Vec<Negative>,
    /// People's names that should find nothing, many of every script.
    pub(crate) each_script: Vec<Negative>,
}

#[derive(Deserialize)]
struct Made {
    latin: Vec<MadeName>,
    other: Vec<MadeName>,
    companies: Vec<MadeName>,
    scripts: Vec<MadeName>,
    cyrillic: Vec<String>,
    greek: Vec<String>,
}

#[derive(Deserialize)]
struct MadeName {
    name: String,
}

/// Reads the lists under `testdata/lists`.
pub(crate) fn entities(testdata: &Path) -> Result<Vec<Entity>> {
    let lists = testdata.join("lists");
    let mut entities: Vec<Entity> = Vec::new();
    for (source, folder) in [
        (Source::OfacSdn, "ofac-sdn"),
        (Source::OfacConsolidated, "ofac-consolidated"),
        (Source::Un, "un"),
    ] {
        let mut inputs = Vec::new();
        for file in std::fs::read_dir(lists.join(folder)).context("the lists are not there")? {
            inputs.push(Input::open(&file?.path())?);
        }
        read(source, inputs, &mut |mut entity| {
            entity.id = format!("{source}:{}", entity.id);
            entities.push(entity);
            Ok(())
        })?;
    }
    Ok(entities)
}

/// Prepares the benchmark.
pub(crate) fn prepare(testdata: &Path, python: &Path) -> Result<Data> {
    let mut entities = entities(testdata)?;
    let mut positives = Vec::new();
    hold_out(&mut entities, &mut positives);
    let mut chosen: Vec<&Entity> = entities.iter().collect();
    chosen.sort_by_key(|entity| hash(&format!("{}:{}", protocol::SEED, entity.id)));
    let latin: Vec<&Entity> =
        chosen.into_iter().filter(|e| Script::of(&e.names[0].text) == Script::Latin).collect();
    let persons: Vec<&Entity> = latin
        .iter()
        .copied()
        .filter(|entity| entity.kind == EntityKind::Person && words(&entity.names[0].text) > 1)
        .collect();
    let companies: Vec<&Entity> =
        latin.iter().copied().filter(|entity| entity.kind == EntityKind::Organisation).collect();
    let kinds = Kind::LATIN_PERSON.iter().map(|kind| (kind, &persons));
    for (kind, from) in kinds.chain(Kind::LATIN_BUSINESS.iter().map(|kind| (kind, &companies))) {
        let mut random = Random::new(protocol::SEED ^ hash(&format!("{kind:?}")));
        let queries = from.iter().filter_map(|entity| {
            let name = perturb(&entity.names[0].text, *kind, &mut random)?;
            Some(positive(*kind, entity, name))
        });
        positives.extend(queries.take(protocol::PER_KIND));
    }
    let names: Vec<&str> =
        persons.iter().take(protocol::PER_KIND).map(|e| e.names[0].text.as_str()).collect();
    let made = made(python, &names)?;
    ensure!(made.cyrillic.len() == names.len(), "the script did not answer every name");
    for (kind, spelt) in [(Kind::Cyrillic, &made.cyrillic), (Kind::Greek, &made.greek)] {
        positives.extend(
            persons.iter().zip(spelt).map(|(entity, name)| positive(kind, entity, name.clone())),
        );
    }
    let negative = |sort| {
        move |made: &MadeName| Negative {
            side: protocol::side_of_negative(&made.name),
            sort,
            script: Script::of(&made.name),
            name: made.name.clone(),
        }
    };
    let mut negatives: Vec<Negative> =
        made.latin.iter().chain(&made.other).map(negative(EntityKind::Person)).collect();
    negatives.extend(made.companies.iter().map(negative(EntityKind::Organisation)));
    let each_script = made.latin.iter().chain(&made.scripts);
    let each_script = each_script.map(negative(EntityKind::Person)).collect();
    Ok(Data { entities, positives, negatives, each_script })
}

fn words(name: &str) -> usize {
    name.split_whitespace().count()
}

fn positive(kind: Kind, entity: &Entity, name: String) -> Positive {
    Positive {
        kind,
        side: protocol::side_of_entity(&entity.id),
        entity: entity.id.clone(),
        sort: entity.kind,
        name,
    }
}

/// Takes names in original scripts out of the index, and one alias of up to [`protocol::PER_KIND`]
/// persons and organisations.
fn hold_out(entities: &mut [Entity], positives: &mut Vec<Positive>) {
    let mut order: Vec<usize> = (0..entities.len()).collect();
    order.sort_by_key(|at| hash(&format!("alias:{}:{}", protocol::SEED, entities[*at].id)));
    let (mut persons, mut companies) = (0, 0);
    for at in order {
        let entity = &mut entities[at];
        let original = entity.names.iter().position(|name| Script::of(&name.text) != Script::Latin);
        if let Some(original) = original {
            let name = entity.names[original].text.clone();
            if entity.names.len() > 1 && entity.kind == EntityKind::Person {
                positives.push(positive(Kind::OriginalScript, entity, name));
            }
            entity
                .names
                .retain(|name| Script::of(&name.text) == Script::Latin || name.text.is_empty());
        }
        let (kind, count) = match entity.kind {
            EntityKind::Person => (Kind::AliasPerson, &mut persons),
            EntityKind::Organisation => (Kind::AliasBusiness, &mut companies),
            _ => continue,
        };
        if *count == protocol::PER_KIND || entity.names.len() < 2 {
            continue;
        }
        let others: Vec<String> = entity.names.iter().map(|name| plain(&name.text)).collect();
        let held = (1..entity.names.len()).find(|at| {
            let name = &entity.names[*at];
            let other = others.iter().enumerate().all(|(i, text)| i == *at || *text != others[*at]);
            name.kind == NameKind::Alias && !name.weak && words(&name.text) > 1 && other
        });
        if let Some(held) = held {
            let name = entity.names.remove(held);
            positives.push(positive(kind, entity, name.text));
            *count += 1;
        }
    }
}

/// Letters and digits in order of words, so that the same name in another order is the same.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

fn made(python: &Path, names: &[&str]) -> Result<Made> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/screening_names.py");
    let mut child = Command::new(python)
        .arg(script)
        .args([protocol::SEED.to_string(), protocol::NEGATIVES_LATIN.to_string()])
        .args([protocol::NEGATIVES_OTHER.to_string(), protocol::NEGATIVES_COMPANY.to_string()])
        .arg(protocol::NEGATIVES_EACH_SCRIPT.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("the maker of names could not be started")?;
    let mut input = child.stdin.take().expect("standard input was piped");
    input.write_all(names.join("\n").as_bytes())?;
    input.write_all(b"\n")?;
    drop(input);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "the maker of names failed");
    serde_json::from_slice(&output.stdout).context("the maker of names answered something else")
}
