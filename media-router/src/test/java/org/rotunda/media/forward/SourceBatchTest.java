package org.rotunda.media.forward;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.rtp.RtpHeader;

class SourceBatchTest {
    private static final int PCMU_PAYLOAD_TYPE = 0;

    private final SourceTrack source =
            new SourceTrack(false, 1, new PayloadTypes().with(PCMU_PAYLOAD_TYPE, Codec.PCMU), 0, new SourceClock());
    private final SourceBatch batch = source.batch();
    private final List<ByteBuf> copies = new ArrayList<>();
    private int sequenceNumber = 100;

    private SourcePacket receive(int timestamp, int payloadBytes) {
        ByteBuf packet = Unpooled.buffer();
        RtpHeader.write(packet, false, false, PCMU_PAYLOAD_TYPE, sequenceNumber++, timestamp, 7);
        packet.writeZero(payloadBytes);
        return requireNonNull(source.onPacket(0, packet, 1_000));
    }

    private void keep(SourcePacket packet) {
        ByteBuf copy = packet.plaintext().copy();
        batch.keep(packet, copy);
        copy.release();
        copies.add(copy);
    }

    private List<Integer> mateBytes() {
        batch.measure();
        List<Integer> mates = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            mates.add(batch.get(i).frameMateBytes());
        }
        return mates;
    }

    @AfterEach
    void releaseTheCopies() {
        batch.clear();
    }

    @Test
    void packetsOfAFrameGetTheLengthOfTheLongestAndTheLastKeepsItsOwn() {
        for (int payload : new int[] {1_000, 1_001, 1_001, 400}) {
            keep(receive(1, payload));
        }
        for (int payload : new int[] {900, 901}) {
            keep(receive(2, payload));
        }
        keep(receive(3, 100));
        assertThat(mateBytes()).containsExactly(1_001, 1_001, 1_001, 400, 901, 901, 100);
    }

    @Test
    void measuresAgainAfterAnotherPacket() {
        keep(receive(1, 1_000));
        assertThat(mateBytes()).containsExactly(1_000);
        keep(receive(1, 1_010));
        assertThat(mateBytes()).containsExactly(1_010, 1_010);
    }

    @Test
    void holdsItsCopiesUntilItIsCleared() {
        keep(receive(1, 10));
        keep(receive(2, 20));
        assertThat(copies).allSatisfy(copy -> assertThat(copy.refCnt()).isOne());
        batch.clear();
        assertThat(copies).allSatisfy(copy -> assertThat(copy.refCnt()).isZero());
        assertThat(batch.size()).isZero();
    }

    @Test
    void takesAPacketThatWasParsedBeforeTheBatchWasCleared() {
        keep(receive(1, 10));
        keep(receive(2, 20));
        SourcePacket parsed = receive(3, 30);
        batch.clear();
        keep(parsed);
        keep(receive(4, 40));
        assertThat(batch.get(0).payloadLengthBytes()).isEqualTo(30);
        assertThat(batch.get(1).payloadLengthBytes()).isEqualTo(40);
        assertThat(batch.get(1)).isNotSameAs(batch.get(0));
    }

    @Test
    void isFullAtItsLimit() {
        for (int i = 0; i < SourceBatch.PACKETS_MAX; i++) {
            assertThat(batch.isFull()).isFalse();
            keep(receive(i, 10));
        }
        assertThat(batch.isFull()).isTrue();
    }

    @Test
    void settlesBeforeTheStateChangesByWhichPacketsAreDecided() {
        List<Integer> settled = new ArrayList<>();
        source.setSettling(() -> {
            settled.add(batch.size());
            batch.clear();
        });
        keep(receive(1, 10)); // It starts the encoding, but nothing waits yet.
        assertThat(settled).isEmpty();
        source.onSenderReport(0, 1L << 32, 1, 1_000);
        assertThat(settled).containsExactly(1);
        keep(receive(2, 10));
        keep(receive(3, 10));
        source.reset();
        assertThat(settled).containsExactly(1, 2);
        source.onTimeout(2_000);
        assertThat(settled).as("nothing waits").containsExactly(1, 2);
    }
}
