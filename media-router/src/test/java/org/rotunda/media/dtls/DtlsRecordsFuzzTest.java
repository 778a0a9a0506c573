package org.rotunda.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.net.HandshakePool;
import org.rotunda.media.testkit.FuzzInput;

/** Fuzzes the check of DTLS records, and an association to which forged records come after its handshake. */
class DtlsRecordsFuzzTest {
    private static final HandshakePool POOL = new HandshakePool();
    private static final DtlsLink OPEN = DtlsLink.connected(POOL);

    @AfterAll
    static void closePool() {
        OPEN.server.close(false);
        POOL.close();
    }

    static Stream<byte[]> seeds() throws IOException {
        byte[] fragment = DtlsRecords.fragment(16, 66, 0, 66);
        byte[] spec = DtlsRecords.record(DtlsAdmission.CHANGE_CIPHER_SPEC, 0, 6, new byte[] {1});
        byte[] data = DtlsRecords.record(DtlsAdmission.APPLICATION_DATA, 1, 1, new byte[60]);
        return Stream.of(
                ClientHellos.chromium(0),
                DtlsRecords.record(DtlsAdmission.HANDSHAKE, 0, 5, fragment),
                DtlsRecords.join(DtlsRecords.record(DtlsAdmission.HANDSHAKE, 0, 5, fragment), spec, data),
                DtlsRecords.alert(2, 40),
                data);
    }

    @MethodSource("seeds")
    @FuzzTest
    void forgedRecordsChangeNothing(byte[] bytes) {
        ByteBuf datagram = FuzzInput.datagram(bytes);
        for (boolean hasKeys : new boolean[] {false, true}) {
            if (DtlsAdmission.refusalOf(datagram, hasKeys) == null) {
                assertThat(DtlsAdmission.handshakeMessage(bytes)).isBetween(-1, DtlsAdmission.PROTECTED_MESSAGE);
                new CipherSpecOrder().admits(datagram);
                if (DtlsAdmission.startsWithClientHello(datagram)) {
                    assertThat(bytes[0]).isEqualTo((byte) DtlsAdmission.HANDSHAKE);
                }
            }
        }
        assertThat(ByteBufUtil.getBytes(datagram)).isEqualTo(bytes);
        OPEN.give(bytes);
        assertThat(OPEN.closed).isNull();
        assertThat(OPEN.server.isOpen()).isTrue();
        assertThat(OPEN.received).isEmpty();
        OPEN.sentByServer.clear();
    }
}
