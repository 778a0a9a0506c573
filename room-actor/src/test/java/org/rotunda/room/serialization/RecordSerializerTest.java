package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.io.Output;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Tests that nodes of two releases can read each other's records after a record was changed, and that bad values and
 * bytes are refused.
 */
class RecordSerializerTest {
    private static final WireFixture WIRE = new WireFixture();
    private static final int ID = 100;

    /** A message before it was changed. */
    record Before(int kept, String name, boolean gone, List<Colour> colours) {}

    /** The same message one release later: reordered, with one component removed and others added. */
    record After(
            List<Colour> colours,
            long added,
            String name,
            Optional<String> perhaps,
            @Nullable Part part,
            Set<Integer> numbers,
            Map<String, Part> parts,
            Part declared,
            boolean flag,
            int kept) {}

    record Part(int value) {}

    record Needy(int kept, Part needed) {}

    record Nest(@Nullable Nest inner) {}

    record Refusing(int value) {
        Refusing {
            if (value < 0) {
                throw new IllegalArgumentException("negative: " + value);
            }
        }
    }

    record Unordered(Set<String> set, Map<String, Integer> map) {}

    record Raw(Object anything) {}

    record AlmostRefusing(int value) {}

    /** A record with two component names that have the same hash. */
    record SameTags(int Aa, int BB) {}

    enum Colour {
        RED,
        GREEN
    }

    private static final WireFormat OLD = format(WireRow.message(ID, Before.class), WireRow.names(200, Colour.class));
    private static final WireFormat NEW = format(
            WireRow.message(ID, After.class, new WireRow.Missing("declared", new Part(7))),
            WireRow.value(150, Part.class),
            WireRow.names(200, Colour.class));

    @AfterAll
    static void stop() {
        WIRE.close();
    }

    private static WireFormat format(WireRow<?>... rows) {
        return new WireFormat(List.of(rows), ActorRefResolver.get(WIRE.kit().system()));
    }

    @Test
    void newNodesReadOldMessagesWithDefaults() throws NotSerializableException {
        byte[] old = OLD.write(new Before(5, "alice", true, List.of(Colour.GREEN, Colour.RED)));

        assertThat(NEW.read(ID, old))
                .isEqualTo(new After(
                        List.of(Colour.GREEN, Colour.RED),
                        0,
                        "alice",
                        Optional.empty(),
                        null,
                        Set.of(),
                        Map.of(),
                        new Part(7),
                        false,
                        5));
    }

    @Test
    void oldNodesSkipComponentsThatTheyDoNotKnow() throws NotSerializableException {
        byte[] current = NEW.write(new After(
                List.of(Colour.RED),
                1L << 40,
                "bob",
                Optional.of("x"),
                new Part(1),
                Set.of(1, 2, 3),
                Map.of("a", new Part(2)),
                new Part(3),
                true,
                6));

        assertThat(OLD.read(ID, current)).isEqualTo(new Before(6, "bob", false, List.of(Colour.RED)));
    }

    @Test
    void aMissingComponentWithoutADefaultRefusesTheMessage() {
        WireFormat needy = format(
                WireRow.message(ID, Needy.class), WireRow.value(150, Part.class), WireRow.names(200, Colour.class));

        assertThatThrownBy(() -> needy.read(ID, OLD.write(new Before(5, "alice", true, List.of()))))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("needed");
    }

    @Test
    void nullIsRefusedWhereTheRecordDoesNotDeclareIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OLD.write(beforeWithoutName()))
                .havingCause()
                .withMessageContaining("name");
    }

    @SuppressWarnings("NullAway") // The null is the mistake under test.
    private static Before beforeWithoutName() {
        return new Before(1, null, true, List.of());
    }

    @Test
    void sameValueGivesTheSameBytesWhateverTheOrderOfSetsAndMaps() {
        WireFormat format = format(WireRow.message(ID, Unordered.class));
        List<String> keys = IntStream.range(0, 50).mapToObj(Integer::toString).toList();
        List<String> reversed = keys.stream().collect(Collectors.collectingAndThen(Collectors.toList(), list -> {
            Collections.reverse(list);
            return list;
        }));

        assertThat(Stream.of(keys, reversed)
                        .map(each -> new Unordered(
                                new LinkedHashSet<>(each),
                                each.stream()
                                        .collect(Collectors.toMap(
                                                key -> key,
                                                Integer::valueOf,
                                                (one, other) -> one,
                                                LinkedHashMap::new))))
                        .map(message -> HexFormat.of().formatHex(format.write(message)))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void collectionsAreReadWholeAndUnmodifiable() throws NotSerializableException {
        Object read = NEW.read(
                ID,
                NEW.write(new After(
                        Arrays.asList(Colour.RED, Colour.RED),
                        0,
                        "",
                        Optional.empty(),
                        null,
                        new LinkedHashSet<>(List.of(3, 1)),
                        Map.of(),
                        new Part(0),
                        false,
                        0)));

        assertThat(read).isInstanceOfSatisfying(After.class, after -> {
            assertThat(after.colours()).containsExactly(Colour.RED, Colour.RED).isUnmodifiable();
            assertThat(after.numbers()).containsExactlyInAnyOrder(1, 3).isUnmodifiable();
        });
    }

    @Test
    void depthIsBounded() throws NotSerializableException {
        WireFormat format = format(WireRow.message(ID, Nest.class));
        Nest deep = nest(WireFormat.DEPTH_MAX);

        assertThat(format.read(ID, format.write(deep))).isEqualTo(deep);
        assertThatIllegalArgumentException().isThrownBy(() -> format.write(nest(WireFormat.DEPTH_MAX + 1)));
        byte[] deepest = format.write(deep);
        byte[] deeper = ByteWriter.nested("inner".hashCode(), deepest);
        assertThatThrownBy(() -> format.read(ID, deeper))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("depth");
    }

    private static Nest nest(int depth) {
        Nest nest = new Nest(null);
        for (int i = 1; i < depth; i++) {
            nest = new Nest(nest);
        }
        return nest;
    }

    @Test
    void lengthBeyondTheEndIsRefused() {
        // The bytes announce 2 GiB for tag 0.
        byte[] bytes = {0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07, 1};

        assertThatThrownBy(() -> OLD.read(ID, bytes)).isInstanceOf(NotSerializableException.class);
    }

    @Test
    void componentsThatComeTwiceAreRefused() {
        byte[] once = OLD.write(new Before(5, "alice", true, List.of()));
        byte[] twice = Arrays.copyOf(once, 2 * once.length);
        System.arraycopy(once, 0, twice, once.length, once.length);

        assertThatThrownBy(() -> OLD.read(ID, twice)).hasMessageContaining("twice");
    }

    @Test
    void recordsRefuseWhatTheyDoNotAllow() {
        WireFormat lax = format(WireRow.message(ID, AlmostRefusing.class));
        WireFormat strict = format(WireRow.message(ID, Refusing.class));

        assertThatThrownBy(() -> strict.read(ID, lax.write(new AlmostRefusing(-1))))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("Refusing");
    }

    @Test
    void enumValuesOfNewerNodesAreReadAsTheFallbackOrRefused() throws NotSerializableException {
        byte[] unknown = format(WireRow.message(ID, NewColours.class), WireRow.names(200, NewColour.class))
                .write(new NewColours(NewColour.BLUE));
        WireFormat strict = format(WireRow.message(ID, OldColours.class), WireRow.names(200, Colour.class));
        WireFormat lenient =
                format(WireRow.message(ID, OldColours.class), WireRow.names(200, Colour.class, Colour.RED));

        assertThat(lenient.read(ID, unknown)).isEqualTo(new OldColours(Colour.RED));
        assertThatThrownBy(() -> strict.read(ID, unknown))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("Colour");
    }

    record OldColours(Colour colour) {}

    record NewColours(NewColour colour) {}

    enum NewColour {
        RED,
        GREEN,
        BLUE
    }

    @Test
    void tablesThatCannotWorkAreRefusedWhenTheyAreBuilt() {
        assertThatIllegalArgumentException()
                .as("two tags alike")
                .isThrownBy(() -> format(WireRow.message(ID, SameTags.class)));
        assertThatIllegalArgumentException()
                .as("a type that nobody can know")
                .isThrownBy(() -> format(WireRow.message(ID, Raw.class)));
        assertThatIllegalArgumentException()
                .as("a part without a row")
                .isThrownBy(() -> format(WireRow.message(ID, Needy.class)));
        assertThatIllegalArgumentException()
                .as("a default of a component that does not exist")
                .isThrownBy(() -> format(WireRow.message(ID, Part.class, new WireRow.Missing("no", 1))));
        assertThatIllegalArgumentException()
                .as("an id twice")
                .isThrownBy(() -> format(WireRow.message(ID, Part.class), WireRow.message(ID, Nest.class)));
        assertThatIllegalArgumentException().as("an id of Kryo's").isThrownBy(() -> WireRow.message(9, Part.class));
    }

    /** Writes bytes that our serializers never write. */
    private static final class ByteWriter {
        private static byte[] nested(int tag, byte[] inner) {
            Output output = new Output(16, -1);
            output.writeInt(tag);
            output.writeVarInt(inner.length, true);
            output.writeBytes(inner);
            return output.toBytes();
        }
    }
}
