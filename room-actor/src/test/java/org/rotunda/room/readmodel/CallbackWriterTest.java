package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.CallbackForm;
import org.rotunda.room.protocol.CallbackSid;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StatusCallback;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.RoomEvent;

/** Tests which callbacks the events of a room cause. */
class CallbackWriterTest extends CallbackFixture {
    @Test
    void aWholeRoomCausesItsCallbacksInOrder() throws SQLException {
        RoomSid room = room(ACCOUNT, "Daily Standup", "POST");
        ParticipantSid alice = connects(room, "alice@example.com");
        TrackSid mic = publishes(room, alice, TrackKind.AUDIO, "mic");
        TrackSid chat = publishes(room, alice, TrackKind.DATA, "chat");
        changes(room, alice, mic, false, TrackPriority.STANDARD);
        changes(room, alice, mic, false, TrackPriority.HIGH); // Changes the priority only.
        changes(room, alice, mic, true, TrackPriority.HIGH);
        project(room, new RoomEvent.TrackUnpublished(alice, mic, clock.instant()));
        ParticipantSid bob = connects(room, "Zoë 🎥");
        publishes(room, bob, TrackKind.VIDEO, "cam");
        clock.advance(Duration.ofMillis(61_500));
        project(room, new RoomEvent.ParticipantDisconnected(alice, Departure.LEFT, clock.instant()));
        project(room, new RoomEvent.RoomCompleted(clock.instant()));

        List<StatusCallback> all = waiting(room);

        assertThat(all)
                .extracting(StatusCallback::event)
                .containsExactly(
                        "room-created",
                        "participant-connected",
                        "track-added",
                        "track-added",
                        "track-disabled",
                        "track-enabled",
                        "track-removed",
                        "participant-connected",
                        "track-added",
                        "track-removed", // Alice's chat.
                        "participant-disconnected",
                        "track-removed", // Bob's camera.
                        "participant-disconnected",
                        "room-ended");
        assertThat(all).extracting(StatusCallback::sequenceNumber).containsExactlyElementsOf(numbersUntil(all.size()));
        assertThat(CallbackForm.decode(all.get(0).form()))
                .isEqualTo(Map.of(
                        "AccountSid", ACCOUNT.value(),
                        "RoomSid", room.value(),
                        "RoomName", "Daily Standup",
                        "RoomStatus", "in-progress",
                        "RoomType", "group",
                        "StatusCallbackEvent", "room-created",
                        "Timestamp", "2026-03-01T10:00:00.000Z",
                        "SequenceNumber", "0"));
        assertThat(CallbackForm.decode(all.get(3).form()))
                .isEqualTo(Map.ofEntries(
                        Map.entry("AccountSid", ACCOUNT.value()),
                        Map.entry("RoomSid", room.value()),
                        Map.entry("RoomName", "Daily Standup"),
                        Map.entry("RoomStatus", "in-progress"),
                        Map.entry("RoomType", "group"),
                        Map.entry("ParticipantSid", alice.value()),
                        Map.entry("ParticipantIdentity", "alice@example.com"),
                        Map.entry("ParticipantStatus", "connected"),
                        Map.entry("TrackSid", chat.value()),
                        Map.entry("TrackKind", "data"),
                        Map.entry("TrackName", "chat"),
                        Map.entry("StatusCallbackEvent", "track-added"),
                        Map.entry("Timestamp", "2026-03-01T10:00:00.000Z"),
                        Map.entry("SequenceNumber", "3")));
        assertThat(CallbackForm.decode(all.get(10).form()))
                .containsEntry("ParticipantStatus", "disconnected")
                .containsEntry("ParticipantDuration", "61")
                .containsEntry("Timestamp", "2026-03-01T10:01:01.500Z")
                .doesNotContainKey("TrackSid");
        assertThat(CallbackForm.decode(all.get(12).form()))
                .containsEntry("ParticipantIdentity", "Zoë 🎥")
                .containsEntry("ParticipantSid", bob.value());
        assertThat(CallbackForm.decode(all.get(13).form()))
                .containsEntry("RoomStatus", "completed")
                .containsEntry("RoomDuration", "61")
                .doesNotContainKey("ParticipantSid");
        assertThat(all).allSatisfy(each -> {
            assertThat(each.url()).isEqualTo(URL);
            assertThat(each.method()).isEqualTo("POST");
            assertThat(each.status()).isEqualTo(CallbackStatus.WAITING);
            assertThat(each.sid()).isEqualTo(CallbackSid.of(room, each.sequenceNumber()));
        });
        assertThat(number("SELECT COUNT(*) FROM callback_tracks")).isZero();
    }

    @Test
    void aRoomWithoutAUrlCausesNone() throws SQLException {
        RoomSid room = RoomSid.random(random);
        project(room, new RoomEvent.RoomCreated(room, ACCOUNT, "silent", properties(), clock.instant()));
        ParticipantSid alice = connects(room, "alice");
        publishes(room, alice, TrackKind.AUDIO, "mic");
        project(room, new RoomEvent.RoomCompleted(clock.instant()));

        assertThat(number("SELECT COUNT(*) FROM callbacks")).isZero();
        assertThat(number("SELECT COUNT(*) FROM callback_queues")).isZero();
        assertThat(number("SELECT COUNT(*) FROM callback_tracks")).isZero();
    }

    @Test
    void anEventThatIsProjectedTwiceCausesItsCallbackOnce() throws SQLException {
        RoomSid room = room(ACCOUNT, "twice", "GET");
        RoomEvent.ParticipantConnected connected = connected(ParticipantSid.random(random), "alice");
        project(room, connected);
        eventNumbers.merge(room, -1L, Long::sum); // The next event gets the same number.
        project(room, connected);

        assertThat(waiting(room))
                .extracting(StatusCallback::event)
                .containsExactly("room-created", "participant-connected");
    }

    @Test
    void aRolledBackEventLeavesNothing() throws SQLException {
        RoomSid room = room(ACCOUNT, "rolled back", "POST");
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            RoomProjection.write(
                    connection, room, connected(ParticipantSid.random(random), "alice"), 2, clock.instant());
            connection.rollback();
        }

        assertThat(waiting(room)).extracting(StatusCallback::event).containsExactly("room-created");
    }

    /** The end of a room whose deadline passed while no node ran the room is decided, and told, later. */
    @Test
    void anEventOfThePastIsRetriedForAsLongAsAnyOther() throws SQLException {
        RoomSid room = room(ACCOUNT, "late", "POST");
        Instant end = clock.instant();
        clock.advance(Duration.ofDays(2));

        project(room, new RoomEvent.RoomCompleted(end));

        StatusCallback ended = waiting(room).get(1);
        assertThat(ended.happenedAt()).isEqualTo(end);
        assertThat(ended.retriedFrom()).isEqualTo(clock.instant());
        assertThat(CallbackForm.decode(ended.form())).containsEntry("RoomDuration", "0");
    }

    @Test
    void anAnonymizedParticipantIsNamedByItsSid() throws SQLException {
        RoomSid room = room(ACCOUNT, "anonymous", "POST");
        ParticipantSid alice = connects(room, "alice@example.com");
        publishes(room, alice, TrackKind.AUDIO, "mic");
        connects(room, "bob");

        project(room, new RoomEvent.ParticipantAnonymized(alice, clock.instant()));

        onlyBobIsNamed(room, alice);
    }

    @Test
    void aParticipantIsAnonymizedBeforeTheProjectionFollows() throws SQLException {
        RoomSid room = room(ACCOUNT, "at once", "POST");
        ParticipantSid alice = connects(room, "alice@example.com");
        publishes(room, alice, TrackKind.AUDIO, "mic");
        connects(room, "bob");

        await(new RoomTable(database, Runnable::run).anonymize(alice, clock.instant()));

        onlyBobIsNamed(room, alice);
    }

    private void onlyBobIsNamed(RoomSid room, ParticipantSid alice) throws SQLException {
        assertThat(waiting(room))
                .extracting(each -> CallbackForm.decode(each.form()).get("ParticipantIdentity"))
                .containsExactly(null, alice.value(), alice.value(), "bob");
        assertThat(waiting(room)).noneMatch(each -> each.form().contains("alice"));
    }
}
