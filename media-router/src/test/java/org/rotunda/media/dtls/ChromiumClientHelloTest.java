package org.rotunda.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.media.net.HandshakePool;

/**
 * Replays datagrams of Chromium 156, which were captured when it connected to an ICE-lite server. Chromium sends a
 * ClientHello for DTLS 1.3 with an ML-KEM key share, in two datagrams. After 50 ms it sends the same message with new
 * record numbers.
 */
class ChromiumClientHelloTest {
    private static final int SERVER_HELLO = 2;
    private static final int SERVER_HELLO_DONE = 14;
    private static final HandshakePool POOL = new HandshakePool();

    @Test
    void captureHoldsOneClientHelloInTwoDatagrams() throws IOException {
        assertThat(ClientHellos.chromium(0)).hasSize(1200);
        assertThat(ClientHellos.chromium(1)).hasSize(263);
        for (int i = 0; i < 4; i++) {
            assertThat(DtlsAdmission.refusalOf(Unpooled.wrappedBuffer(ClientHellos.chromium(i)), false))
                    .isNull();
            assertThat(DtlsAdmission.startsWithClientHello(Unpooled.wrappedBuffer(ClientHellos.chromium(i))))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "10", "001", "0123", "03", "12"})
    void clientHelloIsAnsweredWithTheServersFlight(String order) throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        for (int i = 0; i < order.length(); i++) {
            link.give(ClientHellos.chromium(order.charAt(i) - '0'));
        }
        link.await(() -> has(link.sentByServer, SERVER_HELLO_DONE));

        assertThat(has(link.sentByServer, SERVER_HELLO)).isTrue();
        assertThat(link.sentByServer).allMatch(datagram -> datagram.length <= RecordDatagrams.HANDSHAKE_MTU);
        ByteBuf hello = Unpooled.wrappedBuffer(link.sentByServer.get(0)).skipBytes(25);
        assertThat(hello.readUnsignedShort()).as("DTLS 1.2").isEqualTo(0xFEFD);
        hello.skipBytes(32); // Skips the random bytes.
        hello.skipBytes(hello.readUnsignedByte()); // Skips the session id.
        assertThat(hello.readUnsignedShort())
                .as("ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
                .isEqualTo(0xC02B);
        String extensions = HexFormat.of().formatHex(DtlsLink.bytes(hello));
        assertThat(extensions).as("use_srtp with profile 7").contains("000e00050002000700");
        link.server.close(false);
    }

    @Test
    void aSilentClientGetsTheFlightAgain() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        link.give(ClientHellos.chromium(0));
        link.give(ClientHellos.chromium(1));
        link.await(() -> count(link.sentByServer, SERVER_HELLO_DONE) >= 3);
        link.server.close(false);
    }

    @Test
    void oneHalfAloneIsNotAnswered() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        link.give(ClientHellos.chromium(0));
        assertThat(link.sentByServer).isEmpty();
        link.give(ClientHellos.chromium(1));
        link.await(() -> has(link.sentByServer, SERVER_HELLO_DONE));
        link.server.close(false);
    }

    private static boolean has(List<byte[]> datagrams, int messageType) {
        return count(datagrams, messageType) > 0;
    }

    private static long count(List<byte[]> datagrams, int messageType) {
        return datagrams.stream()
                .filter(datagram -> datagram[0] == 22 && datagram[13] == messageType)
                .count();
    }
}
