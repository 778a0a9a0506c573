package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import java.io.Serial;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.ice.TcpRemote;
import org.rotunda.media.rtp.TcpFrameReader;
import org.rotunda.media.time.Deadline;

/**
 * One TCP connection of a client. Frames the packets of a drain into one buffer, and writes the buffer when the drain
 * ends. Owned by the loop of its channel.
 *
 * <p>The packets that the kernel does not take wait in the channel, up to {@link #SEND_QUEUE_BYTES}. Further packets are
 * dropped, like packets that a network loses: the client asks for what it misses, and a longer queue would only make all
 * media late.
 */
@SuppressWarnings("serial") // SocketAddress is serializable, but a connection is never serialized.
final class TcpConnection extends TcpRemote {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * The low and high water marks of the send queue, in bytes. Two key frames of a camera fit below the high mark. At 2
     * Mbit/s a full queue is one second late.
     */
    static final WriteBufferWaterMark SEND_QUEUE_BYTES = new WriteBufferWaterMark(128 << 10, 256 << 10);

    private static final int FRAMES_CAPACITY_BYTES = 4096; // The buffer grows if a drain has more.

    private final Channel channel;
    private final TcpFrameReader reader;
    private final long openedNanos;
    private @Nullable ByteBuf frames; // The packets of this drain.
    private @Nullable TcpEnd end; // The reason of the end, from the moment in which the loop knows it.
    private boolean checked;
    private long uncheckedBytes;
    private long stalledSinceNanos = Deadline.NO_DEADLINE;

    TcpConnection(Channel channel, InetSocketAddress address, long openedNanos) {
        super(address);
        this.channel = channel;
        this.reader = new TcpFrameReader(channel.alloc());
        this.openedNanos = openedNanos;
    }

    long openedNanos() {
        return openedNanos;
    }

    /** Cuts the bytes into packets. Returns false if the stream has no meaning. The bytes are borrowed for the call. */
    boolean read(ByteBuf bytes, TcpFrameReader.Sink sink) {
        if (!checked) {
            uncheckedBytes += bytes.readableBytes();
        }
        return reader.read(bytes, sink);
    }

    /** Returns the number of bytes that came before the first authentic check. */
    long uncheckedBytes() {
        return uncheckedBytes;
    }

    /** Returns whether an authentic STUN check has come on this connection. */
    boolean isChecked() {
        return checked;
    }

    void onChecked() {
        checked = true;
    }

    /** Notes whether the send queue is above its high mark. */
    void onWritability(boolean writable, long nowNanos) {
        stalledSinceNanos = writable ? Deadline.NO_DEADLINE : nowNanos;
    }

    /** Returns whether the send queue has been full without a break for at least this time. */
    boolean isStalled(long nowNanos, long stallNanos) {
        return stalledSinceNanos != Deadline.NO_DEADLINE && nowNanos - stalledSinceNanos >= stallNanos;
    }

    /** Returns whether this is the first packet since the last flush. */
    boolean isFlushed() {
        return frames == null;
    }

    /**
     * Frames a packet and takes its ownership. Returns false if the packet was dropped, because the send queue is full
     * or the connection has ended.
     */
    boolean send(ByteBuf packet) {
        try {
            int waiting = frames == null ? 0 : frames.readableBytes();
            int added = TcpFrameReader.HEADER_BYTES + packet.readableBytes();
            if (end != null || !channel.isActive() || waiting + added > channel.bytesBeforeUnwritable()) {
                return false;
            }
            if (frames == null) {
                frames = channel.alloc().directBuffer(FRAMES_CAPACITY_BYTES);
            }
            TcpFrameReader.write(packet, frames);
            return true;
        } finally {
            packet.release();
        }
    }

    /** Writes the packets since the last flush. */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // A failed write is passed to the pipeline, which ends the connection.
    void flush() {
        ByteBuf written = frames;
        frames = null;
        if (written != null) {
            channel.writeAndFlush(written, channel.voidPromise());
        }
    }

    /** Returns the reason of the end, or null while the connection is in use. */
    @Nullable
    TcpEnd end() {
        return end;
    }

    /** Notes the reason of the end. From now on nothing is sent or read. */
    void end(TcpEnd reason) {
        end = reason;
        reader.close();
        if (frames != null) {
            frames.release();
            frames = null;
        }
    }

    Channel channel() {
        return channel;
    }
}
