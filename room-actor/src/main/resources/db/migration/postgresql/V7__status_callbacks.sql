-- Status callbacks. The projection of room events fills the queue of a room, and gateways empty it.

-- One row for each room with a callback URL. The row is the lock of the room's queue.
CREATE TABLE callback_queues (
    room_sid VARCHAR(34) PRIMARY KEY,
    account_sid VARCHAR(34) NOT NULL,
    unique_name VARCHAR(128) NOT NULL,
    room_type VARCHAR(16) NOT NULL, -- as the public API names it
    url VARCHAR(1023) NOT NULL,
    method VARCHAR(4) NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL, -- of the room
    event_number BIGINT NOT NULL, -- of the last event in the queue, so that no event is put into it twice
    next_number BIGINT NOT NULL, -- the sequence number of the room's next callback
    ended BOOLEAN NOT NULL,
    due_at TIMESTAMP(6) WITH TIME ZONE, -- when the first waiting callback may be sent; null if none waits
    claim VARCHAR(36) -- of the gateway that is sending; another gateway takes the queue over when it is due again
);
CREATE INDEX callback_queues_by_due ON callback_queues (due_at);

-- The published tracks of these rooms.
CREATE TABLE callback_tracks (
    sid VARCHAR(34) PRIMARY KEY,
    room_sid VARCHAR(34) NOT NULL,
    participant_sid VARCHAR(34) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    name VARCHAR(128) NOT NULL,
    enabled BOOLEAN NOT NULL,
    added_number BIGINT NOT NULL -- the sequence number of the callback that announced the track
);
CREATE INDEX callback_tracks_by_participant ON callback_tracks (room_sid, participant_sid);

-- Callbacks that wait, and callbacks that were given up. A delivered callback is deleted.
CREATE TABLE callbacks (
    sid VARCHAR(34) PRIMARY KEY,
    room_sid VARCHAR(34) NOT NULL,
    account_sid VARCHAR(34) NOT NULL,
    participant_sid VARCHAR(34), -- null for events of the room itself
    sequence_number BIGINT NOT NULL,
    event VARCHAR(32) NOT NULL,
    happened_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    form TEXT NOT NULL, -- the parameters in the encoding of HTML forms
    status VARCHAR(8) NOT NULL,
    attempts INT NOT NULL,
    retried_from TIMESTAMP(6) WITH TIME ZONE NOT NULL, -- the keep time begins here
    attempted_at TIMESTAMP(6) WITH TIME ZONE,
    failure VARCHAR(16), -- of the last attempt
    http_status INT, -- of the last attempt
    detail VARCHAR(256), -- of the last attempt
    UNIQUE (room_sid, sequence_number)
);
CREATE INDEX callbacks_by_room ON callbacks (room_sid, status, sequence_number);
CREATE INDEX callbacks_by_time ON callbacks (account_sid, status, happened_at, sid);
CREATE INDEX callbacks_by_participant ON callbacks (participant_sid);
CREATE INDEX callbacks_by_attempt ON callbacks (status, attempted_at);
