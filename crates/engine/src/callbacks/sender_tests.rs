use std::sync::atomic::{AtomicUsize, Ordering};

use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

fn options(allow_private_addresses: bool) -> CallbackOptions {
    CallbackOptions { allow_private_addresses, ..CallbackOptions::default() }
}

fn delivery() -> Delivery {
    let signature =
        Signature { id: "id".to_owned(), timestamp_seconds: 1, signatures: String::new() };
    Delivery { sequence: 1, signature, body: "{}".to_owned() }
}

/// A name server that gives one answer after another, and the last one from then on.
struct Answers {
    asked: AtomicUsize,
    answers: Vec<Vec<SocketAddr>>,
}

impl Answers {
    fn new(answers: &[&[SocketAddr]]) -> Self {
        let answers = answers.iter().map(|answer| answer.to_vec()).collect();
        Self { asked: AtomicUsize::new(0), answers }
    }
}

impl Lookup for Answers {
    fn lookup(&self, _: String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        let answer = self.answers[turn].clone();
        Box::pin(async move { Ok(answer) })
    }
}

async fn resolve(resolver: &PublicResolver<Answers>) -> Option<Vec<SocketAddr>> {
    let name = "customer.example".parse().unwrap();
    resolver.resolve(name).await.ok().map(Iterator::collect)
}

/// Every spelling of a private address, none of which asks a resolver.
#[tokio::test]
async fn literal_private_addresses_are_refused() {
    let sender = Sender::new(options(false)).unwrap();
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.0.0.1./",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[fd00::1]:8080/",
    ] {
        let refused = sender.post(url, delivery()).await.unwrap_err();
        assert!(refused.starts_with("a private address"), "{url}: {refused}");
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused() {
    let sender = Sender::new(options(false)).unwrap();
    let server = MockServer::start().await;
    let port = server.address().port();
    let refused = sender.post(&format!("http://localhost:{port}/"), delivery()).await;
    assert_eq!(refused, Err("no connection".to_owned()));
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

/// DNS rebinding: the first answer is public, the next one is not. Each connection uses the addresses
/// that were judged for it, and what is private is never among them.
#[tokio::test]
async fn a_name_is_judged_each_time_that_it_is_looked_up() {
    let public: SocketAddr = "93.184.216.34:0".parse().unwrap();
    let private: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let mapped: SocketAddr = "[::ffff:10.0.0.1]:0".parse().unwrap();
    let answers = Answers::new(&[&[public], &[private], &[mapped, public], &[mapped]]);
    let resolver = PublicResolver { lookup: Arc::new(answers), allow_private: false };
    assert_eq!(resolve(&resolver).await, Some(vec![public]));
    assert_eq!(resolve(&resolver).await, None);
    assert_eq!(resolve(&resolver).await, Some(vec![public]));
    assert_eq!(resolve(&resolver).await, None);
}

/// The same through the whole client: the name's address is the receiver's own, and nothing arrives.
#[tokio::test]
async fn nothing_reaches_what_a_lying_name_server_points_to() {
    let server = MockServer::start().await;
    let url = format!("http://customer.example:{}/", server.address().port());
    for (allowed, expected) in [(false, 0), (true, 1)] {
        let lookup = Answers::new(&[&["127.0.0.1:0".parse().unwrap()]]);
        let sender = Sender::with_lookup(options(allowed), lookup).unwrap();
        assert_eq!(sender.post(&url, delivery()).await.is_ok(), allowed);
        assert_eq!(server.received_requests().await.unwrap().len(), expected);
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let server = MockServer::start().await;
    let elsewhere = format!("{}/elsewhere", server.uri());
    let redirect = ResponseTemplate::new(307).insert_header("location", elsewhere.as_str());
    Mock::given(method("POST")).and(path("/")).respond_with(redirect).mount(&server).await;
    let sender = Sender::new(options(true)).unwrap();
    assert_eq!(sender.post(&server.uri(), delivery()).await, Ok(307));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}
