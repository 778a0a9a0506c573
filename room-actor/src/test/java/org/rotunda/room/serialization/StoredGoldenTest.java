package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomSerializable;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.quota.SeatChange;
import org.rotunda.room.quota.SeatsChanged;
import org.rotunda.room.quota.SeatsHeld;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Publication;
import org.rotunda.room.state.RefusedTrack;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomState;
import org.rotunda.room.testkit.RoomSamples;

/**
 * Checks that everything that was ever stored can still be read. {@code golden/stored/NAME.N.cbor} holds a sample of a
 * type of {@link StoredTypes}. NAME is the type's name in the database. The file with the highest N is exactly what is
 * written today. A run with {@code -Drotunda.golden.write=true} writes the file of a new type, or the next N after a
 * change. An existing file never changes.
 */
class StoredGoldenTest {
    private static final ActorTestKit KIT =
            ActorTestKit.create("golden", ConfigFactory.load("rotunda-pekko-serialization.conf"));
    private static final Serialization SERIALIZATION = SerializationExtension.get(KIT.system());
    private static final Path FILES = Path.of("src/test/resources/golden/stored");
    private static final Pattern FILE = Pattern.compile("([a-z-]+)\\.(\\d+)\\.cbor");
    private static final ParticipantSid ALICE = new ParticipantSid("PA" + "3".repeat(32));
    private static final TrackSid CAM = new TrackSid("MT" + "4".repeat(32));
    private static final List<TrackRule> RULES = List.of(
            TrackRule.INCLUDE_ALL,
            new TrackRule(TrackRule.Type.EXCLUDE, false, TrackKind.VIDEO, "bob", "screen", TrackPriority.LOW));
    private static final BandwidthProfile PROFILE = new BandwidthProfile(
            BandwidthProfile.Mode.PRESENTATION,
            2_500_000,
            TrackPriority.HIGH,
            BandwidthProfile.SwitchOff.DETECTED,
            5,
            new PictureSize(320, 240),
            BandwidthProfile.STANDARD_SIZE,
            BandwidthProfile.HIGH_SIZE);
    private static final OpenRoom OPEN = open();
    private static final SeatsChanged SEATS_CHANGED = new SeatsChanged(List.of(
            new SeatChange(RoomSamples.ROOM, RoomType.GO, null, true),
            new SeatChange(RoomSamples.ROOM, RoomType.GO, ALICE, true),
            new SeatChange(RoomSamples.ROOM, RoomType.GROUP, ALICE, false)));
    private static final Map<String, RoomSerializable> SAMPLES = Stream.of(
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
                            PROFILE,
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
                    new RoomEvent.SubscribeRulesChanged(ALICE, RULES, RoomSamples.START),
                    new RoomEvent.RecordingRulesChanged(List.of(TrackRule.EXCLUDE_ALL), RoomSamples.START),
                    new RoomEvent.ParticipantAnonymized(ALICE, RoomSamples.START),
                    new RoomEvent.RoomCompleted(RoomSamples.START),
                    new RoomState.Empty(),
                    OPEN,
                    OPEN.apply(new RoomEvent.RoomCompleted(RoomSamples.START.plusSeconds(60))),
                    new RoomName.Free(),
                    new RoomName.Held(RoomSamples.ROOM, true, RoomSamples.START),
                    SEATS_CHANGED,
                    new SeatsHeld(Map.of(
                            RoomSamples.ROOM.value(), new SeatsHeld.RoomSeats(RoomType.GO, Set.of(ALICE.value())))))
            .collect(Collectors.toMap(StoredGoldenTest::manifest, Function.identity()));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void everyTypeHasASample() {
        assertThat(SAMPLES).hasSameSizeAs(StoredTypes.ROWS);
    }

    @Test
    void everyEventHasARow() {
        assertThat(StoredTypes.ROWS).<Class<?>>extracting(StoredTypes.Row::type).contains(events());
    }

    @Test
    void noNameIsAClassName() {
        assertThat(StoredTypes.ROWS).allSatisfy(row -> assertThat(row.name()).matches("[a-z]+(-[a-z]+)+"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void writesExactlyItsLatestGoldenFile(String name) throws IOException {
        writeIfAsked(name);

        assertThat(bytes(sample(name))).isEqualTo(Files.readAllBytes(file(name, latest(name))));
    }

    /** Reads every file, because the old file of a renamed type must still be readable. */
    @ParameterizedTest
    @MethodSource("files")
    void readsEveryGoldenFileByItsName(Path file) throws IOException {
        Matcher parts = FILE.matcher(file.getFileName().toString());
        assertThat(parts.matches()).as("name of %s", file).isTrue();
        String name = parts.group(1);

        Object read = SERIALIZATION
                .deserialize(Files.readAllBytes(file), StoredSerializer.IDENTIFIER, name)
                .get();

        assertThat(read).isInstanceOf(sample(name).getClass());
        if (Integer.parseInt(parts.group(2)) == latest(name)) {
            assertThat(read).isEqualTo(sample(name));
        }
    }

    @Test
    void theSerializersNumberIsFixedForEver() throws NotSerializableException {
        assertThat(SERIALIZATION.serializerFor(OpenRoom.class).identifier()).isEqualTo(8_202);
    }

    @Test
    void aTypeOfANewerReleaseIsRefusedByItsName() {
        assertThatThrownBy(() -> SERIALIZATION
                        .deserialize(new byte[0], StoredSerializer.IDENTIFIER, "room-painted")
                        .get())
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("newer release")
                .hasMessageContaining("room-painted");
    }

    /** Returns a room with something in every component. */
    private static OpenRoom open() {
        ParticipantSid bob = new ParticipantSid("PA" + "5".repeat(32));
        ParticipantSid carol = new ParticipantSid("PA" + "6".repeat(32));
        Instant at = RoomSamples.START;
        return (OpenRoom) new RoomState.Empty()
                .applyAll(List.of(
                        new RoomEvent.RoomCreated(
                                RoomSamples.ROOM, RoomSamples.ACCOUNT, "daily", RoomSamples.properties(), at),
                        new RoomEvent.RoomHosted(3, at),
                        connected(ALICE, "alice", PROFILE),
                        connected(bob, "bob", null),
                        connected(carol, "carol", null),
                        new RoomEvent.TrackPublished(
                                ALICE,
                                new Publication(CAM, "id", TrackKind.VIDEO, "camera", true, TrackPriority.STANDARD),
                                at),
                        new RoomEvent.TrackRefused(ALICE, new RefusedTrack("id2", RoomError.TRACK_NAME_DUPLICATED), at),
                        new RoomEvent.TrackChanged(ALICE, CAM, false, TrackPriority.LOW, at.plusSeconds(1)),
                        new RoomEvent.SubscribeRulesChanged(bob, RULES, at),
                        new RoomEvent.SubscribeRulesChanged(bob, List.of(TrackRule.EXCLUDE_ALL), at.plusSeconds(1)),
                        new RoomEvent.RecordingRulesChanged(List.of(TrackRule.EXCLUDE_ALL), at),
                        new RoomEvent.SessionSuspended(bob, at.plusSeconds(30), at),
                        new RoomEvent.ParticipantDisconnected(carol, Departure.LEFT, at.plusSeconds(1)),
                        new RoomEvent.ParticipantAnonymized(carol, at.plusSeconds(2))));
    }

    private static RoomEvent connected(
            ParticipantSid participant, String identity, @Nullable BandwidthProfile profile) {
        return new RoomEvent.ParticipantConnected(
                participant,
                identity,
                "ab".repeat(32),
                true,
                Map.of("publisher_hints", "publisher_hints-1f"),
                new Placement("media-1", "c0ffee"),
                1,
                profile,
                RoomSamples.START);
    }

    static Stream<String> names() {
        return StoredTypes.ROWS.stream().map(StoredTypes.Row::name);
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.sorted().toList();
        }
    }

    private static Class<?>[] events() {
        Class<?>[] events = RoomEvent.class.getPermittedSubclasses();
        assertThat(events).hasSizeGreaterThan(10);
        return events;
    }

    private static RoomSerializable sample(String name) {
        return Objects.requireNonNull(SAMPLES.get(name), () -> "no sample of " + name);
    }

    private static String manifest(RoomSerializable sample) {
        return Serializers.manifestFor(SERIALIZATION.findSerializerFor(sample), sample);
    }

    private static byte[] bytes(RoomSerializable sample) {
        return SERIALIZATION.serialize(sample).get();
    }

    private static Path file(String name, int version) {
        return FILES.resolve(name + "." + version + ".cbor");
    }

    private static int latest(String name) {
        int version = 0;
        while (Files.exists(file(name, version + 1))) {
            version++;
        }
        return version;
    }

    private static void writeIfAsked(String name) throws IOException {
        int latest = latest(name);
        byte[] current = bytes(sample(name));
        if (Boolean.getBoolean("rotunda.golden.write")
                && (latest == 0 || !Arrays.equals(current, Files.readAllBytes(file(name, latest))))) {
            Files.write(file(name, latest + 1), current);
        }
    }
}
