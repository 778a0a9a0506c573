package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.router.Transmitter;

/**
 * Collects the datagrams of a drain and writes them in as few system calls as possible. Successive datagrams of equal
 * length to one remote form a run; the last datagram of a run may be shorter. A run leaves as one segmented send (UDP
 * GSO). A segmented send of eight datagrams costs a third of eight single sends. Media comes from the core as runs; this
 * class makes runs of all other datagrams.
 *
 * <p>Datagrams to a {@link TcpConnection} are framed, and leave in one write per connection.
 *
 * <p>Owned by the loop of its channel. A failed send is a counted drop, like loss on the network.
 */
final class DatagramBatcher implements Transmitter {
    /**
     * The largest number of remotes to which no segments are sent, because the kernel has refused segments to them.
     * Peers determine how many such remotes there are, so the set needs a bound.
     */
    static final int PLAIN_REMOTES_MAX = 256;

    private static final int ERRNO_EIO = -5; // The device cannot compute checksums for segments.
    private static final int ERRNO_EINVAL = -22; // One cause is a path MTU that is smaller than the segments.
    private static final int ERRNO_EMSGSIZE = -90;

    private final ChannelHandlerContext ctx;
    private final MediaNetStatistics statistics;
    private final DatagramQueue queue = new DatagramQueue();
    private final Set<InetSocketAddress> plainRemotes = new HashSet<>();
    private final List<TcpConnection> framed = new ArrayList<>(); // The TCP connections with packets of this drain.
    private final SinglePromise singles;
    private boolean segmentsWork;

    /**
     * The promise of all sends of single datagrams. It never completes, so one object serves every send. Netty's own
     * void promise would report a failed send to the pipeline, where it looks like a failed read.
     */
    private static final class SinglePromise extends DefaultChannelPromise {
        private final MediaNetStatistics statistics;

        SinglePromise(ChannelHandlerContext ctx, MediaNetStatistics statistics) {
            super(ctx.channel(), ctx.executor());
            this.statistics = statistics;
        }

        @Override
        public boolean trySuccess() {
            return true;
        }

        @Override
        public boolean trySuccess(@Nullable Void result) {
            return true;
        }

        @Override
        public boolean tryFailure(Throwable cause) {
            statistics.onSendFailure(1);
            return true;
        }
    }

    DatagramBatcher(ChannelHandlerContext ctx, boolean segmentsWork, MediaNetStatistics statistics) {
        this.ctx = ctx;
        this.segmentsWork = segmentsWork;
        this.statistics = statistics;
        this.singles = new SinglePromise(ctx, statistics);
    }

    @Override
    public void send(ByteBuf datagram, SocketAddress remote) {
        if (remote instanceof InetSocketAddress address) {
            if (queue.isFull()) {
                flush();
            }
            queue.add(datagram, address);
        } else {
            frame(datagram, (TcpConnection) remote);
        }
    }

    @Override
    public void sendRun(ByteBuf run, int datagramBytes, SocketAddress remote) {
        if (run.readableBytes() > datagramBytes
                && remote instanceof InetSocketAddress address
                && mayUseSegments(address)) {
            if (queue.isFull()) {
                flush();
            }
            queue.addRun(run, datagramBytes, address);
        } else {
            Transmitter.super.sendRun(run, datagramBytes, remote); // One by one.
        }
    }

    private void frame(ByteBuf packet, TcpConnection connection) {
        boolean first = connection.isFlushed();
        int lengthBytes = packet.readableBytes();
        if (!connection.send(packet)) {
            statistics.onTcpQueueDrop();
            return;
        }
        statistics.onTcpSend(lengthBytes);
        if (first) {
            framed.add(connection);
        }
    }

    /** Writes all queued datagrams to the channel and flushes the channel. Does the same for TCP connections. */
    void flush() {
        if (queue.laneCount() > 0) {
            writeAll();
            ctx.flush();
        }
        if (!framed.isEmpty()) {
            framed.forEach(TcpConnection::flush);
            framed.clear();
        }
    }

    private void writeAll() {
        for (int lane = 0; lane < queue.laneCount(); lane++) {
            InetSocketAddress remote = queue.remote(lane);
            boolean segmented = mayUseSegments(remote);
            while (queue.head(lane) >= 0) {
                int datagramBytes = queue.runBytes(queue.head(lane));
                if (datagramBytes > 0) {
                    writeRun(queue.take(lane), datagramBytes, remote);
                } else {
                    writeDatagrams(lane, segmented ? runLength(lane) : 1, remote);
                }
            }
        }
        queue.clear();
    }

    private boolean mayUseSegments(InetSocketAddress remote) {
        return segmentsWork && (plainRemotes.isEmpty() || !plainRemotes.contains(remote));
    }

    /** Returns the number of the lane's next datagrams, which are no run of the core, that fit in one segmented send. */
    private int runLength(int lane) {
        int datagram = queue.head(lane);
        int segmentBytes = queue.lengthBytes(datagram);
        if (segmentBytes == 0 || segmentBytes > RUN_DATAGRAM_BYTES_MAX) {
            return 1;
        }
        int segmentsMax = Math.min(RUN_DATAGRAMS_MAX, RUN_BYTES_MAX / segmentBytes);
        int run = 1;
        while (run < segmentsMax) {
            datagram = queue.following(datagram);
            if (datagram < 0 || queue.runBytes(datagram) > 0) {
                return run;
            }
            int length = queue.lengthBytes(datagram);
            if (length != segmentBytes) {
                // A shorter datagram can only be the last of a run.
                return length > 0 && length < segmentBytes ? run + 1 : run;
            }
            run++;
        }
        return run;
    }

    /** Writes a run of the core. */
    private void writeRun(ByteBuf run, int datagramBytes, InetSocketAddress remote) {
        int datagrams = (run.readableBytes() + datagramBytes - 1) / datagramBytes;
        if (hasRoom()) {
            writeSegments(run, datagramBytes, datagrams, remote);
        } else {
            run.release();
            statistics.onSendQueueDrop(datagrams);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The promise counts failures by itself.
    private void writeDatagrams(int lane, int segments, InetSocketAddress remote) {
        if (!hasRoom()) {
            for (int i = 0; i < segments; i++) {
                queue.take(lane).release();
            }
            statistics.onSendQueueDrop(segments);
            return;
        }
        ByteBuf first = queue.take(lane);
        if (segments == 1) {
            statistics.onSend(1, first.readableBytes());
            ctx.write(new DatagramPacket(first, remote), singles);
        } else {
            copyRun(first, lane, segments, remote);
        }
    }

    /** Returns whether Netty's bounded send queue takes another datagram. Flushes a full queue first. */
    private boolean hasRoom() {
        if (ctx.channel().isWritable()) {
            return true;
        }
        ctx.flush();
        return ctx.channel().isWritable();
    }

    /**
     * Copies the datagrams of a run into one buffer and writes it. The copy costs far less than the run saves (measured in
     * docs/media-sockets.md). A composite buffer would leave one garbage object per datagram.
     */
    private void copyRun(ByteBuf first, int lane, int segments, InetSocketAddress remote) {
        int segmentBytes = first.readableBytes();
        ByteBuf run = ctx.alloc().directBuffer(segments * segmentBytes);
        run.writeBytes(first);
        first.release();
        for (int i = 1; i < segments; i++) {
            ByteBuf datagram = queue.take(lane);
            run.writeBytes(datagram);
            datagram.release();
        }
        writeSegments(run, segmentBytes, segments, remote);
    }

    private void writeSegments(ByteBuf run, int segmentBytes, int segments, InetSocketAddress remote) {
        statistics.onSend(segments, run.readableBytes());
        ctx.write(new SegmentedDatagramPacket(run, segmentBytes, remote))
                .addListener((ChannelFutureListener) sent -> onSegmentsSent(sent, segments, remote));
    }

    private void onSegmentsSent(ChannelFuture sent, int segments, InetSocketAddress remote) {
        Throwable failure = sent.cause();
        if (failure == null) {
            return;
        }
        statistics.onSendFailure(segments);
        statistics.onSegmentedSendFailure();
        int errno = failure instanceof NativeIoException e ? e.expectedErr() : 0;
        if (errno == ERRNO_EIO || failure instanceof UnsupportedOperationException) {
            segmentsWork = false;
        } else if (errno == ERRNO_EINVAL || errno == ERRNO_EMSGSIZE) {
            if (plainRemotes.size() == PLAIN_REMOTES_MAX) {
                // A cleared remote that still gets datagrams is added again when its next segmented send fails.
                plainRemotes.clear();
            }
            plainRemotes.add(remote);
        }
    }

    /** Returns whether runs are sent as segments. The loop stops segmenting once a device has refused segments. */
    boolean isSegmenting() {
        return segmentsWork;
    }
}
