package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.apache.pekko.Done;
import org.rotunda.room.RoomRecords;
import org.rotunda.room.RoomView;

/** Writes a room's row when the room asks for it, on the blocking dispatcher. */
public final class RoomTable implements RoomRecords {
    private final DataSource dataSource;
    private final Executor blocking;

    public RoomTable(DataSource dataSource, Executor blocking) {
        this.dataSource = dataSource;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Done> record(RoomView room, long eventNumber) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Connection connection = dataSource.getConnection()) {
                        RoomRows.upsert(connection, room, eventNumber);
                        return Done.getInstance();
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                },
                blocking);
    }
}
