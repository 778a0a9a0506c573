package org.rotunda.media.router;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.RouterRoomView.ReceivedTrackView;
import org.rotunda.media.control.RouterRoomView.SentTrackView;
import org.rotunda.media.control.RouterRoomView.TransportView;
import org.rotunda.media.transport.ReceivedTrack;
import org.rotunda.media.transport.SentTrack;

/**
 * Creates the view of one room, with limited numbers of transports and tracks. An instance is used once, on the loop
 * that owns this part of the room. It does not change the room.
 */
final class RoomDescriber {
    private final RouterRoom room;
    private final long nowNanos;
    private int tracksLeft = RouterRoomView.TRACKS_MAX;
    private int tracksLeftOut;

    private RoomDescriber(RouterRoom room, long nowNanos) {
        this.room = room;
        this.nowNanos = nowNanos;
    }

    static RouterRoomView describe(String roomSid, RouterRoom room, long nowNanos) {
        RoomDescriber describer = new RoomDescriber(room, nowNanos);
        List<TransportView> transports = new ArrayList<>();
        for (RouterRoom.Member member : room.members()) {
            if (transports.size() < RouterRoomView.TRANSPORTS_MAX) {
                transports.add(describer.transport(member));
            }
        }
        return new RouterRoomView(
                roomSid, transports, room.members().size() - transports.size(), describer.tracksLeftOut);
    }

    private TransportView transport(RouterRoom.Member member) {
        DesiredTransport desired = member.desired();
        List<ReceivedTrackView> received = new ArrayList<>();
        for (ReceivedTrack track : member.transport().receivedTracks()) {
            if (takeTrack()) {
                received.add(track.view(room.trackSid(member.transport(), track.clientTrackId()), nowNanos));
            }
        }
        Map<String, String> trackSids = new HashMap<>();
        if (desired != null) {
            desired.subscriptions().forEach(subscription -> trackSids.put(subscription.id(), subscription.trackSid()));
        }
        List<SentTrackView> sent = new ArrayList<>();
        for (SentTrack track : member.transport().sentTracks()) {
            if (takeTrack()) {
                sent.add(track.view(trackSids.get(track.id())));
            }
        }
        return member.transport().view(epoch(desired), version(desired), received, sent);
    }

    private boolean takeTrack() {
        if (tracksLeft == 0) {
            tracksLeftOut++;
            return false;
        }
        tracksLeft--;
        return true;
    }

    private static long epoch(@Nullable DesiredTransport desired) {
        return desired == null ? 0 : desired.epoch();
    }

    private static long version(@Nullable DesiredTransport desired) {
        return desired == null ? 0 : desired.version();
    }
}
