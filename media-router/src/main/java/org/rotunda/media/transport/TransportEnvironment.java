package org.rotunda.media.transport;

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
 * @param buffers the buffers in which packets are made
 * @param traces keeps the traces of the congestion control
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
        LoopBuffers buffers,
        CongestionTraces traces) {
    /** Returns the wall-clock time, in nanoseconds since 1970, for a time of the loop. */
    long unixNanosAt(long nowNanos) {
        return unixMinusMonotonicNanos + nowNanos;
    }
}
