package org.rotunda.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.dtls.DtlsRecords.alert;
import static org.rotunda.media.dtls.DtlsRecords.fragment;
import static org.rotunda.media.dtls.DtlsRecords.join;
import static org.rotunda.media.dtls.DtlsRecords.record;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DtlsAdmissionTest {
    private static final int LIMIT = DtlsAdmission.HANDSHAKE_LENGTH_MAX;
    private static final byte[] GOOD = record(22, 0, 0, fragment(1, 300, 0, 300));
    private static final byte[] HUGE = record(22, 0, 1, fragment(11, 0xFFFFFF, 0, 10));

    @Test
    void admitsOrdinaryRecords() {
        assertThat(refusal(GOOD)).isNull();
        assertThat(refusal(record(22, 0, 0, fragment(1, LIMIT, 0, 1100)))).isNull();
        assertThat(refusal(join(GOOD, record(20, 0, 1, new byte[] {1}), record(22, 1, 0, new byte[40]))))
                .isNull();
        assertThat(refusal(record(23, 1, 5, new byte[60]))).isNull();
        assertThat(refusal(alert(2, 40))).isNull();
    }

    @Test
    void knowsTheVersionsOfRecordsAndNoOther() {
        byte[] body = new byte[40];
        assertThat(refusal(record(23, 0xFEFD, 1, 5, body))).isNull();
        assertThat(refusal(record(22, 0xFEFF, 0, 0, fragment(1, 300, 0, 300)))).isNull();
        for (int version : new int[] {0xFEFE, 0xFEFC, 0xFE00, 0xFDFD, 0x0303}) {
            assertThat(refusal(record(23, version, 1, 5, body)))
                    .as("%x", version)
                    .isEqualTo(DtlsDrop.MALFORMED_RECORD);
        }
    }

    @Test
    void dropsAFragmentThatClaimsMoreThanTheLimit() {
        assertThat(refusal(record(22, 0, 0, fragment(1, LIMIT + 1, 0, 1100)))).isEqualTo(DtlsDrop.OVERSIZE_HANDSHAKE);
        assertThat(refusal(HUGE)).isEqualTo(DtlsDrop.OVERSIZE_HANDSHAKE);
        assertThat(refusal(record(22, 0, 0, fragment(1, 0xFFFFFF, 0xFFFFF0, 0))))
                .isEqualTo(DtlsDrop.OVERSIZE_HANDSHAKE);
    }

    @Test
    void looksAtEveryRecordOfADatagram() {
        assertThat(refusal(join(GOOD, HUGE))).isEqualTo(DtlsDrop.OVERSIZE_HANDSHAKE);
        assertThat(refusal(join(record(20, 0, 0, new byte[] {1}), GOOD, HUGE))).isEqualTo(DtlsDrop.OVERSIZE_HANDSHAKE);
        assertThat(refusal(join(record(22, 1, 0, new byte[40]), HUGE))).isEqualTo(DtlsDrop.OVERSIZE_HANDSHAKE);
    }

    @Test
    void looksAtEveryFragmentOfARecord() {
        byte[] fragments = join(fragment(1, 100, 0, 100), fragment(11, LIMIT + 1, 0, 4));
        assertThat(refusal(record(22, 0, 0, fragments))).isEqualTo(DtlsDrop.OVERSIZE_HANDSHAKE);
        assertThat(refusal(join(GOOD, record(22, 0, 0, fragments)))).isEqualTo(DtlsDrop.OVERSIZE_HANDSHAKE);
    }

    @Test
    void dropsDatagramsThatAreNotASequenceOfWholeRecords() {
        assertThat(refusal(new byte[0])).isEqualTo(DtlsDrop.MALFORMED_RECORD);
        assertThat(refusal(new byte[] {22, (byte) 0xFE, (byte) 0xFD})).isEqualTo(DtlsDrop.MALFORMED_RECORD);
        assertThat(refusal(join(GOOD, new byte[] {22}))).isEqualTo(DtlsDrop.MALFORMED_RECORD);
        assertThat(refusal(record(24, 0, 0, new byte[30]))).isEqualTo(DtlsDrop.MALFORMED_RECORD);
        // 0x2C is the first byte of a DTLS 1.3 record.
        assertThat(refusal(record(0x2C, 0, 0, new byte[30]))).isEqualTo(DtlsDrop.MALFORMED_RECORD);
        byte[] tls = GOOD.clone();
        tls[1] = 3;
        assertThat(refusal(tls)).isEqualTo(DtlsDrop.MALFORMED_RECORD);
    }

    @Test
    void dropsBrokenFragments() {
        assertThat(refusal(record(22, 0, 0, new byte[0]))).isEqualTo(DtlsDrop.MALFORMED_HANDSHAKE);
        assertThat(refusal(record(22, 0, 0, new byte[11]))).isEqualTo(DtlsDrop.MALFORMED_HANDSHAKE);
        assertThat(refusal(record(22, 0, 0, fragment(1, 100, 60, 50)))).isEqualTo(DtlsDrop.MALFORMED_HANDSHAKE);
        byte[] cut = fragment(1, 100, 0, 100);
        assertThat(refusal(record(22, 0, 0, Arrays.copyOf(cut, 80)))).isEqualTo(DtlsDrop.MALFORMED_HANDSHAKE);
    }

    @Test
    void dropsProtectedRecordsTooShortForTheirTag() {
        assertThat(refusal(record(23, 1, 0, new byte[23]))).isEqualTo(DtlsDrop.MALFORMED_RECORD);
        assertThat(refusal(record(23, 1, 0, new byte[24]))).isNull();
    }

    @Test
    void dropsOversizeDatagrams() {
        assertThat(refusal(record(23, 1, 0, new byte[DtlsAdmission.DATAGRAM_LENGTH_MAX])))
                .isEqualTo(DtlsDrop.OVERSIZE_DATAGRAM);
    }

    @Test
    void dropsPlaintextAlertsOnceKeysExist() {
        ByteBuf alone = Unpooled.wrappedBuffer(alert(2, 40));
        ByteBuf behind = Unpooled.wrappedBuffer(join(record(23, 1, 0, new byte[60]), alert(1, 0)));
        assertThat(DtlsAdmission.refusalOf(alone, true)).isEqualTo(DtlsDrop.ALERT_AFTER_KEYS);
        assertThat(DtlsAdmission.refusalOf(behind, true)).isEqualTo(DtlsDrop.ALERT_AFTER_KEYS);
        assertThat(DtlsAdmission.refusalOf(Unpooled.wrappedBuffer(record(21, 1, 0, new byte[26])), true))
                .isNull();
    }

    @Test
    void allocatesNothing() {
        ByteBuf[] datagrams = {
            Unpooled.wrappedBuffer(GOOD),
            Unpooled.wrappedBuffer(HUGE),
            Unpooled.wrappedBuffer(join(GOOD, HUGE)),
            Unpooled.wrappedBuffer(record(22, 0, 0, join(fragment(1, 100, 0, 100), fragment(11, LIMIT + 1, 0, 4)))),
        };
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int dropped = checkAll(datagrams, 20_000); // The first run compiles the code and loads the classes.
        long before = threads.getThreadAllocatedBytes(thread);
        // The measurement itself allocates this number of bytes.
        long baseline = threads.getThreadAllocatedBytes(thread) - before;
        before = threads.getThreadAllocatedBytes(thread);
        dropped += checkAll(datagrams, 20_000);
        long allocated = threads.getThreadAllocatedBytes(thread) - before - baseline;
        assertThat(dropped).isEqualTo(2 * 3 * 20_000);
        assertThat(allocated).isLessThan(20_000); // This is less than a byte per datagram.
    }

    private static int checkAll(ByteBuf[] datagrams, int times) {
        int dropped = 0;
        for (int i = 0; i < times; i++) {
            for (ByteBuf datagram : datagrams) {
                dropped += DtlsAdmission.refusalOf(datagram, false) == DtlsDrop.OVERSIZE_HANDSHAKE ? 1 : 0;
            }
        }
        return dropped;
    }

    private static @Nullable DtlsDrop refusal(byte[] datagram) {
        return DtlsAdmission.refusalOf(Unpooled.wrappedBuffer(datagram), false);
    }
}
