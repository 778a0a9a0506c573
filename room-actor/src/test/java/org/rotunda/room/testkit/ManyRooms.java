package org.rotunda.room.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.rotunda.room.protocol.RoomSid;

/**
 * Rows of the table {@code rooms} on PostgreSQL, for lists with many pages. All rooms belong to one account, and each is
 * created the same time after the one before it. The rooms have no journal: they can be listed and found, but not
 * joined.
 *
 * @param account the SID of the account
 * @param count the number of rooms, which are numbered from 1
 * @param start the time that is {@code apart} before the creation of room 1
 * @param apart the time between the creations of two rooms
 * @param oneLiveIn each room whose number is a multiple of this is in progress; the other rooms are completed
 */
public record ManyRooms(String account, int count, Instant start, Duration apart, int oneLiveIn) {
    /** Each room whose number is a multiple of this has the name {@code daily}. The other names occur once. */
    public static final int ONE_DAILY_IN = 10;

    private static final String PROPERTIES = """
            {"type":"GROUP","participantsMax":50,"maxParticipantDurationSeconds":14400,"emptyRoomTimeoutMinutes":5,\
            "unusedRoomTimeoutMinutes":5,"recordParticipantsOnConnect":false,"videoCodecs":["VP8","H264"],\
            "mediaRegion":"us1","audioOnly":false,"largeRoom":false,\
            "statusCallback":"https://example.com/hooks/video?tenant=42","statusCallbackMethod":"POST"}""";

    public ManyRooms {
        if (count < 1 || oneLiveIn < 1) {
            throw new IllegalArgumentException("count and oneLiveIn must be at least 1: " + count + ", " + oneLiveIn);
        }
    }

    /** Returns rooms that are all completed. */
    public static ManyRooms completed(String account, int count, Instant start, Duration apart) {
        return new ManyRooms(account, count, start, apart, count + 1);
    }

    /** Returns the creation time of a room. */
    public Instant created(int number) {
        return start.plus(apart.multipliedBy(number));
    }

    /** Returns the SID of a room. */
    public RoomSid sid(int number) {
        return new RoomSid("RM%032d".formatted(number));
    }

    /**
     * Inserts the rooms, and updates the statistics of the planner.
     *
     * @param connection a connection without a limit on the time of a statement, which commits each statement
     */
    public void insert(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO rooms (sid, account_sid, unique_name, status, properties, created_at, updated_at,
                        ended_at, event_number, projected_at)
                    SELECT 'RM' || LPAD(CAST(i AS VARCHAR), 32, '0'), '%s',
                        CASE WHEN MOD(i, %d) = 0 THEN 'daily' ELSE 'room-' || i END,
                        CASE WHEN MOD(i, %d) = 0 THEN 'IN_PROGRESS' ELSE 'COMPLETED' END,
                        '%s', c, c + INTERVAL '10 minutes',
                        CASE WHEN MOD(i, %d) = 0 THEN NULL ELSE c + INTERVAL '10 minutes' END,
                        9,
                        CASE WHEN MOD(i, %d) = 0 THEN NULL ELSE c + INTERVAL '10 minutes' END
                    FROM (SELECT i, CAST('%s' AS TIMESTAMP WITH TIME ZONE) + i * INTERVAL '%d milliseconds' AS c
                          FROM generate_series(1, %d) AS s(i)) AS numbered""".formatted(
                            account,
                            ONE_DAILY_IN,
                            oneLiveIn,
                            PROPERTIES,
                            oneLiveIn,
                            oneLiveIn,
                            start,
                            apart.toMillis(),
                            count));
            statement.execute("VACUUM ANALYZE rooms");
        }
    }
}
