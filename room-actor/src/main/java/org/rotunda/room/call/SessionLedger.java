package org.rotunda.room.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connection;
import org.rotunda.room.protocol.SessionNotice.Published;
import org.rotunda.room.protocol.SessionNotice.PublishedTrack;
import org.rotunda.room.protocol.SessionNotice.Recording;
import org.rotunda.room.protocol.SessionNotice.RemoteParticipant;
import org.rotunda.room.protocol.SessionNotice.RoomChanged;
import org.rotunda.room.protocol.SessionNotice.RoomSnapshot;
import org.rotunda.room.protocol.SessionNotice.SubscribedTrack;
import org.rotunda.room.state.ClientView;

/**
 * Records what one client was told about its room, and computes the notices that are still missing. Owned by the
 * conductor.
 */
final class SessionLedger {
    // The participants that the client was told about. All have revision 0, so that a new revision alone never counts
    // as a change.
    private final Map<ParticipantSid, RemoteParticipant> others = new LinkedHashMap<>();
    private List<PublishedTrack> published = List.of();
    private List<SubscribedTrack> subscribed = List.of();
    private boolean recording;

    /** Returns everything that the client should know, and records that the client was told. */
    RoomSnapshot snapshot(ClientView outlook, long revision, List<Connection> connections) {
        others.clear();
        outlook.others().forEach(each -> others.put(each.sid(), each));
        published = outlook.published();
        subscribed = outlook.subscribed();
        recording = outlook.recording();
        return new RoomSnapshot(
                outlook.others().stream().map(each -> at(revision, each)).toList(),
                new Published(revision, published),
                new SessionNotice.Subscribed(revision, subscribed),
                connections,
                new Recording(recording, revision));
    }

    /**
     * Returns the changes since the last notice, in the order in which the client must hear them. A participant's
     * departure comes before the end of the subscriptions to its tracks. In the other order, the application would
     * first see the tracks unpublished.
     */
    List<SessionNotice> catchUp(ClientView outlook, long revision) {
        List<RemoteParticipant> left = takeLeft(outlook, revision);
        List<RemoteParticipant> changed = takeChanged(outlook, revision);
        Published nextPublished = takePublished(outlook, revision);
        SessionNotice.Subscribed nextSubscribed = takeSubscribed(outlook, revision);
        Recording nextRecording = takeRecording(outlook, revision);
        List<SessionNotice> notices = new ArrayList<>();
        if (!left.isEmpty()) {
            notices.add(new RoomChanged(left, null, null));
        }
        if (!changed.isEmpty() || nextPublished != null || nextSubscribed != null || nextRecording != null) {
            notices.add(new RoomChanged(changed, nextPublished, nextSubscribed, nextRecording));
        }
        return notices;
    }

    private List<RemoteParticipant> takeLeft(ClientView outlook, long revision) {
        Set<ParticipantSid> there =
                outlook.others().stream().map(RemoteParticipant::sid).collect(Collectors.toSet());
        List<RemoteParticipant> left = others.values().stream()
                .filter(each -> !there.contains(each.sid()))
                .map(each -> new RemoteParticipant(
                        each.sid(), each.identity(), ParticipantStatus.DISCONNECTED, revision, each.tracks()))
                .toList();
        left.forEach(each -> others.remove(each.sid()));
        return left;
    }

    private List<RemoteParticipant> takeChanged(ClientView outlook, long revision) {
        List<RemoteParticipant> changed = new ArrayList<>();
        for (RemoteParticipant each : outlook.others()) {
            if (!each.equals(others.put(each.sid(), each))) {
                changed.add(at(revision, each));
            }
        }
        return changed;
    }

    private @Nullable Published takePublished(ClientView outlook, long revision) {
        if (outlook.published().equals(published)) {
            return null;
        }
        published = outlook.published();
        return new Published(revision, published);
    }

    private SessionNotice.@Nullable Subscribed takeSubscribed(ClientView outlook, long revision) {
        if (outlook.subscribed().equals(subscribed)) {
            return null;
        }
        subscribed = outlook.subscribed();
        return new SessionNotice.Subscribed(revision, subscribed);
    }

    private @Nullable Recording takeRecording(ClientView outlook, long revision) {
        if (outlook.recording() == recording) {
            return null;
        }
        recording = outlook.recording();
        return new Recording(recording, revision);
    }

    private static RemoteParticipant at(long revision, RemoteParticipant each) {
        return new RemoteParticipant(each.sid(), each.identity(), each.status(), revision, each.tracks());
    }
}
