-- Ids are UUIDs as 16 bytes, instants are milliseconds since 1970 UTC, JSON is text.
-- Closed vocabularies have a CHECK; those that grow with the catalogue (workflow keys, capabilities,
-- labels, audit actions) are checked when read.

CREATE TABLE tenants (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL CHECK (mode IN ('LIVE', 'TEST', 'SANDBOX')),
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

CREATE TABLE executions (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    workflow_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (
        status IN ('INITIATED', 'ACQUIRED', 'PROCESSED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED')
    ),
    customer_internal_reference TEXT NOT NULL,
    user_reference TEXT,
    reporting_criteria TEXT,
    callback_url TEXT,
    web TEXT NOT NULL,
    token_expires_at INTEGER NOT NULL,
    session_expires_at INTEGER,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    wiped_out_at INTEGER,
    consent_data_key_id BLOB,
    consent_bytes BLOB,
    CHECK ((consent_data_key_id IS NULL) = (consent_bytes IS NULL))
) STRICT;
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
            'LIVENESS_4', 'LIVENESS_5', 'LIVENESS_6', 'DOCUMENT', 'PREPARED_DATA'
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

-- Nothing refers to a data key by a foreign key: it goes first when something is deleted.
CREATE TABLE data_keys (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    execution_id BLOB NOT NULL REFERENCES executions (id) DEFERRABLE INITIALLY DEFERRED,
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

CREATE TABLE callbacks (
    id BLOB PRIMARY KEY NOT NULL,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    execution_id BLOB NOT NULL REFERENCES executions (id),
    url TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('PROCESSED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED')),
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD')),
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    delivered_at INTEGER,
    UNIQUE (execution_id, status)
) STRICT;

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
