package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.IdentityErasure;
import org.rotunda.room.protocol.IdentityErasure.Step;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomQueries.ParticipantFilter;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.RulesView;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.readmodel.DatabaseTexts;
import org.rotunda.room.readmodel.JdbcIdentityErasure;
import org.rotunda.room.readmodel.JournalRows;

/**
 * Tests that an identity is erased from everything that a node stores, on a whole node with a real database. The test
 * searches the texts and bytes of all tables.
 */
class IdentityErasureTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AccountSid OTHER_ACCOUNT = new AccountSid("AC" + "9".repeat(32));
    /** An identity that JSON, CBOR and HTML forms each write in another way. */
    private static final String ERIN = "erin+\"zürich\"@example.com";

    private static final String ANOTHER = "somebody else";

    private Path directory;
    private RoomNode node;
    private IdentityErasure erasure;

    @BeforeEach
    void startNode(@TempDir Path emptyDirectory) {
        directory = emptyDirectory;
        node = RoomNode.start(database(directory), Map.of("rotunda.rooms.snapshot-every", 2));
        // For this clock every room that is over has been over for long.
        erasure = new JdbcIdentityErasure(
                node.database(), Runnable::run, Clock.offset(Clock.systemUTC(), Duration.ofHours(1)));
    }

    /** Returns the settings of an empty database. */
    Map<String, Object> database(Path emptyDirectory) {
        return Map.of("rotunda.db.url", "jdbc:h2:file:" + emptyDirectory.resolve("rotunda"));
    }

    @AfterEach
    void stop() {
        node.stop();
    }

    @Test
    void nothingInTheDatabaseContainsTheIdentity() {
        RoomSid over = roomWith(ACCOUNT, "over", true, ERIN, ANOTHER);
        RoomSid onlyInRules = roomWith(ACCOUNT, "rules", true, ANOTHER);
        RoomSid anonymized = roomWith(ACCOUNT, "anonymized", true, ERIN);
        anonymize(anonymized);
        RoomSid live = roomWith(ACCOUNT, "live", false, ERIN, ANOTHER);
        RoomSid foreign = roomWith(OTHER_ACCOUNT, "foreign", true, ERIN);
        awaitProjected(over, onlyInRules, anonymized, foreign);
        assertThat(DatabaseTexts.rowsWith(node.database(), texts(ERIN)))
                .as("the search finds the identity where it is")
                .extracting(row -> row.substring(0, row.indexOf(' ')))
                .contains("event_journal", "snapshot", "participants", "rooms", "callbacks");

        Step first = eraseAll(ACCOUNT);

        assertThat(first.left()).containsExactly(live);
        assertThat(first.searched()).isEqualTo(4);
        assertThat(first.participants()).isEqualTo(1);
        assertThat(first.journals()).isEqualTo(3);
        assertThat(first.callbacks()).isPositive();
        assertThat(DatabaseTexts.rowsWith(node.database(), texts(ERIN)))
                .as("the rest is in the room in progress and in the other account")
                .allSatisfy(row -> assertThat(row).containsAnyOf(live.value(), foreign.value()));
        complete(live);
        awaitProjected(live);
        assertThat(eraseAll(ACCOUNT).left()).isEmpty();
        assertThat(DatabaseTexts.rowsWith(node.database(), texts(ERIN)))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row).contains(foreign.value()));
        assertThat(eraseAll(OTHER_ACCOUNT).participants()).isEqualTo(1);
        assertThat(DatabaseTexts.rowsWith(node.database(), texts(ERIN))).isEmpty();

        assertThat(DatabaseTexts.rowsWith(node.database(), texts(ANOTHER))).isNotEmpty();
        assertThat(await(node.rooms().find(ACCOUNT, over.value())).endedAt()).isNotNull();
        List<ParticipantView> rows = await(node.queries()
                        .participants(
                                over, new ParticipantFilter(null, null, null, null), new PageRequest(9, null, null)))
                .records();
        assertThat(rows)
                .hasSize(2)
                .anySatisfy(
                        row -> assertThat(row.identity()).isEqualTo(row.sid().value()));
        assertThat(rows).anySatisfy(row -> assertThat(row.identity()).isEqualTo(ANOTHER));
        Step again = eraseAll(ACCOUNT);
        assertThat(again).isEqualTo(new Step(4, 0, 0, 0, List.of(), null));
    }

    /** The database lacks the last events of a room that has just ended. */
    @Test
    void aRoomThatHasJustEndedIsLeftForLater() {
        RoomSid over = roomWith(ACCOUNT, "over", true, ERIN);
        awaitProjected(over);
        IdentityErasure atOnce = new JdbcIdentityErasure(node.database(), Runnable::run, Clock.systemUTC());

        Step step = await(atOnce.erase(ACCOUNT, ERIN, null));

        assertThat(step).isEqualTo(new Step(1, 0, 0, 0, List.of(over), null));
        assertThat(JournalRows.events(node.database(), over)).isPositive();
    }

    /** The journal must be kept until a projection that reads it once more has read it. */
    @Test
    void aRoomIsLeftWhoseJournalIsNotProjected() {
        RoomSid over = roomWith(ACCOUNT, "over", true, ERIN);
        awaitProjected(over);
        eraseAll(ACCOUNT);
        RoomSid next = roomWith(ACCOUNT, "next", true, ERIN);
        awaitProjected(next);
        JournalRows.update(node.database(), "UPDATE \"pekko_projection_offset_store\" SET \"current_offset\" = '1'");

        assertThat(eraseAll(ACCOUNT).left()).containsExactly(next);
    }

    @Test
    void manyRoomsAreErasedInSteps() {
        for (int i = 0; i < 60; i++) {
            RoomView room = await(node.rooms().create(ACCOUNT, "", properties()));
            complete(room.sid());
        }
        RoomSid over = roomWith(ACCOUNT, "over", true, ERIN);
        awaitProjected(over);
        // For this clock each look takes longer than a step may.
        IdentityErasure slow = new JdbcIdentityErasure(
                node.database(),
                Runnable::run,
                new HurryingClock(Clock.offset(Clock.systemUTC(), Duration.ofHours(1))));

        Step first = await(slow.erase(ACCOUNT, ERIN, null));
        assertThat(first.next()).isNotNull();
        assertThat(first.participants()).isEqualTo(1); // The newest rooms come first.
        Step second = await(slow.erase(ACCOUNT, ERIN, first.next()));
        assertThat(second.next()).isNull();
        assertThat(first.searched() + second.searched()).isEqualTo(61);
        assertThat(DatabaseTexts.rowsWith(node.database(), texts(ERIN))).isEmpty();
    }

    /** The rows of participants may be deleted before the log of failed callbacks. */
    @Test
    void callbacksAreErasedWithoutTheRowOfTheParticipant() {
        RoomSid over = roomWith(ACCOUNT, "over", true, ERIN);
        awaitProjected(over);
        JournalRows.update(node.database(), "DELETE FROM participants");
        JournalRows.update(node.database(), "DELETE FROM \"event_journal\"");
        JournalRows.update(node.database(), "DELETE FROM \"snapshot\"");
        JournalRows.update(node.database(), "UPDATE rooms SET properties = REPLACE(properties, 'zürich', 'x')");

        Step step = eraseAll(ACCOUNT);

        assertThat(step.callbacks()).isPositive();
        assertThat(DatabaseTexts.rowsWith(node.database(), texts(ERIN))).isEmpty();
    }

    private Step eraseAll(AccountSid account) {
        Step step = await(erasure.erase(account, ERIN, null));
        assertThat(step.next()).isNull();
        return step;
    }

    /** Returns the ways in which the tables write a text: as it is, and in forms and in JSON. */
    private static List<String> texts(String text) {
        return List.of(text, URLEncoder.encode(text, StandardCharsets.UTF_8), text.replace("\"", "\\\""));
    }

    /**
     * Creates a room in which everybody with these identities was, and left. The recording rules of the room and the
     * subscribe rules of each participant name Erin.
     */
    private RoomSid roomWith(AccountSid account, String name, boolean over, String... identities) {
        TrackRule exceptErin = new TrackRule(TrackRule.Type.EXCLUDE, false, null, ERIN, null, null);
        RoomProperties base = properties();
        RoomView room = await(node.rooms()
                .create(
                        account,
                        name,
                        new RoomProperties(
                                        base.type(),
                                        base.participantsMax(),
                                        base.maxParticipantDurationSeconds(),
                                        5,
                                        5,
                                        false,
                                        base.videoCodecs(),
                                        "us1",
                                        false,
                                        false,
                                        "https://hooks.example.com/",
                                        "POST")
                                .withRecordingRules(List.of(TrackRule.EXCLUDE_ALL, exceptErin))));
        List<Connected> all = new ArrayList<>();
        for (String identity : identities) {
            TestProbe<SessionNotice> socket = node.actors().createTestProbe();
            all.add(await(node.rooms()
                    .room(room.sid())
                    .askWithStatus(
                            replyTo -> new RoomCommand.Connect(
                                    account,
                                    identity,
                                    client(1, track("cam", TrackKind.VIDEO)),
                                    true,
                                    Set.of(),
                                    offer("pc-" + all.size()),
                                    socket.getRef(),
                                    replyTo),
                            PATIENCE)));
            await(node.rooms()
                    .room(room.sid())
                    .<RulesView>askWithStatus(
                            replyTo -> new RoomCommand.ChangeSubscribeRules(
                                    identity, List.of(TrackRule.INCLUDE_ALL, exceptErin), replyTo),
                            PATIENCE));
        }
        all.forEach(each -> node.rooms().room(room.sid()).tell(new RoomCommand.Disconnect(each.sessionId())));
        if (over) {
            complete(room.sid());
        }
        return room.sid();
    }

    /** Anonymizes the only participant of a room. */
    private void anonymize(RoomSid room) {
        TestProbe<Object> probe = node.actors().createTestProbe();
        ParticipantSid participant = probe.awaitAssert(PATIENCE, () -> {
            List<ParticipantView> rows = await(node.queries()
                            .participants(
                                    room,
                                    new ParticipantFilter(null, null, null, null),
                                    new PageRequest(9, null, null)))
                    .records();
            assertThat(rows).hasSize(1);
            return rows.get(0).sid();
        });
        await(node.rooms()
                .room(room)
                .<Done>askWithStatus(replyTo -> new RoomCommand.Anonymize(participant, replyTo), PATIENCE));
    }

    private void complete(RoomSid room) {
        await(node.rooms().room(room).<RoomView>askWithStatus(RoomCommand.Complete::new, PATIENCE));
    }

    /** Waits until the tables have all events of these rooms. */
    private void awaitProjected(RoomSid... rooms) {
        TestProbe<Object> probe = node.actors().createTestProbe();
        for (RoomSid room : rooms) {
            probe.awaitAssert(PATIENCE, () -> {
                assertThat(DatabaseTexts.isProjected(node.database(), room)).isTrue();
                return true;
            });
        }
    }

    /** A clock that is a minute later at each look. */
    private static final class HurryingClock extends Clock {
        private final Clock real;
        private int looks;

        HurryingClock(Clock real) {
            this.real = real;
        }

        @Override
        public Instant instant() {
            return real.instant().plus(Duration.ofMinutes(looks++));
        }

        @Override
        public ZoneId getZone() {
            return real.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
