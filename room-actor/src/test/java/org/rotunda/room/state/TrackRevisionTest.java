package org.rotunda.room.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.audioOnly;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.RoomEvent.ParticipantRevised;
import org.rotunda.room.state.RoomEvent.TrackChanged;
import org.rotunda.room.state.RoomEvent.TrackPublished;
import org.rotunda.room.state.RoomEvent.TrackRefused;
import org.rotunda.room.state.RoomEvent.TrackUnpublished;
import org.rotunda.room.testkit.RoomSteps;

class TrackRevisionTest {
    private final Random random = new Random(1);
    private RoomSteps steps = RoomSteps.room(properties());

    @Test
    void publishesANewTrack() {
        ParticipantSid alice = steps.joins("alice", START);

        List<RoomEvent> events = revise(alice, client(2, track("cam", TrackKind.VIDEO)));

        assertThat(events).hasSize(2);
        assertThat(events.get(0)).isInstanceOfSatisfying(TrackPublished.class, published -> {
            assertThat(published.publication().clientTrackId()).isEqualTo("cam");
            assertThat(published.publication().name()).isEqualTo("name-cam");
        });
        assertThat(events.get(1)).isInstanceOf(ParticipantRevised.class);
    }

    @Test
    void takesAPublishedTrackBackAndRefusesIt() {
        ParticipantSid alice = steps.joins("alice", START);
        TrackSid cam = steps.publishes(alice, "cam", TrackKind.VIDEO);
        steps.publishes(alice, "mic", TrackKind.AUDIO);
        Participant before = steps.state().participant(alice).orElseThrow();

        TrackRevision.refuse(before, List.of(cam), RoomError.NO_SUPPORTED_CODEC, START)
                .forEach(steps::happens);

        Participant after = steps.state().participant(alice).orElseThrow();
        assertThat(after.publications()).extracting(Publication::clientTrackId).containsExactly("mic");
        assertThat(after.refused()).containsExactly(new RefusedTrack("cam", RoomError.NO_SUPPORTED_CODEC));
        assertThat(revise(alice, client(2, track("cam", TrackKind.VIDEO), track("mic", TrackKind.AUDIO))))
                .as("the client still lists the track")
                .hasOnlyElementsOfType(ParticipantRevised.class);
        assertThat(TrackRevision.refuse(after, List.of(cam), RoomError.NO_SUPPORTED_CODEC, START))
                .isEmpty();
    }

    @Test
    void ignoresARepeat() {
        ParticipantSid alice = steps.joins("alice", START);

        assertThat(revise(alice, client(1, track("cam", TrackKind.VIDEO)))).isEmpty();
    }

    @Test
    void changesOnlyTheTrackThatChanged() {
        ParticipantSid alice = steps.joins("alice", START);
        TrackSid cam = steps.publishes(alice, "cam", TrackKind.VIDEO);
        steps.publishes(alice, "mic", TrackKind.AUDIO);
        ClientTrack muted = new ClientTrack("cam", TrackKind.VIDEO, "name-cam", false, TrackPriority.HIGH);

        List<RoomEvent> events = revise(alice, client(2, muted, track("mic", TrackKind.AUDIO)));

        assertThat(events.get(0)).isEqualTo(new TrackChanged(alice, cam, false, TrackPriority.HIGH, START));
        assertThat(events).hasSize(2);
    }

    @Test
    void givesTheNameOfAnUnpublishedTrackToItsSuccessor() {
        ParticipantSid alice = steps.joins("alice", START);
        TrackSid old = steps.publishes(alice, "cam", TrackKind.VIDEO);
        ClientTrack successor = new ClientTrack("cam2", TrackKind.VIDEO, "name-cam", true, TrackPriority.STANDARD);

        List<RoomEvent> events = revise(alice, client(2, successor));

        assertThat(events.get(0)).isEqualTo(new TrackUnpublished(alice, old, START));
        assertThat(events.get(1)).isInstanceOf(TrackPublished.class);
    }

    @Test
    void refusesANameTwice() {
        ParticipantSid alice = steps.joins("alice", START);
        ClientTrack twin = new ClientTrack("cam2", TrackKind.VIDEO, "name-cam", true, TrackPriority.STANDARD);

        List<RoomEvent> events = revise(alice, client(2, track("cam", TrackKind.VIDEO), twin));

        assertThat(refusal(events.get(1))).isEqualTo(RoomError.TRACK_NAME_DUPLICATED);
    }

    @Test
    void refusesALongName() {
        ParticipantSid alice = steps.joins("alice", START);
        ClientTrack longest = new ClientTrack("a", TrackKind.VIDEO, "x".repeat(128), true, TrackPriority.STANDARD);
        ClientTrack tooLong = new ClientTrack("b", TrackKind.VIDEO, "x".repeat(129), true, TrackPriority.STANDARD);

        List<RoomEvent> events = revise(alice, client(2, longest, tooLong));

        assertThat(events.get(0)).isInstanceOf(TrackPublished.class);
        assertThat(refusal(events.get(1))).isEqualTo(RoomError.TRACK_NAME_TOO_LONG);
    }

    @Test
    void refusesANameThatCannotBeStoredAndKeepsItOutOfTheJournal() {
        ParticipantSid alice = steps.joins("alice", START);
        ClientTrack half = new ClientTrack("a", TrackKind.VIDEO, "x\uD800", true, TrackPriority.STANDARD);
        ClientTrack damaged = new ClientTrack("b", TrackKind.VIDEO, "\uFFFD", true, TrackPriority.STANDARD);

        List<RoomEvent> events = revise(alice, client(2, half, damaged));

        assertThat(refusal(events.get(0))).isEqualTo(RoomError.TRACK_NAME_CHARS_INVALID);
        assertThat(refusal(events.get(1))).isEqualTo(RoomError.TRACK_NAME_CHARS_INVALID);
        assertThat(events.toString()).doesNotContain("\uD800");
    }

    @Test
    void refusesVideoInAudioOnlyRooms() {
        steps = RoomSteps.room(audioOnly());
        ParticipantSid alice = steps.joins("alice", START);

        List<RoomEvent> events = revise(
                alice, client(2, track("a", TrackKind.AUDIO), track("v", TrackKind.VIDEO), track("d", TrackKind.DATA)));

        assertThat(events.get(0)).isInstanceOf(TrackPublished.class);
        assertThat(refusal(events.get(1))).isEqualTo(RoomError.TRACK_KIND_NOT_SUPPORTED);
        assertThat(events.get(2)).isInstanceOf(TrackPublished.class);
    }

    /** A room whose type has no track limit still takes only as many tracks as fit in a message between nodes. */
    @Test
    void refusesMoreTracksThanAnyRoomTakes() {
        RoomProperties group = properties();
        RoomProperties peers = new RoomProperties(
                RoomType.PEER_TO_PEER, 10, 14_400, 5, 5, false, group.videoCodecs(), "", false, false, null, "POST");
        ParticipantSid alice = steps.joins("alice", START);
        Participant participant = steps.state().participant(alice).orElseThrow();
        ClientTrack track = track("one more", TrackKind.DATA);

        assertThat(TrackRules.refusal(peers, ClientLimits.ROOM_TRACKS_MAX - 1, participant, track))
                .isEmpty();
        assertThat(TrackRules.refusal(peers, ClientLimits.ROOM_TRACKS_MAX, participant, track))
                .contains(RoomError.MAX_TRACKS_EXCEEDED);
    }

    @Test
    void refusesMoreTracksThanARoomTakes() {
        ParticipantSid alice = steps.joins("alice", START);
        ClientTrack[] tracks = IntStream.range(0, 171)
                .mapToObj(i -> track("t" + i, TrackKind.DATA))
                .toArray(ClientTrack[]::new);

        List<RoomEvent> events = revise(alice, client(2, tracks));

        assertThat(events.get(169)).isInstanceOf(TrackPublished.class);
        assertThat(refusal(events.get(170))).isEqualTo(RoomError.MAX_TRACKS_EXCEEDED);
    }

    @Test
    void forgetsARefusalWhenTheClientStopsListingTheTrack() {
        ParticipantSid alice = steps.joins("alice", START);
        ClientTrack twin = new ClientTrack("cam2", TrackKind.VIDEO, "name-cam", true, TrackPriority.STANDARD);
        revise(alice, client(2, track("cam", TrackKind.VIDEO), twin)).forEach(steps::happens);
        assertThat(participant(alice).refused()).hasSize(1);

        assertThat(revise(alice, client(3, track("cam", TrackKind.VIDEO), twin)))
                .singleElement()
                .isInstanceOf(ParticipantRevised.class);
        revise(alice, client(4, track("cam", TrackKind.VIDEO))).forEach(steps::happens);

        assertThat(participant(alice).refused()).isEmpty();
        assertThat(participant(alice).clientRevision()).isEqualTo(4);
    }

    private Participant participant(ParticipantSid sid) {
        return steps.state().participant(sid).orElseThrow();
    }

    private List<RoomEvent> revise(ParticipantSid participant, ClientParticipant told) {
        return TrackRevision.revise(steps.state(), participant, told, () -> TrackSid.random(random), START);
    }

    private static RoomError refusal(RoomEvent event) {
        assertThat(event).isInstanceOf(TrackRefused.class);
        return ((TrackRefused) event).track().error();
    }
}
