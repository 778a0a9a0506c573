package org.rotunda.room.testkit;

import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.START;

import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.signal.SignalChannel;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Publication;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomEvent.ParticipantConnected;
import org.rotunda.room.state.RoomEvent.RoomCreated;
import org.rotunda.room.state.RoomEvent.RoomHosted;
import org.rotunda.room.state.RoomEvent.TrackPublished;

/** Brings a room, step by step, to the state in which a test begins. */
public final class RoomSteps {
    public static final String NODE = "media-1";

    private final Random random = new Random(7);
    private OpenRoom room;

    private RoomSteps(RoomProperties properties) {
        RoomCreated created = new RoomCreated(ROOM, ACCOUNT, "daily", properties, START);
        room = OpenRoom.created(created);
        happens(new RoomHosted(1, START));
    }

    public static RoomSteps room(RoomProperties properties) {
        return new RoomSteps(properties);
    }

    public OpenRoom state() {
        return room;
    }

    /** Connects a participant. The participant's connection is named like its identity. */
    public ParticipantSid joins(String identity, Instant at) {
        return joins(identity, true, at);
    }

    public ParticipantSid joins(String identity, boolean automaticSubscription, Instant at) {
        ParticipantSid sid = ParticipantSid.random(random);
        happens(new ParticipantConnected(
                sid,
                identity,
                "hash-" + identity,
                automaticSubscription,
                Map.of(),
                new Placement(NODE, identity),
                1,
                at));
        return sid;
    }

    /**
     * Connects a participant with all media-signaling channels. The label of a channel is its name, a dash and the
     * identity.
     */
    public ParticipantSid joins(String identity, @Nullable BandwidthProfile profile, Instant at) {
        ParticipantSid sid = ParticipantSid.random(random);
        happens(new ParticipantConnected(
                sid,
                identity,
                "hash-" + identity,
                true,
                SignalChannel.NAMES.stream()
                        .collect(Collectors.toMap(channel -> channel, channel -> channel + "-" + identity)),
                new Placement(NODE, identity),
                1,
                profile,
                at));
        return sid;
    }

    public TrackSid publishes(ParticipantSid participant, String clientTrackId, TrackKind kind) {
        TrackSid sid = TrackSid.random(random);
        Publication publication =
                new Publication(sid, clientTrackId, kind, "name-" + clientTrackId, true, TrackPriority.STANDARD);
        happens(new TrackPublished(participant, publication, START));
        return sid;
    }

    public void happens(RoomEvent event) {
        room = (OpenRoom) room.apply(event);
    }
}
