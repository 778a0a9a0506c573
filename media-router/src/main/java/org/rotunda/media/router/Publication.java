package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.transport.ReceivedTrack;
import org.rotunda.media.transport.SentTrack;
import org.rotunda.media.transport.Transport;

/**
 * One published track and its subscribers. The packets of the track wait in its batch until {@link Departures} forwards
 * them to all subscribers. {@link RouterRoom} rebuilds the list of subscribers whenever a desired state or a stream changes.
 */
final class Publication implements ReceivedTrack.Listener {
    private static final SentTrack[] NO_ONE = {};
    private static final Transport[] NOWHERE = {};

    private final TransportFaults faults;
    private final Departures departures;
    private final String trackSid;
    private final Transport publisher;
    private final String clientTrackId;
    private final TrackKind kind;
    private final List<SentTrack> nextSubscribers = new ArrayList<>();
    private final List<Transport> nextTransports = new ArrayList<>();
    private final List<DataSubscriber> nextDataSubscribers = new ArrayList<>();

    private SentTrack[] subscribers = NO_ONE; // An array, because it is iterated over for every batch of packets.
    private Transport[] transports = NOWHERE; // The transport of each subscriber, at the same index.
    private List<DataSubscriber> dataSubscribers = List.of();
    private @Nullable ReceivedTrack source; // Null until the client's media for this track is negotiated.
    private @Nullable ChannelParameters channel; // The channel of a data track; null until the client has opened it.

    Publication(
            TransportFaults faults,
            Departures departures,
            String trackSid,
            Transport publisher,
            String clientTrackId,
            TrackKind kind) {
        this.faults = faults;
        this.departures = departures;
        this.trackSid = trackSid;
        this.publisher = publisher;
        this.clientTrackId = clientTrackId;
        this.kind = kind;
    }

    String trackSid() {
        return trackSid;
    }

    Transport publisher() {
        return publisher;
    }

    String clientTrackId() {
        return clientTrackId;
    }

    TrackKind kind() {
        return kind;
    }

    /** Returns whether the desired state describes this publication. */
    boolean isOf(Transport transport, DesiredTransport.Publication desired) {
        return publisher == transport && clientTrackId.equals(desired.clientTrackId()) && kind == desired.kind();
    }

    /** Looks up the media or the channel that the publisher's transport has for this track. */
    void bind() {
        ReceivedTrack received = kind == TrackKind.DATA ? null : publisher.received(clientTrackId);
        if (received != source) {
            if (source != null) {
                source.removeListener(this);
            }
            source = received;
            if (received != null) {
                received.setListener(this);
            }
        }
        channel = kind == TrackKind.DATA ? publisher.clientChannel(clientTrackId) : null;
    }

    @Nullable
    ReceivedTrack source() {
        return source;
    }

    @Nullable
    ChannelParameters channel() {
        return channel;
    }

    void link(Transport transport, SentTrack subscriber) {
        nextSubscribers.add(subscriber);
        nextTransports.add(transport);
    }

    void link(Transport subscriber, String label) {
        nextDataSubscribers.add(new DataSubscriber(subscriber, label));
    }

    /**
     * Replaces the subscribers by those that were linked since this method last ran. Then passes on the messages that
     * were held while the room did not know the data track.
     */
    void linked(long nowNanos) {
        putLinksIntoForce();
        if (channel != null) {
            publisher.takeHeldMessages(clientTrackId, (payload, binary) -> onMessage(payload, binary, nowNanos));
        }
    }

    private void putLinksIntoForce() {
        subscribers = nextSubscribers.toArray(NO_ONE);
        transports = nextTransports.toArray(NOWHERE);
        dataSubscribers = List.copyOf(nextDataSubscribers);
        nextSubscribers.clear();
        nextTransports.clear();
        nextDataSubscribers.clear();
    }

    void close() {
        if (source != null) {
            source.removeListener(this);
            source = null;
        }
        putLinksIntoForce();
    }

    int subscriberCount() {
        return subscribers.length + dataSubscribers.size();
    }

    @Override
    public void onPackets() {
        departures.add(this);
    }

    @Override
    public void settle() {
        departures.forward();
    }

    /** Tells each subscriber's transport that its track is due, and adds the transports to the list, each once. */
    void collectTo(List<Transport> due) {
        for (int i = 0; i < subscribers.length; i++) {
            if (transports[i].addDue(subscribers[i])) {
                due.add(transports[i]);
            }
        }
    }

    /** Forgets the packets, which all subscribers have got. */
    void onForwarded() {
        if (source != null) {
            source.batch().clear();
        }
    }

    void onMessage(ByteBuf payload, boolean binary, long nowNanos) {
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
