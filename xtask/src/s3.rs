//! An S3-compatible store of one's own for a test run: moto's server, in memory.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{command, python};

/// The tests read the address of the store and its bucket here.
pub(crate) const URL_VARIABLE: &str = "BONAFIDE_TEST_S3_URL";

const PACKAGE: &str = "moto[server]==5.2.5";
const BUCKET: &str = "bonafide";
/// How long it may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server, ended when it is dropped.
pub(crate) struct ObjectServer {
    child: Child,
    port: u16,
}

impl ObjectServer {
    /// Starts a server on a free port and makes a bucket there.
    pub(crate) fn start() -> Result<Self> {
        let python = python::environment("s3", &["moto.server"], &[PACKAGE])?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let child = command::program(&python.to_string_lossy())
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("moto's server could not be started")?;
        let server = Self { child, port };
        let deadline = Instant::now() + PATIENCE;
        while let Err(error) = server.make_bucket() {
            if Instant::now() > deadline {
                bail!("moto's server does not answer: {error}");
            }
            sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    /// The address of the bucket.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/{BUCKET}", self.port)
    }

    /// What tells the program to keep its blobs there.
    pub(crate) fn settings(&self) -> [(&'static str, String); 4] {
        [
            ("BONAFIDE__BLOBS__S3__BUCKET", BUCKET.to_owned()),
            ("BONAFIDE__BLOBS__S3__ENDPOINT", format!("http://127.0.0.1:{}", self.port)),
            ("BONAFIDE__BLOBS__S3__ACCESS_KEY_ID", "anybody".to_owned()),
            ("BONAFIDE__BLOBS__S3__SECRET_ACCESS_KEY", "anything".to_owned()),
        ]
    }

    /// moto asks for no signature.
    fn make_bucket(&self) -> Result<()> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        write!(
            stream,
            "PUT /{BUCKET} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            self.port
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let status = answer.lines().next().unwrap_or_default();
        if !status.contains(" 200 ") {
            bail!("it answered `{status}`");
        }
        Ok(())
    }
}

impl Drop for ObjectServer {
    fn drop(&mut self) {
        // Failing here means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
