package org.rotunda.room.serialization;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.protocol.RoomSerializable;
import org.rotunda.room.quota.SeatsChanged;
import org.rotunda.room.quota.SeatsHeld;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomState;

/**
 * The table of all types that rooms store, with their names in the database. The database holds these names and no
 * class names, so classes can be renamed and moved. A name is fixed for ever.
 *
 * <p><b>To add an event</b>, write (1) the record in {@link RoomEvent} and its fold in {@link OpenRoom#apply}; (2) a
 * row here; (3) a sample in {@code StoredGoldenTest}. Then run that test once with {@code -Drotunda.golden.write=true},
 * which writes the golden file. A new field of an event needs a default. If the meaning of a field changes, add a new
 * event under a new name.
 */
final class StoredTypes {
    /** One type and its name in the database. */
    record Row(String name, Class<? extends RoomSerializable> type) {}

    static final List<Row> ROWS = List.of(
            // Events of a room.
            new Row("room-created", RoomEvent.RoomCreated.class),
            new Row("room-hosted", RoomEvent.RoomHosted.class),
            new Row("participant-connected", RoomEvent.ParticipantConnected.class),
            new Row("track-published", RoomEvent.TrackPublished.class),
            new Row("track-refused", RoomEvent.TrackRefused.class),
            new Row("track-changed", RoomEvent.TrackChanged.class),
            new Row("track-unpublished", RoomEvent.TrackUnpublished.class),
            new Row("participant-revised", RoomEvent.ParticipantRevised.class),
            new Row("session-suspended", RoomEvent.SessionSuspended.class),
            new Row("session-resumed", RoomEvent.SessionResumed.class),
            new Row("participant-moved", RoomEvent.ParticipantMoved.class),
            new Row("participant-disconnected", RoomEvent.ParticipantDisconnected.class),
            new Row("subscribe-rules-changed", RoomEvent.SubscribeRulesChanged.class),
            new Row("recording-rules-changed", RoomEvent.RecordingRulesChanged.class),
            new Row("participant-anonymized", RoomEvent.ParticipantAnonymized.class),
            new Row("room-completed", RoomEvent.RoomCompleted.class),
            // Snapshots of a room.
            new Row("room-empty", RoomState.Empty.class),
            new Row("room-open", OpenRoom.class),
            new Row("room-over", RoomState.Completed.class),
            // Durable states of a room name.
            new Row("name-free", RoomName.Free.class),
            new Row("name-held", RoomName.Held.class),
            // Event and snapshot of the seats of an account.
            new Row("seats-changed", SeatsChanged.class),
            new Row("seats-held", SeatsHeld.class));

    private static final Map<String, Row> BY_NAME =
            ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::name, Function.identity()));
    private static final Map<Class<?>, Row> BY_TYPE =
            ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::type, Function.identity()));

    private StoredTypes() {}

    /** Returns the name of a type; null if the type has no row. */
    static @Nullable String nameOf(Class<?> type) {
        Row row = BY_TYPE.get(type);
        return row == null ? null : row.name();
    }

    /** Returns the type of a name; null if no row has the name. */
    static @Nullable Class<? extends RoomSerializable> typeOf(String name) {
        Row row = BY_NAME.get(name);
        return row == null ? null : row.type();
    }
}
