//! The create use case without HTTP: what the server's own cost is measured against.

use std::time::Duration;

use anyhow::Result;
use bonafide_domain::initiation::{Initiation, UrlProfile};
use bonafide_engine::testing::{TestEngine, scripted};
use serde_json::json;

use super::commits::Target;
use super::load::{Measured, repeat};

pub(crate) async fn creates(
    target: &Target,
    connections: usize,
    lasts: Duration,
) -> Result<Measured> {
    let url = target.url("bonafide_direct").await?;
    let test = TestEngine::on(&url, tempfile::tempdir()?, scripted()).await;
    let caller = test.caller().await;
    let body = json!({
        "customerInternalReference": "bench",
        "workflowDefinition": {"key": 2, "credentials": [{"category": "ID"}]},
    });
    let measured = repeat(connections, lasts, |_| async {
        let initiation = Initiation::parse(&body, UrlProfile::Strict)
            .map_err(|_| anyhow::anyhow!("the bench's own body is wrong"))?;
        test.engine.create_account(&caller, initiation, None).await?;
        Ok(())
    })
    .await;
    test.engine.store.close().await;
    measured
}
