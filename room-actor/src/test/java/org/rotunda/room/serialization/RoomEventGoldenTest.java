package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.Publication;
import org.rotunda.room.state.RefusedTrack;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.testkit.RoomSamples;

/**
 * What was journalled once can be read for ever: one golden file for each event. A new event's file is written by a run with
 * {@code -Drotunda.golden.write=true}; an existing file never changes.
 */
class RoomEventGoldenTest {
    private static final ActorTestKit KIT =
            ActorTestKit.create("golden", ConfigFactory.load("rotunda-pekko-serialization.conf"));
    private static final Serialization SERIALIZATION = SerializationExtension.get(KIT.system());
    private static final ParticipantSid ALICE = new ParticipantSid("PA" + "3".repeat(32));
    private static final TrackSid CAM = new TrackSid("MT" + "4".repeat(32));
    private static final Map<Class<?>, RoomEvent> SAMPLES = List.of(
                    new RoomEvent.RoomCreated(
                            RoomSamples.ROOM,
                            RoomSamples.ACCOUNT,
                            "daily",
                            RoomSamples.properties(),
                            RoomSamples.START),
                    new RoomEvent.RoomHosted(3, RoomSamples.START),
                    new RoomEvent.ParticipantConnected(
                            ALICE,
                            "alice",
                            "ab".repeat(32),
                            true,
                            Map.of("publisher_hints", "publisher_hints-1f"),
                            new Placement("media-1", "c0ffee"),
                            1,
                            RoomSamples.START),
                    new RoomEvent.TrackPublished(
                            ALICE,
                            new Publication(CAM, "id", TrackKind.VIDEO, "camera", true, TrackPriority.STANDARD),
                            RoomSamples.START),
                    new RoomEvent.TrackRefused(
                            ALICE, new RefusedTrack("id", RoomError.TRACK_NAME_DUPLICATED), RoomSamples.START),
                    new RoomEvent.TrackChanged(ALICE, CAM, false, TrackPriority.HIGH, RoomSamples.START),
                    new RoomEvent.TrackUnpublished(ALICE, CAM, RoomSamples.START),
                    new RoomEvent.ParticipantRevised(ALICE, 5, List.of("id"), RoomSamples.START),
                    new RoomEvent.SessionSuspended(ALICE, RoomSamples.START.plusSeconds(30), RoomSamples.START),
                    new RoomEvent.SessionResumed(ALICE, RoomSamples.START),
                    new RoomEvent.ParticipantMoved(ALICE, new Placement("media-2", "beef"), RoomSamples.START),
                    new RoomEvent.ParticipantDisconnected(ALICE, Departure.LEFT, RoomSamples.START),
                    new RoomEvent.RoomCompleted(RoomSamples.START))
            .stream()
            .collect(Collectors.toMap(RoomEvent::getClass, Function.identity()));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void thereAreEventsToTest() {
        assertThat(RoomEvent.class.getPermittedSubclasses()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void readsItsGoldenFile(Class<?> kind) throws IOException {
        RoomEvent sample = sample(kind);
        writeIfAsked(kind, sample);
        try (InputStream file = getClass().getResourceAsStream(resource(kind))) {
            assertThat(file).as("golden file of %s", kind).isNotNull();
            assertThat(read(file.readAllBytes(), sample)).isEqualTo(sample);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void survivesARoundTrip(Class<?> kind) {
        RoomEvent sample = sample(kind);

        assertThat(read(SERIALIZATION.serialize(sample).get(), sample)).isEqualTo(sample);
    }

    static Stream<Class<?>> kinds() {
        return Arrays.stream(RoomEvent.class.getPermittedSubclasses());
    }

    private static RoomEvent sample(Class<?> kind) {
        return Objects.requireNonNull(SAMPLES.get(kind), () -> "no sample of " + kind);
    }

    private static Object read(byte[] bytes, RoomEvent sample) {
        var serializer = SERIALIZATION.findSerializerFor(sample);
        return SERIALIZATION
                .deserialize(bytes, serializer.identifier(), Serializers.manifestFor(serializer, sample))
                .get();
    }

    private static String resource(Class<?> kind) {
        return "/golden/events/" + kind.getSimpleName() + ".1.cbor";
    }

    private static void writeIfAsked(Class<?> kind, RoomEvent sample) throws IOException {
        Path file = Path.of("src/test/resources" + resource(kind));
        if (Boolean.getBoolean("rotunda.golden.write") && Files.notExists(file)) {
            Files.createDirectories(file.getParent());
            Files.write(file, SERIALIZATION.serialize(sample).get());
        }
    }
}
