package org.rotunda.gateway.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.signal.ServerMessage.Candidate;
import org.rotunda.gateway.signal.ServerMessage.Channel;
import org.rotunda.gateway.signal.ServerMessage.ChannelTransport;
import org.rotunda.gateway.signal.ServerMessage.Fault;
import org.rotunda.gateway.signal.ServerMessage.Ice;
import org.rotunda.gateway.signal.ServerMessage.Options;
import org.rotunda.gateway.signal.ServerMessage.Participant;
import org.rotunda.gateway.signal.ServerMessage.PeerConnection;
import org.rotunda.gateway.signal.ServerMessage.Published;
import org.rotunda.gateway.signal.ServerMessage.PublishedTrack;
import org.rotunda.gateway.signal.ServerMessage.Recording;
import org.rotunda.gateway.signal.ServerMessage.Self;
import org.rotunda.gateway.signal.ServerMessage.SessionDescription;
import org.rotunda.gateway.signal.ServerMessage.State;
import org.rotunda.gateway.signal.ServerMessage.Subscribed;
import org.rotunda.gateway.signal.ServerMessage.SubscribedTrack;
import org.rotunda.gateway.signal.ServerMessage.Track;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionNotice;

/** Turns the notices from a room into messages to the client. */
public final class Notices {
    private Notices() {}

    /**
     * Makes the message that lets a client in. It shows the tracks of the client's connect as {@code created}, although
     * the room has already accepted or refused them. The reason is that the SDK fires {@code trackPublished} only for a
     * track that becomes ready after this message. {@link #published} makes the message that follows and has the
     * outcome.
     */
    public static ServerMessage connected(SessionNotice.Connected notice, String signalingRegion) {
        boolean hasMediaServer = !notice.mediaRegion().isEmpty(); // Only media servers are in a region.
        return new ServerMessage.Connected(
                ServerMessage.VERSION,
                notice.sessionId().value(),
                notice.roomSid().value(),
                notice.roomName(),
                new Self(notice.participantSid().value(), notice.identity()),
                new Options(
                        notice.sessionTimeout().toMillis() / 1000.0,
                        signalingRegion,
                        // Without a media server the key must be absent, and the SDK allows no noise cancellation.
                        hasMediaServer ? notice.mediaRegion() : null,
                        hasMediaServer ? List.of("krisp") : List.of()),
                state(notice.snapshot(), created(notice.snapshot().published()), notice.channels()));
    }

    /** Makes the message that tells a client which tracks of its connect are published. */
    public static Optional<ServerMessage> published(SessionNotice.Connected notice) {
        SessionNotice.Published published = notice.snapshot().published();
        return published.tracks().isEmpty()
                ? Optional.empty()
                : Optional.of(update(new SessionNotice.RoomChanged(List.of(), published, null)));
    }

    /**
     * Returns these tracks in the state {@code created}, without their outcome. The revision is lower by 1, so that the
     * message with the outcome is newer. A client starts with revision 0.
     */
    private static Published created(SessionNotice.Published published) {
        return new Published(
                published.revision() - 1,
                published.tracks().stream()
                        .map(track -> new PublishedTrack(track.id(), "created", null, null))
                        .toList());
    }

    public static ServerMessage synced(SessionNotice.Synced notice) {
        return new ServerMessage.Synced(
                ServerMessage.VERSION,
                notice.roomSid().value(),
                notice.roomName(),
                new Self(notice.participantSid().value(), notice.identity()),
                state(notice.snapshot(), published(notice.snapshot().published()), notice.channels()));
    }

    public static ServerMessage update(SessionNotice.RoomChanged notice) {
        return new ServerMessage.Update(
                ServerMessage.VERSION,
                new State(
                        notice.participants().isEmpty() ? null : participants(notice.participants()),
                        notice.published() == null ? null : published(notice.published()),
                        notice.subscribed() == null ? null : subscribed(notice.subscribed()),
                        notice.recording() == null ? null : recording(notice.recording()),
                        null,
                        null));
    }

    public static ServerMessage update(SessionNotice.Descriptions notice) {
        List<PeerConnection> connections = new ArrayList<>();
        notice.descriptions()
                .forEach(entry -> connections.add(new PeerConnection(entry.connectionId(), description(entry), null)));
        notice.candidates().forEach(list -> connections.add(new PeerConnection(list.connectionId(), null, ice(list))));
        return new ServerMessage.Update(ServerMessage.VERSION, new State(null, null, null, null, connections, null));
    }

    /** Makes the message that tells a client the labels of its media-signaling channels again. */
    public static ServerMessage update(SessionNotice.Channels notice) {
        return new ServerMessage.Update(
                ServerMessage.VERSION, new State(null, null, null, null, null, channels(notice.channels())));
    }

    /**
     * Makes the last message of a session. A completed room is not sent as an error; the SDK itself reports an error to
     * the application.
     */
    public static ServerMessage ended(SessionNotice.Ended notice) {
        RoomError error = notice.error();
        if (error == null) {
            return new ServerMessage.Disconnected(ServerMessage.VERSION, null);
        }
        return error == RoomError.ROOM_COMPLETED
                ? new ServerMessage.Disconnected(ServerMessage.VERSION, "completed")
                : new ServerMessage.Failure(ServerMessage.VERSION, error.code(), error.message());
    }

    private static State state(SessionNotice.RoomSnapshot snapshot, Published published, Map<String, String> channels) {
        return new State(
                participants(snapshot.participants()),
                published,
                subscribed(snapshot.subscribed()),
                recording(snapshot.recording()),
                snapshot.connections().stream().flatMap(Notices::entries).toList(),
                channels.isEmpty() ? null : channels(channels));
    }

    /** Makes one entry with the description of a connection, and one for each list of candidates. */
    private static Stream<PeerConnection> entries(SessionNotice.Connection connection) {
        ConnectionDescription latest = connection.latest();
        return Stream.concat(
                Stream.of(new PeerConnection(
                        connection.connectionId(), latest == null ? null : description(latest), null)),
                connection.candidates().stream().map(list -> new PeerConnection(list.connectionId(), null, ice(list))));
    }

    private static Ice ice(ConnectionCandidates list) {
        return new Ice(
                list.candidates().stream()
                        .map(each -> new Candidate(
                                each.candidate(),
                                each.mid(),
                                each.lineIndex() == IceCandidate.NO_LINE ? null : (Integer) each.lineIndex(),
                                each.usernameFragment()))
                        .toList(),
                list.ufrag(),
                list.revision(),
                list.complete() ? Boolean.TRUE : null);
    }

    private static Map<String, Channel> channels(Map<String, String> labels) {
        Map<String, Channel> channels = new TreeMap<>();
        labels.forEach((name, label) -> channels.put(name, new Channel(new ChannelTransport("data-channel", label))));
        return channels;
    }

    private static List<Participant> participants(List<SessionNotice.RemoteParticipant> participants) {
        return participants.stream()
                .map(participant -> new Participant(
                        participant.sid().value(),
                        participant.identity(),
                        participant.status().wireName(),
                        participant.revision(),
                        participant.tracks().stream().map(Notices::track).toList()))
                .toList();
    }

    private static Track track(SessionNotice.RemoteTrack track) {
        return new Track(
                track.sid().value(), word(track.kind()), track.name(), track.enabled(), word(track.priority()));
    }

    private static Published published(SessionNotice.Published published) {
        return new Published(
                published.revision(),
                published.tracks().stream()
                        .map(track -> new PublishedTrack(
                                track.id(),
                                publishedState(track),
                                track.sid() == null ? null : track.sid().value(),
                                fault(track.error())))
                        .toList());
    }

    private static String publishedState(SessionNotice.PublishedTrack track) {
        if (track.error() != null) {
            return "failed";
        }
        return track.sid() == null ? "created" : "ready";
    }

    private static @Nullable Fault fault(@Nullable RoomError error) {
        return error == null ? null : new Fault(error.code(), error.message());
    }

    private static Subscribed subscribed(SessionNotice.Subscribed subscribed) {
        return new Subscribed(
                subscribed.revision(),
                subscribed.tracks().stream()
                        .map(track -> new SubscribedTrack(
                                track.error() == null ? track.id() : null,
                                track.sid().value(),
                                fault(track.error())))
                        .toList());
    }

    private static Recording recording(SessionNotice.Recording recording) {
        return new Recording(recording.isRecording(), recording.revision());
    }

    private static SessionDescription description(ConnectionDescription entry) {
        Description description = entry.description();
        return switch (description.type()) {
            case OFFER -> new SessionDescription("offer", description.revision(), description.sdp());
            case ANSWER -> new SessionDescription("answer", description.revision(), description.sdp());
            case CREATE_OFFER -> new SessionDescription("create-offer", description.revision(), null);
            case CLOSE -> new SessionDescription("close", description.revision(), null);
        };
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
