package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.control.Description.Type.ANSWER;
import static org.rotunda.media.control.Description.Type.CLOSE;
import static org.rotunda.media.control.Description.Type.CREATE_OFFER;
import static org.rotunda.media.control.Description.Type.OFFER;
import static org.rotunda.room.testkit.RoomSamples.START;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.pair.PairName;
import org.rotunda.room.pair.PairOutcome;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.testkit.RoomSamples;

/** Tests the live call of a room without a media server. */
class CallPairsTest {
    private static final Duration A_WHILE = Duration.ofMillis(50);

    @AutoClose
    private final ConductorFixture room = ConductorFixture.ofCreatedRoom(RoomSamples.peerToPeer());

    @Test
    void closesTheFirstConnectionOfAClient() {
        ParticipantSid alice = room.joins("alice");

        assertThat(room.admit(alice, room.actors.createTestProbe()).snapshot().connections())
                .containsExactly(new SessionNotice.Connection("alice", said("alice", CLOSE, 2)));
    }

    @Test
    void tellsWhoIsThereBeforeItAsksForAnOffer() {
        ParticipantSid alice = room.joins("alice");
        TestProbe<SessionNotice> alices = room.admit(alice);
        ParticipantSid bob = room.joins("bob");
        TestProbe<SessionNotice> bobs = room.actors.createTestProbe();

        assertThat(room.admit(bob, bobs).snapshot().connections())
                .containsExactly(new SessionNotice.Connection("bob", said("bob", CLOSE, 2)));
        assertThat(alices.expectMessageClass(SessionNotice.RoomChanged.class).participants())
                .extracting(SessionNotice.RemoteParticipant::sid)
                .containsExactly(bob);
        assertThat(alices.receiveMessage()).isEqualTo(notice(said(id(alice, bob), CREATE_OFFER, 1)));
        bobs.expectNoMessage(A_WHILE);
    }

    @Test
    void everybodyReceivesEverythingUnderThePublishersOwnIds() {
        ParticipantSid alice = room.joins("alice");
        TrackSid cam = room.steps.publishes(alice, "cam", TrackKind.VIDEO);
        room.evolve();
        ParticipantSid bob = room.joins("bob");

        SessionNotice.Connected connected = room.admit(bob, room.actors.createTestProbe());
        assertThat(connected.snapshot().subscribed().tracks())
                .containsExactly(new SessionNotice.SubscribedTrack(cam, "cam", null));
        assertThat(connected.mediaRegion()).isEmpty();
        assertThat(room.admit(alice, room.actors.createTestProbe())
                        .snapshot()
                        .published()
                        .tracks())
                .containsExactly(new SessionNotice.PublishedTrack("cam", cam, null));
    }

    @Test
    void relaysBetweenTheTwoClientsOfAPairAlone() {
        ParticipantSid alice = room.joins("alice");
        ParticipantSid bob = room.joins("bob");
        ParticipantSid carol = room.joins("carol");
        TestProbe<SessionNotice> alices = room.admit(alice);
        TestProbe<SessionNotice> bobs = room.admit(bob);
        TestProbe<SessionNotice> carols = room.admit(carol);

        says(bob, said(id(bob, carol), OFFER, 2));
        assertThat(carols.receiveMessage()).isEqualTo(notice(said(id(bob, carol), OFFER, 2)));
        ConnectionCandidates list = new ConnectionCandidates(
                id(bob, carol), "u", 0, List.of(new IceCandidate("candidate:1", "0", 0, "u")), false);
        room.conductor.tell(new ConductorCommand.RemoteDescriptions(bob, List.of(), List.of(list)));
        assertThat(carols.expectMessageClass(SessionNotice.Descriptions.class).candidates())
                .singleElement()
                .satisfies(each -> assertThat(each.withRevision(0)).isEqualTo(list));
        says(carol, said(id(bob, carol), ANSWER, 2));
        assertThat(bobs.receiveMessage()).isEqualTo(notice(said(id(bob, carol), ANSWER, 2)));
        says(carol, said(id(alice, bob), OFFER, 2)); // Of a pair to which she does not belong.
        says(carol, said("carol", OFFER, 2));

        alices.expectNoMessage(A_WHILE);
        bobs.expectNoMessage(A_WHILE);
        assertThat(room.statistics.pairMessages(PairOutcome.RELAYED)).isEqualTo(3);
        assertThat(room.statistics.pairMessages(PairOutcome.UNKNOWN_CONNECTION)).isEqualTo(2);
    }

    @Test
    void keepsForAClientWithoutASocketWhatItMisses() {
        ParticipantSid alice = room.joins("alice");
        ParticipantSid bob = room.joins("bob");
        room.admit(alice);

        says(alice, said(id(alice, bob), OFFER, 2));

        assertThat(room.resume(bob, room.actors.createTestProbe()).snapshot().connections())
                .containsExactly(new SessionNotice.Connection(id(alice, bob), said(id(alice, bob), OFFER, 2)));
        assertThat(room.resume(alice, room.actors.createTestProbe(), said(id(alice, bob), OFFER, 2))
                        .snapshot()
                        .connections())
                .as("listed, or the client would close it")
                .containsExactly(new SessionNotice.Connection(id(alice, bob), null));
    }

    @Test
    void aDepartureIsToldBeforeTheConnectionIsClosed() {
        ParticipantSid alice = room.joins("alice");
        ParticipantSid bob = room.joins("bob");
        room.steps.publishes(bob, "cam", TrackKind.VIDEO);
        room.evolve();
        TestProbe<SessionNotice> alices = room.admit(alice);
        says(alice, said(id(alice, bob), OFFER, 2));

        room.happensAndEvolves(new ParticipantDisconnected(bob, Departure.LEFT, START));

        assertThat(alices.expectMessageClass(SessionNotice.RoomChanged.class).participants())
                .singleElement()
                .satisfies(gone -> {
                    assertThat(gone.status()).isEqualTo(ParticipantStatus.DISCONNECTED);
                    assertThat(gone.tracks()).hasSize(1);
                });
        assertThat(alices.expectMessageClass(SessionNotice.RoomChanged.class).subscribed())
                .satisfies(none -> assertThat(none.tracks()).isEmpty());
        assertThat(alices.receiveMessage()).isEqualTo(notice(said(id(alice, bob), CLOSE, 1)));
        assertThat(room.resume(alice, room.actors.createTestProbe()).snapshot().connections())
                .isEmpty();
    }

    @Test
    void aDescriptionThatIsTooLongEndsItsParticipant() {
        ParticipantSid alice = room.joins("alice");
        ParticipantSid bob = room.joins("bob");
        TestProbe<SessionNotice> bobs = room.admit(bob);
        String longest = "v".repeat(ClientLimits.PEER_DESCRIPTION_BYTES_MAX);
        String id = id(alice, bob);

        says(alice, new ConnectionDescription(id, new Description(OFFER, 2, longest)));
        assertThat(bobs.receiveMessage()).isInstanceOf(SessionNotice.Descriptions.class);
        says(alice, new ConnectionDescription(id, new Description(OFFER, 3, longest + "v")));

        assertThat(room.asked(CallReport.MemberEnded.class))
                .isEqualTo(new CallReport.MemberEnded(alice, Departure.DESCRIPTION_UNUSABLE));
        bobs.expectNoMessage(A_WHILE);
    }

    @Test
    void usesNoMediaNode() {
        ParticipantSid alice = room.joins("alice");
        room.admit(alice);
        room.nodes.lose("media-1");
        room.mediaNodesChange();
        TestProbe<StatusReply<Done>> reply = room.actors.createTestProbe();
        room.conductor.tell(
                new ConductorCommand.MoveTransports(new RoomCommand.MoveTransports("media-1", reply.getRef())));
        assertThat(reply.receiveMessage().isSuccess()).isTrue();
        room.conductor.tell(new ConductorCommand.LimitLayers(new RoomCommand.LimitLayers(
                alice, new TrackSid("MT" + "1".repeat(32)), LayerLimit.NONE, reply.getRef())));
        assertThat(((RoomRefusal) reply.receiveMessage().getError()).error())
                .isEqualTo(RoomError.SUBSCRIPTION_NOT_SUPPORTED);
        room.happensAndEvolves(new ParticipantDisconnected(alice, Departure.LEFT, START));

        room.node.expectNoMessage(A_WHILE);
        room.entity.expectNoMessage(A_WHILE);
    }

    @Test
    void operatorsSeeThePairs() {
        ParticipantSid alice = room.joins("alice");
        ParticipantSid bob = room.joins("bob");
        room.admit(alice);
        says(alice, said(id(alice, bob), OFFER, 2));
        TestProbe<StatusReply<RoomInspection>> reply = room.actors.createTestProbe();

        room.conductor.tell(new ConductorCommand.Inspect(new RoomCommand.Inspect(reply.getRef())));

        assertThat(reply.receiveMessage().getValue().json())
                .contains("\"" + bob + "\":\"" + id(alice, bob) + ", completed 0, offer 2 of FIRST pending\"")
                .doesNotContain("\"transport\"");
    }

    // --- another owner

    @Test
    void anotherOwnerContinuesThePairsOnceBothClientsAreThere() {
        try (ConductorFixture later = new ConductorFixture(RoomSamples.peerToPeer())) {
            ParticipantSid alice = later.steps.joins("alice", START);
            ParticipantSid bob = later.steps.joins("bob", START);
            String id = PairName.of(alice, bob).connectionId(1L << 20); // Of the first epoch.
            later.isTakenOver();
            TestProbe<SessionNotice> alices = later.actors.createTestProbe();
            TestProbe<SessionNotice> bobs = later.actors.createTestProbe();

            assertThat(later.resume(alice, alices, said(id, OFFER, 4))
                            .snapshot()
                            .connections())
                    .containsExactly(new SessionNotice.Connection(id, null));
            assertThat(later.resume(bob, bobs, said(id, ANSWER, 4)).snapshot().connections())
                    .containsExactly(new SessionNotice.Connection(id, said(id, OFFER, 4)));

            assertThat(alices.receiveMessage()).isEqualTo(notice(said(id, ANSWER, 4)));
            later.node.expectNoMessage(A_WHILE);
        }
    }

    @Test
    void anotherOwnerForgetsAPairWhoseSecondClientDoesNotComeBack() {
        try (ConductorFixture later = new ConductorFixture(RoomSamples.peerToPeer())) {
            ParticipantSid alice = later.steps.joins("alice", START);
            ParticipantSid bob = later.steps.joins("bob", START);
            String id = PairName.of(alice, bob).connectionId(1L << 20);
            later.isTakenOver();
            TestProbe<SessionNotice> alices = later.actors.createTestProbe();
            later.resume(alice, alices, said(id, ANSWER, 3));

            later.time.timePasses(later.settings.sessionTimeout());
            assertThat(later.asked(CallReport.MemberEnded.class))
                    .isEqualTo(new CallReport.MemberEnded(bob, Departure.SESSION_TIMEOUT));
            later.happensAndEvolves(new ParticipantDisconnected(bob, Departure.SESSION_TIMEOUT, START));

            alices.expectMessageClass(SessionNotice.RoomChanged.class);
            assertThat(alices.receiveMessage()).isEqualTo(notice(said(id, CLOSE, 1)));
        }
    }

    private void says(ParticipantSid participant, ConnectionDescription description) {
        room.conductor.tell(new ConductorCommand.RemoteDescriptions(participant, List.of(description)));
    }

    private static SessionNotice notice(ConnectionDescription description) {
        return new SessionNotice.Descriptions(List.of(description));
    }

    /** Returns the id of the first connection of a pair that began in the first epoch. */
    private static String id(ParticipantSid one, ParticipantSid other) {
        return PairName.of(one, other).connectionId(1L << 20);
    }

    private static ConnectionDescription said(String id, Description.Type type, long revision) {
        return new ConnectionDescription(
                id, new Description(type, revision, type == OFFER || type == ANSWER ? "v=0\r\n" : ""));
    }
}
