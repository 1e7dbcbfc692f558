use axum::http::{StatusCode, header};
use serde_json::json;

use crate::support::TestApi;

const GRANT: &str = "grant_type=client_credentials";

#[tokio::test]
async fn a_client_gets_an_access_token() {
    let api = TestApi::new().await;
    for scheme in ["Basic", "basic", "BASIC"] {
        for path in ["/oauth2/token", "/oauth2/token/"] {
            let call = api.request("POST", path).basic(scheme, &api.engine.tenant);
            let answer = call.form(GRANT).await;
            assert_eq!(answer.status, StatusCode::OK);
            insta::allow_duplicates! {
                insta::assert_json_snapshot!(answer.named(), @r#"
                {
                  "access_token": "<access token>",
                  "expires_in": 3600,
                  "token_type": "Bearer"
                }
                "#);
            }
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        }
    }
}

#[tokio::test]
async fn credentials_may_come_in_the_form() {
    let api = TestApi::new().await;
    let client = &api.engine.tenant.client;
    let (id, secret) = (&client.client_id, client.client_secret.expose());
    let form = format!("{GRANT}&client_id={id}&client_secret={secret}");
    let call = api.request("POST", "/oauth2/token");
    let answer = call.body("application/x-www-form-urlencoded", form.clone()).send().await;
    assert_eq!(answer.status, StatusCode::OK);

    // In both places at once is an error (RFC 6749 §2.3); the id alone is harmless.
    let both = api.request("POST", "/oauth2/token").basic("Basic", &api.engine.tenant);
    let answer = both.body("application/x-www-form-urlencoded", form).send().await;
    assert_eq!(answer.json()["error"], "invalid_request");
    let id_too = api.request("POST", "/oauth2/token").basic("Basic", &api.engine.tenant);
    let form = format!("{GRANT}&client_id={id}");
    let answer = id_too.body("application/x-www-form-urlencoded", form).send().await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn refusals_are_those_of_rfc_6749() {
    let api = TestApi::new().await;
    let form_type = "application/x-www-form-urlencoded";
    let wrong = "grant_type=client_credentials&client_id=x&client_secret=y";
    for (form, content_type, status, error) in [
        ("", form_type, 400, "invalid_request"),
        ("grant_type=password", form_type, 400, "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=x", form_type, 400, "invalid_request"),
        (GRANT, "application/json", 400, "invalid_request"),
        (GRANT, form_type, 401, "invalid_client"),
        (wrong, form_type, 401, "invalid_client"),
    ] {
        let call = api.request("POST", "/oauth2/token").body(content_type, form);
        let answer = call.send().await;
        assert_eq!(answer.status.as_u16(), status, "{form}");
        assert_eq!(answer.json()["error"], error, "{form}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        let challenge = answer.headers.get(header::WWW_AUTHENTICATE);
        assert_eq!(challenge.is_some(), status == 401, "{form}");
    }
    for authorization in ["Bearer x", "Basic !", "nonsense"] {
        let call = api.request("POST", "/oauth2/token");
        let answer = call.header(header::AUTHORIZATION, authorization).form(GRANT).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{authorization}");
        assert_eq!(
            answer.json(),
            json!({
                "error": "invalid_client",
                "error_description": "The client authenticates by HTTP Basic, or in the form."
            })
        );
    }
}
