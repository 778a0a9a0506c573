package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ROOM;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.state.RoomEvent.RoomCompleted;
import org.rotunda.room.testkit.RoomSamples;
import org.rotunda.room.testkit.RoomSteps;

class RoomInspectorTest {
    /**
     * The maximum size of the inspector's JSON text in bytes. It is a little below the limit of {@code WireFormat} for
     * a whole message.
     */
    private static final int MESSAGE_BYTES = 1_900_000;

    @AutoClose
    private final ConductorFixture fixture = ConductorFixture.ofCreatedRoom();

    private final TestProbe<StatusReply<RoomInspection>> operator = fixture.actors.createTestProbe();

    @Test
    void showsMembersTransportsAndTracks() throws JsonProcessingException {
        ParticipantSid alice = fixture.joins("alice");
        ParticipantSid bob = fixture.joins("bob");
        fixture.admit(bob, fixture.actors.createTestProbe());
        fixture.steps.publishes(alice, "cam", TrackKind.VIDEO);
        fixture.evolve();

        JsonNode room = inspect();

        assertThat(room.path("room").asText()).isEqualTo(ROOM.value());
        assertThat(room.path("participants").asInt()).isEqualTo(2);
        assertThat(room.path("tracks").asInt()).isEqualTo(1);
        JsonNode first = room.path("members").path(0);
        assertThat(first.path("participant").asText()).isEqualTo(alice.value());
        assertThat(first.path("socket").asText()).isEqualTo("none");
        assertThat(first.path("tracks").path(0).path("kind").asText()).isEqualTo("VIDEO");
        assertThat(first.path("transport").path("mediaNode").asText()).isEqualTo(RoomSteps.NODE);
        assertThat(first.path("transport").path("phase").asText()).isEqualTo("OPENING");
        JsonNode second = room.path("members").path(1);
        assertThat(second.path("socket").asText()).isNotEqualTo("none");
        assertThat(second.path("transport").path("subscriptions").asInt()).isEqualTo(1);
        assertThat(second.path("transport").path("acknowledged").asBoolean()).isFalse();
    }

    @Test
    void tellsNoSecretOfASession() throws JsonProcessingException {
        fixture.joins("alice");

        String hash = fixture.steps.state().participants().get(0).sessionHash();

        assertThat(inspect().toString()).doesNotContain(hash);
    }

    /** The inspector's text gives the number of all tracks, although it does not list all of them. */
    @Test
    void listsNoMoreTracksOfAParticipantThanItsLimit() throws JsonProcessingException {
        ParticipantSid alice = fixture.joins("alice");
        for (int i = 0; i <= RoomInspector.TRACKS_MAX; i++) {
            fixture.steps.publishes(alice, "data" + i, TrackKind.DATA);
        }
        fixture.evolve();

        JsonNode room = inspect();

        assertThat(room.path("tracks").asInt()).isEqualTo(RoomInspector.TRACKS_MAX + 1);
        assertThat(room.path("members").path(0).path("tracks")).hasSize(RoomInspector.TRACKS_MAX);
    }

    /** The inspector's text must fit into one message between nodes, even for the largest room. */
    @Test
    void listsNoMoreParticipantsThanItsLimitAndFitsIntoOneMessage() throws JsonProcessingException {
        for (int i = 0; i <= RoomInspector.PARTICIPANTS_MAX; i++) {
            ParticipantSid each = fixture.steps.joins(i + "n".repeat(120), false, RoomSamples.START);
            for (int track = 0; track < RoomInspector.TRACKS_MAX; track++) {
                fixture.steps.publishes(each, "data" + track, TrackKind.DATA);
            }
        }
        fixture.evolve();

        JsonNode room = inspect();

        assertThat(room.path("participants").asInt()).isEqualTo(RoomInspector.PARTICIPANTS_MAX + 1);
        assertThat(room.path("members")).hasSize(RoomInspector.PARTICIPANTS_MAX);
        assertThat(room.toString().length()).isLessThan(MESSAGE_BYTES);
    }

    @Test
    void refusesForARoomThatIsOver() {
        fixture.conductor.tell(new ConductorCommand.Evolved(
                fixture.steps.state().apply(new RoomCompleted(RoomSamples.START)), List.of()));

        ask();

        assertThat(operator.receiveMessage().getError())
                .isInstanceOfSatisfying(
                        RoomRefusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(RoomError.ROOM_COMPLETED));
    }

    private JsonNode inspect() throws JsonProcessingException {
        ask();
        return new ObjectMapper().readTree(operator.receiveMessage().getValue().json());
    }

    private void ask() {
        fixture.conductor.tell(new ConductorCommand.Inspect(new RoomCommand.Inspect(operator.getRef())));
    }
}
