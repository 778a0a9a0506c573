-- One index for each list of the REST API: the columns of its filters, then the order of its pages. A page is one range of an index,
-- however many rows there are.

CREATE INDEX rooms_by_status ON rooms (account_sid, status, created_at DESC, sid DESC);
CREATE INDEX rooms_by_status_and_name ON rooms (account_sid, status, unique_name, created_at DESC, sid DESC);
DROP INDEX rooms_by_creation;
DROP INDEX rooms_by_name;

CREATE INDEX participants_by_status ON participants (room_sid, status, started_at DESC, sid DESC);
CREATE INDEX participants_by_status_and_identity ON participants (room_sid, status, identity, started_at DESC, sid DESC);
DROP INDEX participants_by_start;
