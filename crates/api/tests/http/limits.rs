//! Rate limits and regions: who is sent away although he may call.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{StatusCode, header};
use bonafide_api::{ApiOptions, Rate, RateLimits};
use bonafide_domain::region::Region;
use bonafide_domain::tenant::{Permissions, Settings, TenantMode};
use bonafide_engine::admin;

use crate::support::{Answer, TestApi, workflow};

/// Two at once, and then one each hour: no test takes so long.
fn two() -> Rate {
    let burst = NonZeroU32::new(2).unwrap();
    Rate { every: Duration::from_hours(1), burst }
}

async fn limited(rates: RateLimits) -> TestApi {
    TestApi::new().await.with_options(ApiOptions { rates, ..ApiOptions::default() })
}

/// The contract's body, and when to come back.
fn assert_too_many(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let expected = serde_json::json!({
        "title": "Too Many Requests", "status": 429, "detail": "Request limit exceeded"
    });
    assert_eq!(answer.json(), expected);
    let seconds: u64 = answer.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=3600).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn creates_are_limited_for_each_tenant() {
    let api = limited(RateLimits { initiate: Some(two()), ..RateLimits::default() }).await;
    let (access, foreign) = (api.access().await, api.access_of(&api.engine.other).await);
    let create = async |access: &str| {
        api.request("POST", "/api/v1/accounts").bearer(access).json(&workflow(1)).await
    };
    let created = create(&access).await.json();
    let path = format!("/api/v1/accounts/{}", created["account"]["id"].as_str().unwrap());
    let update = api.request("PUT", &path).bearer(&access).json(&workflow(1)).await;
    assert_eq!(update.status, StatusCode::OK, "counted with the creates");
    assert_too_many(&create(&access).await);
    let basic = api.request("POST", "/api/v1/accounts").basic("Basic", &api.engine.tenant);
    assert_too_many(&basic.json(&workflow(1)).await);
    assert_eq!(create(&foreign).await.status, StatusCode::OK, "another tenant");
    let read = api.request("GET", &path).bearer(&access).send().await;
    assert_eq!(read.status, StatusCode::OK, "counted apart");
    let nobody = api.request("POST", "/api/v1/accounts").json(&workflow(1)).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "who asks comes first");
}

#[tokio::test]
async fn reads_and_uploads_are_limited_for_each_tenant() {
    let rates = RateLimits { retrieve: Some(two()), acquire: Some(two()), ..RateLimits::default() };
    let api = limited(rates).await;
    let access = api.access().await;
    let created = api.create(&workflow(1)).await;
    let path = format!("/api/v1/accounts/{}", created["account"]["id"].as_str().unwrap());
    let read = async |path: &str| api.request("GET", path).bearer(&access).send().await;
    for _ in 0..2 {
        assert_eq!(read(&path).await.status, StatusCode::OK);
    }
    assert_too_many(&read("/api/v1/events").await);
    let delete = api.request("DELETE", &path).bearer(&access).send().await;
    assert_too_many(&delete);

    let block = &created["workflowExecution"]["credentials"][0]["api"];
    let token = block["token"].as_str().unwrap();
    let upload = async || {
        let href = block["parts"]["front"].as_str().unwrap();
        api.request("POST", href).bearer(token).file(&crate::support::png()).await
    };
    for _ in 0..2 {
        assert_eq!(upload().await.status, StatusCode::OK);
    }
    assert_too_many(&upload().await);
    let finalize = api.request("PUT", block["workflowExecution"].as_str().unwrap());
    assert_too_many(&finalize.bearer(token).send().await);
}

#[tokio::test]
async fn tokens_are_limited_for_each_client() {
    let api = limited(RateLimits { token: Some(two()), ..RateLimits::default() }).await;
    let ask = async |tenant| {
        let call = api.request("POST", "/oauth2/token").basic("Basic", tenant);
        call.form("grant_type=client_credentials").await
    };
    for _ in 0..2 {
        assert_eq!(ask(&api.engine.tenant).await.status, StatusCode::OK);
    }
    assert_too_many(&ask(&api.engine.tenant).await);
    assert_eq!(ask(&api.engine.other).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_tenant_of_another_region_is_told_so() {
    let api = TestApi::new().await;
    let engine = &api.engine.engine;
    let (store, context) = (&engine.store, &engine.context);
    let (mode, region) = (TenantMode::Test, Region::Apac1);
    let tenant =
        admin::create_tenant(store, context, "far away", mode, region, Settings::default())
            .await
            .unwrap();
    let both = Permissions { initiate: true, retrieve: true };
    let client = admin::create_client(store, context, tenant.id, both).await.unwrap();
    let tenant = bonafide_engine::testing::TestTenant { tenant, client };
    let expected = "This tenant belongs to the region apac-1, and this server serves emea-1; \
                    call the addresses of its own region.";
    let ask = api.request("POST", "/oauth2/token").basic("Basic", &tenant);
    let token = ask.form("grant_type=client_credentials").await.refusal();
    let create = api.request("POST", "/api/v1/accounts").basic("Basic", &tenant);
    let create = create.json(&workflow(1)).await.refusal();
    for (status, detail, _) in [token, create] {
        assert_eq!((status, detail.as_str()), (403, expected));
    }
}
