package org.rotunda.media.router;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.sctp.ChannelParameters;

/**
 * The tracks that a room's transports publish on all loops of the node. The loop that has the publisher writes the entry of
 * a track; the other loops read it when they make their links. Safe to use from any thread. Packets never use it.
 */
final class RoomDirectory {
    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();

    /**
     * A published track.
     *
     * @param loop the loop of the publisher's transport
     * @param order the order of the transport on the node. While a participant moves to another connection, both connections
     *     may list the track, and the newer one carries it
     * @param number the number of the publication on the node, which is new when the same track is published again
     * @param channel the channel of a data track; null for media, and until the client has opened the channel
     */
    record Entry(
            String trackSid,
            int loop,
            TransportId publisher,
            long order,
            long number,
            TrackKind kind,
            @Nullable ChannelParameters channel) {}

    /** Returns the entry of a track, or null if no transport publishes it. */
    @Nullable
    Entry find(String trackSid) {
        return entries.get(trackSid);
    }

    /** Returns a number that rises by one with every change. */
    long version() {
        return version.get();
    }

    /**
     * Writes the entry of a track, unless a newer transport on another loop has it.
     *
     * @return whether the directory has changed
     */
    boolean offer(Entry entry) {
        boolean[] changed = {false};
        entries.compute(entry.trackSid(), (sid, current) -> {
            boolean isTaken = current == null || current.loop() == entry.loop() || current.order() < entry.order();
            changed[0] = isTaken && !entry.equals(current);
            return isTaken ? entry : current;
        });
        if (changed[0]) {
            version.incrementAndGet();
        }
        return changed[0];
    }

    /**
     * Removes the entry of a track, if this loop has written it.
     *
     * @return whether the directory has changed
     */
    boolean withdraw(String trackSid, int loop) {
        Entry current = entries.get(trackSid);
        // Only this loop replaces its own entries by others of its own, and it is not doing so now.
        boolean removed = current != null && current.loop() == loop && entries.remove(trackSid, current);
        if (removed) {
            version.incrementAndGet();
        }
        return removed;
    }
}
