package org.rotunda.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.DatagramTransport;
import org.junit.jupiter.api.Test;

/** Tests the sending of datagrams after the handshake. */
class RecordDatagramsTest {
    private static final int APPLICATION_DATA = 23;

    private final List<Integer> sent = new ArrayList<>();
    private final RecordDatagrams datagrams =
            new RecordDatagrams(new Nobody(), (bytes, offset, length) -> sent.add((int) bytes[offset]));

    @Test
    void shouldLimitRepeatsOfTheLastFlight() throws IOException {
        datagrams.handOver();
        for (int round = 0; round < 20; round++) {
            send(DtlsAdmission.CHANGE_CIPHER_SPEC);
            send(DtlsAdmission.HANDSHAKE);
        }

        assertThat(sent)
                .hasSize(2 * RecordDatagrams.FLIGHT_REPEATS_MAX)
                .startsWith(DtlsAdmission.CHANGE_CIPHER_SPEC, DtlsAdmission.HANDSHAKE);
    }

    @Test
    void shouldNotRepeatTheLastFlightForAPeerThatHasIt() throws IOException {
        datagrams.handOver();
        datagrams.onPeerDone();
        send(DtlsAdmission.CHANGE_CIPHER_SPEC);
        send(DtlsAdmission.HANDSHAKE);
        send(APPLICATION_DATA);

        assertThat(sent).containsExactly(APPLICATION_DATA);
    }

    @Test
    void shouldKeepTheReceiveLimitForRemainingHandshakeRecords() throws IOException {
        datagrams.handOver();
        assertThat(datagrams.getReceiveLimit()).isEqualTo(DtlsAdmission.DATAGRAM_LENGTH_MAX);

        datagrams.load(new byte[81]);

        assertThat(datagrams.getReceiveLimit()).isEqualTo(DtlsAdmission.DATAGRAM_LENGTH_MAX);
    }

    private void send(int contentType) throws IOException {
        datagrams.send(new byte[] {(byte) contentType, (byte) 0xFE, (byte) 0xFD}, 0, 3);
    }

    /** The transport of the handshake. After the handover nothing may be sent or closed through it. */
    private static final class Nobody implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return 0;
        }

        @Override
        public int getSendLimit() {
            return 0;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) {
            return -1;
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {
            throw new IllegalStateException("the handshake is over");
        }

        @Override
        public void close() {
            throw new IllegalStateException("the handshake is over");
        }
    }
}
