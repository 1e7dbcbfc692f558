-- Ids are UUIDs, instants are milliseconds since 1970 UTC, JSON is jsonb.
-- Closed vocabularies have a CHECK; those that grow with the catalogue (workflow keys, capabilities,
-- labels, audit actions) are checked when read.

CREATE TABLE tenants (
    id UUID PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL CHECK (mode IN ('LIVE', 'TEST', 'SANDBOX')),
    settings JSONB NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_clients (
    id UUID PRIMARY KEY NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    client_id TEXT NOT NULL UNIQUE,
    secret_hash BYTEA NOT NULL,
    may_initiate BOOLEAN NOT NULL,
    may_retrieve BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX api_clients_by_tenant ON api_clients (tenant_id);

CREATE TABLE accounts (
    id UUID PRIMARY KEY NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    created_at BIGINT NOT NULL,
    wiped_out_at BIGINT
);

CREATE TABLE executions (
    id UUID PRIMARY KEY NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    workflow_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (
        status IN ('INITIATED', 'ACQUIRED', 'PROCESSED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED')
    ),
    customer_internal_reference TEXT NOT NULL,
    user_reference TEXT,
    reporting_criteria TEXT,
    callback_url TEXT,
    web JSONB NOT NULL,
    token_expires_at BIGINT NOT NULL,
    session_expires_at BIGINT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    completed_at BIGINT,
    wiped_out_at BIGINT,
    consent_data_key_id UUID,
    consent_bytes BYTEA,
    CHECK ((consent_data_key_id IS NULL) = (consent_bytes IS NULL))
);
CREATE INDEX executions_by_account ON executions (account_id, created_at, id);

-- An execution and its tokens, and a record and its key, are made in one transaction in any order:
-- such references are checked at its end.
CREATE TABLE tokens (
    hash BYTEA PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ACCESS', 'TRANSACTION', 'SDK', 'WEB')),
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    api_client_id UUID REFERENCES api_clients (id),
    may_initiate BOOLEAN,
    may_retrieve BOOLEAN,
    execution_id UUID REFERENCES executions (id) DEFERRABLE INITIALLY DEFERRED,
    expires_at BIGINT NOT NULL,
    CHECK ((may_initiate IS NULL) = (may_retrieve IS NULL))
);
CREATE INDEX tokens_by_expiry ON tokens (expires_at);
CREATE INDEX tokens_by_client ON tokens (api_client_id);

CREATE TABLE credentials (
    id UUID PRIMARY KEY NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    category TEXT NOT NULL CHECK (category IN ('ID', 'SELFIE', 'FACEMAP', 'DOCUMENT', 'DATA')),
    label TEXT,
    country JSONB,
    document_type JSONB,
    created_at BIGINT NOT NULL
);

CREATE TABLE members (
    execution_id UUID NOT NULL REFERENCES executions (id) DEFERRABLE INITIALLY DEFERRED,
    position INT NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    credential_id UUID NOT NULL REFERENCES credentials (id) DEFERRABLE INITIALLY DEFERRED,
    channels JSONB NOT NULL,
    classifiers JSONB NOT NULL,
    PRIMARY KEY (execution_id, position),
    UNIQUE (execution_id, credential_id)
);
CREATE INDEX members_by_credential ON members (credential_id);

CREATE TABLE parts (
    credential_id UUID NOT NULL REFERENCES credentials (id),
    classifier TEXT NOT NULL CHECK (
        classifier IN (
            'FRONT', 'BACK', 'FACE', 'FACEMAP', 'LIVENESS_1', 'LIVENESS_2', 'LIVENESS_3',
            'LIVENESS_4', 'LIVENESS_5', 'LIVENESS_6', 'DOCUMENT', 'PREPARED_DATA'
        )
    ),
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    execution_id UUID NOT NULL REFERENCES executions (id),
    blob TEXT NOT NULL,
    data_key_id UUID NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    PRIMARY KEY (credential_id, classifier)
);
CREATE INDEX parts_by_execution ON parts (execution_id);

-- Nothing refers to a data key by a foreign key: it goes first when something is deleted.
CREATE TABLE data_keys (
    id UUID PRIMARY KEY NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    account_id UUID NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    execution_id UUID NOT NULL REFERENCES executions (id) DEFERRABLE INITIALLY DEFERRED,
    ring_key_id TEXT NOT NULL,
    wrapped BYTEA NOT NULL
);
CREATE INDEX data_keys_by_execution ON data_keys (execution_id);
CREATE INDEX data_keys_by_account ON data_keys (account_id);
CREATE INDEX data_keys_by_ring_key ON data_keys (ring_key_id);

CREATE TABLE runs (
    id UUID PRIMARY KEY NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    execution_id UUID NOT NULL REFERENCES executions (id),
    capability TEXT NOT NULL,
    credentials JSONB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'DONE')),
    attempt INT NOT NULL,
    decision_type TEXT CHECK (decision_type IN ('NOT_EXECUTED', 'PASSED', 'REJECTED', 'WARNING')),
    label TEXT,
    record_data_key_id UUID,
    record_bytes BYTEA,
    created_at BIGINT NOT NULL,
    completed_at BIGINT,
    UNIQUE (execution_id, capability, credentials),
    CHECK ((state = 'DONE') = (decision_type IS NOT NULL)),
    CHECK ((decision_type IS NULL) = (label IS NULL)),
    CHECK ((record_data_key_id IS NULL) = (record_bytes IS NULL))
);

CREATE TABLE callbacks (
    id UUID PRIMARY KEY NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    execution_id UUID NOT NULL REFERENCES executions (id),
    url TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('PROCESSED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED')),
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD')),
    attempts INT NOT NULL,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT,
    UNIQUE (execution_id, status)
);

CREATE TABLE callback_attempts (
    callback_id UUID NOT NULL REFERENCES callbacks (id),
    attempt INT NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (callback_id, attempt)
);

CREATE TABLE audit (
    id UUID PRIMARY KEY NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    at BIGINT NOT NULL,
    api_client_id UUID,
    action TEXT NOT NULL,
    account_id UUID NOT NULL,
    execution_id UUID
);
CREATE INDEX audit_by_account ON audit (account_id, at);
