//! Tenants, clients and tokens.

use bonafide_domain::id::ApiClientId;
use bonafide_domain::tenant::{ApiClient, Permissions, Tenant, TenantMode};
use bonafide_domain::token::{Token, TokenKind};
use bonafide_store::Error;

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, at, next, tenant};
use crate::on_both_databases;

on_both_databases!(
    a_tenant_comes_back_by_id_and_by_name,
    a_name_belongs_to_one_tenant,
    a_client_belongs_to_its_tenant_and_ends_with_its_tokens,
    tokens_are_found_by_hash_until_they_are_swept,
    what_is_not_committed_never_was,
);

fn client(fixture: &Fixture) -> ApiClient {
    ApiClient {
        id: ApiClientId::from_u128(next()),
        tenant_id: fixture.tenant.id,
        client_id: format!("client-{}", next()),
        secret_hash: [7; 32],
        permissions: Permissions { initiate: true, retrieve: false },
        created_at: at(3),
        revoked_at: None,
    }
}

fn token(fixture: &Fixture, client: Option<&ApiClient>, expires: i64) -> Token {
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(&next().to_be_bytes());
    Token {
        hash,
        kind: if client.is_some() { TokenKind::Access } else { TokenKind::Transaction },
        tenant_id: fixture.tenant.id,
        api_client_id: client.map(|client| client.id),
        permissions: client.map(|client| client.permissions),
        execution_id: client.is_none().then_some(fixture.execution.id),
        expires_at: at(expires),
    }
}

async fn a_tenant_comes_back_by_id_and_by_name(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let mut tx = database.store.begin().await.unwrap();
    let mut changed = fixture.tenant.clone();
    assert_eq!(tx.find_tenant(changed.id).await.unwrap().as_ref(), Some(&changed));
    changed.settings.callback_url = Some("https://example.test".to_owned());
    changed.name.push_str(" & sons");
    assert!(tx.update_tenant(&changed).await.unwrap());
    assert_eq!(tx.find_tenant_by_name(&changed.name).await.unwrap().as_ref(), Some(&changed));
    assert_eq!(tx.find_tenant_by_name(&fixture.tenant.name).await.unwrap(), None);
    let mut expected = vec![changed, fixture.other];
    expected.sort_by(|one, two| one.name.cmp(&two.name));
    assert_eq!(tx.list_tenants().await.unwrap(), expected);
    assert!(!tx.update_tenant(&tenant("nobody")).await.unwrap());

    // Or a sandbox's results would stand in a live tenant.
    for mode in TenantMode::ALL.iter().filter(|mode| **mode != expected[0].mode) {
        let turned = Tenant { mode: *mode, ..expected[0].clone() };
        assert!(!tx.update_tenant(&turned).await.unwrap(), "{mode}");
    }
    assert_eq!(tx.list_tenants().await.unwrap(), expected);
}

async fn a_name_belongs_to_one_tenant(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let mut second = tenant("second");
    second.name.clone_from(&fixture.tenant.name);
    let mut tx = database.store.begin().await.unwrap();
    let error = tx.insert_tenant(&second).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
    assert!(!error.to_string().contains(&second.name), "{error}");
}

async fn a_client_belongs_to_its_tenant_and_ends_with_its_tokens(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (kept, revoked) = (client(&fixture), client(&fixture));
    let (kept_token, lost_token) =
        (token(&fixture, Some(&kept), 60), token(&fixture, Some(&revoked), 60));
    let mut tx = database.store.begin().await.unwrap();
    for client in [&kept, &revoked] {
        tx.insert_client(client).await.unwrap();
    }
    for token in [&kept_token, &lost_token] {
        tx.insert_tokens(std::slice::from_ref(token)).await.unwrap();
    }
    assert_eq!(tx.find_client_by_client_id(&kept.client_id).await.unwrap().as_ref(), Some(&kept));
    assert_eq!(tx.list_clients(fixture.tenant.id).await.unwrap().len(), 2);
    assert_eq!(tx.list_clients(fixture.other.id).await.unwrap(), []);

    let id = &revoked.client_id;
    assert!(!tx.revoke_client(fixture.other.id, id, at(8)).await.unwrap(), "another tenant");
    tx.commit().await.unwrap();
    assert!(database.store.find_token(&lost_token.hash).await.unwrap().is_some());
    let mut tx = database.store.begin().await.unwrap();
    assert!(tx.revoke_client(fixture.tenant.id, id, at(9)).await.unwrap());
    assert!(!tx.revoke_client(fixture.tenant.id, id, at(10)).await.unwrap(), "once");
    let found = tx.find_client_by_client_id(id).await.unwrap().unwrap();
    assert_eq!(found.revoked_at, Some(at(9)));
    tx.commit().await.unwrap();
    assert_eq!(database.store.find_token(&lost_token.hash).await.unwrap(), None);
    let found = database.store.find_token(&kept_token.hash).await.unwrap();
    assert_eq!(found, Some((kept_token, fixture.tenant)), "with its tenant");
}

async fn tokens_are_found_by_hash_until_they_are_swept(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let client = client(&fixture);
    let access = token(&fixture, Some(&client), 10);
    let lasting = token(&fixture, Some(&client), 30);
    let open_session = token(&fixture, None, 10);
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_client(&client).await.unwrap();
    for token in [&access, &lasting, &open_session] {
        tx.insert_tokens(std::slice::from_ref(token)).await.unwrap();
    }
    tx.commit().await.unwrap();
    for token in [&access, &lasting, &open_session] {
        let (found, tenant) = database.store.find_token(&token.hash).await.unwrap().unwrap();
        assert_eq!((&found, &tenant), (token, &fixture.tenant));
    }
    assert_eq!(database.store.find_token(&[9; 32]).await.unwrap(), None);
    let mut tx = database.store.begin().await.unwrap();
    assert_eq!(tx.delete_tokens_expired_before(at(20)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let is_there =
        async |token: &Token| database.store.find_token(&token.hash).await.unwrap().is_some();
    assert!(!is_there(&access).await);
    assert!(is_there(&lasting).await);
    assert!(is_there(&open_session).await, "a session may extend it");
}

async fn what_is_not_committed_never_was(database: TestDatabase) {
    let abandoned = tenant("abandoned");
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_tenant(&abandoned).await.unwrap();
    drop(tx);
    let mut tx = database.store.read().await.unwrap();
    assert_eq!(tx.find_tenant(abandoned.id).await.unwrap(), None);
}
