-- Accounts, API keys and default room settings that are changed while nodes run. The accounts of rotunda.accounts have a row too, without auth tokens.

CREATE TABLE accounts (
    sid VARCHAR(34) PRIMARY KEY,
    parent_sid VARCHAR(34), -- null for an account of rotunda.accounts
    friendly_name VARCHAR(256) NOT NULL,
    status VARCHAR(16) NOT NULL,
    primary_token VARCHAR(256), -- sealed; null for an account of rotunda.accounts
    secondary_token VARCHAR(256), -- sealed
    room_settings VARCHAR NOT NULL, -- JSON: the default values of the parameters of a new room
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    change_number BIGINT NOT NULL -- of the last change of the row
);
CREATE INDEX accounts_by_parent ON accounts (parent_sid, created_at, sid);
CREATE INDEX accounts_by_change ON accounts (change_number);

CREATE TABLE api_keys (
    sid VARCHAR(34) PRIMARY KEY,
    account_sid VARCHAR(34) NOT NULL,
    friendly_name VARCHAR(256),
    secret VARCHAR(256) NOT NULL, -- sealed
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP(6) WITH TIME ZONE, -- a revoked key stays for a while, so that every node learns of it
    change_number BIGINT NOT NULL
);
CREATE INDEX api_keys_by_account ON api_keys (account_sid, created_at, sid);
CREATE INDEX api_keys_by_change ON api_keys (change_number);

-- The number of the last change to both tables. The only row always exists. Every change takes the next number first, which also makes
-- changes wait for each other: a node that reads number n sees all changes up to n.
CREATE TABLE account_changes (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    change_number BIGINT NOT NULL
);
INSERT INTO account_changes (id, change_number) VALUES (1, 0);
