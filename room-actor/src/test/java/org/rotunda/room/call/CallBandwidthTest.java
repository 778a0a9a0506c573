package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.call.ConductorFixture.transport;
import static org.rotunda.room.testkit.RoomSamples.START;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TrackLevels;
import org.rotunda.media.control.TrackRates;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.protocol.AllocationView;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.signal.MessageBudget;
import org.rotunda.room.signal.PublisherHinter;
import org.rotunda.room.signal.SignalChannel;
import org.rotunda.room.signal.SignalFault;
import org.rotunda.room.testkit.RoomSamples;
import org.rotunda.room.testkit.RoomSteps;

/** Tests what members receive, and what is said on their media-signaling channels. */
class CallBandwidthTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long STEP_MILLIS = 1_000;
    private static final long AMPLE = 20_000_000;

    @AutoClose
    private final ConductorFixture fixture = ConductorFixture.ofCreatedRoom();

    private final TestProbe<MediaNode.Command> node = fixture.node;
    private final RoomSteps steps = fixture.steps;

    // --- render hints and switch-offs

    @Test
    void everyRenderHintIsAnswered() {
        ParticipantSid alice = joins("alice", BandwidthProfile.DEFAULT);
        ParticipantSid bob = joins("bob", BandwidthProfile.DEFAULT);
        TrackSid cam = publishes(alice);
        open(bob, "bob", SignalChannel.RENDER_HINTS);

        says(bob, "bob", SignalChannel.RENDER_HINTS, hint(1, cam, "'render_dimensions':{'width':320,'height':180}"));
        assertThat(told("bob", SignalChannel.RENDER_HINTS).path("subscriber"))
                .isEqualTo(json("{'id':1,'hints':[{'track':'" + cam + "','result':'OK'}]}"));
        TrackSid unknown = new TrackSid("MT" + "0".repeat(32));
        says(bob, "bob", SignalChannel.RENDER_HINTS, hint(2, unknown, "'enabled':true"));
        assertThat(told("bob", SignalChannel.RENDER_HINTS).path("subscriber"))
                .isEqualTo(json("{'id':2,'hints':[{'track':'" + unknown + "','result':'UNKNOWN_TRACK'}]}"));
        assertThat(fixture.statistics.signalsRead(SignalChannel.RENDER_HINTS)).isEqualTo(2);
    }

    @Test
    void aHiddenTrackIsPausedAndAnnounced() {
        ParticipantSid alice = joins("alice", BandwidthProfile.DEFAULT);
        ParticipantSid bob = joins("bob", BandwidthProfile.DEFAULT);
        TrackSid cam = publishes(alice);
        open(bob, "bob", SignalChannel.RENDER_HINTS);
        open(bob, "bob", SignalChannel.TRACK_SWITCH_OFF);

        says(bob, "bob", SignalChannel.RENDER_HINTS, hint(1, cam, "'enabled':false"));
        assertThat(told("bob", SignalChannel.TRACK_SWITCH_OFF))
                .isEqualTo(json("{'type':'track_switch_off','off':['" + cam + "']}"));
        assertThat(desired(
                        bob,
                        "bob",
                        each -> has(each, cam) && subscription(each, cam).paused()))
                .isNotNull();

        says(bob, "bob", SignalChannel.RENDER_HINTS, hint(2, cam, "'enabled':true"));
        assertThat(desired(
                        bob,
                        "bob",
                        each -> has(each, cam) && !subscription(each, cam).paused()))
                .isNotNull();
        fixture.says(RoomSteps.NODE, new MediaEvent.TrackFlows(transport(bob, "bob"), cam.value()));
        assertThat(told("bob", SignalChannel.TRACK_SWITCH_OFF))
                .isEqualTo(json("{'type':'track_switch_off','on':['" + cam + "']}"));
    }

    @Test
    void aChannelThatOpensAgainIsToldEverythingAgain() {
        ParticipantSid alice = joins("alice", BandwidthProfile.DEFAULT);
        ParticipantSid bob = joins("bob", BandwidthProfile.DEFAULT);
        TrackSid cam = publishes(alice);
        TestProbe<SessionNotice> socket = fixture.admit(bob);
        open(bob, "bob", SignalChannel.RENDER_HINTS);
        open(bob, "bob", SignalChannel.TRACK_SWITCH_OFF);
        says(bob, "bob", SignalChannel.RENDER_HINTS, hint(1, cam, "'enabled':false"));
        told("bob", SignalChannel.TRACK_SWITCH_OFF);

        channel(bob, "bob", SignalChannel.TRACK_SWITCH_OFF, false);
        channel(bob, "bob", SignalChannel.TRACK_SWITCH_OFF, true);

        assertThat(told("bob", SignalChannel.TRACK_SWITCH_OFF))
                .isEqualTo(json("{'type':'track_switch_off','off':['" + cam + "']}"));
        assertThat(notice(socket, SessionNotice.Channels.class).channels())
                .as("a client takes up a lost channel only when it hears the label again")
                .containsEntry("track_switch_off", "track_switch_off-bob")
                .hasSize(SignalChannel.values().length);
    }

    @Test
    void theSizeOfATileChoosesTheLayer() {
        ParticipantSid alice = joins("alice", BandwidthProfile.DEFAULT);
        ParticipantSid bob = joins("bob", BandwidthProfile.DEFAULT);
        TrackSid cam = publishes(alice);
        open(bob, "bob", SignalChannel.RENDER_HINTS);
        sends(alice, cam, 3);
        estimate(bob, AMPLE);

        says(bob, "bob", SignalChannel.RENDER_HINTS, hint(1, cam, "'render_dimensions':{'width':320,'height':180}"));
        assertThat(desired(
                        bob,
                        "bob",
                        each -> has(each, cam)
                                && subscription(each, cam).layers().spatialMax() == 0))
                .isNotNull();
    }

    @Test
    void aTestLimitOfLayersHoldsBesideThePlan() {
        ParticipantSid alice = joins("alice", BandwidthProfile.DEFAULT);
        ParticipantSid bob = joins("bob", BandwidthProfile.DEFAULT);
        TrackSid cam = publishes(alice);
        sends(alice, cam, 3);
        estimate(bob, AMPLE);
        TestProbe<StatusReply<Done>> reply = fixture.actors.createTestProbe();

        fixture.conductor.tell(new ConductorCommand.LimitLayers(
                new RoomCommand.LimitLayers(bob, cam, new LayerLimit(0, 1), reply.getRef())));

        DesiredTransport limited = desired(
                bob,
                "bob",
                each -> has(each, cam) && subscription(each, cam).layers().equals(new LayerLimit(0, 1)));
        assertThat(limited).isNotNull();
    }

    // --- bandwidth

    @Test
    void withoutAProfileNothingIsSwitchedOff() {
        ParticipantSid alice = joins("alice", null);
        ParticipantSid bob = joins("bob", null);
        TrackSid cam = publishes(alice);
        TrackSid screen = publishes(alice);
        sends(alice, cam, 3);
        sends(alice, screen, 3);
        DesiredTransport first =
                desired(bob, "bob", each -> each.subscriptions().size() == 2);
        assertThat(first.subscriptions())
                .as("no network is measured yet")
                .allSatisfy(each -> assertThat(each.layers()).isEqualTo(LayerLimit.NONE));

        estimate(bob, 200_000);
        passes(Duration.ofSeconds(5));
        estimate(bob, 120_000);
        DesiredTransport low = desired(
                bob,
                "bob",
                each -> each.subscriptions().stream()
                        .allMatch(track -> track.layers().spatialMax() == 0));
        assertThat(low.subscriptions()).noneMatch(DesiredTransport.Subscription::paused);
    }

    @Test
    void aLackOfBandwidthSwitchesTheLastTrackOff() {
        ParticipantSid alice = joins("alice", null);
        ParticipantSid carol = joins("carol", null);
        ParticipantSid bob = joins("bob", BandwidthProfile.DEFAULT);
        TrackSid cam = publishes(alice);
        TrackSid late = publishes(carol);
        open(bob, "bob", SignalChannel.TRACK_SWITCH_OFF);
        sends(alice, cam, 3);
        sends(carol, late, 3);
        estimate(bob, AMPLE);
        passes(Duration.ofSeconds(5));

        estimate(bob, 130_000);

        assertThat(told("bob", SignalChannel.TRACK_SWITCH_OFF).path("off")).isEqualTo(json("['" + late + "']"));
        DesiredTransport off = desired(
                bob, "bob", each -> has(each, late) && subscription(each, late).paused());
        assertThat(subscription(off, cam).paused()).isFalse();
        assertThat(subscription(off, cam).rank()).isZero();
        assertThat(subscription(off, late).rank()).isEqualTo(1);
        assertThat(off.downlink().desiredBps()).isPositive();
        assertThat(fixture.statistics.congestionSwitchOffs()).isEqualTo(1);
    }

    @Test
    void aSubscribersPriorityDecidesWhichTrackStays() {
        ParticipantSid alice = joins("alice", null);
        ParticipantSid carol = joins("carol", null);
        ParticipantSid bob = joins("bob", BandwidthProfile.DEFAULT);
        TrackSid cam = publishes(alice);
        TrackSid late = publishes(carol);
        open(bob, "bob", SignalChannel.TRACK_PRIORITY);
        open(bob, "bob", SignalChannel.TRACK_SWITCH_OFF);
        sends(alice, cam, 3);
        sends(carol, late, 3);
        estimate(bob, AMPLE);
        passes(Duration.ofSeconds(5));
        says(
                bob,
                "bob",
                SignalChannel.TRACK_PRIORITY,
                "{'type':'track_priority','track':'" + late + "','subscribe':'high'}");

        estimate(bob, 130_000);

        assertThat(told("bob", SignalChannel.TRACK_SWITCH_OFF).path("off")).isEqualTo(json("['" + cam + "']"));
    }

    @Test
    void maxTracksLeavesTheTrackOfTheDominantSpeaker() {
        BandwidthProfile one = new BandwidthProfile(
                BandwidthProfile.Mode.GRID,
                0,
                TrackPriority.STANDARD,
                BandwidthProfile.SwitchOff.DISABLED,
                1,
                BandwidthProfile.LOW_SIZE,
                BandwidthProfile.STANDARD_SIZE,
                BandwidthProfile.HIGH_SIZE);
        ParticipantSid alice = joins("alice", null);
        ParticipantSid carol = joins("carol", null);
        ParticipantSid bob = joins("bob", one);
        TrackSid cam = publishes(alice);
        TrackSid late = publishes(carol);

        DesiredTransport first =
                desired(bob, "bob", each -> each.subscriptions().size() == 2);
        assertThat(subscription(first, cam).paused()).isFalse();
        assertThat(subscription(first, late).paused()).isTrue();
    }

    @Test
    void theLayersAreExplained() {
        ParticipantSid alice = joins("alice", null);
        ParticipantSid bob = joins("bob", BandwidthProfile.DEFAULT);
        TrackSid cam = publishes(alice);
        sends(alice, cam, 3);
        estimate(bob, AMPLE);
        TestProbe<StatusReply<AllocationView>> reply = fixture.actors.createTestProbe();

        fixture.conductor.tell(
                new ConductorCommand.Explain(bob, new RoomCommand.FetchAllocation("bob", reply.getRef())));

        AllocationView view = reply.receiveMessage(PATIENCE).getValue();
        assertThat(view.profile()).isEqualTo(BandwidthProfile.DEFAULT);
        assertThat(view.budget().estimateBps()).isEqualTo(AMPLE);
        assertThat(view.tracks()).singleElement().satisfies(track -> {
            assertThat(track.track()).isEqualTo(cam);
            assertThat(track.publisher()).isEqualTo(alice);
            assertThat(track.layer()).isNotNull();
            assertThat(track.text()).isNotEmpty();
            assertThat(track.changes()).isNotEmpty();
        });
    }

    // --- speakers

    @Test
    void theOthersHearWhoSpeaks() {
        ParticipantSid alice = joins("alice", null);
        ParticipantSid bob = joins("bob", null);
        TrackSid voice = publishes(alice, TrackKind.AUDIO);
        open(alice, "alice", SignalChannel.ACTIVE_SPEAKER);
        open(bob, "bob", SignalChannel.ACTIVE_SPEAKER);

        speaks(alice, voice, 15);

        assertThat(told("bob", SignalChannel.ACTIVE_SPEAKER))
                .isEqualTo(json("{'type':'active_speaker','participant':'" + alice + "'}"));
        assertThat(fixture.statistics.speakerChanges())
                .as("nobody hears of itself, and nobody hears twice")
                .isEqualTo(1);

        channel(bob, "bob", SignalChannel.ACTIVE_SPEAKER, false);
        channel(bob, "bob", SignalChannel.ACTIVE_SPEAKER, true);
        assertThat(told("bob", SignalChannel.ACTIVE_SPEAKER).path("participant").asText())
                .isEqualTo(alice.value());
    }

    @Test
    void inALargeRoomOnlyTheLoudestAreSent() {
        try (ConductorFixture large =
                ConductorFixture.ofCreatedRoom(RoomSamples.properties(50, 5), RoomSamples.loudestAudioSettings(1))) {
            ParticipantSid first = large.steps.joins("p0", START);
            ParticipantSid second = large.steps.joins("p1", START);
            for (int i = 2; i < 20; i++) {
                large.steps.joins("p" + i, START);
            }
            TrackSid sent = large.steps.publishes(first, "a0", TrackKind.AUDIO);
            TrackSid quiet = large.steps.publishes(second, "a1", TrackKind.AUDIO);
            large.evolve();

            DesiredTransport last = desired(
                    large.node,
                    transport(large.steps.state().participants().get(19).sid(), "p19"),
                    each -> each.subscriptions().size() == 2);
            assertThat(subscription(last, sent).paused()).isFalse();
            assertThat(subscription(last, quiet).paused()).isTrue();
        }
    }

    // --- network quality

    @Test
    void everyQuestionAboutTheNetworkGetsOneAnswer() {
        ParticipantSid alice = joins("alice", null);
        joins("bob", null);
        open(alice, "alice", SignalChannel.NETWORK_QUALITY);

        says(alice, "alice", SignalChannel.NETWORK_QUALITY, "{'type':'network_quality','reportLevel':1}");
        assertThat(told("alice", SignalChannel.NETWORK_QUALITY))
                .isEqualTo(json("{'type':'network_quality','local':5}"));
        says(
                alice,
                "alice",
                SignalChannel.NETWORK_QUALITY,
                "{'type':'network_quality','reportLevel':3,'remoteReportLevel':1}");
        JsonNode full = told("alice", SignalChannel.NETWORK_QUALITY);
        assertThat(full.at("/local/audio/sendStats").isObject()).isTrue();
        assertThat(full.at("/local/video/recvStats").isObject()).isTrue();
        assertThat(full.path("remotes")).hasSize(1);
        assertThat(fixture.statistics.signalsSent(SignalChannel.NETWORK_QUALITY))
                .isEqualTo(2);
    }

    // --- publisher hints

    @Test
    void aPublisherSendsOnlyWhatSomebodyWatches() {
        ParticipantSid alice = joins("alice", null);
        TrackSid cam = publishes(alice);
        open(alice, "alice", SignalChannel.PUBLISHER_HINTS);
        sends(alice, cam, 3);
        passes(Duration.ofMillis(200));
        passes(Duration.ofNanos(PublisherHinter.FEWER_AFTER_NANOS));
        JsonNode none = told("alice", SignalChannel.PUBLISHER_HINTS).path("publisher");
        assertThat(none.path("id").asInt()).isEqualTo(1);
        assertThat(none.at("/hints/0/encodings").findValuesAsText("enabled")).containsOnly("false");
        says(alice, "alice", SignalChannel.PUBLISHER_HINTS, taken(1, cam));

        ParticipantSid bob = joins("bob", BandwidthProfile.DEFAULT);
        assertThat(encodings(told("alice", SignalChannel.PUBLISHER_HINTS)))
                .as("a standard tile of 640x480 needs two encodings of a 720p camera")
                .containsExactly("true", "true", "false");
        says(alice, "alice", SignalChannel.PUBLISHER_HINTS, taken(2, cam));

        open(bob, "bob", SignalChannel.RENDER_HINTS);
        says(bob, "bob", SignalChannel.RENDER_HINTS, hint(1, cam, "'render_dimensions':{'width':1280,'height':720}"));
        passes(Duration.ofMillis(200));
        assertThat(encodings(told("alice", SignalChannel.PUBLISHER_HINTS))).containsExactly("true", "true", "true");
        says(alice, "alice", SignalChannel.PUBLISHER_HINTS, taken(3, cam));
        says(alice, "alice", SignalChannel.PUBLISHER_HINTS, "{'type':'client_reset','track':'" + cam + "','id':1}");
        assertThat(told("alice", SignalChannel.PUBLISHER_HINTS)
                        .at("/publisher/id")
                        .asInt())
                .as("after a new source the hints are sent again")
                .isEqualTo(4);
    }

    // --- bad messages

    @Test
    void aBadMessageIsDroppedAndHarmsNobody() {
        ParticipantSid alice = joins("alice", null);
        open(alice, "alice", SignalChannel.NETWORK_QUALITY);
        for (String bad : List.of("", "{", "[]", "{'type':'render_hints'}", "x".repeat(70_000))) {
            says(alice, "alice", SignalChannel.NETWORK_QUALITY, bad);
        }
        says(alice, "alice", SignalChannel.NETWORK_QUALITY, "{'type':'network_quality'}");

        told("alice", SignalChannel.NETWORK_QUALITY);
        assertThat(fixture.statistics.signalsDropped(SignalFault.NOT_JSON)).isEqualTo(3);
        assertThat(fixture.statistics.signalsDropped(SignalFault.TYPE_UNKNOWN)).isEqualTo(1);
        assertThat(fixture.statistics.signalsDropped(SignalFault.TOO_LARGE)).isEqualTo(1);
        assertThat(Arrays.stream(FaultPlace.values()).mapToLong(fixture.statistics::memberFaults))
                .containsOnly(0L);
    }

    @Test
    void aFloodOfMessagesIsDropped() {
        ParticipantSid alice = joins("alice", null);
        open(alice, "alice", SignalChannel.NETWORK_QUALITY);
        int sent = MessageBudget.BURST + 5;
        for (int i = 0; i < sent; i++) {
            says(alice, "alice", SignalChannel.NETWORK_QUALITY, "{'type':'ready'}");
        }
        awaitEverything();
        passes(Duration.ofSeconds(1));
        says(alice, "alice", SignalChannel.NETWORK_QUALITY, "{'type':'network_quality'}");

        told("alice", SignalChannel.NETWORK_QUALITY);
        assertThat(fixture.statistics.signalsDropped(SignalFault.TOO_MANY)).isEqualTo(5);
    }

    // --- other nodes and connections

    @Test
    void afterAMoveTheClientIsToldAgain() {
        ParticipantSid alice = joins("alice", BandwidthProfile.DEFAULT);
        ParticipantSid bob = joins("bob", BandwidthProfile.DEFAULT);
        TrackSid cam = publishes(alice);
        TestProbe<SessionNotice> socket = fixture.admit(bob);
        open(bob, "bob", SignalChannel.RENDER_HINTS);
        open(bob, "bob", SignalChannel.TRACK_SWITCH_OFF);
        says(bob, "bob", SignalChannel.RENDER_HINTS, hint(1, cam, "'enabled':false"));
        told("bob", SignalChannel.TRACK_SWITCH_OFF);

        // The node to which the connection has moved reports the channel, which the client has never lost.
        open(bob, "bob", SignalChannel.TRACK_SWITCH_OFF);

        assertThat(told("bob", SignalChannel.TRACK_SWITCH_OFF))
                .isEqualTo(json("{'type':'track_switch_off','off':['" + cam + "']}"));
        awaitEverything();
        socket.expectNoMessage(Duration.ofMillis(50));
    }

    // --- another owner

    @Test
    void aNewOwnerMakesClientsSayTheirHintsAgain() {
        try (ConductorFixture next = new ConductorFixture(RoomSamples.properties())) {
            ParticipantSid bob = next.steps.joins("bob", BandwidthProfile.DEFAULT, START);
            next.isTakenOver();
            DesiredTransport without = desired(next.node, transport(bob, "bob"), each -> true);
            assertThat(labels(without))
                    .doesNotContain("render_hints-bob", "track_priority-bob")
                    .contains("track_switch_off-bob", "active_speaker-bob");
            next.says(
                    RoomSteps.NODE,
                    new MediaEvent.DesiredApplied(transport(bob, "bob"), without.epoch(), without.version()));
            next.resume(bob, next.actors.createTestProbe());
            next.clock.advance(Duration.ofNanos(MemberSignals.REOPEN_AFTER_NANOS));
            next.time.timePasses(Duration.ofNanos(MemberSignals.REOPEN_AFTER_NANOS));

            DesiredTransport with =
                    desired(next.node, transport(bob, "bob"), each -> each.version() > without.version());
            assertThat(labels(with)).contains("render_hints-bob", "track_priority-bob");
            TestProbe<SessionNotice> bobs = next.actors.createTestProbe();
            next.resume(bob, bobs);
            next.says(RoomSteps.NODE, new MediaEvent.ChannelChanged(transport(bob, "bob"), "render_hints-bob", true));
            assertThat(notice(bobs, SessionNotice.Channels.class).channels()).containsKey("render_hints");
        }
    }

    // --- the parts that the test plays

    private ParticipantSid joins(String identity, @Nullable BandwidthProfile profile) {
        ParticipantSid sid = steps.joins(identity, profile, START);
        fixture.evolve();
        return sid;
    }

    private TrackSid publishes(ParticipantSid publisher) {
        return publishes(publisher, TrackKind.VIDEO);
    }

    private TrackSid publishes(ParticipantSid publisher, TrackKind kind) {
        TrackSid track = steps.publishes(publisher, kind + "-" + steps.state().trackCount() + "-" + publisher, kind);
        fixture.evolve();
        return track;
    }

    /** Reports that a publisher sends the encodings of a 720p camera at their usual rates. */
    private void sends(ParticipantSid publisher, TrackSid track, int encodings) {
        List<TrackRates.LayerRate> layers = new ArrayList<>();
        List<MediaEvent.Layer> told = new ArrayList<>();
        int[][] kbps = {{60, 90, 150}, {200, 300, 500}, {1000, 1500, 2500}};
        for (int i = 0; i < encodings; i++) {
            layers.add(new TrackRates.LayerRate(
                    i, 320 << i, 180 << i, 30, Arrays.stream(kbps[i]).boxed().toList()));
            told.add(new MediaEvent.Layer(i, 320 << i, 180 << i));
        }
        String connection =
                steps.state().participant(publisher).orElseThrow().placement().connectionId();
        fixture.says(
                RoomSteps.NODE, new MediaEvent.LayersChanged(transport(publisher, connection), track.value(), told));
        reports(List.of(), List.of(), List.of(new TrackRates(track.value(), false, layers)));
    }

    private void estimate(ParticipantSid subscriber, long bps) {
        String connection =
                steps.state().participant(subscriber).orElseThrow().placement().connectionId();
        reports(
                List.of(),
                List.of(new DownlinkReport(
                        transport(subscriber, connection), bps, false, 0, 0, 20, 0, bps / 2, true, List.of())),
                List.of());
        passes(Duration.ofMillis(100));
    }

    private void speaks(ParticipantSid participant, TrackSid track, int tenths) {
        for (int i = 0; i < tenths; i++) {
            byte[] levels = {(byte) 0x94, (byte) 0x94, (byte) 0x94, (byte) 0x94, (byte) 0x94};
            reports(List.of(new TrackLevels(participant.value(), track.value(), levels)), List.of(), List.of());
            passes(Duration.ofMillis(100));
        }
    }

    private void reports(List<TrackLevels> levels, List<DownlinkReport> downlinks, List<TrackRates> rates) {
        fixture.conductor.tell(new ConductorCommand.Measured(
                RoomSteps.NODE, new RoomReport(steps.state().sid().value(), levels, downlinks, List.of(), rates)));
    }

    /** Waits until the conductor has handled all that it was told. */
    private void awaitEverything() {
        TestProbe<StatusReply<RoomInspection>> reply = fixture.actors.createTestProbe();
        fixture.conductor.tell(new ConductorCommand.Inspect(new RoomCommand.Inspect(reply.getRef())));
        reply.receiveMessage(PATIENCE);
    }

    private void passes(Duration time) {
        awaitEverything();
        for (long left = time.toMillis(); left > 0; left -= STEP_MILLIS) {
            Duration step = Duration.ofMillis(Math.min(left, STEP_MILLIS));
            fixture.clock.advance(step);
            fixture.time.timePasses(step); // It sleeps for a moment, so a test needs few steps.
        }
    }

    private void open(ParticipantSid participant, String connection, SignalChannel channel) {
        channel(participant, connection, channel, true);
    }

    private void channel(ParticipantSid participant, String connection, SignalChannel channel, boolean open) {
        fixture.says(
                RoomSteps.NODE,
                new MediaEvent.ChannelChanged(
                        transport(participant, connection), channel.wireName() + "-" + connection, open));
    }

    private void says(ParticipantSid participant, String connection, SignalChannel channel, String text) {
        fixture.says(
                RoomSteps.NODE,
                new MediaEvent.ChannelMessage(
                        transport(participant, connection),
                        channel.wireName() + "-" + connection,
                        text.replace('\'', '"')));
    }

    private static String hint(int id, TrackSid track, String fields) {
        return "{'type':'render_hints','subscriber':{'id':" + id + ",'hints':[{'track':'" + track + "'," + fields
                + "}]}}";
    }

    private static String taken(int id, TrackSid track) {
        return "{'type':'publisher_hints','id':" + id + ",'hints':[{'track':'" + track + "','result':'OK'}]}";
    }

    private static List<String> encodings(JsonNode message) {
        return message.at("/publisher/hints/0/encodings").findValuesAsText("enabled");
    }

    /** Returns the next message to a client on this channel, and skips everything before it. */
    private JsonNode told(String connection, SignalChannel channel) {
        String label = channel.wireName() + "-" + connection;
        List<MediaNode.Command> until = node.fishForMessage(
                PATIENCE,
                "a message on " + label,
                command -> command instanceof MediaNode.Deliver deliver
                                && deliver.command() instanceof MediaCommand.SendOnChannel send
                                && send.label().equals(label)
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        MediaNode.Deliver last = (MediaNode.Deliver) until.get(until.size() - 1);
        return json(((MediaCommand.SendOnChannel) last.command()).text());
    }

    private DesiredTransport desired(
            ParticipantSid participant, String connection, Predicate<DesiredTransport> wanted) {
        return desired(node, transport(participant, connection), wanted);
    }

    /** Returns the next desired state of a transport that fits, and skips everything before it. */
    private static DesiredTransport desired(
            TestProbe<MediaNode.Command> node, TransportId transport, Predicate<DesiredTransport> wanted) {
        List<MediaNode.Command> until = node.fishForMessage(
                PATIENCE,
                "a desired state of " + transport,
                command -> command instanceof MediaNode.Deliver deliver
                                && deliver.command() instanceof DesiredTransport desired
                                && desired.transport().equals(transport)
                                && wanted.test(desired)
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        return (DesiredTransport) ((MediaNode.Deliver) until.get(until.size() - 1)).command();
    }

    private static boolean has(DesiredTransport desired, TrackSid track) {
        return desired.subscriptions().stream().anyMatch(each -> each.trackSid().equals(track.value()));
    }

    private static DesiredTransport.Subscription subscription(DesiredTransport desired, TrackSid track) {
        return desired.subscriptions().stream()
                .filter(each -> each.trackSid().equals(track.value()))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> labels(DesiredTransport desired) {
        return desired.channels().stream().map(DesiredTransport.Channel::label).toList();
    }

    private static <T extends SessionNotice> T notice(TestProbe<SessionNotice> socket, Class<T> type) {
        List<SessionNotice> until = socket.fishForMessage(
                PATIENCE,
                notice -> type.isInstance(notice) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
        return type.cast(Objects.requireNonNull(until.get(until.size() - 1)));
    }

    private static JsonNode json(String text) {
        try {
            return JsonMapper.builder().build().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
