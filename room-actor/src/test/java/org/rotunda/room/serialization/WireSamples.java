package org.rotunda.room.serialization;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.NegotiationState;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TrackLevels;
import org.rotunda.media.control.TrackRates;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.room.mediaplane.DrainPermit;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.nodewatch.Beat;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.nodewatch.RelayedLoad;
import org.rotunda.room.nodewatch.Sightings;
import org.rotunda.room.nodewatch.Standing;
import org.rotunda.room.placement.MediaNodeLoad;
import org.rotunda.room.protocol.AllocationView;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.RulesView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.protocol.TrackView;
import org.rotunda.room.protocol.TrackViews;
import org.rotunda.room.quota.AccountSeats;
import org.rotunda.room.testkit.RoomSamples;

/**
 * One message of every class in {@link WireTable}, with something in every component. The golden files are made from
 * the samples, so a change of a sample needs a new golden file.
 */
final class WireSamples {
    private static final ParticipantSid ALICE = new ParticipantSid("PA" + "3".repeat(32));
    private static final ParticipantSid BOB = new ParticipantSid("PA" + "6".repeat(32));
    private static final TrackSid CAM = new TrackSid("MT" + "4".repeat(32));
    private static final SessionId SESSION = new SessionId(RoomSamples.ROOM + "." + ALICE + "." + "5".repeat(32));
    private static final TransportId TRANSPORT = new TransportId(RoomSamples.ROOM.value(), ALICE.value(), "c0ffee");
    private static final Description OFFER = new Description(Description.Type.OFFER, 3, "v=0\r\ns=–\r\n");
    private static final ConnectionDescription CONNECTION = new ConnectionDescription("c0ffee", OFFER);
    private static final ConnectionCandidates CANDIDATES = new ConnectionCandidates(
            "c0ffee",
            "u1",
            9,
            List.of(
                    new IceCandidate("candidate:1 1 udp 2122260223 10.0.0.1 49152 typ host", "0", 0, "u1"),
                    new IceCandidate("", null, IceCandidate.NO_LINE, null)),
            true);
    private static final SessionNotice.RemoteParticipant REMOTE = new SessionNotice.RemoteParticipant(
            ALICE,
            "alice",
            ParticipantStatus.RECONNECTING,
            (7L << 20) + 5,
            List.of(new SessionNotice.RemoteTrack(CAM, TrackKind.VIDEO, "camera", true, TrackPriority.HIGH)));
    private static final SessionNotice.Published PUBLISHED = new SessionNotice.Published(
            4,
            List.of(
                    new SessionNotice.PublishedTrack("id-1", CAM, null),
                    new SessionNotice.PublishedTrack("id-2", null, RoomError.TRACK_NAME_DUPLICATED)));
    private static final SessionNotice.Subscribed SUBSCRIBED =
            new SessionNotice.Subscribed(6, List.of(new SessionNotice.SubscribedTrack(CAM, "msid-1", null)));
    private static final SessionNotice.RoomSnapshot SNAPSHOT = new SessionNotice.RoomSnapshot(
            List.of(REMOTE),
            PUBLISHED,
            SUBSCRIBED,
            List.of(
                    new SessionNotice.Connection("c0ffee", CONNECTION, List.of(CANDIDATES)),
                    new SessionNotice.Connection("beef", null)),
            new SessionNotice.Recording(false, 1));
    private static final BandwidthProfile PROFILE = new BandwidthProfile(
            BandwidthProfile.Mode.PRESENTATION,
            2_500_000,
            TrackPriority.HIGH,
            BandwidthProfile.SwitchOff.DETECTED,
            5,
            new PictureSize(320, 240),
            BandwidthProfile.STANDARD_SIZE,
            BandwidthProfile.HIGH_SIZE);
    private static final List<TrackRule> RULES = List.of(
            TrackRule.INCLUDE_ALL,
            new TrackRule(TrackRule.Type.EXCLUDE, false, TrackKind.VIDEO, "bob", "screen", TrackPriority.LOW));
    private static final Map<String, String> CHANNELS =
            Map.of("active_speaker", "active_speaker-1f", "network_quality", "network_quality-2e");
    private static final ParticipantView PARTICIPANT_VIEW = new ParticipantView(
            ALICE,
            RoomSamples.ROOM,
            RoomSamples.ACCOUNT,
            "alice",
            ParticipantStatus.CONNECTED,
            RoomSamples.START,
            RoomSamples.START.plusNanos(123_456_789),
            null);
    private static final TransportHandover HANDOVER = new TransportHandover(
            new NegotiationState(new byte[] {1, 0, -1, 127}),
            List.of(new TransportHandover.Channel(2, "label", "", true, -1, 500, true, false)));
    private static final List<DataMessage> MESSAGES = List.of(
            new DataMessage("label", false, new byte[] {104, 105}), new DataMessage("other", true, new byte[0]));

    private static final RoomReport REPORT = new RoomReport(
            RoomSamples.ROOM.value(),
            List.of(new TrackLevels(ALICE.value(), CAM.value(), new byte[] {-87, 40, 127})),
            List.of(new DownlinkReport(
                    TRANSPORT, 1_234_567, true, 0.25, 70, -1, 32_000, 1_100_000, true, List.of(CAM.value()))),
            List.of(new QualityReport(
                    TRANSPORT,
                    new QualityReport.Direction(0.5, 20, 50),
                    QualityReport.Direction.NONE,
                    new QualityReport.Direction(0.125, 7, 49),
                    new QualityReport.Direction(0.0625, 9, 300),
                    45,
                    64_000,
                    2_000_000)),
            List.of(new TrackRates(
                    CAM.value(),
                    true,
                    List.of(
                            new TrackRates.LayerRate(0, 320, 180, 30, List.of(60, 90, 150)),
                            new TrackRates.LayerRate(1, 640, 360, 15, List.of(500))))));

    private WireSamples() {}

    /** Returns the samples in the order of the table. */
    static List<Object> all(ActorSystem<?> system) {
        return Stream.of(
                        roomCommands(system),
                        answers(),
                        notices(),
                        names(system),
                        seats(system),
                        mediaNodes(system),
                        media())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Object> roomCommands(ActorSystem<?> system) {
        return List.of(
                new RoomCommand.Create(RoomSamples.ACCOUNT, "daily", RoomSamples.properties(), nobody(system)),
                new RoomCommand.Fetch(nobody(system)),
                new RoomCommand.Complete(nobody(system)),
                new RoomCommand.ListParticipants(true, nobody(system)),
                new RoomCommand.FetchParticipant("alice", nobody(system)),
                new RoomCommand.RemoveParticipant(ALICE.value(), nobody(system)),
                new RoomCommand.Connect(
                        RoomSamples.ACCOUNT,
                        "alice",
                        RoomSamples.client(
                                2,
                                RoomSamples.track("mic", TrackKind.AUDIO),
                                RoomSamples.track("chat", TrackKind.DATA)),
                        true,
                        RULES,
                        Set.of("active_speaker", "network_quality"),
                        PROFILE,
                        CONNECTION,
                        nobody(system),
                        nobody(system)),
                new RoomCommand.Sync(
                        SESSION,
                        RoomSamples.client(3),
                        List.of(CONNECTION),
                        List.of(CANDIDATES),
                        nobody(system),
                        nobody(system)),
                new RoomCommand.Update(SESSION, RoomSamples.client(4), List.of(CONNECTION), List.of(CANDIDATES)),
                new RoomCommand.FetchAllocation("alice", nobody(system)),
                new RoomCommand.Disconnect(SESSION),
                new RoomCommand.SocketLost(SESSION, nobody(system)),
                new RoomCommand.Inspect(nobody(system)),
                new RoomInspection("{\"room\":\"daily\"}"),
                new RoomCommand.FetchSubscribeRules("alice", nobody(system)),
                new RoomCommand.ChangeSubscribeRules(ALICE.value(), RULES, nobody(system)),
                new RoomCommand.ListTracks("alice", true, nobody(system)),
                new RoomCommand.Anonymize(ALICE, nobody(system)),
                new RoomCommand.FetchRecordingRules(nobody(system)),
                new RoomCommand.ChangeRecordingRules(RULES, nobody(system)),
                new RoomCommand.LimitLayers(ALICE, CAM, new LayerLimit(1, 2), nobody(system)),
                new RoomCommand.MoveTransports("media-1", nobody(system)));
    }

    private static List<Object> answers() {
        return List.of(
                new RoomView(
                        RoomSamples.ROOM,
                        RoomSamples.ACCOUNT,
                        "daily",
                        RoomStatus.COMPLETED,
                        RoomSamples.properties(),
                        RoomSamples.START,
                        RoomSamples.START.plusSeconds(1),
                        RoomSamples.START.plusSeconds(2)),
                PARTICIPANT_VIEW,
                new ParticipantViews(List.of(PARTICIPANT_VIEW)),
                new RulesView(ALICE, RULES, RoomSamples.START, RoomSamples.START.plusNanos(123_456_789)),
                new TrackViews(
                        ALICE,
                        List.of(new TrackView(
                                CAM,
                                new ParticipantSid("PA" + "6".repeat(32)),
                                "camera",
                                TrackKind.VIDEO,
                                true,
                                RoomSamples.START,
                                RoomSamples.START.plusSeconds(1)))),
                new AllocationView(
                        ALICE,
                        RoomSamples.ROOM,
                        RoomSamples.ACCOUNT,
                        PROFILE,
                        new AllocationView.Budget(1_000_000, 70_000, 4_000_000, 500_000, 0.25, 12),
                        List.of(new AllocationView.Track(
                                CAM,
                                BOB,
                                1,
                                new AllocationView.Layer(1, 2, 500_000),
                                new AllocationView.Layer(2, 2, 2_500_000),
                                null,
                                "BUDGET",
                                "The next layer does not fit.",
                                1_500,
                                List.of(new AllocationView.Change(
                                        RoomSamples.START,
                                        null,
                                        new AllocationView.Layer(1, 2, 500_000),
                                        "BUDGET",
                                        "NEW_TRACK",
                                        930_000,
                                        500_000))))),
                new RoomRefusal(RoomError.ROOM_EXISTS));
    }

    private static List<Object> notices() {
        return List.of(
                new SessionNotice.Connected(
                        SESSION,
                        RoomSamples.ROOM,
                        "daily",
                        ALICE,
                        "alice",
                        Duration.ofMillis(30_500),
                        "us1",
                        SNAPSHOT,
                        CHANNELS,
                        RoomSamples.ROOM_NODE),
                new SessionNotice.Synced(
                        RoomSamples.ROOM, "daily", ALICE, "alice", SNAPSHOT, CHANNELS, RoomSamples.ROOM_NODE),
                new SessionNotice.RoomChanged(List.of(REMOTE), PUBLISHED, null, new SessionNotice.Recording(true, 8)),
                new SessionNotice.Descriptions(List.of(CONNECTION), List.of(CANDIDATES)),
                new SessionNotice.Ended(RoomError.DUPLICATE_IDENTITY),
                new SessionNotice.Channels(CHANNELS),
                new SessionNotice.Superseded(),
                new SessionNotice.Moved());
    }

    private static List<Object> names(ActorSystem<?> system) {
        return List.of(
                new RoomName.Claim(RoomSamples.ROOM, nobody(system)),
                new RoomName.Confirm(RoomSamples.ROOM),
                new RoomName.Release(RoomSamples.ROOM),
                new RoomName.LookUp(nobody(system)),
                new RoomName.Holder(RoomSamples.ROOM, true, RoomSamples.START),
                new RoomName.Refused(RoomError.ROOM_CREATE_FAILED));
    }

    private static List<Object> seats(ActorSystem<?> system) {
        return List.of(
                new AccountSeats.TakeRoom(RoomSamples.ROOM, RoomType.GROUP, nobody(system)),
                new AccountSeats.TakeParticipant(RoomSamples.ROOM, RoomType.GO, ALICE, BOB, nobody(system)),
                new AccountSeats.GiveRoom(RoomSamples.ROOM),
                new AccountSeats.GiveParticipant(RoomSamples.ROOM, ALICE),
                new AccountSeats.Renew(RoomSamples.ROOM, RoomType.GROUP, List.of(ALICE, BOB)),
                new AccountSeats.Answer(AccountSeats.Verdict.PARTICIPANTS_EXCEEDED));
    }

    private static List<Object> mediaNodes(ActorSystem<?> system) {
        return List.of(
                new MediaNode.Deliver(new MediaCommand.CloseTransport(TRANSPORT, 4, true), nobody(system)),
                new MediaNode.Told("media-1", new MediaEvent.AnswerOverdue(TRANSPORT, 2)),
                new MediaNode.Describe(nobody(system)),
                new MediaNode.Described(new MediaNodeLoad("media-1", 12, true, 0.25, 60), nobody(system)),
                new MediaNode.Retain("RM1", 6, Set.of(TRANSPORT), nobody(system)),
                new MediaNode.Reported("media-1", REPORT),
                new MediaNode.LeaveAsked("media-1", "media-2", nobody(system)),
                new DrainPermit.Ask(
                        new NodeId("10.0.0.6", 7355, 12), DrainPermit.Kind.HAND_OVER_ROOMS, true, nobody(system)),
                new DrainPermit.GiveBack(new NodeId("10.0.0.6", 7355, 12)),
                new DrainPermit.Answer(false, List.of(new NodeId("10.0.0.7", 7355, 13))),
                new Beat(
                        new NodeId("10.0.0.1", 7355, -7),
                        new NodeId("fe80::1", 7356, 8),
                        -12,
                        Beat.NO_ECHO,
                        Standing.GOOD,
                        3,
                        Set.of("media-1"),
                        List.of(new MediaNodeLoad("media-1", 12, true, 0)),
                        new Sightings(
                                Set.of(new NodeId("10.0.0.3", 7355, 9)),
                                Set.of("media-2"),
                                Set.of(new NodeId("10.0.0.4", 7355, 10)),
                                List.of(new RelayedLoad(
                                        new NodeId("10.0.0.5", 7355, 11), new MediaNodeLoad("media-3", 4, false, 0))),
                                Set.of(new NodeId("10.0.0.6", 7355, 12))),
                        7357));
    }

    private static List<Object> media() {
        return List.of(
                new DesiredTransport(
                        TRANSPORT,
                        4,
                        9,
                        List.of(new DesiredTransport.Publication(CAM.value(), "id-1", TrackKind.VIDEO, 500_000)),
                        List.of(new DesiredTransport.Subscription(
                                CAM.value(),
                                "msid-1",
                                TrackKind.VIDEO,
                                new TransportId(RoomSamples.ROOM.value(), "PA" + "6".repeat(32), "f00"),
                                LayerLimit.NONE,
                                true,
                                3)),
                        List.of(new DesiredTransport.Channel("active_speaker-1f")),
                        new DesiredTransport.Downlink(2_500_000, 600_000, 4_000_000)),
                new MediaCommand.OpenTransport(TRANSPORT, 4, Set.of(VideoCodec.VP8, VideoCodec.H264), HANDOVER, true),
                new MediaCommand.RemoteDescription(TRANSPORT, 4, OFFER),
                new MediaCommand.SendOnChannel(TRANSPORT, 4, "active_speaker-1f", "{}"),
                new MediaCommand.CloseTransport(TRANSPORT, 4, true),
                new MediaCommand.ReportTransport(TRANSPORT, 4),
                new MediaCommand.RepeatMessages(TRANSPORT, 4, MESSAGES),
                new MediaEvent.StateChanged(TRANSPORT, MediaEvent.State.CONNECTED, true),
                new MediaEvent.LocalDescription(TRANSPORT, OFFER),
                new MediaEvent.NegotiationFailed(TRANSPORT, MediaEvent.Fault.NO_SUPPORTED_CODEC),
                new MediaEvent.AnswerOverdue(TRANSPORT, 2),
                new MediaEvent.DesiredApplied(TRANSPORT, 4, 9),
                new MediaEvent.CommandRefused(TRANSPORT, 3, MediaEvent.Refusal.STALE_EPOCH),
                new MediaEvent.ChannelChanged(TRANSPORT, "active_speaker-1f", true),
                new MediaEvent.ChannelMessage(TRANSPORT, "active_speaker-1f", "{\"type\":\"x\"}"),
                new MediaEvent.LayersChanged(
                        TRANSPORT,
                        CAM.value(),
                        List.of(new MediaEvent.Layer(0, 320, 180), new MediaEvent.Layer(1, 640, 360))),
                new MediaEvent.HandoverChanged(TRANSPORT, HANDOVER),
                new MediaEvent.Unacknowledged(TRANSPORT, MESSAGES),
                new MediaEvent.CodecsMissing(TRANSPORT, Set.of(TrackKind.VIDEO)),
                new MediaEvent.TrackCodecsMissing(TRANSPORT, Set.of(CAM.value())),
                new MediaEvent.TrackFlows(TRANSPORT, CAM.value()));
    }

    /**
     * Returns a reference to no real actor. All actor systems with the same name write it as the same bytes, and can
     * read it.
     */
    private static <T> ActorRef<T> nobody(ActorSystem<?> system) {
        return system.deadLetters();
    }
}
