package org.rotunda.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import org.rotunda.media.net.HandshakePool;

/**
 * Properties of {@link DtlsAdmission}, and of transports in the phases WAITING, HANDSHAKE and OPEN, when they get
 * hostile bytes.
 */
class DtlsFuzzProperties {
    private static final HandshakePool POOL = new HandshakePool();
    private static final DtlsLink OPEN = DtlsLink.connected(POOL);

    @AfterContainer
    static void closePool() {
        OPEN.server.close(false);
        POOL.close();
    }

    @Property(tries = 2000)
    void admissionNeverThrowsAndReadsNothingOutside(
            @ForAll @Size(max = 80) byte[] body,
            @ForAll @IntRange(min = 18, max = 26) int type,
            @ForAll @IntRange(max = 1) int epoch,
            @ForAll boolean framed,
            @ForAll boolean hasKeys) {
        byte[] datagram = framed ? DtlsRecords.record(type, epoch, 1, body) : body;
        ByteBuf surrounded = Unpooled.buffer().writeZero(7).skipBytes(7).writeBytes(datagram);
        surrounded.capacity(surrounded.writerIndex()); // A read past the end now throws.
        DtlsAdmission.refusalOf(surrounded, hasKeys);
        assertThat(surrounded.readerIndex()).isEqualTo(7);
        assertThat(surrounded.readableBytes()).isEqualTo(datagram.length);
    }

    @Property(tries = 2000)
    void nothingForgedEndsAnOpenSession(
            @ForAll @Size(max = 200) byte[] body,
            @ForAll @IntRange(min = 20, max = 23) int type,
            @ForAll @IntRange(min = 0xFEFB, max = 0xFEFF) int version,
            @ForAll @IntRange(max = 2) int epoch,
            @ForAll @IntRange(max = 1_000_000) int sequence,
            @ForAll boolean fragmented) {
        byte[] content = fragmented && body.length >= DtlsAdmission.FRAGMENT_HEADER_LENGTH ? asFragment(body) : body;
        OPEN.give(DtlsRecords.record(type, version, epoch, sequence, content));
        OPEN.give(body);
        assertThat(OPEN.closed).isNull();
        assertThat(OPEN.server.isOpen()).isTrue();
        assertThat(OPEN.received).isEmpty();
    }

    @Property(tries = 100)
    void aHandshakeOfGarbageNeverThrowsAndGivesNoKeys(
            @ForAll @Size(max = 12) List<@Size(min = 12, max = 100) byte[]> bodies) {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        link.give(DtlsRecords.record(DtlsAdmission.HANDSHAKE, 0, 0, DtlsRecords.fragment(1, 60, 0, 20)));
        int sequence = 1;
        for (byte[] body : bodies) {
            link.give(DtlsRecords.record(DtlsAdmission.HANDSHAKE, 0, sequence++, asFragment(body)));
        }
        link.server.close(false);
        assertThat(link.keys).isNull();
    }

    @Property(tries = 500)
    void fingerprintParserNeverThrows(@ForAll String value) {
        DtlsFingerprint.parse(value);
        DtlsFingerprint.parse("sha-256 " + value);
    }

    /** Returns a copy of the bytes whose fragment header has lengths that {@link DtlsAdmission} accepts. */
    private static byte[] asFragment(byte[] body) {
        byte[] fragment = body.clone();
        int length = body.length - DtlsAdmission.FRAGMENT_HEADER_LENGTH;
        fragment[1] = 0;
        fragment[2] = 1; // The message claims 256 to 511 bytes, so any fragment fits at offset 0.
        fragment[6] = 0;
        fragment[7] = 0;
        fragment[8] = 0;
        fragment[9] = 0;
        fragment[10] = 0;
        fragment[11] = (byte) length;
        return fragment;
    }
}
