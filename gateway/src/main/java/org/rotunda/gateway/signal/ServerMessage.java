package org.rotunda.gateway.signal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to a client, in version 2 of Twilio's Room Signaling Protocol (RSP). Fields that are null are not written.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(ServerMessage.Iced.class),
    @JsonSubTypes.Type(ServerMessage.Connected.class),
    @JsonSubTypes.Type(ServerMessage.Update.class),
    @JsonSubTypes.Type(ServerMessage.Synced.class),
    @JsonSubTypes.Type(ServerMessage.Disconnected.class),
    @JsonSubTypes.Type(ServerMessage.Failure.class)
})
public sealed interface ServerMessage {
    int VERSION = 2;

    /** Answers {@link ClientMessage.Ice} with the ICE servers. The version of this message is 1. */
    @JsonTypeName("iced")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Iced(int version, List<IceServer> iceServers) implements ServerMessage {
        public Iced(List<IceServer> iceServers) {
            this(1, List.copyOf(iceServers));
        }
    }

    /**
     * Tells the client that it has joined the room.
     *
     * @param session the id with which the client resumes its session; it never changes
     */
    @JsonTypeName("connected")
    record Connected(
            int version,
            String session,
            String sid,
            String name,
            Self participant,
            Options options,
            @JsonUnwrapped State state)
            implements ServerMessage {

        @Override
        public String toString() {
            return "Connected[sid=" + sid + ", participant=" + participant + "]";
        }
    }

    /** Reports changes of the room's state. Parts that have not changed are absent. */
    @JsonTypeName("update")
    record Update(int version, @JsonUnwrapped State state) implements ServerMessage {}

    /** Reports the whole state of the room after a resume. */
    @JsonTypeName("synced")
    record Synced(
            int version,
            String sid,
            String name,
            Self participant,
            @JsonUnwrapped State state) implements ServerMessage {}

    /**
     * Tells the client that the session is over without an error.
     *
     * @param status {@code completed} if the room is completed, else null
     */
    @JsonTypeName("disconnected")
    record Disconnected(int version, @Nullable String status) implements ServerMessage {}

    /** Tells the client that the session is over with an error. The client then closes the socket. */
    @JsonTypeName("error")
    record Failure(int version, int code, String message) implements ServerMessage {}

    // --- parts ----------------------------------------------------------------------------------------------------

    /** One STUN or TURN server, as an {@code RTCIceServer} of browsers. */
    record IceServer(
            List<String> urls,
            @Nullable String username,
            @Nullable String credential) {
        public IceServer {
            urls = List.copyOf(urls);
        }

        @Override
        public String toString() {
            return "IceServer" + urls;
        }
    }

    /** The client's own participant. */
    record Self(String sid, String identity) {}

    /**
     * The options of the session.
     *
     * @param sessionTimeout the session timeout in seconds, above 0
     * @param audioProcessors the names of the audio processors that the client may use
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Options(
            double sessionTimeout,
            String signalingRegion,
            @Nullable String mediaRegion,
            List<String> audioProcessors) {}

    /** The fields that the messages connected, update and synced have in common. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record State(
            @Nullable List<Participant> participants,
            @Nullable Published published,
            @Nullable Subscribed subscribed,
            @Nullable Recording recording,
            @Nullable List<PeerConnection> peerConnections,
            @Nullable Map<String, Channel> mediaSignaling) {}

    /** Another participant. All its tracks are listed. A disconnected participant keeps its last tracks. */
    record Participant(String sid, String identity, String state, long revision, List<Track> tracks) {}

    record Track(String sid, String kind, String name, boolean enabled, String priority) {}

    record Published(long revision, List<PublishedTrack> tracks) {}

    record PublishedTrack(
            String id,
            String state,
            @Nullable String sid,
            @Nullable Fault error) {}

    record Fault(int code, String message) {}

    record Subscribed(long revision, List<SubscribedTrack> tracks) {}

    /**
     * A track of the subscription. The client receives a track that has an id and no error. The SDK reports a track
     * with an error as failed.
     */
    record SubscribedTrack(
            @Nullable String id, String sid, @Nullable Fault error) {}

    /** The state of the recording. {@code is_recording} is always written, because clients read its absence as true. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Recording(boolean isRecording, long revision) {}

    /**
     * The entry of a peer connection. Several entries can be about one connection.
     *
     * @param ice the candidates of the other client, in rooms without a media server
     */
    record PeerConnection(
            String id,
            @Nullable SessionDescription description,
            @Nullable Ice ice) {}

    /**
     * All candidates of the other client for one ufrag.
     *
     * @param complete true after the last candidate, else null
     */
    record Ice(
            List<Candidate> candidates,
            String ufrag,
            long revision,
            @Nullable Boolean complete) {}

    /** A candidate in the form of browsers ({@code RTCIceCandidateInit}). */
    record Candidate(
            String candidate,
            @Nullable String sdpMid,
            @JsonProperty("sdpMLineIndex") @Nullable Integer lineIndex,
            @Nullable String usernameFragment) {}

    record SessionDescription(
            String type, long revision, @Nullable String sdp) {}

    record Channel(ChannelTransport transport) {}

    record ChannelTransport(String type, String label) {}
}
