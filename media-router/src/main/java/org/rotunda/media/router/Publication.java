package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.forward.SourceBatch;
import org.rotunda.media.forward.SourcePacket;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.transport.ReceivedTrack;
import org.rotunda.media.transport.RelayedTrack;
import org.rotunda.media.transport.Transport;

/** One track that a client of this event loop publishes, with its subscribers here and its relays to other loops. */
final class Publication extends Fanout {
    private static final Relay[] NO_RELAYS = {};

    private final Transport publisher;
    private final String clientTrackId;
    private final RoomDirectory.Entry entry;
    private final RoomRelays room;
    private final RelayShares shares;
    private final RelayMessage.DataMessage dataMessage;
    private @Nullable ReceivedTrack source; // Null until the client's media for this track is negotiated.
    private @Nullable ChannelParameters channel; // The channel of a data track; null until the client has opened it.
    private Relay[] relays = NO_RELAYS; // An array, because it is iterated over for every batch of packets.
    private int handedOver; // The number of packets in the batch that were passed to the relays.

    /** @param entry the entry in the directory of the room, apart from the channel */
    Publication(
            TransportFaults faults,
            Departures departures,
            RoomRelays room,
            RelayShares shares,
            Transport publisher,
            String clientTrackId,
            RoomDirectory.Entry entry) {
        super(faults, departures, entry.trackSid(), entry.kind());
        this.room = room;
        this.shares = shares;
        this.publisher = publisher;
        this.clientTrackId = clientTrackId;
        this.entry = entry;
        this.dataMessage = new RelayMessage.DataMessage(room.sid(), entry.trackSid(), entry.number());
    }

    Transport publisher() {
        return publisher;
    }

    String clientTrackId() {
        return clientTrackId;
    }

    /** Returns the number of the publication on the node. */
    long number() {
        return entry.number();
    }

    /** Returns the entry of the track for the directory. */
    RoomDirectory.Entry entry() {
        return new RoomDirectory.Entry(
                trackSid(), entry.loop(), entry.publisher(), entry.order(), entry.number(), kind(), channel);
    }

    /** Returns whether the desired state describes this publication. */
    boolean isOf(Transport transport, DesiredTransport.Publication desired) {
        return publisher == transport && clientTrackId.equals(desired.clientTrackId()) && kind() == desired.kind();
    }

    /** Looks up the media or the channel that the publisher's transport has for this track. */
    void bind() {
        ReceivedTrack received = kind() == TrackKind.DATA ? null : publisher.received(clientTrackId);
        if (received != source) {
            if (source != null) {
                source.removeListener(this);
            }
            source = received;
            handedOver = 0;
            if (received != null) {
                received.setListener(this);
            }
            onDescribed();
        }
        channel = kind() == TrackKind.DATA ? publisher.clientChannel(clientTrackId) : null;
    }

    @Override
    @Nullable
    ReceivedTrack source() {
        return source;
    }

    @Override
    @Nullable
    ChannelParameters channel() {
        return channel;
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

    void close() {
        if (source != null) {
            source.removeListener(this);
            source = null;
        }
        relays = NO_RELAYS;
        putLinksIntoForce();
    }

    /** Passes a message of the client to the subscribers on all loops. The payload is borrowed for the call. */
    void onMessage(ByteBuf payload, boolean binary, long nowNanos) {
        deliver(payload, binary, nowNanos);
        room.passData(dataMessage, shares, payload, binary);
    }

    // --- relays to other loops ------------------------------------------------------------------------------------

    boolean hasRelays() {
        return relays.length > 0;
    }

    /** Begins, changes or ends the relay to another loop. */
    void onWish(RelayMessage.Wish wish) {
        departures().forward(); // What waits belongs to the state before the one that the other loop gets.
        Relay relay = relayTo(wish.loop());
        if (wish.encodings() == RelayMessage.DETACH) {
            if (relay != null && relay.isTo(wish.to())) {
                remove(relay);
            }
            return;
        }
        if (relay == null || !relay.isTo(wish.to())) {
            if (relay != null) {
                remove(relay); // Its end is gone, and the message about it was lost.
            }
            relay = room.relay(wish.loop(), wish.to(), shares);
            relays = Arrays.copyOf(relays, relays.length + 1);
            relays[relays.length - 1] = relay;
        }
        relay.setEncodings(wish.encodings());
        relay.describe(state());
    }

    private void remove(Relay gone) {
        relays = Arrays.stream(relays).filter(relay -> relay != gone).toArray(Relay[]::new);
    }

    private @Nullable Relay relayTo(int loop) {
        for (Relay relay : relays) {
            if (relay.loop() == loop) {
                return relay;
            }
        }
        return null;
    }

    private RelayedTrack.@Nullable State state() {
        return source == null ? null : source.state();
    }

    @Override
    public void onDescribed() {
        for (Relay relay : relays) {
            relay.onChanged();
        }
        describeChanged();
    }

    private void describeChanged() {
        for (Relay relay : relays) {
            if (!relay.isDescribed()) {
                relay.describe(state());
            }
        }
    }

    @Override
    public void onSenderReport(int encoding, long ntpTimestamp, int rtpTimestamp) {
        for (Relay relay : relays) {
            relay.onSenderReport(encoding, ntpTimestamp, rtpTimestamp);
        }
    }

    @Override
    void handOver() {
        ReceivedTrack from = source;
        if (relays.length == 0 || from == null) {
            return;
        }
        SourceBatch batch = from.batch();
        for (Relay relay : relays) {
            for (int i = handedOver; i < batch.size(); i++) {
                SourcePacket packet = batch.get(i);
                relay.pass(packet.encoding(), packet.plaintext(), packet.arrivalNanos());
            }
        }
        handedOver = batch.size();
    }

    @Override
    void onForwarded() {
        super.onForwarded();
        handedOver = 0;
    }

    /** Passes a kept packet again that the other loop does not have. */
    void onPacketMissing(RelayMessage.PacketMissing missing, long nowNanos) {
        Relay relay = relayTo(missing.loop());
        ReceivedTrack from = source;
        if (relay == null || from == null || missing.encoding() >= from.encodingCount()) {
            return;
        }
        ByteBuf kept = from.find(missing.encoding(), missing.sequenceNumber(), nowNanos);
        if (kept != null) {
            departures().forward(); // The packet may wait, and must not be passed twice.
            relay.pass(missing.encoding(), kept, nowNanos);
        }
    }

    void onKeyFrameNeeded(int encoding, long nowNanos) {
        ReceivedTrack from = source;
        if (from != null && encoding < from.encodingCount()) {
            from.requestKeyFrame(encoding, nowNanos);
        }
    }

    /** Tells the state to loops that did not get it, and asks for key frames in place of packets that were dropped. */
    void onRelayTimeout(long nowNanos) {
        departures().forward();
        describeChanged();
        ReceivedTrack from = source;
        for (Relay relay : relays) {
            int missed = relay.isDescribed() ? relay.takeMissed() : 0;
            for (int i = 0; from != null && from.isVideo() && missed >> i != 0; i++) {
                if ((missed >> i & 1) != 0) {
                    onKeyFrameNeeded(i, nowNanos);
                }
            }
        }
    }
}
