package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.forward.SourceClock;

/**
 * What one room on this event loop has to do with the other loops that it is on: its entries in the directory, and the tracks
 * that other loops hand over. Does nothing while the room is on one loop. Owned by the loop.
 */
final class RoomRelays {
    private final HostedRoom hosted;
    private final LoopLinks links;
    private final RouterStatistics statistics;
    private final ByteBufAllocator allocator;
    private final TransportFaults faults;
    private final Departures departures;
    private final Owner owner;
    private final Map<String, RelayedPublication> relayed = new LinkedHashMap<>();
    private final Set<RelayedPublication> linked = new HashSet<>(); // Those with links that are being made.
    private Set<String> offered = Set.of(); // The tracks with entries of this loop.
    private long directoryVersion; // The version that the present links were made from.

    /** The core of the loop, and the room. */
    interface Owner {
        /** Notes that the links of the room may have to be made again. */
        void linksChanged();

        /** Notes an exception in the work for a track of another loop. */
        void onFault(RelayedPublication publication, RuntimeException fault);

        /** Returns the time of the input that is being handled. */
        long nowNanos();
    }

    RoomRelays(
            HostedRoom hosted,
            LoopLinks links,
            RouterStatistics statistics,
            ByteBufAllocator allocator,
            TransportFaults faults,
            Departures departures,
            Owner owner) {
        this.hosted = hosted;
        this.links = links;
        this.statistics = statistics;
        this.allocator = allocator;
        this.faults = faults;
        this.departures = departures;
        this.owner = owner;
    }

    String sid() {
        return hosted.sid();
    }

    int self() {
        return links.self();
    }

    long nowNanos() {
        return owner.nowNanos();
    }

    void linksChanged() {
        owner.linksChanged();
    }

    RelayShares shares() {
        return new RelayShares(links.loops());
    }

    /** Returns whether this is the first of the loops that the room is on. */
    boolean isFirstLoop() {
        return hosted.firstLoop() == self();
    }

    /** Returns whether the node has no other loop. */
    boolean isAlone() {
        return links.loops() == 1;
    }

    // --- the directory --------------------------------------------------------------------------------------------

    /** Begins to make the links of the room again, from what the directory says now. */
    void beginLinks() {
        directoryVersion = hosted.directory().version();
    }

    /** Returns whether a newer transport on another loop carries the track. */
    boolean isCarriedElsewhere(String trackSid, long order) {
        RoomDirectory.Entry entry = isAlone() ? null : hosted.directory().find(trackSid);
        return entry != null && entry.loop() != self() && entry.order() > order;
    }

    /** Writes the tracks of this loop into the directory, and tells the other loops of the room what has changed. */
    void announce(Collection<Publication> publications) {
        if (isAlone()) {
            return;
        }
        int changes = 0;
        Set<String> next = new HashSet<>();
        for (Publication publication : publications) {
            next.add(publication.trackSid());
            changes += hosted.directory().offer(publication.entry()) ? 1 : 0;
        }
        for (String sid : offered) {
            changes += !next.contains(sid) && hosted.directory().withdraw(sid, self()) ? 1 : 0;
        }
        offered = next;
        directoryVersion +=
                changes; // Each change raises the version by one. If others have changed it too, it is newer.
        for (int loop = 0; changes > 0 && loop < links.loops(); loop++) {
            if (loop != self() && hosted.isOn(loop)) {
                // A message that is lost costs a tenth of a second, because every loop looks at the version itself.
                boolean unused = links.tell(loop, new RelayMessage.TracksChanged(sid()));
            }
        }
    }

    /** Returns whether the directory has changed since the links were made. */
    boolean isDirectoryNewer() {
        return !isAlone() && hosted.directory().version() != directoryVersion;
    }

    // --- tracks of other loops ------------------------------------------------------------------------------------

    /** Returns the track for links from this loop; the one of this loop, unless another loop carries it. */
    @Nullable
    Fanout find(String trackSid, @Nullable Publication own) {
        RoomDirectory.Entry entry = isAlone() ? null : hosted.directory().find(trackSid);
        if (entry == null || entry.loop() == self()) {
            return own;
        }
        RelayedPublication present = relayed.get(trackSid);
        if (present != null && present.entry().number() != entry.number()) {
            present.close(nowNanos());
            linked.remove(present);
            present = null;
        }
        if (present == null) {
            present = new RelayedPublication(faults, departures, this, entry, clock(entry));
            relayed.put(trackSid, present);
        }
        present.setEntry(entry);
        linked.add(present);
        return present;
    }

    private SourceClock clock(RoomDirectory.Entry entry) {
        for (RelayedPublication other : relayed.values()) {
            if (other.entry().order() == entry.order()) {
                return other.clock();
            }
        }
        return new SourceClock();
    }

    /** Puts the links to tracks of other loops into force, and ends the relays of tracks without links. */
    void putLinksIntoForce(long nowNanos) {
        if (relayed.isEmpty()) {
            return;
        }
        relayed.values().removeIf(publication -> {
            boolean isLinked = linked.contains(publication);
            part(publication, () -> {
                if (isLinked) {
                    publication.linked(nowNanos);
                } else {
                    publication.close(nowNanos);
                }
            });
            return !isLinked;
        });
        linked.clear();
    }

    int subscriptionCount() {
        int count = 0;
        for (RelayedPublication publication : relayed.values()) {
            count += publication.subscriberCount();
        }
        return count;
    }

    /** Takes a message of a data track from another loop. The payload is borrowed for the call. */
    void onDataMessage(RelayMessage.DataMessage message, ByteBuf payload, boolean binary, long nowNanos) {
        RelayedPublication publication = relayed.get(message.trackSid());
        if (publication != null && publication.entry().number() == message.publication()) {
            publication.deliver(payload, binary, nowNanos);
        }
    }

    void onTimeout(long nowNanos) {
        for (RelayedPublication publication : relayed.values()) {
            part(publication, () -> publication.onTimeout(nowNanos));
        }
    }

    /** Does one track's part of the work. If the part fails, only its relay ends. */
    private void part(RelayedPublication publication, Runnable part) {
        try {
            part.run();
        } catch (RuntimeException fault) {
            owner.onFault(publication, fault);
        }
    }

    /** Releases the packets of all tracks. */
    void close() {
        for (RelayedPublication publication : relayed.values()) {
            publication.release();
        }
        relayed.clear();
    }

    // --- what is passed to other loops ----------------------------------------------------------------------------

    /** Makes a message that names this room and this loop. */
    @FunctionalInterface
    interface Message {
        RelayMessage from(RoomRelays room);
    }

    boolean tell(int loop, Message message) {
        return links.tell(loop, message.from(this));
    }

    Relay relay(int loop, RelayEnd to, RelayShares shares) {
        return new Relay(links, statistics, shares.media(loop), loop, to);
    }

    /**
     * Passes a message of a data track to all other loops of the room. It is passed without a wish, because messages that
     * come before the wish would be lost. The payload is borrowed for the call.
     */
    void passData(RelayMessage.DataMessage track, RelayShares shares, ByteBuf payload, boolean binary) {
        ByteBuf copy = null;
        for (int loop = 0; loop < links.loops(); loop++) {
            if (loop == self() || !hosted.isOn(loop)) {
                continue;
            }
            if (copy == null) {
                copy = allocator.directBuffer(Math.max(1, payload.readableBytes()));
                copy.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
            }
            RelayShare share = shares.data(loop);
            if (share.hasRoom(copy.readableBytes()) && links.pass(loop, track, binary, copy, share)) {
                share.onPassed(copy.readableBytes());
                statistics.onRelayed();
            } else {
                statistics.count(RouterDrop.LOOP_RELAY_FULL);
            }
        }
        if (copy != null) {
            copy.release();
        }
    }
}
