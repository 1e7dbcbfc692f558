//! `bonafide serve`, `bonafide worker`, `bonafide migrate`.

use std::future::Future;
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use bonafide_api::ApiOptions;
use bonafide_engine::Engine;
use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::settings::Settings;
use crate::{dev, house, models, output};

#[derive(Args)]
pub(crate) struct Options {
    /// The address to listen on; port 0 picks a free one.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// For a first look: makes two test tenants and a sandbox, prints their clients, installs missing models, and
    /// lets callbacks go to private addresses. Only on a loopback address.
    #[arg(long)]
    dev: bool,
    /// Serve the API alone; a `bonafide worker` judges.
    #[arg(long)]
    no_worker: bool,
}

pub(crate) async fn run(settings: &Settings, options: &Options) -> Result<ExitCode> {
    let listen = options.listen.as_deref().unwrap_or(&settings.server.listen);
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}; choose another with --listen"))?;
    let address = listener.local_addr()?;
    if options.dev {
        if !address.ip().is_loopback() {
            bail!("--dev makes tenants whose secrets are printed; it listens on 127.0.0.1 only");
        }
        tokio::task::block_in_place(|| models::install_if_missing(settings))?;
    }
    let store = house::open_store(settings, true).await?;
    house::require_region(settings, &store).await?;
    let engine =
        house::engine(settings, store, settings.public_urls(&address.to_string()), options.dev)?;
    if options.dev {
        print_clients(address, &dev::clients(&engine).await?);
    } else {
        tracing::info!(%address, "serving on this address; put TLS in front of it for others to reach");
    }
    let worker = settings.server.worker && !options.no_worker;
    let size = settings.worker_size();
    let options = ApiOptions { rates: settings.rate_limits(), ..ApiOptions::default() };
    serve(engine, listener, options, worker.then_some(size), shutdown()).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves until `shutdown`, then lets requests and tasks that have begun come to their end.
pub(crate) async fn serve(
    engine: Engine,
    listener: TcpListener,
    options: ApiOptions,
    worker: Option<bonafide_engine::WorkerSize>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        shutdown.await;
        // Nobody listens any more when both have ended already.
        let _ = stop.send(true);
    });
    let router = bonafide_api::router(engine.clone(), options);
    let api = async {
        axum::serve(listener, router).with_graceful_shutdown(until(stopped.clone())).await?;
        anyhow::Ok(())
    };
    let work = async {
        if let Some(size) = worker {
            engine.work(&worker_name(), size, until(stopped.clone())).await?;
        }
        anyhow::Ok(())
    };
    tokio::try_join!(api, work)?;
    Ok(())
}

pub(crate) async fn work(settings: &Settings) -> Result<ExitCode> {
    let store = house::open_store(settings, false).await?;
    house::require_region(settings, &store).await?;
    let engine =
        house::engine(settings, store, settings.public_urls(&settings.server.listen), false)?;
    tracing::info!("working");
    engine.work(&worker_name(), settings.worker_size(), shutdown()).await?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn migrate(settings: &Settings) -> Result<ExitCode> {
    house::open_store(settings, true).await?;
    output::line("the database is up to date");
    Ok(ExitCode::SUCCESS)
}

/// The first lines, which a shell can read.
fn print_clients(address: SocketAddr, clients: &dev::Clients) {
    output::line(&format!("BASE_URL=http://{address}"));
    output::line(&format!("CLIENT_ID={}", clients.first.client_id));
    output::line(&format!("CLIENT_SECRET={}", clients.first.client_secret.expose()));
    output::line(&format!("OTHER_CLIENT_ID={}", clients.second.client_id));
    output::line(&format!("OTHER_CLIENT_SECRET={}", clients.second.client_secret.expose()));
    output::line(&format!("SANDBOX_CLIENT_ID={}", clients.sandbox.client_id));
    output::line(&format!("SANDBOX_CLIENT_SECRET={}", clients.sandbox.client_secret.expose()));
}

/// Names this process among the workers.
fn worker_name() -> String {
    let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "bonafide".to_owned());
    format!("{host}-{}", std::process::id())
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // The sender is dropped only after it has sent.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Ctrl-C, or the service manager's SIGTERM.
async fn shutdown() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("shutting down");
}
