//! The real program as child processes: servers, workers, and the operator's commands.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use tempfile::TempDir;

const SERVERS: usize = 3;
const WORKERS: usize = 3;
/// The name of the sandbox tenant.
pub(crate) const TENANT: &str = "chaos";

pub(crate) struct House {
    folder: TempDir,
    members: Vec<Member>,
    client: Client,
    pub(crate) servers_killed: usize,
    pub(crate) workers_killed: usize,
}

#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
}

struct Member {
    /// The port of a server; none for a worker.
    port: Option<u16>,
    child: Child,
}

impl House {
    pub(crate) async fn start(database: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pauses = vec!["1"; 40].join(", ");
        let config = format!(
            "[database]\nurl = \"{database}\"\n\
             [callbacks]\nschedule_seconds = [{pauses}]\nallow_private_addresses = true\n"
        );
        std::fs::write(folder.path().join("bonafide.toml"), config).unwrap();
        let settings = r#"{"developmentUrls": true}"#;
        run(
            folder.path(),
            &["tenants", "create", TENANT, "--mode", "sandbox", "--settings", settings],
        );
        let printed = run(folder.path(), &["clients", "create", TENANT]);
        let value = |name: &str| {
            printed.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned()
        };
        let client = Client { id: value("CLIENT_ID="), secret: value("CLIENT_SECRET=") };

        let mut house =
            Self { folder, members: Vec::new(), client, servers_killed: 0, workers_killed: 0 };
        for _ in 0..SERVERS {
            house.add(Some(free_port()));
            // The first one makes the key ring that the others share.
            house.wait_for_last().await;
        }
        for _ in 0..WORKERS {
            house.add(None);
        }
        house
    }

    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }

    /// Where the servers are.
    pub(crate) fn bases(&self) -> Vec<String> {
        let ports = self.members.iter().filter_map(|member| member.port);
        ports.map(|port| format!("http://127.0.0.1:{port}")).collect()
    }

    /// Kills one of them, whatever it is doing, and starts it again.
    pub(crate) fn kill_one(&mut self, random: &mut StdRng) {
        let chosen = random.random_range(0..self.members.len());
        let mut member = self.members.swap_remove(chosen);
        member.child.kill().unwrap();
        member.child.wait().unwrap();
        if member.port.is_some() {
            self.servers_killed += 1;
        } else {
            self.workers_killed += 1;
        }
        self.add(member.port);
    }

    fn add(&mut self, port: Option<u16>) {
        let mut command = command(self.folder.path());
        match port {
            Some(port) => {
                command.args(["serve", "--no-worker", "--listen"]).arg(format!("127.0.0.1:{port}"))
            }
            None => command.arg("worker"),
        };
        let log = self
            .folder
            .path()
            .join(format!("{}.log", port.map_or("worker".to_owned(), |p| p.to_string())));
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        self.members.push(Member { port, child });
    }

    async fn wait_for_last(&self) {
        let port = self.members.last().and_then(|member| member.port).unwrap();
        let wait = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), wait).await;
        assert!(waited.is_ok(), "a server does not start: {}", self.log(port));
    }

    fn log(&self, port: u16) -> String {
        std::fs::read_to_string(self.folder.path().join(format!("{port}.log"))).unwrap_or_default()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        for member in &mut self.members {
            // Failing here means that it has ended already.
            let _ = member.child.kill();
            let _ = member.child.wait();
        }
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bonafide"));
    command.arg("--config").arg(folder.join("bonafide.toml"));
    command.arg("--data").arg(folder.join("data")).env("BONAFIDE_LOG", "warn");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = command(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
