//! `bonafide demo`: installs the models, serves on a temporary folder, draws two IDs and verifies
//! them over HTTP, as a customer's backend would.

mod client;
mod receiver;
mod show;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use bonafide_api::ApiOptions;
use bonafide_engine::Context;
use bonafide_specimen::aamva::Version;
use bonafide_specimen::{Country, Issue, JURISDICTIONS, Licence, Passport, Person};
use clap::Args;
use tokio::net::TcpListener;

pub(crate) use self::client::{ApiClient, send};
use self::client::{Picture, Verified};
use self::receiver::Receiver;
use crate::settings::Settings;
use crate::{dev, house, models, serve};

#[derive(Args)]
pub(crate) struct Options {
    /// Which persons and documents are drawn.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Save the drawn pictures here.
    #[arg(long, value_name = "DIR")]
    save: Option<std::path::PathBuf>,
}

/// An ID to verify.
struct Exhibit {
    title: String,
    pictures: Vec<Picture>,
}

pub(crate) async fn run(settings: Settings, options: &Options) -> Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let settings = settings.with_data_folder(folder.path());
    let mut show = show::Show::new(options.json);

    let begun = Instant::now();
    tokio::task::block_in_place(|| models::install_if_missing(&settings))?;
    show.step("models", "installed and verified", begun.elapsed());

    let begun = Instant::now();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let store = house::open_store(&settings, true).await?;
    let engine = house::engine(&settings, store, settings.public_urls(&address), true)?;
    let clients = dev::clients(&engine).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(serve::serve(
        engine,
        listener,
        ApiOptions::default(),
        Some(settings.worker_size()),
        async {
            // The sender is dropped when the demo ends early; that ends the server as well.
            let _ = stopped.await;
        },
    ));
    show.step("server", &format!("http://{address}"), begun.elapsed());

    let receiver = Receiver::start().await?;
    let api = ApiClient::log_in(&format!("http://{address}"), &clients.first).await?;
    let mut well = true;
    for exhibit in draw(options)? {
        show.title(&exhibit.title);
        let verified = api.verify(&exhibit.pictures, &receiver.url, &mut show).await?;
        let called = receiver.wait_for(&verified.execution_id, Duration::from_secs(20)).await;
        show.callback(called.is_some());
        show.result(&verified);
        well &= called.is_some() && passed(&verified);
    }
    show.farewell(well)?;

    let _ = stop.send(());
    server.await.context("the server stopped")??;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn passed(verified: &Verified) -> bool {
    !verified.decisions.is_empty() && verified.decisions.iter().all(|d| d.decision_type == "PASSED")
}

/// Draws a passport of Utopia and a driving licence of a real jurisdiction, for persons who do not
/// exist.
fn draw(options: &Options) -> Result<Vec<Exhibit>> {
    let today = Context::system().now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let seed = options.seed;
    let person = |seed| Person::generate(today, seed);
    let issue = |seed| Issue::generate(today, seed);

    let passport = Passport::new(person(seed), issue(seed)).draw(seed);
    let jurisdiction = JURISDICTIONS
        .iter()
        .find(|jurisdiction| jurisdiction.country == Country::Usa)
        .context("the specimens know a jurisdiction of the USA")?;
    let licence = Licence::new(person(seed + 1), issue(seed + 1), *jurisdiction, Version::V10);
    let exhibits = vec![
        Exhibit {
            title: "A passport of Utopia".to_owned(),
            pictures: vec![Picture { part: "FRONT", jpeg: passport.jpeg(90)? }],
        },
        Exhibit {
            title: "A driving licence with a PDF417 symbol".to_owned(),
            pictures: vec![
                Picture { part: "FRONT", jpeg: licence.draw_front(seed).jpeg(90)? },
                Picture { part: "BACK", jpeg: licence.draw_back(seed)?.jpeg(90)? },
            ],
        },
    ];
    if let Some(folder) = &options.save {
        save(folder, &exhibits)?;
    }
    Ok(exhibits)
}

fn save(folder: &std::path::Path, exhibits: &[Exhibit]) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, exhibit) in ["passport", "licence"].iter().zip(exhibits) {
        for picture in &exhibit.pictures {
            let file = format!("{name}-{}.jpg", picture.part.to_ascii_lowercase());
            std::fs::write(folder.join(file), &picture.jpeg)?;
        }
    }
    Ok(())
}
