package org.rotunda.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.stream.Stream;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DatagramTransport;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.testkit.FuzzInput;

/** Fuzzes the server's side of a DTLS handshake with datagrams of a client, as far as the check of records admits. */
class DtlsHandshakeFuzzTest {
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int DATAGRAMS_MAX = 16;
    private static final int SENT_BYTES_MAX = 64 << 10;

    static Stream<byte[]> seeds() throws IOException {
        byte[] first = ClientHellos.chromium(0);
        byte[] second = ClientHellos.chromium(1);
        return Stream.of(
                new FuzzInput.Writer().block(first).block(second).bytes(),
                new FuzzInput.Writer()
                        .block(second)
                        .block(first)
                        .block(ClientHellos.chromium(2))
                        .block(ClientHellos.chromium(3))
                        .bytes(),
                new FuzzInput.Writer()
                        .block(first)
                        .block(second)
                        .block(DtlsRecords.record(DtlsAdmission.HANDSHAKE, 0, 2, DtlsRecords.fragment(11, 300, 0, 300)))
                        .block(DtlsRecords.alert(2, 40))
                        .bytes());
    }

    @MethodSource("seeds")
    @FuzzTest
    void neverGivesKeysToAClientWithoutAProof(byte[] bytes) {
        DtlsServer server = new DtlsServer(DtlsLink.SERVER, TIMEOUT_MILLIS);
        Script client = new Script(bytes);
        try {
            new DTLSServerProtocol().accept(server, client);
            throw new AssertionError("a handshake without the private key of the client has succeeded");
        } catch (IOException | RuntimeException refused) {
            // DtlsTransport ends the handshake after either of the two.
            assertThat(server.keys()).isNull();
        }
        assertThat(client.sentBytes).isLessThanOrEqualTo(SENT_BYTES_MAX);
    }

    /** Gives the datagrams of the input to the server. The connection ends after the last one. */
    private static final class Script implements DatagramTransport {
        int sentBytes;
        private final ArrayDeque<byte[]> datagrams = new ArrayDeque<>();

        Script(byte[] bytes) {
            FuzzInput input = new FuzzInput(bytes);
            for (int i = 0; i < DATAGRAMS_MAX && input.hasMore(); i++) {
                byte[] datagram = input.block();
                if (DtlsAdmission.refusalOf(Unpooled.wrappedBuffer(datagram), false) == null) {
                    datagrams.add(datagram);
                }
            }
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
            byte[] datagram = datagrams.poll();
            if (datagram == null) {
                throw new EOFException("the input has no more datagrams");
            }
            int count = Math.min(length, datagram.length);
            System.arraycopy(datagram, 0, buffer, offset, count);
            return count;
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {
            assertThat(length).isLessThanOrEqualTo(RecordDatagrams.HANDSHAKE_MTU);
            sentBytes += length;
        }

        @Override
        public int getReceiveLimit() {
            return DtlsAdmission.DATAGRAM_LENGTH_MAX;
        }

        @Override
        public int getSendLimit() {
            return RecordDatagrams.HANDSHAKE_MTU;
        }

        @Override
        public void close() {
            datagrams.clear();
        }
    }
}
