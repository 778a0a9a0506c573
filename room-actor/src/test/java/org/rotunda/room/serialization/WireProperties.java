package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.NotSerializableException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.pekko.actor.typed.ActorRef;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.SessionNotice;

/**
 * Properties of the wire format: every message is read as it was written, and arbitrary bytes are read as a message or
 * refused.
 */
class WireProperties {
    private static final WireFixture WIRE = new WireFixture();
    private static final List<ActorRef<Object>> ACTORS = Stream.generate(
                    () -> WIRE.kit().createTestProbe().getRef())
            .limit(3)
            .toList();
    private static final List<WireRow<?>> MESSAGES = WireTable.ROWS.stream()
            .filter(row -> row.kind() == WireRow.Kind.MESSAGE)
            .<WireRow<?>>map(row -> row)
            .toList();

    /**
     * The number of bytes of memory that a read may take in addition to {@link #COST_PER_BYTE} for each byte of input,
     * for example for an exception.
     */
    private static final long COST_BYTES = 512 << 10;

    /**
     * The number of bytes of memory that a read may take for each byte of input. In a list, an empty record takes one
     * byte on the wire and about this much memory.
     */
    private static final long COST_PER_BYTE = 100;

    @AfterContainer
    static void stop() {
        WIRE.close();
    }

    @Property(tries = 2000)
    void anyMessageComesBackAsItWas(@ForAll long seed) throws NotSerializableException {
        RandomMessages messages = new RandomMessages(seed, ACTORS);
        WireRow<?> row = MESSAGES.get(Math.floorMod(seed, MESSAGES.size()));
        Object message = messages.next(row.type());

        Object read = WIRE.roundTrip(message);

        WireFixture.assertSame(read, message);
        assertThat(WIRE.serializer().toBinary(read)).isEqualTo(WIRE.serializer().toBinary(message));
    }

    @Property(tries = 3000)
    void randomBytesAreReadOrRefused(@ForAll @IntRange(max = 1 << 16) int row, @ForAll @Size(max = 300) byte[] bytes) {
        readOrRefuse(Integer.toString(MESSAGES.get(row % MESSAGES.size()).id()), bytes);
    }

    @Property(tries = 5000)
    void damagedMessagesAreReadOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        Object message = new RandomMessages(seed, ACTORS)
                .next(MESSAGES.get(random.nextInt(MESSAGES.size())).type());
        byte[] bytes = WIRE.serializer().toBinary(message);
        int damages = 1 + random.nextInt(4);
        for (int i = 0; i < damages; i++) {
            bytes = damage(bytes, random);
        }

        readOrRefuse(WIRE.serializer().manifest(message), bytes);
    }

    private static byte[] damage(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length + 1);
        int length = random.nextInt(bytes.length - at + 1);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length));
            case 2 -> joined(Arrays.copyOf(bytes, at + length), Arrays.copyOfRange(bytes, at, bytes.length));
            default -> {
                byte[] changed = bytes.clone();
                if (at < changed.length) {
                    changed[at] = (byte) random.nextInt();
                }
                yield changed;
            }
        };
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    /**
     * Reads the bytes. Fails if the result is neither a message nor a {@link NotSerializableException}, or if the read
     * takes too much memory.
     */
    private static void readOrRefuse(String manifest, byte[] bytes) {
        long before = allocated();
        try {
            assertThat(WIRE.serializer().fromBinary(bytes, manifest)).isNotNull();
        } catch (NotSerializableException refused) {
            assertThat(refused).hasMessageContaining("not a valid");
        }
        assertThat(allocated() - before).isLessThan(COST_BYTES + COST_PER_BYTE * bytes.length);
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    @Example
    void mebibyteOfSessionDescriptionFits() throws NotSerializableException {
        SessionNotice.Descriptions message = descriptions(1 << 20, 1);

        assertThat(WIRE.roundTrip(message)).isEqualTo(message);
    }

    @Property(tries = 20)
    void unacknowledgedMessagesFitWhateverTheirSizes(
            @ForAll @IntRange(max = 1024) int labelChars, @ForAll @IntRange(max = 256) int payloadBytes)
            throws NotSerializableException {
        DataMessage message = new DataMessage("\u20AC".repeat(labelChars), true, new byte[payloadBytes]);
        int count = MediaEvent.UNACKNOWLEDGED_BYTES_MAX / message.chargedBytes();
        MediaEvent.Unacknowledged event = new MediaEvent.Unacknowledged(
                new TransportId("room", "participant", "connection"), Collections.nCopies(count, message));

        assertThat(WIRE.roundTrip(event)).isEqualTo(event);
    }

    @Example
    void messageLargerThanAFrameIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WIRE.serializer().toBinary(descriptions(1 << 20, 2)))
                .withMessageContaining("Descriptions is larger than");
        assertThatThrownBy(() -> WIRE.serializer().fromBinary(new byte[2 << 20], "203"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("larger than");
    }

    @Example
    void collectionsWithTooManyElementsAreRefused() {
        SessionNotice.Descriptions many = descriptions(0, CollectionSerializers.ELEMENTS_MAX + 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> WIRE.serializer().toBinary(many))
                .havingCause()
                .withMessageContaining("elements");
    }

    private static SessionNotice.Descriptions descriptions(int sdpChars, int count) {
        String sdp = "a".repeat(sdpChars);
        return new SessionNotice.Descriptions(IntStream.range(0, count)
                .mapToObj(i -> new ConnectionDescription("c", new Description(Description.Type.OFFER, i, sdp)))
                .toList());
    }
}
