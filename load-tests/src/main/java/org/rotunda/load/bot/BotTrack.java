package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.testkit.PeerTrack;

/**
 * An audio or video track that a bot publishes: paces itself by {@link #nextDeadlineNanos} and hands packets to the {@link Sink} while an
 * m-line takes them. Owned by one loop.
 */
abstract class BotTrack implements PeerTrack {
    /** Where packets go. */
    interface Sink {
        /** A buffer for one plain packet, whoever calls releases it. */
        ByteBuf newPacket();

        /** Numbers, protects and sends; the packet is borrowed, its extensions are changed. */
        void send(ByteBuf packet, ExtensionLayout extensions);
    }

    static final long NO_DEADLINE = Long.MAX_VALUE;

    private final String trackId;
    private final String name;
    private final List<OutgoingStream> streams;
    private final int source;
    private @Nullable ExtensionLayout extensions;

    BotTrack(String name, String trackId, List<OutgoingStream> streams, RandomGenerator random) {
        this.trackId = trackId;
        this.name = name;
        this.streams = List.copyOf(streams);
        this.source = random.nextInt();
    }

    static String newId(RandomGenerator random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** The same track for another connection: other SSRCs, all numbers anew. */
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

    /** What its stamps say. */
    final int source() {
        return source;
    }

    /** The router takes it, with these extensions on its m-line; null: no more. */
    final void setExtensions(@Nullable ExtensionLayout negotiated) {
        extensions = negotiated;
    }

    final @Nullable ExtensionLayout extensions() {
        return extensions;
    }

    /** Sends what is due. */
    abstract void onTime(long nowNanos, Sink sink);

    abstract long nextDeadlineNanos();

    /** The router asks for a key frame. */
    abstract void onKeyFrameRequest(long nowNanos);

    final void close() {
        streams.forEach(stream -> stream.history().close());
    }
}
