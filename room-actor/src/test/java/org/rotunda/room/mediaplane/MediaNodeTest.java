package org.rotunda.room.mediaplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TrackLevels;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.placement.MediaNodeLoad;
import org.rotunda.room.testkit.FakeMediaRouter;

/** Tests a media node with one router. The owners of a room talk to the node in different epochs. */
class MediaNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TransportId ALICE = new TransportId("RM1", "alice", "pc");
    private static final TransportId BOB = new TransportId("RM1", "bob", "pc");

    private final ActorTestKit actors =
            ActorTestKit.create("media-node", ConfigFactory.load("rotunda-pekko-serialization.conf"));
    private final List<FakeMediaRouter> routers = new CopyOnWriteArrayList<>();
    private final ActorRef<MediaNode.Command> node =
            actors.spawn(MediaNode.create(new MediaNodeGauge("media-1"), listener -> {
                FakeMediaRouter router = new FakeMediaRouter(listener);
                routers.add(router);
                return router;
            }));
    private final TestProbe<MediaNode.Notice> owner = actors.createTestProbe();
    private final TestProbe<MediaNode.Notice> nextOwner = actors.createTestProbe();

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    /**
     * Checks that a media node compares epochs. If it did not, and a room had two owners, a command of the earlier
     * owner would take the call away from the later owner.
     */
    @Test
    void obeysOneOwnerWhenARoomIsSplit() {
        opens(ALICE, 5, owner);
        node.tell(new MediaNode.Deliver(new MediaCommand.ReportTransport(ALICE, 6), nextOwner.getRef()));
        assertThat(nextOwner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isInstanceOf(MediaEvent.StateChanged.class);

        deliver(new DesiredTransport(ALICE, 5, 9, List.of(), List.of(), List.of()), owner);
        deliver(new MediaCommand.CloseTransport(ALICE, 5, true), owner);
        node.tell(new MediaNode.Retain("RM1", 5, Set.of(), owner.getRef()));
        opens(BOB, 5, owner);

        for (TransportId refused : List.of(ALICE, ALICE, BOB)) {
            assertThat(owner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                    .isEqualTo(new MediaEvent.CommandRefused(refused, 5, MediaEvent.Refusal.STALE_EPOCH));
        }
        assertThat(router().open()).containsExactly(ALICE);
        assertThat(router().commands(DesiredTransport.class)).isEmpty();
        Description offer = new Description(Description.Type.OFFER, 2, "v=0\r\n");
        router().happens(new MediaEvent.LocalDescription(ALICE, offer));
        assertThat(nextOwner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isEqualTo(new MediaEvent.LocalDescription(ALICE, offer));
        owner.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void endsTransportsThatAreNotRetainedWithoutTellingTheirClients() {
        opens(ALICE, 5, owner);
        opens(BOB, 5, owner);
        TransportId elsewhere = new TransportId("RM2", "carol", "pc");
        opens(elsewhere, 1, owner);

        node.tell(new MediaNode.Retain("RM1", 6, Set.of(BOB), nextOwner.getRef()));

        assertThat(nextOwner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isEqualTo(new MediaEvent.Unacknowledged(ALICE, List.of()));
        deliver(new DesiredTransport(BOB, 6, 1, List.of(), List.of(), List.of()), nextOwner);
        assertThat(nextOwner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isEqualTo(new MediaEvent.DesiredApplied(BOB, 6, 1));
        assertThat(router().commands(MediaCommand.CloseTransport.class))
                .containsExactly(new MediaCommand.CloseTransport(ALICE, 6, false));
        assertThat(router().open()).containsExactlyInAnyOrder(BOB, elsewhere);
        deliver(new MediaCommand.CloseTransport(BOB, 5, true), owner);
        assertThat(owner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isEqualTo(new MediaEvent.CommandRefused(BOB, 5, MediaEvent.Refusal.STALE_EPOCH));
    }

    @Test
    void hasNothingToRetainOfARoomItDoesNotKnow() {
        node.tell(new MediaNode.Retain("RM1", 6, Set.of(ALICE), owner.getRef()));
        deliver(new MediaCommand.ReportTransport(ALICE, 6), owner);

        assertThat(owner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isEqualTo(new MediaEvent.CommandRefused(ALICE, 6, MediaEvent.Refusal.UNKNOWN_TRANSPORT));
    }

    @Test
    void tellsTheCloserOfATransportWhichMessagesTheClientMayNotHave() {
        opens(ALICE, 5, owner);
        opens(BOB, 5, owner);
        DataMessage message = new DataMessage("chat", false, new byte[] {1});
        router().cannotDeliver(ALICE, message);

        deliver(new MediaCommand.CloseTransport(ALICE, 5, false), owner);

        assertThat(owner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isEqualTo(new MediaEvent.Unacknowledged(ALICE, List.of(message)));
        // The conductor gets no event about the end of the transport, because it has asked for that end.
        owner.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void forgetsTransportsThatTheRouterHasClosedByItselfOrRefused() {
        opens(ALICE, 5, owner);
        opens(BOB, 5, owner);

        router().happens(new MediaEvent.StateChanged(ALICE, MediaEvent.State.CLOSED));
        router().happens(new MediaEvent.CommandRefused(BOB, 5, MediaEvent.Refusal.NODE_FULL));

        owner.receiveMessage(PATIENCE);
        owner.receiveMessage(PATIENCE);
        assertThat(transports()).isZero();
    }

    /** Tests a process whose node was downed by the cluster, and which then started another actor system. */
    @Test
    void theNextMediaNodeOfAProcessTakesOverTheRouterAndItsRooms() {
        FakeMediaRouter[] router = new FakeMediaRouter[1];
        ProcessRouter process = ProcessRouter.open("media-2", listener -> {
            router[0] = new FakeMediaRouter(listener);
            return router[0];
        });
        ActorRef<MediaNode.Command> before =
                actors.spawn(MediaNode.create(process, new MediaNodeGauge("media-2"), Optional.empty()));
        before.tell(open(ALICE, 5, owner));
        before.tell(open(BOB, 5, owner));
        assertThat(described(before)).isEqualTo(new MediaNodeLoad("media-2", 2, false, 0));
        before.tell(new MediaNode.Stop());
        owner.expectTerminated(before, PATIENCE);
        // Meanwhile the router closes Bob's transport as abandoned. The test sends the command for this, because the
        // fake router closes nothing by itself.
        router[0].submit(new MediaCommand.CloseTransport(BOB, 5, true));
        owner.expectNoMessage(Duration.ofMillis(50));

        ActorRef<MediaNode.Command> after =
                actors.spawn(MediaNode.create(process, new MediaNodeGauge("media-2"), Optional.empty()));

        owner.awaitAssert(PATIENCE, () -> {
            assertThat(described(after)).isEqualTo(new MediaNodeLoad("media-2", 1, false, 0));
            return null;
        });
        assertThat(router[0].isClosed()).isFalse();
        after.tell(new MediaNode.Deliver(new MediaCommand.CloseTransport(ALICE, 4, true), owner.getRef()));
        assertThat(owner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .as("the epoch is still known")
                .isEqualTo(new MediaEvent.CommandRefused(ALICE, 4, MediaEvent.Refusal.STALE_EPOCH));
        after.tell(new MediaNode.Retain("RM1", 6, Set.of(ALICE, BOB), nextOwner.getRef()));
        after.tell(new MediaNode.Deliver(new MediaCommand.ReportTransport(ALICE, 6), nextOwner.getRef()));
        assertThat(nextOwner.receiveMessage(PATIENCE))
                .isEqualTo(new MediaNode.Told(
                        "media-2", new MediaEvent.StateChanged(ALICE, MediaEvent.State.CONNECTING, true)));
        after.tell(new MediaNode.Retain("RM1", 6, Set.of(), nextOwner.getRef()));
        assertThat(nextOwner.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isEqualTo(new MediaEvent.Unacknowledged(ALICE, List.of()));
        assertThat(described(after).transports()).isZero();
        assertThat(router[0].open()).isEmpty();
    }

    @Test
    void closesARouterOfItsOwnWhenItStops() {
        FakeMediaRouter own = router();
        node.tell(new MediaNode.Stop());
        owner.expectTerminated(node, PATIENCE);
        assertThat(own.isClosed()).isTrue();
    }

    @Test
    void passesMeasurementsToTheRoomAndDropsThemWithoutARoom() {
        opens(ALICE, 5, owner);
        RoomReport report = new RoomReport(
                "RM1", List.of(new TrackLevels("alice", "MT1", new byte[] {40})), List.of(), List.of(), List.of());

        router().measures(new RoomReport("RM9", List.of(), List.of(), List.of(), List.of()));
        router().measures(report);

        assertThat(owner.receiveMessage(PATIENCE)).isEqualTo(new MediaNode.Reported("media-1", report));
    }

    private static MediaNode.Deliver open(TransportId transport, long epoch, TestProbe<MediaNode.Notice> conductor) {
        return new MediaNode.Deliver(
                new MediaCommand.OpenTransport(transport, epoch, Set.of(), null, false), conductor.getRef());
    }

    private MediaNodeLoad described(ActorRef<MediaNode.Command> asked) {
        TestProbe<MediaNode.Described> description = actors.createTestProbe();
        asked.tell(new MediaNode.Describe(description.getRef()));
        return description.receiveMessage(PATIENCE).load();
    }

    private void opens(TransportId transport, long epoch, TestProbe<MediaNode.Notice> conductor) {
        node.tell(open(transport, epoch, conductor));
    }

    private void deliver(MediaCommand command, TestProbe<MediaNode.Notice> conductor) {
        node.tell(new MediaNode.Deliver(command, conductor.getRef()));
    }

    private int transports() {
        return described(node).transports();
    }

    /** Returns the router, after the media node has handled everything so far. */
    private FakeMediaRouter router() {
        assertThat(transports()).isNotNegative();
        return routers.get(0);
    }
}
