package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.entity.RoomEntityFixture.errorOf;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.track;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.pair.PairName;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.testkit.RoomSamples;

/** Tests in what rooms of the four types differ. */
class RoomTypesTest {
    @AutoClose
    private final RoomEntityFixture room = new RoomEntityFixture();

    @ParameterizedTest
    @EnumSource(names = {"GROUP_SMALL", "PEER_TO_PEER", "GO"})
    void aRoomIsFullWithAsManyParticipantsAsItsTypeAllows(RoomType type) {
        room.tryCreate(RoomSamples.ofType(type)).getValue();
        for (int i = 0; i < type.participantsMax(); i++) {
            room.connect("user " + i);
        }

        assertThat(errorOf(room.tryConnect("one more"))).isEqualTo(RoomError.ROOM_MAX_PARTICIPANTS_EXCEEDED);
        assertThat(room.tryConnect("user 0").isSuccess())
                .as("the earlier participant leaves")
                .isTrue();
        room.entity.restart();
        assertThat(errorOf(room.tryConnect("one more"))).isEqualTo(RoomError.ROOM_MAX_PARTICIPANTS_EXCEEDED);
        assertThat(room.fetch().getValue().properties().type()).isEqualTo(type);
    }

    @Test
    void aRoomWithoutAMediaServerNeedsNoMediaNode() {
        room.nodes.lose("media-1");
        room.tryCreate(RoomSamples.peerToPeer()).getValue();

        SessionNotice.Connected alice = room.connect("alice");
        room.connect("bob");

        assertThat(alice.channels()).as("no media-signaling channel is granted").isEmpty();
        assertThat(room.firstParticipant().placement()).isEqualTo(new Placement(Placement.NO_MEDIA_NODE, "pc-alice"));
        assertThat(room.moveTransports("media-1").isSuccess()).isTrue();
        assertThat(room.sync(alice.sessionId(), room.newSocket()).snapshot().participants())
                .hasSize(1);
        assertThat(room.firstParticipant().placement().connectionId())
                .as("no other connection is asked for")
                .isEqualTo("pc-alice");
    }

    @Test
    void everybodyReceivesEverythingWithoutAMediaServer() {
        room.tryCreate(RoomSamples.ofType(RoomType.GO)).getValue();
        room.connect("alice", room.newSocket(), track("cam", TrackKind.VIDEO));

        SessionNotice.Connected bob = room.<SessionNotice.Connected>ask(replyTo -> new RoomCommand.Connect(
                        RoomSamples.ACCOUNT,
                        "bob",
                        client(1),
                        false,
                        Set.of(),
                        offer("pc-bob"),
                        room.newSocket().getRef(),
                        replyTo))
                .getValue();

        assertThat(bob.snapshot().subscribed().tracks())
                .extracting(SessionNotice.SubscribedTrack::id)
                .containsExactly("cam");
    }

    @Test
    void aPairGoesOnAfterARecovery() {
        room.tryCreate(RoomSamples.peerToPeer()).getValue();
        TestProbe<SessionNotice> alices = room.newSocket();
        SessionNotice.Connected alice = room.connect("alice", alices);
        SessionNotice.Connected bob = room.connect("bob");
        String id = PairName.of(alice.participantSid(), bob.participantSid()).connectionId(1L << 20);
        ConnectionDescription offer = new ConnectionDescription(id, new Description(Description.Type.OFFER, 2, "o"));
        ConnectionDescription answer = new ConnectionDescription(id, new Description(Description.Type.ANSWER, 2, "a"));
        alices.fishForMessage(
                Duration.ofSeconds(10),
                notice -> notice instanceof SessionNotice.Descriptions
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        room.entity.runCommand(new RoomCommand.Update(alice.sessionId(), client(1), List.of(offer)));

        room.entity.restart();
        TestProbe<SessionNotice> again = room.newSocket();
        room.sync(alice.sessionId(), again, offer);
        SessionNotice.Synced bobs = room.sync(bob.sessionId(), room.newSocket(), answer);

        assertThat(bobs.snapshot().connections()).containsExactly(new SessionNotice.Connection(id, offer));
        assertThat(again.receiveMessage()).isEqualTo(new SessionNotice.Descriptions(List.of(answer)));
    }

    @Test
    void anAudioOnlyRoomRefusesVideoAtConnectAndLater() {
        room.tryCreate(RoomSamples.audioOnly()).getValue();
        SessionNotice.Connected alice = room.connect(
                "alice",
                room.newSocket(),
                track("cam", TrackKind.VIDEO),
                track("mic", TrackKind.AUDIO),
                track("chat", TrackKind.DATA));
        room.entity.runCommand(new RoomCommand.Update(
                alice.sessionId(),
                client(
                        2,
                        track("cam", TrackKind.VIDEO),
                        track("mic", TrackKind.AUDIO),
                        track("chat", TrackKind.DATA),
                        track("screen", TrackKind.VIDEO),
                        track("more", TrackKind.DATA)),
                List.of()));

        assertThat(room.firstParticipant().refused())
                .allMatch(each -> each.error() == RoomError.TRACK_KIND_NOT_SUPPORTED)
                .extracting(each -> each.clientTrackId())
                .containsExactly("cam", "screen");
        assertThat(room.firstParticipant().publications())
                .extracting(each -> each.clientTrackId())
                .containsExactly("mic", "chat", "more");
        assertThat(room.fetch().getValue().properties().audioOnly()).isTrue();
    }
}
