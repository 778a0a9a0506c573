package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EgressRunTest {
    private final EgressRun run = new EgressRun();
    private final List<String> closed = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();
    private final EgressRun.Owner one = owner("one");
    private final EgressRun.Owner other = owner("other");
    private byte filling;

    private EgressRun.Owner owner(String name) {
        return (datagramBytes, datagrams) -> {
            ByteBuf copy = run.copy(UnpooledByteBufAllocator.DEFAULT);
            closed.add(name + ":" + datagrams + "x" + datagramBytes + "=" + copy.readableBytes());
            contents.add(ByteBufUtil.getBytes(copy));
            copy.release();
        };
    }

    private void encrypt(EgressRun.Owner owner, int... lengths) {
        for (int length : lengths) {
            run.prepare(owner, length);
            filling++;
            Arrays.fill(run.bytes(), run.lengthBytes(), run.lengthBytes() + length, filling);
            run.append(owner, length);
        }
    }

    @Test
    void datagramsOfOneLengthJoinAndAShorterOneEndsTheRun() {
        encrypt(one, 100, 100, 40, 40, 100);
        assertThat(closed).containsExactly("one:3x100=240", "one:1x40=40");
        assertThat(run.datagramsOf(one)).isOne();
        run.closeIfOf(one);
        assertThat(closed).endsWith("one:1x100=100");
        assertThat(run.datagramsOf(one)).isZero();
    }

    @Test
    void datagramsStandInTheirOrder() {
        encrypt(one, 3, 3, 2);
        run.closeIfOf(one);
        assertThat(contents).containsExactly(new byte[] {1, 1, 1, 2, 2, 2, 3, 3});
    }

    @Test
    void aRunHasOneOwner() {
        encrypt(one, 100);
        encrypt(other, 100, 100);
        encrypt(one, 100);
        assertThat(closed).containsExactly("one:1x100=100", "other:2x100=200");
        assertThat(run.datagramsOf(other)).isZero();
        run.closeIfOf(other);
        assertThat(closed).as("the run of another owner stays").hasSize(2);
        assertThat(run.datagramsOf(one)).isOne();
    }

    @Test
    void aDatagramThatWasPreparedButNotAppendedLeavesNoTrace() {
        encrypt(one, 100);
        run.prepare(one, 100); // Its encryption is refused.
        encrypt(one, 100);
        run.closeIfOf(one);
        assertThat(closed).containsExactly("one:2x100=200");
    }

    @Test
    void runsStayWithinTheKernelsLimits() {
        for (int i = 0; i < DatagramSink.RUN_DATAGRAMS_MAX + 1; i++) {
            encrypt(one, 10);
        }
        assertThat(closed).containsExactly("one:64x10=640");
        run.closeIfOf(one);
        closed.clear();
        int fitting = DatagramSink.RUN_BYTES_MAX / DatagramSink.RUN_DATAGRAM_BYTES_MAX;
        for (int i = 0; i < fitting + 1; i++) {
            encrypt(one, DatagramSink.RUN_DATAGRAM_BYTES_MAX);
        }
        assertThat(closed).containsExactly("one:" + fitting + "x1452=" + fitting * 1452);
    }

    @Test
    void datagramsThatMayExceedThePathTravelAlone() {
        encrypt(one, 1_453, 1_453, 100);
        assertThat(closed).containsExactly("one:1x1453=1453", "one:1x1453=1453");
    }
}
