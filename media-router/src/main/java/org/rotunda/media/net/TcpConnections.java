package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaTcpSettings;
import org.rotunda.media.ice.IceLiteAgent;
import org.rotunda.media.rtp.TcpFrameReader;

/**
 * The TCP connections of one loop. Passes their packets to the loop's core in read batches, as the UDP socket does, and
 * closes the connections that serve no client. Runs on the loop.
 *
 * <p>A connection begins without a client. It belongs to the transport whose authentic STUN check comes on it, as with
 * UDP addresses. Until then it is subject to limits in time and bytes, and gives way to newer connections if the loop
 * has too many.
 */
final class TcpConnections {
    /**
     * The time after which a connection is closed whose send queue has been full without a break. A client that reads
     * nothing for so long has lost the call, because its consent lasts as long.
     */
    static final long STALL_NANOS = IceLiteAgent.CONSENT_NANOS;

    /** The interval at which connections are looked for that must be closed. */
    static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MediaSocketHandler<?> loop;
    private final TcpAdmission admission;
    private final long checkTimeoutNanos;
    private final int checkBytesMax; // The read in which the limit is reached may exceed it.
    private final MediaNetStatistics statistics;
    private final Set<TcpConnection> unchecked = new LinkedHashSet<>(); // The oldest connection is first.
    private final Set<TcpConnection> checked = new LinkedHashSet<>();
    private @Nullable ScheduledFuture<?> sweep;
    private boolean closed;

    TcpConnections(MediaSocketHandler<?> loop, MediaTcpSettings settings, MediaNetStatistics statistics) {
        this.loop = loop;
        this.admission = new TcpAdmission(settings);
        this.checkTimeoutNanos = settings.checkTimeout().toNanos();
        this.checkBytesMax = settings.checkBytesMax();
        this.statistics = statistics;
    }

    /** Returns a handler for one accepted channel. */
    ChannelInboundHandlerAdapter handler() {
        return new Handler();
    }

    /** Closes all connections. No connection is admitted afterwards. */
    void close() {
        closed = true;
        if (sweep != null) {
            sweep.cancel(false);
            sweep = null;
        }
        all().forEach(connection -> end(connection, TcpEnd.SHUTDOWN));
    }

    private List<TcpConnection> all() {
        List<TcpConnection> all = new ArrayList<>(unchecked);
        all.addAll(checked);
        return all;
    }

    private @Nullable TcpConnection open(Channel channel, InetSocketAddress address, long nowNanos) {
        statistics.onTcpAccepted();
        TcpEnd refusal = closed ? TcpEnd.SHUTDOWN : admission.admit(address.getAddress(), nowNanos);
        if (refusal != null) {
            statistics.onTcpEnd(refusal);
            reset(channel);
            return null;
        }
        TcpConnection connection = new TcpConnection(channel, address, nowNanos);
        unchecked.add(connection);
        if (admission.isOverfull()) {
            // The new connection is the last in the set. It is closed itself only if all others are in use.
            TcpConnection oldest = unchecked.iterator().next();
            end(oldest, oldest == connection ? TcpEnd.CONNECTIONS_MAX : TcpEnd.GAVE_WAY);
        }
        count();
        if (sweep == null) {
            scheduleSweep();
        }
        return connection.end() == null ? connection : null;
    }

    /** Moves a connection among those in use if an authentic check has come on it. Otherwise applies the limits. */
    private void onBatchEnd(TcpConnection connection) {
        if (connection.isChecked() || connection.end() != null) {
            return;
        }
        if (loop.isValidated(connection)) {
            connection.onChecked();
            unchecked.remove(connection);
            checked.add(connection);
            count();
        } else if (connection.uncheckedBytes() > checkBytesMax) {
            end(connection, TcpEnd.CHECK_BYTES);
        }
    }

    private void scheduleSweep() {
        sweep = loop.executor().schedule(this::sweep, SWEEP_NANOS, TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        sweep = null;
        long nowNanos = loop.nanoTime();
        for (TcpConnection connection : all()) {
            TcpEnd end = endOf(connection, nowNanos);
            if (end != null) {
                end(connection, end);
            }
        }
        if (admission.connections() > 0) {
            scheduleSweep();
        }
    }

    /** Returns the reason for which the connection must be closed now, or null. */
    private @Nullable TcpEnd endOf(TcpConnection connection, long nowNanos) {
        if (!connection.isChecked()) {
            return nowNanos - connection.openedNanos() >= checkTimeoutNanos ? TcpEnd.CHECK_TIMEOUT : null;
        }
        if (!loop.isValidated(connection)) {
            return TcpEnd.UNUSED;
        }
        return connection.isStalled(nowNanos, STALL_NANOS) ? TcpEnd.STALLED : null;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The end of the channel comes back as channelInactive.
    private void end(TcpConnection connection, TcpEnd reason) {
        if (connection.end() != null) {
            return;
        }
        connection.end(reason);
        statistics.onTcpEnd(reason);
        admission.onClosed(connection.address().getAddress());
        unchecked.remove(connection);
        if (checked.remove(connection) && reason != TcpEnd.SHUTDOWN) {
            loop.onClosed(connection); // At a shutdown, the core is closed next.
        }
        count();
        if (reason == TcpEnd.UNUSED) {
            connection.channel().close(); // What was written before, such as a DTLS alert, still goes out.
        } else {
            reset(connection.channel());
        }
    }

    /** Closes a channel at once. A connection that is closed in order would occupy the kernel for a minute longer. */
    @SuppressWarnings("FutureReturnValueIgnored") // The end of the channel comes back as channelInactive.
    private static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    private void count() {
        statistics.setTcpConnections(admission.connections(), checked.size());
    }

    /** The end of the pipeline of one accepted channel. */
    private final class Handler extends ChannelInboundHandlerAdapter implements TcpFrameReader.Sink {
        private @Nullable TcpConnection connection; // Null before the channel is active, and if it was refused.
        private boolean malformed; // The connection ends when the read batch has been handled.

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // Nothing is done after the close.
        public void channelActive(ChannelHandlerContext ctx) {
            if (ctx.channel().remoteAddress() instanceof InetSocketAddress address) {
                connection = open(ctx.channel(), address, loop.nanoTime());
            } else {
                ctx.close(); // The client was gone before the channel was active.
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                TcpConnection open = connection;
                if (open != null && open.end() == null) {
                    malformed = !open.read(bytes, this);
                }
            } finally {
                bytes.release();
            }
        }

        @Override
        public void onPacket(ByteBuf packet) {
            TcpConnection open = connection;
            if (open != null) {
                statistics.onTcpPacketIn();
                loop.onPacket(packet, open);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            loop.onBatchEnd();
            TcpConnection open = connection;
            if (open != null && malformed) {
                end(open, TcpEnd.MALFORMED);
            } else if (open != null) {
                TcpConnections.this.onBatchEnd(open);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            TcpConnection open = connection;
            if (open != null) {
                open.onWritability(ctx.channel().isWritable(), loop.nanoTime());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            TcpConnection open = connection;
            if (open != null) {
                end(open, TcpEnd.CLOSED_BY_CLIENT);
            }
        }

        /**
         * Closes the channel after a failed read or write; failures of the core do not come here. A write may fail
         * during a drain, when the core must not be told, so {@link #channelInactive} ends the connection later.
         */
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The end of the channel comes back as channelInactive.
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
