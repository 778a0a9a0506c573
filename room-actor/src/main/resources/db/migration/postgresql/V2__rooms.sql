-- What the REST API lists. The journal is the truth: both tables can be built anew from it.

CREATE TABLE rooms (
    sid VARCHAR(34) PRIMARY KEY,
    account_sid VARCHAR(34) NOT NULL,
    unique_name VARCHAR(128) NOT NULL,
    status VARCHAR(16) NOT NULL,
    properties TEXT NOT NULL, -- JSON
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP(6) WITH TIME ZONE,
    event_number BIGINT NOT NULL -- of the last event in the row: a late writer must not undo a newer one
);
CREATE INDEX rooms_by_creation ON rooms (account_sid, status, created_at, sid);
CREATE INDEX rooms_by_name ON rooms (account_sid, unique_name);

CREATE TABLE participants (
    sid VARCHAR(34) PRIMARY KEY,
    room_sid VARCHAR(34) NOT NULL,
    identity VARCHAR(256) NOT NULL,
    status VARCHAR(16) NOT NULL,
    started_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP(6) WITH TIME ZONE
);
CREATE INDEX participants_by_start ON participants (room_sid, started_at, sid);
