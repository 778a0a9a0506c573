package org.rotunda.media.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.media.stun.StunWriter.BindingRequest;

class StunWriterTest {
    private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
    private static final byte[] TRANSACTION_ID = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

    private final StunIntegrity integrity = new StunIntegrity("a password of 22 chars");
    private final StunMessage request = new StunMessage();
    private final StunMessage response = new StunMessage();

    private static BindingRequest check(boolean useCandidate) {
        return new BindingRequest(TRANSACTION_ID, "server:client", 0xFFFF_FFFEL, true, -2, useCandidate);
    }

    @Test
    void requestReadsBackAsWritten() {
        ByteBuf datagram = StunWriter.bindingRequest(ALLOCATOR, check(true), integrity);
        assertThat(request.parse(datagram)).isTrue();
        assertThat(request.localUfrag()).isEqualTo("server");
        assertThat(request.remoteUfrag()).isEqualTo("client");
        assertThat(request.hasTransactionId(TRANSACTION_ID)).isTrue();
        assertThat(request.hasTransactionId(new byte[12])).isFalse();
        assertThat(request.priority()).isEqualTo(0xFFFF_FFFEL);
        assertThat(request.isUseCandidate()).isTrue();
        assertThat(request.isFromControlling()).isTrue();
        assertThat(request.tieBreaker()).isEqualTo(-2);
        assertThat(request.isAuthentic(integrity)).isTrue();
        assertThat(request.isFingerprintRight()).isTrue();
        datagram.release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "255.255.255.255", "2001:db8::1", "fe80::1"})
    void successNamesTheSourceAddress(String address) {
        InetSocketAddress source = new InetSocketAddress(address, 65535);
        ByteBuf datagram = StunWriter.bindingRequest(ALLOCATOR, check(false), integrity);
        request.parse(datagram);
        ByteBuf answer = StunWriter.bindingSuccess(ALLOCATOR, request, source, integrity);
        assertThat(response.parse(answer)).isTrue();
        assertThat(response.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
        assertThat(response.mappedAddress()).isEqualTo(source);
        assertThat(response.hasTransactionId(TRANSACTION_ID)).isTrue();
        assertThat(response.isAuthentic(integrity)).isTrue();
        assertThat(response.isFingerprintRight()).isTrue();
        datagram.release();
        answer.release();
    }

    @ParameterizedTest
    @EnumSource(StunError.class)
    void errorCarriesItsCode(StunError error) {
        ByteBuf datagram = StunWriter.bindingRequest(ALLOCATOR, check(false), integrity);
        request.parse(datagram);
        ByteBuf answer = StunWriter.bindingError(ALLOCATOR, request, error, null);
        assertThat(response.parse(answer)).isTrue();
        assertThat(response.type()).isEqualTo(StunMessage.BINDING_ERROR);
        assertThat(response.errorCode()).isEqualTo(error.code());
        assertThat(response.hasIntegrity()).isFalse();
        assertThat(response.isFingerprintRight()).isTrue();
        datagram.release();
        answer.release();
    }

    @Test
    void unknownAttributeAnswerNamesTheAttributesAndNoMoreThanItsLimit() {
        ByteBuf datagram = Unpooled.buffer();
        datagram.writeShort(StunMessage.BINDING_REQUEST)
                .writeShort(4 * 10)
                .writeInt(StunMessage.MAGIC_COOKIE)
                .writeBytes(TRANSACTION_ID);
        for (int i = 0; i < 10; i++) {
            datagram.writeShort(0x7F00 + i).writeShort(0);
        }
        assertThat(request.parse(datagram)).isTrue();
        assertThat(request.unknownAttributeCount()).isEqualTo(StunMessage.UNKNOWN_ATTRIBUTES_MAX);
        assertThat(request.unknownAttribute(1)).isEqualTo(0x7F01);
        ByteBuf answer = StunWriter.bindingError(ALLOCATOR, request, StunError.UNKNOWN_ATTRIBUTE, integrity);
        assertThat(answer.readableBytes()).isLessThanOrEqualTo(128);
        assertThat(response.parse(answer)).isTrue();
        assertThat(response.isAuthentic(integrity)).isTrue();
        answer.release();
    }

    @Test
    void changedMessageIsNotAuthentic() {
        ByteBuf datagram = StunWriter.bindingRequest(ALLOCATOR, check(false), integrity);
        datagram.setByte(8, 99); // Byte 8 is the first byte of the transaction id.
        assertThat(request.parse(datagram)).isTrue();
        assertThat(request.isAuthentic(integrity)).isFalse();
        assertThat(request.isFingerprintRight()).isFalse();
        datagram.release();
    }

    @Test
    void attributesBehindTheIntegrityAreNotTrusted() {
        ByteBuf datagram = StunWriter.bindingRequest(ALLOCATOR, check(false), integrity);
        ByteBuf forged = Unpooled.buffer().writeBytes(datagram, 0, datagram.readableBytes() - 8);
        forged.writeShort(StunAttribute.USE_CANDIDATE).writeShort(0);
        forged.setShort(2, forged.readableBytes() - StunMessage.HEADER_LENGTH_BYTES);
        assertThat(request.parse(forged)).isTrue();
        assertThat(request.isAuthentic(integrity)).isTrue();
        assertThat(request.isUseCandidate()).isFalse();
        datagram.release();
    }

    @Test
    void viewRefusesQuestionsBeforeItHoldsAMessage() {
        assertThat(request.parse(Unpooled.EMPTY_BUFFER)).isFalse();
        assertThatThrownBy(request::type).isInstanceOf(IllegalStateException.class);
    }
}
