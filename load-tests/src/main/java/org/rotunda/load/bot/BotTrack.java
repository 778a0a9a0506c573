package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.testkit.PeerTrack;

/**
 * An audio or video track that a bot publishes. While the track has an m-line, it sends its packets to the {@link Sink}
 * at the times of {@link #nextDeadlineNanos}. Owned by one loop.
 */
abstract class BotTrack implements PeerTrack {
    /** The output for packets. */
    interface Sink {
        /** Returns a buffer for one plain packet. The caller must release the buffer. */
        ByteBuf newPacket();

        /** Sets the transport-wide sequence number, protects the packet and sends it. The packet is borrowed. */
        void send(ByteBuf packet, ExtensionLayout extensions);
    }

    static final long NO_DEADLINE = Long.MAX_VALUE;

    private final String trackId;
    private final String name;
    private final List<OutgoingStream> streams;
    private final int source;
    private @Nullable TrackExtensions extensions;

    BotTrack(String name, String trackId, List<OutgoingStream> streams, RandomGenerator random) {
        this.trackId = trackId;
        this.name = name;
        this.streams = List.copyOf(streams);
        this.source = random.nextInt();
    }

    static String newId(RandomGenerator random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** Returns a copy of the track for a new connection, with new SSRCs and sequence numbers. */
    abstract BotTrack renewed(RandomGenerator random, long nowNanos);

    @Override
    public final String trackId() {
        return trackId;
    }

    final String name() {
        return name;
    }

    @Override
    public final List<OutgoingStream> streams() {
        return streams;
    }

    /** Returns the number that identifies this track in its {@code FrameStamp}s. */
    final int source() {
        return source;
    }

    /** Sets the header extensions of the track's m-line; null if the router no longer receives the track. */
    final void setExtensions(@Nullable TrackExtensions negotiated) {
        extensions = negotiated;
    }

    final @Nullable TrackExtensions extensions() {
        return extensions;
    }

    /** Sends the packets that are due. */
    abstract void onTime(long nowNanos, Sink sink);

    abstract long nextDeadlineNanos();

    /** Handles the router's request for a key frame. */
    abstract void onKeyFrameRequest(long nowNanos);

    final void close() {
        streams.forEach(stream -> stream.history().close());
    }
}
