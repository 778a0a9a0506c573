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
 * The objects that all transports of one event loop share. Each is used on that loop only, unless its own documentation
 * says otherwise.
 *
 * @param candidates values of {@code a=candidate} lines that lead to this loop's port, known once it is bound
 * @param random for credentials, SSRCs and initial numbers; cryptographic outside of simulations
 * @param owner runs tasks on the loop and drains afterwards
 * @param unixMinusMonotonicNanos the difference to add to the loop's time to get nanoseconds since 1970
 * @param scratch a packet is written here before it is encrypted; {@link #SCRATCH_BYTES} long
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
     * The longest datagram there is (RFC 8200 without jumbograms), so that nothing we receive is too long to forward.
     */
    public static final int SCRATCH_BYTES = 65_536 + EgressPacketWriter.GROWTH_MAX_BYTES;

    /** The wall clock in nanoseconds since 1970 at that time of the loop. */
    long unixNanosAt(long nowNanos) {
        return unixMinusMonotonicNanos + nowNanos;
    }
}
