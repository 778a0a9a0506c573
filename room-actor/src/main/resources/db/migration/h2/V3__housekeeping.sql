-- When what is over may be deleted. Rooms that were over before this version count from now on.

ALTER TABLE rooms ADD COLUMN projected_at TIMESTAMP(6) WITH TIME ZONE; -- when the projection saw the completion
ALTER TABLE rooms ADD COLUMN journal_kept BOOLEAN DEFAULT TRUE NOT NULL;
UPDATE rooms SET projected_at = CURRENT_TIMESTAMP WHERE ended_at IS NOT NULL;
CREATE INDEX rooms_by_projection ON rooms (journal_kept, projected_at);
CREATE INDEX rooms_by_end ON rooms (ended_at);
CREATE INDEX participants_by_end ON participants (ended_at);
