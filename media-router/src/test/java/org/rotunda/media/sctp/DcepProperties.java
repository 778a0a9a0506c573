package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Properties of the messages that open data channels. */
class DcepProperties {
    private static ByteBuf message(int type, int limit, byte[] label, byte[] protocol) {
        return Unpooled.buffer()
                .writeByte(Dcep.OPEN)
                .writeByte(type)
                .writeShort(0)
                .writeInt(limit)
                .writeShort(label.length)
                .writeShort(protocol.length)
                .writeBytes(label)
                .writeBytes(protocol);
    }

    /**
     * Checks that we can write what we have read, because a subscriber's channel has the parameters of the publisher's
     * channel.
     */
    private static void assertWritableIfRead(ByteBuf message) {
        Dcep.Open open = Dcep.readOpen(message);
        if (open != null) {
            byte[] written = Objects.requireNonNull(Dcep.open(open.label(), open.parameters()));
            assertThat(Dcep.readOpen(Unpooled.wrappedBuffer(written))).isEqualTo(open);
        }
    }

    @Property(tries = 2_000)
    void readMessagesCanBeWritten(
            @ForAll @IntRange(max = 255) int type,
            @ForAll int limit,
            @ForAll @Size(max = 300) byte[] label,
            @ForAll @Size(max = 300) byte[] protocol) {
        assertWritableIfRead(message(type, limit, label, protocol));
        assertWritableIfRead(message(type & 0x83, limit, new byte[0], protocol));
    }

    @Property(tries = 1_000)
    void textIsReadAndWrittenUnchanged(
            @ForAll @IntRange(max = 2) int type, @ForAll int limit, @ForAll String label, @ForAll String protocol) {
        assertWritableIfRead(message(
                type, limit, label.getBytes(StandardCharsets.UTF_8), protocol.getBytes(StandardCharsets.UTF_8)));
    }

    @Example
    void textThatIsNotUtf8IsRefused() {
        byte[] label = "data-1".getBytes(StandardCharsets.UTF_8);
        byte[] malformed = new byte[Dcep.LABEL_BYTES_MAX / 2];
        Arrays.fill(malformed, (byte) 0x80);

        assertThat(Dcep.readOpen(message(0, 0, label, malformed))).isNull();
        assertThat(Dcep.readOpen(message(0, 0, malformed, new byte[0]))).isNull();
        assertThat(Dcep.readOpen(message(0, 0, label, new byte[0]))).isNotNull();
    }

    @Example
    void textBeyondTheLimitIsRefusedInBothDirections() {
        byte[] longest = "x".repeat(Dcep.LABEL_BYTES_MAX).getBytes(StandardCharsets.UTF_8);
        byte[] longer = "x".repeat(Dcep.LABEL_BYTES_MAX + 1).getBytes(StandardCharsets.UTF_8);

        assertThat(Dcep.readOpen(message(0, 0, longest, longest))).isNotNull();
        assertThat(Dcep.readOpen(message(0, 0, longer, longest))).isNull();
        assertThat(Dcep.open(new String(longer, StandardCharsets.UTF_8), ChannelParameters.RELIABLE))
                .isNull();
    }
}
