//! A PostgreSQL of one's own: for a test run, or for a while.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use clap::Subcommand;

use crate::command;

/// The tests read the address of a PostgreSQL here.
pub(crate) const URL_VARIABLE: &str = "BONAFIDE_TEST_POSTGRES_URL";

/// The superuser of the clusters made here. They listen on loopback only and ask for no password.
const SUPERUSER: &str = "bonafide";

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Start one that stays until `pg stop`, and print its URL
    Start,
    /// Stop it and drop its data
    Stop,
    /// Print the URL of the one that runs
    Url,
}

pub(crate) fn run(verb: &Verb) -> Result<()> {
    let folder = env::temp_dir().join(format!("bonafide-postgres-{}", account()?.name));
    match verb {
        Verb::Start => {
            if let Some(running) = Cluster::running(&folder)? {
                println!("{}", running.url());
                return Ok(());
            }
            println!("{}", Cluster::start(folder)?.url());
        }
        Verb::Stop => match Cluster::running(&folder)? {
            Some(cluster) => cluster.stop(),
            None => println!("none is running"),
        },
        Verb::Url => match Cluster::running(&folder)? {
            Some(cluster) => println!("{}", cluster.url()),
            None => bail!("none is running; `cargo xtask pg start` starts one"),
        },
    }
    Ok(())
}

/// A running server with its data in a folder of its own.
#[derive(Clone)]
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes a cluster in `folder` (what is there is dropped) and starts it on a free port.
    ///
    /// It does not sync: a test that kills *our* process loses nothing by that, and only the
    /// machine's own crash would.
    pub(crate) fn start(folder: PathBuf) -> Result<Self> {
        Self::start_with(folder, "off")
    }

    /// The same, but durable: for measurements.
    pub(crate) fn start_synced(folder: PathBuf) -> Result<Self> {
        Self::start_with(folder, "on")
    }

    fn start_with(folder: PathBuf, fsync: &str) -> Result<Self> {
        let programs = programs()?;
        fs::remove_dir_all(&folder).or_else(missing_is_fine)?;
        fs::create_dir_all(&folder)?;
        let account = account()?;
        chown(&folder, Some(account.user), Some(account.group))
            .with_context(|| format!("{} cannot be given to its server", folder.display()))?;
        let cluster = Self { programs, folder, port: free_port()? };
        command::output(cluster.program("initdb")?.args([
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--username",
            SUPERUSER,
        ]))?;
        let options = format!(
            "-p {} -h 127.0.0.1 -k '' -c fsync={fsync} -c max_connections=300 -c logging_collector=off",
            cluster.port
        );
        command::output(
            cluster.program("pg_ctl")?.args(["start", "--wait", "--silent", "--log"]).args([
                &cluster.folder.join("server.log").into_os_string(),
                &"--options".into(),
                &options.into(),
            ]),
        )?;
        Ok(cluster)
    }

    /// The cluster in `folder`, if its server runs.
    fn running(folder: &Path) -> Result<Option<Self>> {
        // Line 4 of a running server's postmaster.pid is its port.
        let Ok(state) = fs::read_to_string(folder.join("postmaster.pid")) else {
            return Ok(None);
        };
        let Some(port) = state.lines().nth(3).and_then(|line| line.trim().parse().ok()) else {
            return Ok(None);
        };
        let cluster = Self { programs: programs()?, folder: folder.to_owned(), port };
        let alive = command::succeeds(cluster.program("pg_ctl")?.arg("status"));
        Ok(alive.then_some(cluster))
    }

    /// The address of its `postgres` database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops the server, dropping its connections, and removes its data.
    pub(crate) fn stop(&self) {
        if !self.folder.exists() {
            return;
        }
        let stopped = self.program("pg_ctl").and_then(|mut pg_ctl| {
            command::output(pg_ctl.args(["stop", "--wait", "--silent", "--mode=immediate"]))
        });
        if let Err(error) = stopped {
            println!("PostgreSQL in {} did not stop: {error}", self.folder.display());
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            println!("{} could not be removed: {error}", self.folder.display());
        }
    }

    /// One of PostgreSQL's programs, under the account that it may run as.
    fn program(&self, name: &str) -> Result<Command> {
        let account = account()?;
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(&self.folder).env("PGDATA", &self.folder).env("HOME", &self.folder);
        if account.switch {
            command.uid(account.user).gid(account.group);
        }
        Ok(command)
    }
}

fn missing_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

/// Who runs the server: oneself, or `postgres` where one is root, as which it refuses to run.
struct Account {
    name: String,
    user: u32,
    group: u32,
    switch: bool,
}

fn account() -> Result<Account> {
    let own = id("-u", None)?;
    if own != 0 {
        return Ok(Account {
            name: own.to_string(),
            user: own,
            group: id("-g", None)?,
            switch: false,
        });
    }
    programs()?; // their package brings the account
    let name = Some("postgres");
    Ok(Account {
        name: "root".to_owned(),
        user: id("-u", name)?,
        group: id("-g", name)?,
        switch: true,
    })
}

fn id(which: &str, name: Option<&str>) -> Result<u32> {
    let number = command::output(Command::new("id").arg(which).args(name))?;
    number.trim().parse().context("`id` gave no number")
}

/// The folder of PostgreSQL's programs; installs them where that can be done unasked.
fn programs() -> Result<PathBuf> {
    if let Some(found) = find_programs() {
        return Ok(found);
    }
    println!("PostgreSQL's server programs are missing; trying to install them");
    let installed = command::run(command::program("apt-get").arg("update"))
        .and_then(|()| {
            command::run(
                command::program("apt-get")
                    .args(["install", "--yes", "--no-install-recommends", "postgresql"])
                    .env("DEBIAN_FRONTEND", "noninteractive"),
            )
        })
        .is_ok();
    ensure!(
        installed,
        "PostgreSQL's server programs (initdb, pg_ctl) are missing. Install them (Debian: \
         `sudo apt-get install postgresql`) or point {URL_VARIABLE} at a server that may be filled"
    );
    find_programs().context("PostgreSQL was installed, but initdb is not where it should be")
}

fn find_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .map(|(version, path)| (version, path.join("bin")))
        .filter(|(_, path)| path.join("initdb").is_file())
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, path)| path);
    let searched = env::var_os("PATH").unwrap_or_default();
    newest.or_else(|| env::split_paths(&searched).find(|folder| folder.join("initdb").is_file()))
}
