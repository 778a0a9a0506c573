package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.rotunda.media.dtls.DtlsHandshakes;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.forward.EgressPacketWriter;
import org.rotunda.media.sctp.SctpSettings;

/**
 * The objects that all transports of one event loop share. Each object is used on that loop only, unless its own
 * documentation says otherwise.
 *
 * @param candidates values of the {@code a=candidate} lines for this loop's port, known once the port is bound
 * @param random the source of credentials, SSRCs and initial numbers; cryptographic except in simulations
 * @param owner an executor that runs each task on the loop and then drains the transports
 * @param unixMinusMonotonicNanos the difference to add to the loop's time to get nanoseconds since 1970
 * @param scratch a buffer of {@link #SCRATCH_BYTES} bytes for a packet before its encryption
 */
public record TransportEnvironment(
        ByteBufAllocator allocator,
        RandomGenerator random,
        DtlsIdentity identity,
        DtlsHandshakes handshakes,
        Executor owner,
        Supplier<List<String>> candidates,
        SctpSettings sctp,
        long unixMinusMonotonicNanos,
        DropStatistics drops,
        QualityStatistics quality,
        EgressPacketWriter writer,
        ByteBuf scratch) {
    /**
     * The length of the longest datagram (RFC 8200 without jumbograms) plus the maximum number of bytes that forwarding
     * adds.
     */
    public static final int SCRATCH_BYTES = 65_536 + EgressPacketWriter.GROWTH_MAX_BYTES;

    /** Returns the wall-clock time, in nanoseconds since 1970, for a time of the loop. */
    long unixNanosAt(long nowNanos) {
        return unixMinusMonotonicNanos + nowNanos;
    }
}
