package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.transport.ReceivedTrack;
import org.rotunda.media.transport.SentTrack;
import org.rotunda.media.transport.TrackSource;
import org.rotunda.media.transport.Transport;

/**
 * One track of a room and its subscribers on this event loop. The packets of the track wait in its batch until {@link
 * Departures} forwards them to all subscribers. {@link RouterRoom} rebuilds the list of subscribers whenever a desired state
 * or a stream changes.
 */
abstract class Fanout implements ReceivedTrack.Listener {
    private static final SentTrack[] NO_ONE = {};
    private static final Transport[] NOWHERE = {};

    private final TransportFaults faults;
    private final Departures departures;
    private final String trackSid;
    private final TrackKind kind;
    private final List<SentTrack> nextSubscribers = new ArrayList<>();
    private final List<Transport> nextTransports = new ArrayList<>();
    private final List<DataSubscriber> nextDataSubscribers = new ArrayList<>();

    private SentTrack[] subscribers = NO_ONE; // An array, because it is iterated over for every batch of packets.
    private Transport[] transports = NOWHERE; // The transport of each subscriber, at the same index.
    private List<DataSubscriber> dataSubscribers = List.of();

    Fanout(TransportFaults faults, Departures departures, String trackSid, TrackKind kind) {
        this.faults = faults;
        this.departures = departures;
        this.trackSid = trackSid;
        this.kind = kind;
    }

    final String trackSid() {
        return trackSid;
    }

    final TrackKind kind() {
        return kind;
    }

    /** Returns the media of the track, or null if there is none now. */
    abstract @Nullable TrackSource source();

    /** Returns the channel of a data track; null until the publisher's client has opened it. */
    abstract @Nullable ChannelParameters channel();

    final void link(Transport transport, SentTrack subscriber) {
        nextSubscribers.add(subscriber);
        nextTransports.add(transport);
    }

    final void link(Transport subscriber, String label) {
        nextDataSubscribers.add(new DataSubscriber(subscriber, label));
    }

    /** Replaces the subscribers by those that were linked since the last call. */
    final void putLinksIntoForce() {
        subscribers = nextSubscribers.toArray(NO_ONE);
        transports = nextTransports.toArray(NOWHERE);
        dataSubscribers = List.copyOf(nextDataSubscribers);
        nextSubscribers.clear();
        nextTransports.clear();
        nextDataSubscribers.clear();
    }

    final int subscriberCount() {
        return subscribers.length + dataSubscribers.size();
    }

    /** Returns the subscribers to media. The caller must not change the array. */
    final SentTrack[] subscribers() {
        return subscribers;
    }

    final Departures departures() {
        return departures;
    }

    @Override
    public final void onPackets() {
        departures.add(this);
    }

    @Override
    public final void settle() {
        departures.forward();
    }

    /** Passes the waiting packets to the other loops that want them. */
    void handOver() {
        // By default no other loop gets packets.
    }

    /** Tells each subscriber's transport that its track is due, and adds the transports to the list, each once. */
    final void collectTo(List<Transport> due) {
        for (int i = 0; i < subscribers.length; i++) {
            if (transports[i].addDue(subscribers[i])) {
                due.add(transports[i]);
            }
        }
    }

    /** Forgets the packets, which all subscribers have got. */
    void onForwarded() {
        TrackSource from = source();
        if (from != null) {
            from.batch().clear();
        }
    }

    /** Passes a message to the subscribers on this loop. The payload is borrowed for the call. */
    final void deliver(ByteBuf payload, boolean binary, long nowNanos) {
        for (DataSubscriber subscriber : dataSubscribers) {
            try {
                subscriber.transport.sendData(subscriber.label, payload, binary, nowNanos);
            } catch (RuntimeException fault) {
                faults.onFault(subscriber.transport, RouterFault.FORWARD, fault);
            }
        }
    }

    private record DataSubscriber(Transport transport, String label) {}
}
