package org.rotunda.media.stun;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Tests with the vectors of RFC 5769 §2.1–2.3. Their padding is not zero, on purpose. */
class StunVectorsTest {
    static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";
    static final String REQUEST = "000100582112a442b7e7a701bc34d686fa87dfae"
            + "802200105354554e207465737420636c69656e74"
            + "002400046e0001ff"
            + "80290008932ff9b151263b36"
            + "000600096576746a3a68367659202020"
            + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
            + "80280004e57a3bcf";
    static final String RESPONSE_IPV4 = "0101003c2112a442b7e7a701bc34d686fa87dfae"
            + "8022000b7465737420766563746f7220"
            + "002000080001a147e112a643"
            + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
            + "80280004c07d4c96";
    static final String RESPONSE_IPV6 = "010100482112a442b7e7a701bc34d686fa87dfae"
            + "8022000b7465737420766563746f7220"
            + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
            + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
            + "80280004c8fb0b4c";

    private final StunMessage message = new StunMessage();
    private final StunIntegrity integrity = new StunIntegrity(PASSWORD);

    static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    @Test
    void readsTheSampleRequest() {
        assertThat(message.parse(bytes(REQUEST))).isTrue();
        assertThat(message.type()).isEqualTo(StunMessage.BINDING_REQUEST);
        assertThat(message.username()).isEqualTo("evtj:h6vY");
        assertThat(message.localUfrag()).isEqualTo("evtj");
        assertThat(message.remoteUfrag()).isEqualTo("h6vY");
        assertThat(message.priority()).isEqualTo(0x6E0001FFL);
        assertThat(message.isFromControlled()).isTrue();
        assertThat(message.isFromControlling()).isFalse();
        assertThat(message.tieBreaker()).isEqualTo(0x932FF9B151263B36L);
        assertThat(message.isUseCandidate()).isFalse();
        assertThat(message.unknownAttributeCount()).isZero();
        assertThat(message.isAuthentic(integrity)).isTrue();
        assertThat(message.isAuthentic(new StunIntegrity("another password of 24")))
                .isFalse();
        assertThat(message.isFingerprintRight()).isTrue();
    }

    @Test
    void readsTheSampleIpv4Response() {
        assertThat(message.parse(bytes(RESPONSE_IPV4))).isTrue();
        assertThat(message.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
        assertThat(message.mappedAddress()).isEqualTo(new InetSocketAddress("192.0.2.1", 32853));
        assertThat(message.isAuthentic(integrity)).isTrue();
        assertThat(message.isFingerprintRight()).isTrue();
    }

    @Test
    void readsTheSampleIpv6Response() {
        assertThat(message.parse(bytes(RESPONSE_IPV6))).isTrue();
        assertThat(message.mappedAddress())
                .isEqualTo(new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853));
        assertThat(message.isAuthentic(integrity)).isTrue();
        assertThat(message.isFingerprintRight()).isTrue();
    }
}
