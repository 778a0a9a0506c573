package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.testkit.FuzzInput;

/** Fuzzes the messages that open data channels: an OPEN that is read can be written for every subscriber. */
class DcepFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.of(
                Dcep.ack(),
                open("data-1", ChannelParameters.RELIABLE),
                open("é\uD83D\uDE00", new ChannelParameters(false, 3, ChannelParameters.UNLIMITED, "protocol")),
                open("", new ChannelParameters(true, ChannelParameters.UNLIMITED, 1_000, "")));
    }

    private static byte[] open(String label, ChannelParameters parameters) {
        return Objects.requireNonNull(Dcep.open(label, parameters));
    }

    @MethodSource("seeds")
    @FuzzTest
    void writesWhatItReads(byte[] bytes) {
        ByteBuf message = FuzzInput.datagram(bytes);
        assertThat(Dcep.isAck(message) && Dcep.isOpen(message)).isFalse();
        if (!Dcep.isOpen(message)) {
            return;
        }
        Dcep.Open open = Dcep.readOpen(message);
        assertThat(message.readableBytes()).isEqualTo(bytes.length);
        if (open == null) {
            return;
        }
        assertThat(open.label().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(Dcep.LABEL_BYTES_MAX);
        byte[] written = open(open.label(), open.parameters());
        assertThat(written.length).isLessThanOrEqualTo(bytes.length);
        assertThat(Dcep.readOpen(Unpooled.wrappedBuffer(written))).isEqualTo(open);
    }
}
