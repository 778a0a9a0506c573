package org.rotunda.room.testkit;

import com.typesafe.config.ConfigFactory;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.NegotiationState;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackPriority;

/** Ready-made values with plausible content. */
public final class RoomSamples {
    public static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    public static final AccountSid ACCOUNT = new AccountSid("AC" + "1".repeat(32));
    public static final RoomSid ROOM = new RoomSid("RM" + "2".repeat(32));

    /** The id of the node on which the rooms of a test run. */
    public static final String ROOM_NODE = new NodeId("10.0.0.1", 25520, 1).toString();

    /** A sample handover. Rooms never read its content. */
    public static final TransportHandover HANDOVER =
            new TransportHandover(new NegotiationState(new byte[] {1, 2, 3}), List.of());

    private RoomSamples() {}

    /** Returns the defaults of {@code reference.conf}, but with short back-offs after a journal failure. */
    public static RoomSettings settings() {
        return settings("");
    }

    /**
     * Returns {@link #settings()}, except that the entity of a completed or unknown room is passivated after 200 ms. A
     * test that creates a room later than that must run the entity behind a shard, which starts the entity again.
     */
    public static RoomSettings passivatingSettings() {
        return settings("rotunda.rooms.passivate-after = 200ms");
    }

    /** Returns {@link #settings()}, except that recording is simulated. */
    public static RoomSettings recordingSettings() {
        return settings("rotunda.rooms.simulate-recording = on");
    }

    /** Returns {@link #settings()}, except that only so many audio tracks are sent in a large room. */
    public static RoomSettings loudestAudioSettings(int tracks) {
        return settings("rotunda.rooms.loudest-audio = " + tracks);
    }

    private static RoomSettings settings(String overrides) {
        return RoomSettings.from(ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.parseString(
                        "rotunda.rooms { restart-backoff-min = 20ms, restart-backoff-max = 100ms }"))
                .withFallback(ConfigFactory.load())
                .getConfig("rotunda"));
    }

    /** Returns the properties of a group room for four participants, with timeouts of five minutes. */
    public static RoomProperties properties() {
        return properties(4, 5);
    }

    public static RoomProperties properties(int participantsMax, int timeoutMinutes) {
        return new RoomProperties(
                RoomType.GROUP,
                participantsMax,
                14_400,
                timeoutMinutes,
                timeoutMinutes,
                false,
                List.of(VideoCodec.VP8, VideoCodec.H264),
                "us1",
                false,
                false,
                null,
                "POST");
    }

    /** Returns the properties of a group room that allows no video codec but H.264. */
    public static RoomProperties onlyH264() {
        return new RoomProperties(
                RoomType.GROUP, 4, 14_400, 5, 5, false, List.of(VideoCodec.H264), "us1", false, false, null, "POST");
    }

    public static RoomProperties audioOnly() {
        return new RoomProperties(RoomType.GROUP, 4, 14_400, 5, 5, false, List.of(), "us1", true, false, null, "POST");
    }

    /** Returns the properties of a peer-to-peer room. */
    public static RoomProperties peerToPeer() {
        return ofType(RoomType.PEER_TO_PEER);
    }

    /** Returns the properties of a room of this type, with as many participants as the type allows. */
    public static RoomProperties ofType(RoomType type) {
        return new RoomProperties(
                type,
                type.participantsMax(),
                14_400,
                5,
                5,
                false,
                List.of(VideoCodec.VP8, VideoCodec.H264),
                type.hasMediaServer() ? "us1" : "",
                false,
                false,
                null,
                "POST");
    }

    /** Returns a track with the name {@code name-ID}. */
    public static ClientTrack track(String id, TrackKind kind) {
        return new ClientTrack(id, kind, "name-" + id, true, TrackPriority.STANDARD);
    }

    public static ClientParticipant client(long revision, ClientTrack... tracks) {
        return new ClientParticipant(revision, List.of(tracks));
    }

    /** Returns a connect in {@link #ACCOUNT}, with an offer for the connection {@code pc-IDENTITY}. */
    public static RoomCommand.Connect connect(
            String identity,
            ActorRef<SessionNotice> socket,
            ActorRef<StatusReply<SessionNotice.Connected>> replyTo,
            ClientTrack... tracks) {
        return new RoomCommand.Connect(
                ACCOUNT, identity, client(1, tracks), true, Set.of(), offer("pc-" + identity), socket, replyTo);
    }

    /** Returns the first offer of a connection. */
    public static ConnectionDescription offer(String connectionId) {
        return new ConnectionDescription(connectionId, new Description(Description.Type.OFFER, 1, "v=0\r\n"));
    }
}
