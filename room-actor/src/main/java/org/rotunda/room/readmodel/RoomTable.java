package org.rotunda.room.readmodel;

import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.rotunda.room.entity.RoomRecords;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomView;

/** Writes rows of rooms and participants on the blocking dispatcher. */
public final class RoomTable implements RoomRecords {
    private final Database database;
    private final Executor blocking;

    public RoomTable(Database database, Executor blocking) {
        this.database = database;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Done> record(RoomView room, long eventNumber) {
        return database.use(blocking, connection -> {
            RoomRows.upsert(connection, room, eventNumber);
            return Done.getInstance();
        });
    }

    @Override
    public CompletionStage<Done> anonymize(ParticipantSid participant, Instant at) {
        return database.use(blocking, connection -> {
            RoomRows.anonymize(connection, participant, at);
            CallbackWriter.anonymize(connection, participant);
            return Done.getInstance();
        });
    }
}
