//! `bonafide lists …` and `bonafide screen`: watchlists on this machine, and a search in them.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use bonafide_engine::Context;
use bonafide_engine::screening::{RefreshStep, Refreshed};
use bonafide_screening::country::Country;
use bonafide_screening::entity::{Birth, EntityKind, Gender};
use bonafide_screening::list::Source;
use bonafide_screening::matching::{Fact, Verdict};
use bonafide_screening::query::Subject;
use bonafide_screening::screener::{Hit, Outcome, SearchProfile, search};
use bonafide_screening::store::{ImportOptions, ListStore, Status};
use clap::{Args, Subcommand, ValueEnum};

use crate::progress::Bar;
use crate::settings::Settings;
use crate::{house, output};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Read a list's files and make it active.
    Import {
        /// The files of the list, or the folder that holds them.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Who publishes it: ofac-sdn, ofac-consolidated, un, eu, uk, opensanctions, own.
        #[arg(long)]
        source: Source,
        /// The licence of the data was read and fits (opensanctions: CC BY-NC 4.0).
        #[arg(long)]
        acknowledge_licence: bool,
        /// Let a list take over that has less than half as many entities.
        #[arg(long)]
        allow_shrink: bool,
    },
    /// Fetch the lists that have an address in the configuration; unchanged ones become young again.
    Refresh,
    /// Show which lists are active, how old they are, and whether they may be relied on.
    Status {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(crate) struct Screen {
    /// The whole name, in any script.
    name: String,
    /// Date of birth: YYYY-MM-DD, or YYYY.
    #[arg(long)]
    dob: Option<String>,
    /// A country of the person: code or name; may be given again.
    #[arg(long)]
    country: Vec<String>,
    /// M or F.
    #[arg(long)]
    gender: Option<String>,
    /// The number of a document; may be given again.
    #[arg(long)]
    document_number: Vec<String>,
    /// What bears the name.
    #[arg(long, value_enum, default_value_t = Kind::Person)]
    kind: Kind,
    /// Lists to search; all where absent.
    #[arg(long)]
    source: Vec<Source>,
    /// 0 (only the same name) to 1 (very fuzzy).
    #[arg(long, value_parser = fuzziness)]
    fuzziness: Option<f32>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Person,
    Organisation,
    Vessel,
    Aircraft,
    Any,
}

fn fuzziness(text: &str) -> Result<f32, String> {
    let value: Option<f32> = text.parse().ok();
    value.filter(|value| (0.0..=1.0).contains(value)).ok_or_else(|| "must be 0 to 1".to_owned())
}

pub(crate) fn run(settings: &Settings, command: &Command) -> Result<ExitCode> {
    let store = ListStore::new(settings.lists_folder());
    match command {
        Command::Import { files, source, acknowledge_licence, allow_shrink } => {
            let options = ImportOptions {
                licence_acknowledged: *acknowledge_licence,
                allow_shrink: *allow_shrink,
            };
            let now = Context::system().now();
            let files = within(files)?;
            let (bar, text) = (Bar::new(), format!("reading {source}"));
            bar.begin(&text);
            let mut watch = |entities| bar.count(&text, entities);
            let imported = store.import_watched(*source, &files, now, options, &mut watch);
            bar.done();
            let manifest = imported?;
            output::line(&format!(
                "{} {source}: {} entities, {} names, version {}",
                output::styled(output::GOOD, "active"),
                manifest.entities,
                manifest.names,
                output::styled(output::FAINT, &manifest.version),
            ));
            Ok(ExitCode::SUCCESS)
        }
        Command::Refresh => refresh(settings),
        Command::Status { json } => {
            let statuses = store.status(Context::system().now(), settings.lists_stale_after())?;
            if *json {
                output::json(&statuses)?;
            } else {
                statuses.iter().for_each(show_status);
            }
            let well = !statuses.is_empty() && statuses.iter().all(|status| !status.stale);
            if statuses.is_empty() && !json {
                output::line(
                    "there is no list; `bonafide lists import FILE --source …` brings one",
                );
            }
            Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

/// Fetches the configured lists; fails where one could not be fetched.
fn refresh(settings: &Settings) -> Result<ExitCode> {
    let lists = house::watchlists(settings)?;
    let bar = Arc::new(Bar::new());
    let shown = Arc::clone(&bar);
    let watch = move |source, step| match step {
        RefreshStep::Fetching { bytes: 0, .. } => shown.begin(&format!("fetching {source}")),
        RefreshStep::Fetching { bytes, of } => shown.set(bytes, of.unwrap_or(bytes)),
        RefreshStep::Reading { entities: 0 } => shown.begin(&format!("reading {source}")),
        RefreshStep::Reading { entities } => shown.count(&format!("reading {source}"), entities),
    };
    let fetched = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(lists.refresh(Context::system().now(), watch));
    bar.done();
    let fetched = fetched?;
    if fetched.is_empty() {
        bail!("no list has an address: see lists.addresses in the configuration");
    }
    let mut well = true;
    for (source, refreshed) in &fetched {
        let told = match refreshed {
            Refreshed::Unchanged => "unchanged".to_owned(),
            Refreshed::Imported(list) => {
                format!("{} entities, {} names", list.entities, list.names)
            }
            Refreshed::Failed(why) => {
                well = false;
                format!("not fetched: {why}")
            }
        };
        output::line(&format!("{source}: {told}"));
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Files as given, and those of folders.
fn within(files: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in files {
        if path.is_dir() {
            for entry in std::fs::read_dir(path)? {
                found.push(entry?.path());
            }
        } else {
            ensure!(path.exists(), "{} is not there", path.display());
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn show_status(status: &Status) {
    let (style, word) = if status.stale { (output::BAD, "stale") } else { (output::GOOD, "fresh") };
    let manifest = &status.manifest;
    output::line(&format!(
        "{} {:18} {:>8} entities {:>8} names  {:>5.1} h old  published {}  {}",
        output::styled(style, word),
        manifest.source.as_str(),
        manifest.entities,
        manifest.names,
        status.age_seconds as f64 / 3600.0,
        manifest.published.as_deref().unwrap_or("?"),
        output::styled(output::FAINT, &manifest.version[..12.min(manifest.version.len())]),
    ));
}

/// Ends with success where nothing was found, and with 2 where something was.
pub(crate) fn screen(settings: &Settings, options: &Screen) -> Result<ExitCode> {
    let store = ListStore::new(settings.lists_folder());
    let statuses = store.status(Context::system().now(), settings.lists_stale_after())?;
    let asked = |status: &&Status| {
        options.source.is_empty() || options.source.contains(&status.manifest.source)
    };
    if let Some(stale) = statuses.iter().filter(asked).find(|status| status.stale) {
        bail!(
            "NOT_EXECUTED / TECHNICAL_ERROR: the list {} is {} hours old; import it again",
            stale.manifest.source,
            stale.age_seconds / 3600
        );
    }
    let lists = store.load()?;
    let profile = SearchProfile {
        sources: options.source.clone(),
        fuzziness: options.fuzziness,
        limit: None,
    };
    let outcome = search(&lists, &subject(options)?, &profile).context(
        "NOT_EXECUTED / INVALID_MERCHANT_SETTINGS: bring lists with `bonafide lists import`",
    )?;
    if options.json {
        output::json(&outcome)?;
    } else {
        show(&outcome);
    }
    Ok(if outcome.hits.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn subject(options: &Screen) -> Result<Subject> {
    let countries = options.country.iter().map(|country| {
        Country::find(country).with_context(|| format!("\u{201c}{country}\u{201d} is no country"))
    });
    let kind = match options.kind {
        Kind::Person => EntityKind::Person,
        Kind::Organisation => EntityKind::Organisation,
        Kind::Vessel => EntityKind::Vessel,
        Kind::Aircraft => EntityKind::Aircraft,
        Kind::Any => EntityKind::Unknown,
    };
    let birth = options.dob.as_deref().map(|text| {
        Birth::parse(text)
            .with_context(|| format!("\u{201c}{text}\u{201d} is no date; write YYYY-MM-DD"))
    });
    let gender = options.gender.as_deref().map(|text| {
        Gender::find(text).with_context(|| format!("\u{201c}{text}\u{201d} is neither M nor F"))
    });
    Ok(Subject {
        birth: birth.transpose()?,
        countries: countries.collect::<Result<_>>()?,
        gender: gender.transpose()?,
        identifiers: options.document_number.clone(),
        ..Subject::new(options.name.clone(), kind)
    })
}

fn show(outcome: &Outcome) {
    let lists: Vec<&str> = outcome.lists.iter().map(|list| list.source.as_str()).collect();
    let summary = match outcome.hits.len() {
        0 => output::styled(output::GOOD, "no hit"),
        1 => output::styled(output::BAD, "1 hit"),
        many => output::styled(output::BAD, format!("{many} hits")),
    };
    output::line(&format!("{summary} from {:.2} on, in {}", outcome.threshold, lists.join(", ")));
    outcome.hits.iter().for_each(show_hit);
}

fn show_hit(hit: &Hit) {
    let entity = &hit.entity;
    output::line(&format!(
        "\n{} {}  {} {}",
        output::styled(output::STRONG, format!("{:.2}", hit.score)),
        output::styled(output::STRONG, &hit.matched_name),
        hit.source,
        output::styled(output::FAINT, &entity.id),
    ));
    if entity.names[0].text != hit.matched_name {
        output::line(&format!("     listed as {}", entity.names[0].text));
    }
    for word in &hit.explanation.words {
        let how = serde_json::to_value(word.match_type).ok();
        output::line(&format!(
            "     {:20} = {:20} {} {:.2}",
            word.query_term,
            word.listed_term,
            how.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default(),
            word.similarity,
        ));
    }
    for (words, side) in [
        (&hit.explanation.only_in_query, "only searched for"),
        (&hit.explanation.only_in_listed, "only listed"),
    ] {
        if !words.is_empty() {
            output::line(&format!("     {:20}   {side}", words.join(" ")));
        }
    }
    for evidence in &hit.evidence {
        let fact = match evidence.fact {
            Fact::DateOfBirth => "date of birth",
            Fact::Country => "country",
            Fact::Gender => "gender",
            Fact::DocumentNumber => "document number",
        };
        let (style, word) = match evidence.verdict {
            Verdict::Supports => (output::BAD, "agrees"),
            Verdict::Neutral => (output::FAINT, "says little"),
            Verdict::Contradicts => (output::GOOD, "contradicts"),
        };
        output::line(&format!(
            "     {fact:20}   {} {:+.2}",
            output::styled(style, word),
            evidence.adds
        ));
    }
    if !entity.programs.is_empty() {
        output::line(&format!("     programmes             {}", entity.programs.join(", ")));
    }
}
