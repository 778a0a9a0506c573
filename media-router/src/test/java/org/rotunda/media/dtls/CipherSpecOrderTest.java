package org.rotunda.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class CipherSpecOrderTest {
    private final CipherSpecOrder order = new CipherSpecOrder();

    @Test
    void letsAFlightInOrderPass() {
        assertThat(order.admits(record(DtlsAdmission.HANDSHAKE, 0, 4))).isTrue();
        assertThat(order.admits(record(DtlsAdmission.CHANGE_CIPHER_SPEC, 0, 5))).isTrue();
        assertThat(order.admits(record(DtlsAdmission.HANDSHAKE, 1, 0))).isTrue();
    }

    @Test
    void letsAFlightInOneDatagramPass() {
        ByteBuf flight = Unpooled.wrappedBuffer(
                record(DtlsAdmission.HANDSHAKE, 0, 7),
                record(DtlsAdmission.CHANGE_CIPHER_SPEC, 0, 8),
                record(DtlsAdmission.HANDSHAKE, 1, 0));

        assertThat(order.admits(flight)).isTrue();
    }

    @Test
    void dropsAChangeCipherSpecThatOvertakesTheRecordBeforeIt() {
        order.admits(record(DtlsAdmission.HANDSHAKE, 0, 4));

        assertThat(order.admits(record(DtlsAdmission.CHANGE_CIPHER_SPEC, 0, 6))).isFalse();
    }

    @Test
    void letsTheRepeatedChangeCipherSpecPassOnceTheMissingRecordCame() {
        order.admits(record(DtlsAdmission.CHANGE_CIPHER_SPEC, 0, 6));
        order.admits(record(DtlsAdmission.HANDSHAKE, 0, 9));
        order.admits(record(DtlsAdmission.HANDSHAKE, 0, 5)); // Record 5 comes late.

        assertThat(order.admits(record(DtlsAdmission.CHANGE_CIPHER_SPEC, 0, 6))).isTrue();
        assertThat(order.admits(record(DtlsAdmission.CHANGE_CIPHER_SPEC, 0, 10)))
                .isTrue();
        assertThat(order.admits(record(DtlsAdmission.CHANGE_CIPHER_SPEC, 0, 1 << 20)))
                .isFalse();
    }

    private static ByteBuf record(int type, int epoch, long number) {
        return Unpooled.wrappedBuffer(DtlsRecords.record(type, epoch, number, new byte[] {1}));
    }
}
