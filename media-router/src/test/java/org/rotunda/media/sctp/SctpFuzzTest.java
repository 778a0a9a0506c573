package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.testkit.FuzzInput;

/**
 * Fuzzes an SCTP association with packets of its peer, in every state. An input is a state, then for each packet its
 * kind and its chunks. The test adds the header with a right checksum.
 */
class SctpFuzzTest {
    private static final int STATES = 8;
    private static final int SEED = 1;
    private static final int PACKETS_MAX = 64;
    /** A packet of this kind has the verification tag 0, which only an INIT may have. */
    private static final int WITHOUT_TAG = 1;
    /** A packet of this kind is passed on as it is, so its header may be wrong. */
    private static final int AS_IT_IS = 2;

    private final Crc32cChecksum checksum = new Crc32cChecksum();

    static Stream<byte[]> seeds() {
        return IntStream.range(0, STATES).mapToObj(state -> {
            FuzzInput.Writer writer = new FuzzInput.Writer().number(state);
            for (byte[] packet : new SctpVictim(SEED, state).recorded) {
                writer.number(0).block(Arrays.copyOfRange(packet, SctpPacket.HEADER_BYTES, packet.length));
            }
            return writer.bytes();
        });
    }

    @MethodSource("seeds")
    @FuzzTest
    void staysWithinItsLimits(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        SctpVictim victim = new SctpVictim(SEED, input.number() % STATES);
        for (int i = 0; i < PACKETS_MAX && input.hasMore(); i++) {
            int kind = input.number() % 4;
            byte[] content = input.block();
            if (kind == AS_IT_IS) {
                victim.receive(FuzzInput.datagram(content));
                continue;
            }
            ByteBuf packet = Unpooled.buffer(SctpPacket.HEADER_BYTES + content.length);
            packet.writeShort(SctpSettings.DEFAULT.port()).writeShort(SctpSettings.DEFAULT.port());
            packet.writeInt(kind == WITHOUT_TAG ? 0 : victim.tag()).writeInt(0).writeBytes(content);
            if (content.length > 0) {
                checksum.write(packet);
            }
            victim.receive(packet);
            assertThat(victim.association.receiver().heldBytes())
                    .isBetween(0, 2 * SctpSettings.DEFAULT.receiveWindowBytes());
        }
        victim.check();
    }
}
