//! What only a real connection shows: refusals that reach a client in the middle of sending.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{BOUNDARY, TestApi, workflow};

async fn listen(api: &TestApi) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = api.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// The head of an upload to the first part of a new execution.
async fn head(api: &TestApi, length: usize, more: &str) -> String {
    let created = api.create(&workflow(2)).await;
    let block = &created["workflowExecution"]["credentials"][0]["api"];
    let path = block["parts"]["front"].as_str().unwrap();
    let path = path.trim_start_matches("https://bonafide.example");
    let token = block["token"].as_str().unwrap();
    format!(
        "POST {path} HTTP/1.1\r\nHost: bonafide.example\r\nUser-Agent: test\r\n\
         Authorization: Bearer {token}\r\n{more}Content-Length: {length}\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
}

async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains('}') {
        let read = stream.read(&mut buffer);
        let read = tokio::time::timeout(Duration::from_secs(30), read).await.unwrap().unwrap();
        assert!(read > 0, "closed without an answer: {text}");
        text += std::str::from_utf8(&buffer[..read]).unwrap();
    }
    text
}

/// A client that sends all 50 MB before it looks hears the refusal, and not a broken connection.
#[tokio::test]
async fn fifty_megabytes_hear_that_they_are_too_many() {
    let api = TestApi::new().await;
    let mut stream = TcpStream::connect(listen(&api).await).await.unwrap();
    let length = 50_000_000;
    stream.write_all(head(&api, length, "").await.as_bytes()).await.unwrap();
    let chunk = vec![b'x'; 1_000_000];
    for _ in 0..length / chunk.len() {
        stream.write_all(&chunk).await.expect("the server still listens");
    }
    let answer = answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 Payload Too Large"), "{answer}");
    assert!(answer.contains("The file has more than 10000000 bytes."), "{answer}");
}

/// A client that asks first need not send anything.
#[tokio::test]
async fn who_asks_first_is_answered_at_once() {
    let api = TestApi::new().await;
    let mut stream = TcpStream::connect(listen(&api).await).await.unwrap();
    let head = head(&api, 50_000_000, "Expect: 100-continue\r\n").await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 Payload Too Large"), "{answer}");
}

/// A small upload that is refused leaves the connection usable.
#[tokio::test]
async fn a_refused_upload_leaves_the_connection_open() {
    let api = TestApi::new().await;
    let mut stream = TcpStream::connect(listen(&api).await).await.unwrap();
    let body = vec![b'x'; 3_000_000];
    let head = head(&api, body.len(), "").await.replace("Bearer bft_", "Bearer forged_");
    for _ in 0..2 {
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
        let answer = answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 401 Unauthorized"), "{answer}");
    }
}
