//! Nobody ever reads or changes what is another tenant's: random callers with random tokens call
//! random operations on random ids, their own and others' mixed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bonafide_domain::execution::Filter;
use bonafide_domain::id::{AccountId, TenantId};
use bonafide_domain::tenant::{Permissions, TenantMode};
use bonafide_engine::admin::{create_client, create_tenant};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::authorisation::{Needs, OPERATIONS, searching};
use crate::support::{BOUNDARY, TestApi, consenting, multipart, png};

/// A token, whose it is, and the one execution that it opens.
struct Held {
    kind: &'static str,
    token: String,
    tenant: Option<TenantId>,
    execution: Option<String>,
}

/// What tenants have: ids, each with its owner.
#[derive(Default)]
struct World {
    tokens: Vec<Held>,
    accounts: Vec<(String, TenantId)>,
    executions: Vec<(String, TenantId)>,
    credentials: Vec<(String, TenantId)>,
    searches: Vec<(String, TenantId)>,
    challenges: Vec<(String, TenantId)>,
    cursors: Vec<String>,
    tenants: Vec<TenantId>,
}

/// One random call.
#[derive(Debug, Clone)]
struct Action {
    token: prop::sample::Index,
    operation: prop::sample::Index,
    account: prop::sample::Index,
    execution: prop::sample::Index,
    credential: prop::sample::Index,
    /// The account and the credential that belong to the execution, instead of those above.
    consistent: bool,
    classifier: &'static str,
    key: u32,
    linked: prop::sample::Index,
}

fn action() -> impl Strategy<Value = Action> {
    let index = any::<prop::sample::Index>;
    let classifiers = prop::sample::select(vec!["FRONT", "BACK", "face", "FACEMAP"]);
    let keys = prop::sample::select(vec![1, 2, 3, 5, 9, 16, 20, 10011]);
    (index(), index(), index(), index(), index(), any::<bool>(), classifiers, keys, index())
        .prop_map(
            |(
                token,
                operation,
                account,
                execution,
                credential,
                consistent,
                classifier,
                key,
                linked,
            )| {
                Action {
                    token,
                    operation,
                    account,
                    execution,
                    credential,
                    consistent,
                    classifier,
                    key,
                    linked,
                }
            },
        )
}

/// Two executions of each of three tenants, with a picture uploaded to each, and all their tokens.
async fn world(api: &TestApi) -> World {
    let engine = &api.engine.engine;
    let settings = api.engine.tenant.tenant.settings.clone();
    let (store, context, region) = (&engine.store, &engine.context, engine.region);
    let third = create_tenant(store, context, "third", TenantMode::Live, region, settings);
    let mut world = World {
        tenants: vec![
            api.engine.tenant.tenant.id,
            api.engine.other.tenant.id,
            third.await.unwrap().id,
        ],
        ..World::default()
    };
    world.tokens.push(Held {
        kind: "forged",
        token: "bfa_forged".to_owned(),
        tenant: None,
        execution: None,
    });
    api.engine.import_list("name\nAda Example\n");
    for tenant in world.tenants.clone() {
        let mut initiator = String::new();
        for (kind, initiate, retrieve) in
            [("initiator", true, false), ("retriever", false, true), ("client", true, true)]
        {
            let permissions = Permissions { initiate, retrieve };
            let client = create_client(&engine.store, &engine.context, tenant, permissions);
            let client = client.await.unwrap();
            let secret = client.client_secret.expose();
            let token = engine.issue_access_token(&client.client_id, secret).await.unwrap().token;
            let token = token.into_exposed();
            initiator.clone_from(&token);
            world.tokens.push(Held { kind, token, tenant: Some(tenant), execution: None });
        }
        for key in [3, 10011] {
            add_execution(api, &mut world, tenant, &initiator, key).await;
        }
        let found = api.request("POST", "/api/v1/searches").bearer(&initiator);
        let found = found.json(&searching()).await.json();
        world.searches.push((found["content"]["data"]["id"].to_string(), tenant));
        let list = api.request("GET", "/api/v1/workflow-executions?limit=1").bearer(&initiator);
        world.cursors.push(list.send().await.json()["nextCursor"].as_str().unwrap().to_owned());
    }
    world
}

async fn add_execution(
    api: &TestApi,
    world: &mut World,
    tenant: TenantId,
    initiator: &str,
    key: u32,
) {
    let mut body = consenting(key);
    body["customerInternalReference"] = json!(format!("of {tenant}"));
    let create = api.request("POST", "/api/v1/accounts").bearer(initiator);
    let created = create.json(&body).await.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let execution = text(&created["workflowExecution"]["id"]);
    let web = text(&created["web"]["href"]);
    let web = web.split_once("authorizationToken=").unwrap().1.split_once('&').unwrap().0;
    let credentials = created["workflowExecution"]["credentials"].as_array().unwrap();
    let api_block = &credentials[0]["api"];
    let front = api_block["parts"]["front"].as_str().unwrap();
    let token = text(&api_block["token"]);
    let uploaded = api.request("POST", front).bearer(&token).file(&png()).await;
    assert_eq!(uploaded.status, 200, "{}", uploaded.text());
    for (kind, token) in
        [("journey", token), ("browser", web.to_owned()), ("sdk", text(&created["sdk"]["token"]))]
    {
        let execution = Some(execution.clone());
        world.tokens.push(Held { kind, token, tenant: Some(tenant), execution });
    }
    // The same index gives an execution, its account and its ID: a consistent path.
    world.accounts.push((text(&created["account"]["id"]), tenant));
    world.executions.push((execution, tenant));
    world.credentials.push((text(&credentials[0]["id"]), tenant));
    let facemap = credentials.iter().find(|one| one["category"] == "FACEMAP").unwrap();
    let facemap = facemap["id"].as_str().unwrap();
    let path = format!("/websdk/v4/api/credentials/{facemap}/challenge");
    let issued = api.request("POST", &path).bearer(web).send().await.json();
    world.challenges.push((text(&issued["id"]), tenant));
}

/// Everything that the database says about a tenant's executions.
async fn fingerprint(api: &TestApi, tenant: TenantId) -> String {
    let mut tx = api.engine.engine.store.read().await.unwrap();
    let mut told = String::new();
    let all = tx.list_page(tenant, &Filter::default(), None, 1000).await.unwrap();
    for execution in all {
        let account: AccountId = execution.account_id;
        let account = tx.find_account(tenant, account).await.unwrap();
        let members = tx.list_members(tenant, execution.id).await.unwrap();
        let parts = tx.list_parts(tenant, execution.id).await.unwrap();
        let consent = tx.find_consent(tenant, execution.id).await.unwrap();
        writeln!(told, "{account:?} {execution:?} {members:?} {parts:?} {consent:?}").unwrap();
    }
    for search in tx.list_searches(tenant, None, 0, 1000).await.unwrap() {
        let steps = tx.list_review_steps(tenant, search.id).await.unwrap();
        writeln!(told, "{search:?} {steps:?}").unwrap();
    }
    told
}

/// What was called: for the message of a failure.
struct Called<'a> {
    held: &'a Held,
    method: &'static str,
    path: String,
    /// Owner of each id in the path, and the execution if there is one.
    owners: Vec<TenantId>,
    execution: Option<&'a str>,
    needs: Needs,
}

fn plan<'a>(world: &'a World, action: &Action) -> Called<'a> {
    let held = action.token.get(&world.tokens);
    let (method, template, needs) = *action.operation.get(OPERATIONS);
    let execution = action.execution.index(world.executions.len());
    let (account, credential) = if action.consistent {
        (execution, execution)
    } else {
        (
            action.account.index(world.accounts.len()),
            action.credential.index(world.credentials.len()),
        )
    };
    let mut path = template.replace("{classifier}", action.classifier).replace("{number}", "1");
    let mut owners = Vec::new();
    for (name, (id, owner)) in [
        ("{accountId}", &world.accounts[account]),
        ("{workflowExecutionId}", &world.executions[execution]),
        ("{credentialId}", &world.credentials[credential]),
        ("{searchId}", action.linked.get(&world.searches)),
        ("{challengeId}", &world.challenges[credential]),
    ] {
        if path.contains(name) {
            path = path.replace(name, id);
            owners.push(*owner);
        }
    }
    if path == "/api/v1/workflow-executions" {
        write!(path, "?cursor={}", action.linked.get(&world.cursors)).unwrap();
    }
    let named = template.contains("{workflowExecutionId}");
    let execution = named.then(|| world.executions[execution].0.as_str());
    Called { held, method, path, owners, execution, needs }
}

/// The body that the operation takes; an update may name anybody's credential.
fn body(world: &World, action: &Action) -> Value {
    let mut body = consenting(action.key);
    let (linked, _) = action.linked.get(&world.credentials);
    body["workflowDefinition"]["credentials"] =
        json!([{"category": "ID", "id": linked}, {"category": "SELFIE"}]);
    if let (Value::Object(body), Value::Object(search)) = (&mut body, searching()) {
        body.extend(search);
    }
    body
}

async fn check(api: &TestApi, world: &World, action: &Action) -> Result<(), TestCaseError> {
    let called = plan(world, action);
    let caller = called.held.tenant;
    let mut before = BTreeMap::new();
    for tenant in &world.tenants {
        before.insert(*tenant, fingerprint(api, *tenant).await);
    }
    let call = api.request(&called.method.to_uppercase(), &called.path).bearer(&called.held.token);
    let is_upload = called.path.contains("/parts/") || called.path.contains("/frames/");
    let call = match called.method {
        "post" if is_upload => call
            .body(&format!("multipart/form-data; boundary={BOUNDARY}"), multipart("file", &png())),
        "post" | "put" | "patch" => call.body("application/json", body(world, action).to_string()),
        _ => call,
    };
    let answer = call.send().await;
    let Called { held, method, path, .. } = &called;
    let Held { kind, tenant, execution, .. } = held;
    let what =
        format!("{method} {path} by a {kind} of {tenant:?} {execution:?}: {}", answer.status);

    if answer.status.is_success() && !matches!(called.needs, Needs::Nothing) {
        for owner in &called.owners {
            prop_assert_eq!(Some(*owner), caller, "served what is another's: {}", &what);
        }
        if called.needs == Needs::Transaction {
            prop_assert_eq!(called.execution, held.execution.as_deref(), "{}", &what);
        } else if called.needs == Needs::EndUser {
            prop_assert!(["browser", "sdk"].contains(kind), "{}", &what);
        } else {
            prop_assert!(held.execution.is_none(), "a journey's token opened it: {}", &what);
        }
    }
    let text = String::from_utf8_lossy(&answer.body);
    let ids = [
        &world.accounts,
        &world.executions,
        &world.credentials,
        &world.searches,
        &world.challenges,
    ];
    let ids = ids.into_iter().flatten();
    for (id, owner) in ids {
        let own = Some(*owner) == caller;
        prop_assert!(own || !text.contains(id), "told another's id: {}", &what);
    }
    for tenant in &world.tenants {
        let own = Some(*tenant) == caller;
        prop_assert!(own || !text.contains(&tenant.to_string()), "told a reference: {}", &what);
        if !own {
            let after = fingerprint(api, *tenant).await;
            prop_assert_eq!(&before[tenant], &after, "changed what is another's: {}", &what);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn nobody_reads_or_changes_what_is_another_tenants(
        actions in prop::collection::vec(action(), 1..60)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let api = TestApi::new().await;
            let world = world(&api).await;
            for action in &actions {
                check(&api, &world, action).await?;
            }
            Ok::<(), TestCaseError>(())
        })?;
    }
}
