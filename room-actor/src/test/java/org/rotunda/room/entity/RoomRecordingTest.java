package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.entity.RoomEntityFixture.errorOf;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RulesView;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.Recording;
import org.rotunda.room.protocol.SessionNotice.RoomChanged;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.testkit.RoomSamples;

/** Tests the recording rules of a room without a recorder, and the announcements where recording is simulated. */
class RoomRecordingTest {
    private static final List<TrackRule> ALL = List.of(TrackRule.INCLUDE_ALL);
    private static final List<TrackRule> NOTHING = List.of(TrackRule.INCLUDE_ALL, TrackRule.EXCLUDE_ALL);

    @AutoClose
    private final RoomEntityFixture room = new RoomEntityFixture();

    @AutoClose
    private final RoomEntityFixture simulating = new RoomEntityFixture(RoomSamples.recordingSettings());

    @Test
    void recordsNothingByDefault() {
        room.create();

        assertThat(rules(room)).isEqualTo(new RulesView(null, List.of(TrackRule.EXCLUDE_ALL), START, START));
    }

    @Test
    void refusesToSwitchRecordingOnWithoutARecorder() {
        room.create();

        assertThat(errorOf(change(room, ALL))).isEqualTo(RoomError.RECORDING_NOT_SUPPORTED);
        assertThat(rules(room).rules()).containsExactly(TrackRule.EXCLUDE_ALL);
    }

    @Test
    void storesRulesThatRecordNothing() {
        room.create();
        room.clock.advance(Duration.ofSeconds(3));

        assertThat(change(room, NOTHING).getValue())
                .isEqualTo(new RulesView(null, NOTHING, START.plusSeconds(3), START.plusSeconds(3)));
        room.entity.restart();
        assertThat(rules(room).rules()).isEqualTo(NOTHING);
    }

    @Test
    void neverTellsClientsThatTheyAreRecordedWithoutARecorder() {
        RoomProperties plain = properties();
        room.tryCreate(new RoomProperties(
                plain.type(), 4, 14_400, 5, 5, true, plain.videoCodecs(), "us1", false, false, null, "POST"));

        Connected alice = room.connect("alice", room.newSocket(), track("mic", TrackKind.AUDIO));

        assertThat(rules(room).rules()).containsExactly(TrackRule.INCLUDE_ALL);
        assertThat(alice.snapshot().recording().isRecording()).isFalse();
    }

    @Test
    void announcesASimulatedRecordingWhileSomethingIsSelected() {
        simulating.create();
        TestProbe<SessionNotice> socket = simulating.newSocket();
        Connected alice = simulating.connect("alice", socket);
        assertThat(alice.snapshot().recording().isRecording()).isFalse();

        assertThat(change(simulating, ALL).getValue().rules()).isEqualTo(ALL);
        simulating.entity.runCommand(
                new RoomCommand.Update(alice.sessionId(), client(2, track("mic", TrackKind.AUDIO)), List.of()));
        Recording started = recording(socket);
        assertThat(started.isRecording()).as("the first track is published").isTrue();
        assertThat(simulating.connect("bob").snapshot().recording().isRecording())
                .isTrue();

        change(simulating, NOTHING);
        Recording stopped = recording(socket);
        assertThat(stopped.isRecording()).isFalse();
        assertThat(stopped.revision()).isGreaterThan(started.revision());
    }

    @Test
    void rulesGivenAtTheCreationAreInForce() {
        RoomProperties plain = properties();
        simulating.tryCreate(new RoomProperties(
                plain.type(),
                4,
                14_400,
                5,
                5,
                true,
                plain.videoCodecs(),
                "us1",
                false,
                false,
                null,
                "POST",
                List.of(new TrackRule(TrackRule.Type.EXCLUDE, false, TrackKind.AUDIO, null, null, null))));

        Connected alice = simulating.connect("alice", simulating.newSocket(), track("mic", TrackKind.AUDIO));
        Connected bob = simulating.connect("bob", simulating.newSocket(), track("cam", TrackKind.VIDEO));

        assertThat(rules(simulating).createdAt()).isEqualTo(START);
        assertThat(alice.snapshot().recording().isRecording())
                .as("only the sound of one")
                .isFalse();
        assertThat(bob.snapshot().recording().isRecording())
                .as("a picture, by the start set of the room")
                .isTrue();
    }

    private static RulesView rules(RoomEntityFixture fixture) {
        return fixture.<RulesView>ask(RoomCommand.FetchRecordingRules::new).getValue();
    }

    private static StatusReply<RulesView> change(RoomEntityFixture fixture, List<TrackRule> rules) {
        return fixture.ask(replyTo -> new RoomCommand.ChangeRecordingRules(rules, replyTo));
    }

    private static Recording recording(TestProbe<SessionNotice> socket) {
        List<SessionNotice> notices = socket.fishForMessage(
                Duration.ofSeconds(10),
                notice -> notice instanceof RoomChanged changed && changed.recording() != null
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        return Objects.requireNonNull(((RoomChanged) notices.get(0)).recording());
    }
}
