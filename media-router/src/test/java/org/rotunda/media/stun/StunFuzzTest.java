package org.rotunda.media.stun;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.stun.StunWriter.BindingRequest;
import org.rotunda.media.testkit.FuzzInput;

/** Fuzzes the reader of STUN messages: a message that is accepted can be read, answered, and written again. */
class StunFuzzTest {
    // Without leak tracking: the garbage collector takes these buffers.
    private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false, true);
    private static final StunIntegrity INTEGRITY = new StunIntegrity(StunVectorsTest.PASSWORD);
    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 32_853);

    static Stream<byte[]> seeds() {
        BindingRequest check =
                new BindingRequest("transaction!".getBytes(StandardCharsets.US_ASCII), "ours:theirs", 7, true, 9, true);
        return Stream.concat(
                Stream.of(StunVectorsTest.REQUEST, StunVectorsTest.RESPONSE_IPV4, StunVectorsTest.RESPONSE_IPV6)
                        .map(ByteBufUtil::decodeHexDump),
                Stream.of(ByteBufUtil.getBytes(StunWriter.bindingRequest(ALLOCATOR, check, INTEGRITY))));
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        ByteBuf datagram = FuzzInput.datagram(bytes);
        StunMessage message = new StunMessage();
        if (!message.parse(datagram)) {
            return;
        }
        assertThat(message.unknownAttributeCount()).isBetween(0, StunMessage.UNKNOWN_ATTRIBUTES_MAX);
        assertThat(message.errorCode()).isBetween(0, 1_000);
        message.mappedAddress();
        message.tieBreaker();
        if (message.hasPriority()) {
            assertThat(message.priority()).isBetween(0L, 0xFFFF_FFFFL);
        }
        boolean isAuthentic = message.isAuthentic(INTEGRITY);
        message.isFingerprintRight();
        String username = message.username();
        if (username != null) {
            String local = message.localUfrag();
            assertThat(local == null ? username : local + ":" + message.remoteUfrag())
                    .isEqualTo(username);
            assertUsernameIsWritable(username);
        }
        answer(message);
        assertThat(message.isAuthentic(INTEGRITY)).isEqualTo(isAuthentic);
        assertThat(ByteBufUtil.getBytes(datagram)).isEqualTo(bytes);
    }

    private static void assertUsernameIsWritable(String username) {
        BindingRequest check = new BindingRequest(new byte[12], username, 1, true, 2, false);
        ByteBuf written = StunWriter.bindingRequest(ALLOCATOR, check, INTEGRITY);
        StunMessage again = new StunMessage();
        assertThat(again.parse(written)).isTrue();
        assertThat(again.username()).isEqualTo(username);
        assertThat(again.isAuthentic(INTEGRITY)).isTrue();
    }

    private static void answer(StunMessage request) {
        StunMessage success = parsed(StunWriter.bindingSuccess(ALLOCATOR, request, SOURCE, INTEGRITY));
        assertThat(success.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
        assertThat(success.mappedAddress()).isEqualTo(SOURCE);
        assertThat(success.isAuthentic(INTEGRITY)).isTrue();
        for (StunError error : StunError.values()) {
            StunMessage refusal = parsed(StunWriter.bindingError(ALLOCATOR, request, error, null));
            assertThat(refusal.errorCode()).isEqualTo(error.code());
            assertThat(refusal.isFingerprintRight()).isTrue();
        }
    }

    private static StunMessage parsed(ByteBuf written) {
        StunMessage message = new StunMessage();
        assertThat(message.parse(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(written))))
                .isTrue();
        return message;
    }
}
