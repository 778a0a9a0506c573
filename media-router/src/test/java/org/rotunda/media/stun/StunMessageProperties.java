package org.rotunda.media.stun;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Properties of reading arbitrary bytes: no method throws or reads outside the datagram. */
class StunMessageProperties {
    private static final StunIntegrity INTEGRITY = new StunIntegrity(StunVectorsTest.PASSWORD);

    private final StunMessage message = new StunMessage();

    /** Calls every method of the view. A read beyond the datagram would throw. */
    private void readAll(byte[] bytes, int leading) {
        ByteBuf datagram = Unpooled.buffer(leading + bytes.length, leading + bytes.length)
                .writeZero(leading)
                .writeBytes(bytes)
                .skipBytes(leading);
        if (!message.parse(datagram)) {
            return;
        }
        message.type();
        message.username();
        message.localUfrag();
        message.remoteUfrag();
        if (message.hasPriority()) {
            message.priority();
        }
        message.tieBreaker();
        message.errorCode();
        message.mappedAddress();
        message.isAuthentic(INTEGRITY);
        message.isFingerprintRight();
        assertThat(message.unknownAttributeCount()).isLessThanOrEqualTo(StunMessage.UNKNOWN_ATTRIBUTES_MAX);
        assertThat(datagram.readerIndex()).isEqualTo(leading);
    }

    @Property(tries = 2000)
    void randomBytes(@ForAll @Size(max = 1600) byte[] bytes, @ForAll @IntRange(max = 7) int leading) {
        readAll(bytes, leading);
    }

    @Property(tries = 2000)
    void randomAttributesBehindAValidHeader(@ForAll @Size(max = 375) int[] words) {
        ByteBuf datagram = Unpooled.buffer();
        datagram.writeShort(1)
                .writeShort(4 * words.length)
                .writeInt(StunMessage.MAGIC_COOKIE)
                .writeZero(12);
        for (int word : words) {
            datagram.writeInt(word & 0x00FF_003F); // Short attributes allow a long list of attributes.
        }
        readAll(ByteBufUtil.getBytes(datagram), 0);
    }

    @Property(tries = 3000)
    void mutatedVectors(
            @ForAll @IntRange(max = 2) int vector,
            @ForAll @Size(max = 6) List<@IntRange(max = 200) Integer> positions,
            @ForAll @Size(6) byte[] values,
            @ForAll @IntRange(max = 120) int length) {
        byte[] bytes = ByteBufUtil.decodeHexDump(
                List.of(StunVectorsTest.REQUEST, StunVectorsTest.RESPONSE_IPV4, StunVectorsTest.RESPONSE_IPV6)
                        .get(vector));
        for (int i = 0; i < positions.size(); i++) {
            bytes[positions.get(i) % bytes.length] = values[i];
        }
        readAll(bytes, 0);
        readAll(java.util.Arrays.copyOf(bytes, length), 0);
    }

    /** Tests that the bytes of a USERNAME are either refused or read as a text that a request can carry again. */
    @Property(tries = 1_000)
    void usernamesAreWrittenAsTheyWereRead(@ForAll @Size(max = 520) byte[] bytes, @ForAll boolean isText) {
        byte[] username = isText ? new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8) : bytes;
        ByteBuf request = request(username);
        if (!message.parse(request)) {
            return;
        }
        String read = Objects.requireNonNull(message.username());
        assertThat(read.getBytes(StandardCharsets.UTF_8)).isEqualTo(username);
        ByteBuf written = StunWriter.bindingRequest(
                UnpooledByteBufAllocator.DEFAULT,
                new StunWriter.BindingRequest(new byte[12], read, 1, true, 2, false),
                INTEGRITY);
        StunMessage again = new StunMessage();
        assertThat(again.parse(written)).isTrue();
        assertThat(again.username()).isEqualTo(read);
    }

    private static ByteBuf request(byte[] username) {
        int padding = -username.length & 3;
        return Unpooled.buffer()
                .writeShort(StunMessage.BINDING_REQUEST)
                .writeShort(4 + username.length + padding)
                .writeInt(StunMessage.MAGIC_COOKIE)
                .writeZero(12)
                .writeShort(StunAttribute.USERNAME)
                .writeShort(username.length)
                .writeBytes(username)
                .writeZero(padding);
    }

    @Example
    void usernameThatIsNotUtf8IsRefused() {
        assertThat(message.parse(request(new byte[] {'a', ':', (byte) 0xC0, (byte) 0x80})))
                .isFalse();
        assertThat(message.parse(request("a:é".getBytes(StandardCharsets.UTF_8))))
                .isTrue();
    }

    @Property(tries = 300)
    void aFlippedBitIsNeverAuthentic(@ForAll @IntRange(max = 8 * 100 - 1) int bit) {
        // The flipped bit lies before the end of MESSAGE-INTEGRITY.
        byte[] bytes = ByteBufUtil.decodeHexDump(StunVectorsTest.REQUEST);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        if (bit / 8 == 2 || bit / 8 == 3) {
            // The bit was in the length field, which MESSAGE-INTEGRITY does not cover. A message with a wrong length
            // does not parse.
            return;
        }
        assertThat(message.parse(Unpooled.wrappedBuffer(bytes)) && message.isAuthentic(INTEGRITY))
                .isFalse();
    }
}
