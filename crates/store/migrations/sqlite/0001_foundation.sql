-- Ids are UUIDs as 16 bytes, instants are milliseconds since 1970 UTC, JSON is text.
-- Closed vocabularies have a CHECK; those that grow with the catalogue (workflow keys, capabilities,
-- labels, audit actions) are checked when read.

CREATE TABLE tenants (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL CHECK (mode IN ('LIVE', 'TEST', 'SANDBOX')),
    region TEXT NOT NULL CHECK (region IN ('amer-1', 'emea-1', 'apac-1')),
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_clients (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    client_id TEXT NOT NULL UNIQUE,
    secret_hash BLOB NOT NULL,
    may_initiate INTEGER NOT NULL CHECK (may_initiate IN (0, 1)),
    may_retrieve INTEGER NOT NULL CHECK (may_retrieve IN (0, 1)),
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX api_clients_by_tenant ON api_clients (tenant_id);

CREATE TABLE accounts (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    created_at INTEGER NOT NULL,
    wiped_out_at INTEGER
) STRICT;
CREATE INDEX accounts_by_tenant ON accounts (tenant_id, created_at, id);

CREATE TABLE executions (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    workflow_key TEXT NOT NULL,
    original_workflow_key TEXT,
    status TEXT NOT NULL CHECK (
        status IN ('INITIATED', 'ACQUIRED', 'PROCESSED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED')
    ),
    customer_internal_reference TEXT NOT NULL,
    user_reference TEXT,
    reporting_criteria TEXT,
    callback_url TEXT,
    search_profile TEXT,
    web TEXT NOT NULL,
    token_expires_at INTEGER NOT NULL,
    session_expires_at INTEGER,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    wiped_out_at INTEGER,
    biometrics_wiped_out_at INTEGER,
    consent_data_key_id BLOB,
    consent_bytes BLOB,
    CHECK ((consent_data_key_id IS NULL) = (consent_bytes IS NULL))
) STRICT;
CREATE INDEX executions_by_tenant ON executions (tenant_id, created_at, id);
CREATE INDEX executions_by_account ON executions (account_id, created_at, id);

-- An execution and its tokens, and a record and its key, are made in one transaction in any order:
-- such references are checked at its end.
CREATE TABLE tokens (
    hash BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ACCESS', 'TRANSACTION', 'SDK', 'WEB')),
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    api_client_id BLOB REFERENCES api_clients (id),
    may_initiate INTEGER CHECK (may_initiate IN (0, 1)),
    may_retrieve INTEGER CHECK (may_retrieve IN (0, 1)),
    execution_id BLOB REFERENCES executions (id) DEFERRABLE INITIALLY DEFERRED,
    expires_at INTEGER NOT NULL,
    CHECK ((may_initiate IS NULL) = (may_retrieve IS NULL))
) STRICT;
CREATE INDEX tokens_by_expiry ON tokens (expires_at);
CREATE INDEX tokens_by_client ON tokens (api_client_id);

CREATE TABLE credentials (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    category TEXT NOT NULL CHECK (category IN ('ID', 'SELFIE', 'FACEMAP', 'DOCUMENT', 'DATA')),
    label TEXT,
    country TEXT,
    document_type TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
    execution_id BLOB NOT NULL REFERENCES executions (id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    credential_id BLOB NOT NULL REFERENCES credentials (id) DEFERRABLE INITIALLY DEFERRED,
    channels TEXT NOT NULL,
    classifiers TEXT NOT NULL,
    PRIMARY KEY (execution_id, position),
    UNIQUE (execution_id, credential_id)
) STRICT;
CREATE INDEX members_by_credential ON members (credential_id);

CREATE TABLE parts (
    credential_id BLOB NOT NULL REFERENCES credentials (id),
    classifier TEXT NOT NULL CHECK (
        classifier IN (
            'FRONT', 'BACK', 'FACE', 'FACEMAP', 'LIVENESS_1', 'LIVENESS_2', 'LIVENESS_3',
            'LIVENESS_4', 'LIVENESS_5', 'LIVENESS_6', 'LIVENESS_7', 'LIVENESS_8', 'LIVENESS_9',
            'LIVENESS_10', 'LIVENESS_11', 'LIVENESS_12', 'LIVENESS_13', 'LIVENESS_14',
            'LIVENESS_15', 'LIVENESS_16', 'LIVENESS_17', 'LIVENESS_18', 'LIVENESS_19',
            'LIVENESS_20', 'DOCUMENT', 'PREPARED_DATA'
        )
    ),
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    execution_id BLOB NOT NULL REFERENCES executions (id),
    blob TEXT NOT NULL,
    data_key_id BLOB NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL,
    PRIMARY KEY (credential_id, classifier)
) STRICT;
CREATE INDEX parts_by_execution ON parts (execution_id);
CREATE INDEX parts_by_blob ON parts (blob);

-- Nothing refers to a data key by a foreign key: it goes first when something is deleted. A key of a
-- tenant's own secrets belongs to no account.
CREATE TABLE data_keys (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    execution_id BLOB REFERENCES executions (id) DEFERRABLE INITIALLY DEFERRED,
    ring_key_id TEXT NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;
CREATE INDEX data_keys_by_execution ON data_keys (execution_id);
CREATE INDEX data_keys_by_account ON data_keys (account_id);
CREATE INDEX data_keys_by_ring_key ON data_keys (ring_key_id);

CREATE TABLE runs (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    execution_id BLOB NOT NULL REFERENCES executions (id),
    capability TEXT NOT NULL,
    credentials TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'DONE')),
    attempt INTEGER NOT NULL,
    decision_type TEXT CHECK (decision_type IN ('NOT_EXECUTED', 'PASSED', 'REJECTED', 'WARNING')),
    label TEXT,
    record_data_key_id BLOB,
    record_bytes BLOB,
    created_at INTEGER NOT NULL,
    completed_at INTEGER,
    UNIQUE (execution_id, capability, credentials),
    CHECK ((state = 'DONE') = (decision_type IS NOT NULL)),
    CHECK ((decision_type IS NULL) = (label IS NULL)),
    CHECK ((record_data_key_id IS NULL) = (record_bytes IS NULL))
) STRICT;

-- What happened to executions, for callbacks and the feed. `position` counts a tenant's events without
-- gaps and in the order of their commits, `sequence` those of an account.
CREATE TABLE events (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    position INTEGER NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    sequence INTEGER NOT NULL,
    execution_id BLOB NOT NULL REFERENCES executions (id),
    status TEXT NOT NULL CHECK (
        status IN (
            'ACQUISITION_STARTED', 'ACQUIRED', 'PROCESSED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED'
        )
    ),
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, position),
    UNIQUE (account_id, sequence),
    UNIQUE (execution_id, status)
) STRICT;

-- The last position of each tenant's events; whoever adds one holds the row until he commits.
CREATE TABLE feeds (
    tenant_id BLOB PRIMARY KEY NOT NULL REFERENCES tenants (id),
    last_position INTEGER NOT NULL
) STRICT;

-- `replayed_after` is the number of attempts before the last replay: the schedule begins anew there.
CREATE TABLE callbacks (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    execution_id BLOB NOT NULL REFERENCES executions (id),
    sequence INTEGER NOT NULL,
    url TEXT NOT NULL,
    status TEXT NOT NULL CHECK (
        status IN (
            'ACQUISITION_STARTED', 'ACQUIRED', 'PROCESSED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED'
        )
    ),
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD')),
    attempts INTEGER NOT NULL,
    replayed_after INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    delivered_at INTEGER,
    UNIQUE (execution_id, status)
) STRICT;
CREATE INDEX callbacks_by_tenant ON callbacks (tenant_id, id);

CREATE TABLE callback_attempts (
    callback_id BLOB NOT NULL REFERENCES callbacks (id),
    attempt INTEGER NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (callback_id, attempt)
) STRICT;

CREATE TABLE audit (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    at INTEGER NOT NULL,
    api_client_id BLOB,
    action TEXT NOT NULL,
    account_id BLOB NOT NULL,
    execution_id BLOB
) STRICT;
CREATE INDEX audit_by_account ON audit (account_id, at);

-- The secrets that sign a tenant's callbacks, sealed. One that was rotated out signs until it retires.
CREATE TABLE callback_secrets (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    data_key_id BLOB NOT NULL,
    bytes BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    retires_at INTEGER
) STRICT;
CREATE INDEX callback_secrets_by_tenant ON callback_secrets (tenant_id);

-- Requests that took effect under a key of the client's. `scope` is the client or, for a journey, the
-- execution; the outcome holds tokens and is sealed.
CREATE TABLE idempotency_keys (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    scope BLOB NOT NULL,
    key_hash BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    data_key_id BLOB,
    outcome BLOB,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, scope, key_hash),
    CHECK ((data_key_id IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- What was deleted, and which keys were destroyed for it.
CREATE TABLE receipts (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    execution_id BLOB REFERENCES executions (id),
    extent TEXT NOT NULL CHECK (extent IN ('EVERYTHING', 'BIOMETRICS')),
    reason TEXT NOT NULL CHECK (reason IN ('REQUEST', 'RETENTION')),
    wiped_out_at INTEGER NOT NULL,
    destroyed_keys TEXT NOT NULL
) STRICT;
CREATE INDEX receipts_by_account ON receipts (account_id, id);

-- What the server does again and again by itself. `turn` lets one of many take the next turn.
CREATE TABLE chores (
    chore TEXT PRIMARY KEY NOT NULL CHECK (
        chore IN ('RETENTION', 'ORPHAN_BLOBS', 'LIST_REFRESH', 'MONITORING', 'EXPIRED_ROWS')
    ),
    turn INTEGER NOT NULL
) STRICT;

-- What an end user is asked to do before the camera: one challenge at a time for each credential, and
-- it serves once. Sealed: the challenge, and once it is spent what the client said about its frames.
CREATE TABLE challenges (
    credential_id BLOB PRIMARY KEY NOT NULL REFERENCES credentials (id),
    id BLOB NOT NULL UNIQUE,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    execution_id BLOB NOT NULL REFERENCES executions (id),
    attempt INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'SPENT')),
    data_key_id BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX challenges_by_execution ON challenges (execution_id);

-- The secret that a tenant's facemaps are authenticated and turned with, sealed. Made when it is first
-- needed; without it the facemaps that it made are worth nothing.
CREATE TABLE facemap_secrets (
    tenant_id BLOB PRIMARY KEY NOT NULL REFERENCES tenants (id),
    data_key_id BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- Searches in watchlists. Who was searched for and what was found is sealed.
CREATE TABLE searches (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    id INTEGER NOT NULL,
    reference TEXT NOT NULL,
    account_id BLOB REFERENCES accounts (id),
    execution_id BLOB REFERENCES executions (id),
    client_ref TEXT,
    created_at INTEGER NOT NULL,
    monitored INTEGER NOT NULL CHECK (monitored IN (0, 1)),
    -- The lists that a monitored search was made in last.
    compared TEXT NOT NULL,
    -- The other provider's number for it.
    external_id INTEGER,
    data_key_id BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    CHECK ((account_id IS NULL) = (execution_id IS NULL))
) STRICT;
CREATE INDEX searches_by_time ON searches (tenant_id, created_at, id);
CREATE INDEX searches_by_client_ref ON searches (tenant_id, client_ref);
CREATE INDEX searches_monitored ON searches (tenant_id, compared, id) WHERE monitored;
CREATE INDEX searches_by_external_id ON searches (tenant_id, external_id)
    WHERE external_id IS NOT NULL;

-- What reviewers did with a search's hits, step by step. Steps are added and never changed; what they
-- say is sealed.
CREATE TABLE search_reviews (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    search_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    actor BLOB,
    at INTEGER NOT NULL,
    data_key_id BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (tenant_id, search_id, position),
    FOREIGN KEY (tenant_id, search_id) REFERENCES searches (tenant_id, id)
) STRICT;

-- The key of a tenant's account at its screening provider, sealed.
CREATE TABLE provider_keys (
    tenant_id BLOB PRIMARY KEY NOT NULL REFERENCES tenants (id),
    data_key_id BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- The faces of documents that a tenant has seen, for its search for repeated ones. A face and whose data
-- it came with are sealed. What is forgotten leaves its number, so that whoever keeps faces in memory learns of it.
CREATE TABLE known_faces (
    execution_id BLOB PRIMARY KEY NOT NULL REFERENCES executions (id),
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    -- Counts what was learnt and forgotten of a tenant's faces, in the order of commits.
    sequence INTEGER NOT NULL,
    data_key_id BLOB,
    bytes BLOB,
    UNIQUE (tenant_id, sequence),
    CHECK ((data_key_id IS NULL) = (bytes IS NULL))
) STRICT;

-- The last number that was given.
CREATE TABLE known_face_sequences (
    tenant_id BLOB PRIMARY KEY NOT NULL REFERENCES tenants (id),
    last INTEGER NOT NULL
) STRICT;
