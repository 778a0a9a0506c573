package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.room.nodewatch.Beat;
import org.rotunda.room.nodewatch.Standing;

/** Tests that this version reads what a neighbouring version writes, message by message. */
class NeighbourWireTest {
    private static final WireFixture WIRE = new WireFixture();
    private static final NeighbourWire NEIGHBOUR =
            new NeighbourWire((ExtendedActorSystem) Adapter.toClassic(WIRE.kit().system()));

    /** The messages with a component whose declared default is a record. They come back without it. */
    private static final Set<Class<?>> SHORTENED = Set.of(Beat.class, DesiredTransport.class);

    @AfterAll
    static void stop() {
        WIRE.close();
    }

    static Stream<Object> samples() {
        return WIRE.samples().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void messagesOfANeighbourAreRead(Object sample) throws NotSerializableException {
        byte[] bytes = NEIGHBOUR.toBinary(sample);
        Object read = WIRE.serializer().fromBinary(bytes, NEIGHBOUR.manifest(sample));

        assertThat(bytes).isNotEqualTo(WIRE.serializer().toBinary(sample));
        if (carriesShortened(sample)) {
            assertThat(read).hasSameClassAs(sample);
        } else {
            WireFixture.assertSame(read, sample);
        }
    }

    /** Returns whether the message is, or carries, one that comes back without a component. */
    private static boolean carriesShortened(Object sample) {
        return SHORTENED.contains(sample.getClass()) || sample.toString().contains("DesiredTransport[");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aNeighbourReadsOurMessages(Object sample) throws NotSerializableException {
        WireFixture.assertSame(
                NEIGHBOUR.fromBinary(WIRE.serializer().toBinary(sample), NEIGHBOUR.manifest(sample)), sample);
    }

    @Test
    void valuesThatThisVersionDoesNotKnowAreReadAsTheirFallback() throws NotSerializableException {
        Beat beat = (Beat) samples().filter(Beat.class::isInstance).findFirst().orElseThrow();
        Beat unknown = new Beat(
                beat.from(),
                beat.to(),
                beat.sentNanos(),
                beat.echoNanos(),
                Standing.UNKNOWN,
                beat.losses(),
                beat.mediaNodes(),
                beat.loads(),
                beat.sightings(),
                beat.lifelinePort());

        Beat read = (Beat) WIRE.serializer().fromBinary(NEIGHBOUR.toBinary(unknown), NEIGHBOUR.manifest(unknown));

        assertThat(new String(NEIGHBOUR.toBinary(unknown), StandardCharsets.ISO_8859_1))
                .contains("VALUE_OF_THE_NEXT_VERSION");
        assertThat(read.standing()).isEqualTo(Standing.UNKNOWN);
    }
}
