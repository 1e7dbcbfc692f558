//! The server as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::Options;

const PATIENCE: Duration = Duration::from_secs(120);

/// The client of the first development tenant.
#[derive(Clone, Default)]
pub(crate) struct Clients {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// A running server, ended when it is dropped.
pub(crate) struct Server {
    child: Child,
    base_url: String,
    clients: Clients,
    started_after: Duration,
}

impl Server {
    /// Starts it as for a first look, which makes tenants and prints their clients.
    pub(crate) async fn start_dev(options: &Options, folder: &Path, url: &str) -> Result<Self> {
        let mut server = Self::spawn(options, folder, url, &["--dev"])?;
        let stdout = server.child.stdout.take().context("standard output was piped")?;
        let mut lines = BufReader::new(stdout).lines();
        while server.clients.secret.is_empty() {
            let line = lines.next().context("the server ended before it announced itself")??;
            match line.split_once('=') {
                Some(("CLIENT_ID", id)) => id.clone_into(&mut server.clients.id),
                Some(("CLIENT_SECRET", secret)) => secret.clone_into(&mut server.clients.secret),
                _ => {}
            }
        }
        server.wait().await?;
        Ok(server)
    }

    /// Starts it as in production.
    pub(crate) async fn start(options: &Options, folder: &Path, url: &str) -> Result<Self> {
        let mut server = Self::spawn(options, folder, url, &[])?;
        server.wait().await?;
        Ok(server)
    }

    fn spawn(options: &Options, folder: &Path, url: &str, flags: &[&str]) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let listen = format!("127.0.0.1:{port}");
        let child = Command::new(&options.program)
            .args(["serve", "--listen", &listen])
            .args(flags)
            .arg("--data")
            .arg(folder)
            .env("BONAFIDE__DATABASE__URL", url)
            .env("BONAFIDE__MODELS__FOLDER", &options.models)
            .env("BONAFIDE_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server could not be started")?;
        Ok(Self {
            child,
            base_url: format!("http://{listen}"),
            clients: Clients::default(),
            started_after: Duration::ZERO,
        })
    }

    /// Asks until it answers.
    async fn wait(&mut self) -> Result<()> {
        let begun = Instant::now();
        let url = format!("{}/health", self.base_url);
        let client = reqwest::Client::builder().timeout(Duration::from_secs(5)).build()?;
        while client.get(&url).send().await.is_err() {
            if begun.elapsed() > PATIENCE {
                bail!("the server does not answer");
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended: {status}");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        self.started_after = begun.elapsed();
        Ok(())
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(crate) fn clients(&self) -> &Clients {
        &self.clients
    }

    pub(crate) fn started_after(&self) -> Duration {
        self.started_after
    }

    /// `VmRSS` of the process.
    pub(crate) fn resident_mebibytes(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes: f64 = line
            .and_then(|line| line.split_whitespace().next()?.parse().ok())
            .context("the system does not say how much memory the server has")?;
        Ok(kibibytes / 1024.0)
    }

    pub(crate) fn stop(&mut self) {
        // Failing here means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
