package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TrackLevels;
import org.rotunda.media.control.TrackRates;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.mediaplane.DrainPermit;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.nodewatch.Beat;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.AllocationView;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.RulesView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.protocol.TrackView;
import org.rotunda.room.protocol.TrackViews;
import org.rotunda.room.quota.AccountSeats;
import org.rotunda.room.state.ClientView;
import org.rotunda.room.state.MediaTerms;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Publication;
import org.rotunda.room.state.RefusedTrack;
import org.rotunda.room.state.RoomEvent.ParticipantConnected;
import org.rotunda.room.state.RoomEvent.TrackPublished;
import org.rotunda.room.state.RoomEvent.TrackRefused;
import org.rotunda.room.state.SubscriptionIds;
import org.rotunda.room.state.Subscriptions;
import org.rotunda.room.testkit.RoomSamples;
import org.rotunda.room.testkit.RoomSteps;

/**
 * The largest legal room: everything that clients choose has its greatest length, in characters of three bytes. Every
 * message about that room must fit between nodes, because a larger one would never arrive.
 */
class LargestRoomTest {
    private static final WireFixture WIRE = new WireFixture();

    /** The greatest length of room names and identities, which {@code NameFault} in the gateway checks. */
    private static final int NAME_CHARS_MAX = 128;

    /**
     * The length of our description for a room with the maximum number of tracks: about 1,200 bytes for each m-line.
     */
    private static final int OUR_DESCRIPTION_BYTES = ClientLimits.ROOM_TRACKS_MAX * 1_200;

    /** The number of departed participants that a room remembers. The room lists them with the present participants. */
    private static final int DEPARTED = 200;

    private static final BandwidthProfile LARGEST_PROFILE = new BandwidthProfile(
            BandwidthProfile.Mode.COLLABORATION,
            BandwidthProfile.BITRATE_LIMIT_MAX,
            TrackPriority.STANDARD,
            BandwidthProfile.SwitchOff.PREDICTED,
            Integer.MAX_VALUE,
            new PictureSize(PictureSize.SIDE_MAX, PictureSize.SIDE_MAX),
            new PictureSize(PictureSize.SIDE_MAX, PictureSize.SIDE_MAX),
            new PictureSize(PictureSize.SIDE_MAX, PictureSize.SIDE_MAX));
    private static final Map<String, String> CHANNELS = Stream.of(
                    "active_speaker",
                    "network_quality",
                    "publisher_hints",
                    "render_hints",
                    "track_priority",
                    "track_switch_off")
            .collect(Collectors.toMap(channel -> channel, channel -> channel + "-" + "f".repeat(16)));
    private static final Random RANDOM = new Random(3);
    private static final ParticipantSid VIEWER = ParticipantSid.random(RANDOM);
    private static final OpenRoom ROOM = room();
    private static final Participant VIEWED = ROOM.participant(VIEWER).orElseThrow();
    private static final TransportId TRANSPORT = transport(VIEWED);
    private static final SessionId SESSION = SessionId.random(RoomSamples.ROOM, VIEWER, RANDOM);

    /**
     * The messages whose size does not depend on what clients choose, or is bounded elsewhere, each with the reason.
     */
    private static final Map<Class<?>, String> BOUNDED_ELSEWHERE = Map.of(
            DrainPermit.Answer.class, "it lists at most a tenth of the media nodes",
            RoomInspection.class, "RoomInspectorTest fills it to its limits",
            MediaEvent.CodecsMissing.class, "it lists at most three kinds of tracks",
            MediaEvent.HandoverChanged.class, "the router bounds what it hands over",
            MediaCommand.OpenTransport.class, "it has what the router handed over");

    @AfterAll
    static void stop() {
        WIRE.close();
    }

    static Stream<Object> messages() {
        return Stream.concat(
                largest().stream(),
                WIRE.samples().stream()
                        .filter(sample -> largest().stream()
                                .noneMatch(each -> each.getClass().equals(sample.getClass()))));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("messages")
    void everyMessageFitsBetweenNodes(Object message) {
        assertThat(WIRE.serializer().toBinary(message)) // Writing a larger message fails.
                .as(message.getClass().getSimpleName())
                .hasSizeLessThanOrEqualTo(WireFormat.MESSAGE_BYTES_MAX);
    }

    /** Each message with lists or texts of clients must be among the largest messages, or have a reason not to be. */
    @Test
    void everyMessageThatGrowsIsTried() {
        Set<Class<?>> tried = new HashSet<>(BOUNDED_ELSEWHERE.keySet());
        largest().forEach(each -> tried.add(each.getClass()));
        assertThat(WireTableTest.messages()
                        .filter(type -> Stream.of(
                                        type.getRecordComponents() == null
                                                ? new java.lang.reflect.RecordComponent[0]
                                                : type.getRecordComponents())
                                .anyMatch(component -> grows(component.getType())))
                        .filter(type -> !tried.contains(type)))
                .isEmpty();
    }

    private static boolean grows(Class<?> type) {
        return Set.of(
                        List.class,
                        Set.class,
                        Map.class,
                        ClientParticipant.class,
                        Description.class,
                        ConnectionDescription.class,
                        SessionNotice.RoomSnapshot.class,
                        MediaCommand.class,
                        MediaEvent.class,
                        RoomReport.class)
                .contains(type);
    }

    private static List<Object> largest() {
        ActorRef<Object> nobody = WIRE.kit().system().deadLetters();
        ClientParticipant client = client();
        ConnectionDescription offer = description(0, ClientLimits.DESCRIPTIONS_BYTES_MAX);
        List<ConnectionDescription> descriptions = IntStream.range(0, ClientLimits.DESCRIPTIONS_MAX)
                .mapToObj(i -> description(i, ClientLimits.DESCRIPTIONS_BYTES_MAX / ClientLimits.DESCRIPTIONS_MAX))
                .toList();
        SessionNotice.RoomSnapshot snapshot = snapshot();
        Map<String, String> channels = IntStream.range(0, ClientLimits.CHANNELS_MAX)
                .mapToObj(i -> text(ClientLimits.CHANNEL_NAME_CHARS_MAX, i))
                .collect(Collectors.toMap(name -> name, name -> name + "-" + "f".repeat(16)));
        DesiredTransport desired = desired();
        MediaCommand.RemoteDescription remote =
                new MediaCommand.RemoteDescription(TRANSPORT, Long.MAX_VALUE, offer.description());
        MediaEvent.LocalDescription local =
                new MediaEvent.LocalDescription(TRANSPORT, ourDescription().description());
        MediaEvent.Unacknowledged unacknowledged = new MediaEvent.Unacknowledged(TRANSPORT, unacknowledged());
        return List.of(
                new RoomCommand.Create(
                        RoomSamples.ACCOUNT,
                        name(0),
                        propertiesWithCallback(),
                        WIRE.kit().system().deadLetters()),
                new RoomCommand.Connect(
                        RoomSamples.ACCOUNT,
                        name(0),
                        client,
                        true,
                        rules(),
                        channels.keySet(),
                        LARGEST_PROFILE,
                        offer,
                        nobody.narrow(),
                        WIRE.kit().system().deadLetters()),
                new AccountSeats.Renew(
                        RoomSamples.ROOM,
                        RoomType.GROUP,
                        Stream.generate(() -> ParticipantSid.random(RANDOM))
                                .limit(ClientLimits.ROOM_PARTICIPANTS_MAX)
                                .toList()),
                new RoomCommand.Sync(
                        SESSION,
                        client,
                        descriptions,
                        candidates(ClientLimits.CANDIDATES_BYTES_MAX),
                        nobody.narrow(),
                        WIRE.kit().system().deadLetters()),
                new RoomCommand.Update(SESSION, client, descriptions, candidates(ClientLimits.CANDIDATES_BYTES_MAX)),
                new ParticipantViews(IntStream.range(0, DEPARTED + ClientLimits.ROOM_PARTICIPANTS_MAX)
                        .mapToObj(i -> ROOM.view(VIEWED))
                        .toList()),
                ROOM.view(),
                new RoomCommand.ChangeSubscribeRules(
                        name(0), rules(), WIRE.kit().system().deadLetters()),
                new RoomCommand.ChangeRecordingRules(
                        rules(), WIRE.kit().system().deadLetters()),
                new RulesView(VIEWER, rules(), RoomSamples.START, RoomSamples.START),
                new TrackViews(
                        VIEWER,
                        list(
                                ClientLimits.ROOM_TRACKS_MAX,
                                i -> new TrackView(
                                        TrackSid.random(RANDOM),
                                        VIEWER,
                                        text(ClientLimits.TRACK_NAME_CHARS_MAX, i),
                                        TrackKind.VIDEO,
                                        true,
                                        RoomSamples.START,
                                        RoomSamples.START))),
                new SessionNotice.Connected(
                        SESSION,
                        RoomSamples.ROOM,
                        name(0),
                        VIEWER,
                        name(1),
                        Duration.ofDays(1),
                        "us1",
                        snapshot,
                        channels,
                        RoomSamples.ROOM_NODE),
                new SessionNotice.Synced(
                        RoomSamples.ROOM, name(0), VIEWER, name(1), snapshot, channels, RoomSamples.ROOM_NODE),
                peers(),
                new SessionNotice.RoomChanged(
                        snapshot.participants(), snapshot.published(), snapshot.subscribed(), snapshot.recording()),
                new SessionNotice.Descriptions(List.of(ourDescription(), ourDescription())),
                new SessionNotice.Descriptions(
                        List.of(description(0, ClientLimits.PEER_DESCRIPTION_BYTES_MAX)),
                        candidates(ClientLimits.CANDIDATE_LIST_BYTES_MAX)),
                new SessionNotice.Channels(channels),
                allocation(),
                desired,
                remote,
                local,
                unacknowledged,
                new MediaCommand.RepeatMessages(TRANSPORT, Long.MAX_VALUE, unacknowledged.messages()),
                new MediaEvent.LayersChanged(
                        TRANSPORT,
                        TrackSid.random(RANDOM).value(),
                        List.of(
                                new MediaEvent.Layer(0, 65_535, 65_535),
                                new MediaEvent.Layer(1, 65_535, 65_535),
                                new MediaEvent.Layer(2, 65_535, 65_535))),
                new MediaEvent.TrackCodecsMissing(
                        TRANSPORT,
                        Set.copyOf(list(
                                ClientLimits.ROOM_TRACKS_MAX,
                                i -> TrackSid.random(RANDOM).value()))),
                new MediaNode.Deliver(desired, WIRE.kit().system().deadLetters()),
                new MediaNode.Told("media-1", local),
                new MediaNode.Reported("media-1", report()),
                new MediaNode.Retain(
                        RoomSamples.ROOM.value(),
                        Long.MAX_VALUE,
                        ROOM.participants().stream()
                                .map(LargestRoomTest::transport)
                                .collect(Collectors.toSet()),
                        WIRE.kit().system().deadLetters()),
                WIRE.samples().stream().filter(Beat.class::isInstance).findAny().orElseThrow());
    }

    // --- the room -------------------------------------------------------------------------------------------------

    /**
     * Returns a room in which two participants publish the maximum number of tracks each. The viewer has as many
     * refused tracks as each of the two publishes.
     */
    private static OpenRoom room() {
        RoomSteps steps = RoomSteps.room(RoomSamples.properties(ClientLimits.ROOM_PARTICIPANTS_MAX, 5));
        for (int i = 0; i < ClientLimits.ROOM_PARTICIPANTS_MAX - 1; i++) {
            steps.happens(connected(ParticipantSid.random(RANDOM), i));
        }
        steps.happens(connected(VIEWER, ClientLimits.ROOM_PARTICIPANTS_MAX));
        for (int i = 0; i < ClientLimits.ROOM_TRACKS_MAX; i++) {
            ParticipantSid publisher = steps.state()
                    .participants()
                    .get(i / ClientLimits.TRACKS_MAX)
                    .sid();
            Publication publication = new Publication(
                    TrackSid.random(RANDOM),
                    text(ClientLimits.ID_CHARS_MAX, i),
                    TrackKind.VIDEO,
                    text(ClientLimits.TRACK_NAME_CHARS_MAX, i),
                    true,
                    TrackPriority.STANDARD);
            steps.happens(new TrackPublished(publisher, publication, RoomSamples.START));
        }
        for (int i = 0; i < ClientLimits.TRACKS_MAX; i++) {
            RefusedTrack refused =
                    new RefusedTrack(text(ClientLimits.ID_CHARS_MAX, i), RoomError.TRACK_KIND_NOT_SUPPORTED);
            steps.happens(new TrackRefused(VIEWER, refused, RoomSamples.START));
        }
        return steps.state();
    }

    private static ParticipantConnected connected(ParticipantSid sid, int number) {
        return new ParticipantConnected(
                sid,
                name(number),
                "f".repeat(64),
                true,
                CHANNELS,
                new Placement(RoomSteps.NODE, text(ClientLimits.ID_CHARS_MAX, number)),
                Long.MAX_VALUE,
                LARGEST_PROFILE,
                RoomSamples.START);
    }

    private static RoomProperties propertiesWithCallback() {
        RoomProperties plain = RoomSamples.properties();
        return new RoomProperties(
                RoomType.PEER_TO_PEER,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                60,
                60,
                true,
                plain.videoCodecs(),
                "us1",
                true,
                true,
                "h".repeat(1023),
                "POST",
                rules());
    }

    /** Returns the maximum number of rules, with texts of the greatest length. */
    private static List<TrackRule> rules() {
        return list(
                TrackRule.RULES_MAX,
                i -> new TrackRule(
                        TrackRule.Type.INCLUDE,
                        false,
                        TrackKind.VIDEO,
                        text(TrackRule.FILTER_CHARS_MAX, i),
                        text(TrackRule.FILTER_CHARS_MAX, i),
                        TrackPriority.STANDARD));
    }

    private static SessionNotice.RoomSnapshot snapshot() {
        ClientView view = ClientView.of(
                ROOM, ClientView.everybody(ROOM), VIEWED, new SubscriptionIds(), MediaTerms.UNKNOWN, true);
        assertThat(view.others()).hasSize(ClientLimits.ROOM_PARTICIPANTS_MAX - 1);
        assertThat(view.subscribed()).hasSize(ClientLimits.ROOM_TRACKS_MAX);
        assertThat(view.published()).hasSize(ClientLimits.TRACKS_MAX);
        return new SessionNotice.RoomSnapshot(
                view.others(),
                new SessionNotice.Published(Long.MAX_VALUE, view.published()),
                new SessionNotice.Subscribed(Long.MAX_VALUE, view.subscribed()),
                List.of(
                        new SessionNotice.Connection(text(ClientLimits.ID_CHARS_MAX, 0), description(0, 0)),
                        new SessionNotice.Connection(text(ClientLimits.ID_CHARS_MAX, 1), ourDescription())),
                new SessionNotice.Recording(true, Long.MAX_VALUE));
    }

    /** The answer to a sync in the largest room without a media server, with the state of each pair of the viewer. */
    private static SessionNotice.Synced peers() {
        int participants = RoomType.PEER_TO_PEER.participantsMax();
        RoomSteps steps = RoomSteps.room(RoomSamples.peerToPeer());
        IntStream.range(1, participants).forEach(i -> steps.happens(connected(ParticipantSid.random(RANDOM), i)));
        steps.happens(connected(VIEWER, 0));
        for (int i = 0; i < ClientLimits.ROOM_TRACKS_MAX; i++) {
            ParticipantSid publisher =
                    steps.state().participants().get(i % (participants - 1)).sid();
            Publication publication = new Publication(
                    TrackSid.random(RANDOM),
                    text(ClientLimits.ID_CHARS_MAX, i),
                    TrackKind.VIDEO,
                    text(ClientLimits.TRACK_NAME_CHARS_MAX, i),
                    true,
                    TrackPriority.STANDARD);
            steps.happens(new TrackPublished(publisher, publication, RoomSamples.START));
        }
        for (int i = 0; i < ClientLimits.TRACKS_MAX; i++) {
            steps.happens(new TrackRefused(
                    VIEWER,
                    new RefusedTrack(text(ClientLimits.ID_CHARS_MAX, i), RoomError.MAX_TRACKS_EXCEEDED),
                    RoomSamples.START));
        }
        OpenRoom room = steps.state();
        ClientView view = ClientView.of(
                room,
                ClientView.everybody(room),
                room.participant(VIEWER).orElseThrow(),
                new SubscriptionIds(),
                MediaTerms.UNKNOWN,
                false);
        assertThat(view.others()).hasSize(participants - 1);
        assertThat(view.subscribed()).hasSize(ClientLimits.ROOM_TRACKS_MAX);
        List<ConnectionCandidates> lists = Stream.of(1, 2) // For each of the two ufrags that are kept.
                .flatMap(ufrag -> candidates(ClientLimits.CANDIDATE_LIST_BYTES_MAX).stream())
                .toList();
        return new SessionNotice.Synced(
                RoomSamples.ROOM,
                name(0),
                VIEWER,
                name(1),
                new SessionNotice.RoomSnapshot(
                        view.others(),
                        new SessionNotice.Published(Long.MAX_VALUE, view.published()),
                        new SessionNotice.Subscribed(Long.MAX_VALUE, view.subscribed()),
                        list(
                                participants - 1,
                                i -> new SessionNotice.Connection(
                                        "f".repeat(36),
                                        description(i, ClientLimits.PEER_DESCRIPTION_BYTES_MAX),
                                        lists)),
                        new SessionNotice.Recording(false, Long.MAX_VALUE)),
                Map.of(),
                RoomSamples.ROOM_NODE);
    }

    /** Returns lists of candidates with so many charged bytes together, of the shape that takes the most bytes. */
    private static List<ConnectionCandidates> candidates(int bytes) {
        List<ConnectionCandidates> lists = new ArrayList<>();
        for (int left = bytes; left > 0; left -= ClientLimits.CANDIDATE_LIST_BYTES_MAX) {
            int most = Math.min(left, ClientLimits.CANDIDATE_LIST_BYTES_MAX);
            List<IceCandidate> candidates = new ArrayList<>();
            IceCandidate one = new IceCandidate("€".repeat(100), "0", Integer.MAX_VALUE, "u".repeat(8));
            for (int used = one.chargedBytes(); used <= most; used += one.chargedBytes()) {
                candidates.add(one);
            }
            lists.add(new ConnectionCandidates(
                    text(ClientLimits.ID_CHARS_MAX, 0),
                    "u".repeat(ClientLimits.UFRAG_CHARS_MAX),
                    Long.MAX_VALUE,
                    candidates,
                    true));
        }
        return lists;
    }

    private static AllocationView allocation() {
        AllocationView.Layer layer = new AllocationView.Layer(2, 2, Integer.MAX_VALUE);
        String word = "W".repeat(32);
        return new AllocationView(
                VIEWER,
                RoomSamples.ROOM,
                RoomSamples.ACCOUNT,
                LARGEST_PROFILE,
                new AllocationView.Budget(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 0.1, 100_000),
                list(
                        ClientLimits.ROOM_TRACKS_MAX,
                        i -> new AllocationView.Track(
                                TrackSid.random(RANDOM),
                                VIEWER,
                                i,
                                layer,
                                layer,
                                layer,
                                word,
                                text(AllocationView.TEXT_CHARS_MAX, i),
                                Long.MAX_VALUE,
                                list(
                                        AllocationView.CHANGES_MAX,
                                        change -> new AllocationView.Change(
                                                RoomSamples.START.plusNanos(change),
                                                layer,
                                                layer,
                                                word,
                                                word,
                                                Long.MAX_VALUE,
                                                Long.MAX_VALUE)))));
    }

    private static DesiredTransport desired() {
        SubscriptionIds ids = new SubscriptionIds();
        return new DesiredTransport(
                TRANSPORT,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                list(
                        ClientLimits.TRACKS_MAX,
                        i -> new DesiredTransport.Publication(
                                TrackSid.random(RANDOM).value(),
                                text(ClientLimits.ID_CHARS_MAX, i),
                                TrackKind.VIDEO,
                                Long.MAX_VALUE)),
                Subscriptions.of(ROOM, VIEWED)
                        .map(each -> new DesiredTransport.Subscription(
                                each.track().sid().value(),
                                ids.of(VIEWED, each.track()),
                                each.track().kind(),
                                transport(each.publisher()),
                                LayerLimit.NONE,
                                true,
                                ClientLimits.ROOM_TRACKS_MAX))
                        .toList(),
                list(8, i -> new DesiredTransport.Channel("publisher_hints-" + "f".repeat(16))),
                new DesiredTransport.Downlink(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
    }

    /** Returns a report that is as large as a router's report may be, with parts of every kind. */
    private static RoomReport report() {
        int bytes = RoomReport.CHARGED_BYTES_MAX / 4;
        String sid = TrackSid.random(RANDOM).value();
        TransportId transport =
                new TransportId(RoomSamples.ROOM.value(), VIEWER.value(), text(ClientLimits.ID_CHARS_MAX, 0));
        TrackLevels levels = new TrackLevels(VIEWER.value(), sid, new byte[TrackLevels.LEVELS_MAX]);
        DownlinkReport downlink = new DownlinkReport(
                transport,
                Long.MAX_VALUE,
                true,
                1,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                true,
                list(DownlinkReport.STEPPED_DOWN_MAX, i -> sid));
        QualityReport.Direction direction = new QualityReport.Direction(1, Integer.MAX_VALUE, Integer.MAX_VALUE);
        QualityReport quality = new QualityReport(
                transport,
                direction,
                direction,
                direction,
                direction,
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE);
        TrackRates rates = new TrackRates(
                sid,
                true,
                list(
                        3,
                        i -> new TrackRates.LayerRate(
                                i, 65_535, 65_535, Integer.MAX_VALUE, list(4, j -> Integer.MAX_VALUE))));
        return new RoomReport(
                RoomSamples.ROOM.value(),
                list(bytes / levels.chargedBytes(), i -> levels),
                list(bytes / downlink.chargedBytes(), i -> downlink),
                list(bytes / quality.chargedBytes(), i -> quality),
                list(bytes / rates.chargedBytes(), i -> rates));
    }

    /** The parts of a report charge at least the bytes that they take. */
    @Test
    void aReportTakesAtMostTheBytesThatItsPartsCharge() {
        assertThat(WIRE.serializer().toBinary(new MediaNode.Reported("media-1", report())))
                .hasSizeLessThanOrEqualTo(RoomReport.CHARGED_BYTES_MAX);
    }

    /** Returns as many unacknowledged messages as one {@link MediaEvent.Unacknowledged} may carry. */
    private static List<DataMessage> unacknowledged() {
        List<DataMessage> messages = new ArrayList<>();
        DataMessage one = new DataMessage(text(ClientLimits.ID_CHARS_MAX, 0), true, new byte[0]);
        for (int bytes = one.chargedBytes();
                bytes <= MediaEvent.UNACKNOWLEDGED_BYTES_MAX;
                bytes += one.chargedBytes()) {
            messages.add(one);
        }
        return messages;
    }

    private static ClientParticipant client() {
        return new ClientParticipant(
                Long.MAX_VALUE,
                list(
                        ClientLimits.TRACKS_MAX,
                        i -> new ClientTrack(
                                text(ClientLimits.ID_CHARS_MAX, i),
                                TrackKind.VIDEO,
                                // The gateway cuts longer names to this length. The room refuses a track whose name has
                                // this length.
                                text(ClientLimits.TRACK_NAME_CHARS_MAX + 1, i),
                                true,
                                TrackPriority.STANDARD)));
    }

    private static TransportId transport(Participant participant) {
        return new TransportId(
                RoomSamples.ROOM.value(),
                participant.sid().value(),
                participant.placement().connectionId());
    }

    private static ConnectionDescription ourDescription() {
        return description(1, OUR_DESCRIPTION_BYTES);
    }

    private static ConnectionDescription description(int connection, int bytes) {
        return new ConnectionDescription(
                text(ClientLimits.ID_CHARS_MAX, connection),
                new Description(Description.Type.OFFER, Long.MAX_VALUE, "x".repeat(bytes)));
    }

    private static String name(int number) {
        return text(NAME_CHARS_MAX, number);
    }

    /** Returns a text of this length, almost all of whose characters take three bytes. */
    private static String text(int chars, int number) {
        String digits = Integer.toString(number);
        return digits + "€".repeat(chars - digits.length());
    }

    private static <T> List<T> list(int size, IntFunction<T> element) {
        return IntStream.range(0, size).mapToObj(element).toList();
    }
}
