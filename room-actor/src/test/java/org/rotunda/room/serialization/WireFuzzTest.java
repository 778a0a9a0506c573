package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the messages between nodes: a message that is read can be written and read as the same. */
class WireFuzzTest {
    private static final WireFixture WIRE = new WireFixture();
    private static final int ID_BYTES = Short.BYTES;

    @AfterAll
    static void stop() {
        WIRE.close();
    }

    /** Each input is the id of a message's class in two bytes, then the message. */
    static Stream<byte[]> seeds() {
        return WIRE.samples().stream().map(WireFuzzTest::input);
    }

    private static byte[] input(Object message) {
        byte[] bytes = WIRE.serializer().toBinary(message);
        int id = Integer.parseInt(WIRE.serializer().manifest(message));
        return ByteBuffer.allocate(ID_BYTES + bytes.length)
                .putShort((short) id)
                .put(bytes)
                .array();
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefuses(byte[] bytes) throws NotSerializableException {
        if (bytes.length < ID_BYTES) {
            return;
        }
        String manifest = Integer.toString(ByteBuffer.wrap(bytes).getShort());
        Object read;
        try {
            read = WIRE.serializer().fromBinary(Arrays.copyOfRange(bytes, ID_BYTES, bytes.length), manifest);
        } catch (NotSerializableException refused) {
            return;
        }
        assertThat(WIRE.serializer().manifest(read)).isEqualTo(manifest);
        byte[] written = WIRE.serializer().toBinary(read);
        Object again = WIRE.serializer().fromBinary(written, manifest);
        WireFixture.assertSame(again, read);
        assertThat(WIRE.serializer().toBinary(again)).isEqualTo(written);
    }
}
