package org.rotunda.room.mediaplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.testkit.FakeMediaNodes;
import org.rotunda.room.testkit.FakeMediaRouter;

/** Tests the drain of a media node. The test plays the conductors of its rooms. */
class MediaNodeDrainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(150);
    private static final TransportId ALICE = new TransportId("RM1", "alice", "pc");
    private static final TransportId BOB = new TransportId("RM1", "bob", "pc");
    private static final TransportId CAROL = new TransportId("RM2", "carol", "pc");

    private final ActorTestKit actors =
            ActorTestKit.create("drain", ConfigFactory.load("rotunda-pekko-serialization.conf"));
    private final MediaNodeGauge gauge = new MediaNodeGauge("media-1");
    private final TestProbe<MediaNode.Command> other = actors.createTestProbe();
    private final FakeMediaNodes nodes = new FakeMediaNodes("media-2", other.getRef());
    private final ActorRef<MediaNode.Command> node = actors.spawn(
            MediaNode.createClosing(ProcessRouter.open("media-1", FakeMediaRouter::new), gauge, Optional.of(nodes)));
    private final TestProbe<MediaNode.Notice> one = actors.createTestProbe();
    private final TestProbe<MediaNode.Notice> two = actors.createTestProbe();
    private final TestProbe<DrainStatus> end = actors.createTestProbe();

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    @Test
    void asksItsRoomsToLeaveAndSaysWhenItIsEmpty() {
        opens(ALICE, one);
        opens(BOB, one);
        opens(CAROL, two);

        node.tell(new MediaNode.BeginDrain(LIMIT, end.getRef()));

        MediaNode.LeaveAsked first = one.expectMessageClass(MediaNode.LeaveAsked.class, PATIENCE);
        MediaNode.LeaveAsked second = two.expectMessageClass(MediaNode.LeaveAsked.class, PATIENCE);
        assertThat(List.of(first.mediaNode(), first.target())).containsExactly("media-1", "media-2");
        assertThat(gauge.load().draining()).isTrue();
        assertThat(look())
                .isEqualTo(new DrainView(
                        new DrainStatus(DrainStatus.State.DRAINING, 0, 0, 3, false, 2),
                        List.of(new DrainView.Room("RM1", 2, false), new DrainView.Room("RM2", 1, false))));

        first.replyTo().tell(StatusReply.ack());
        second.replyTo().tell(StatusReply.ack());
        closes(ALICE, one);
        one.awaitAssert(PATIENCE, () -> {
            assertThat(gauge.drain()).isEqualTo(new DrainStatus(DrainStatus.State.DRAINING, 3, 2, 0, false, 2));
            return null;
        });
        end.expectNoMessage(Duration.ofMillis(50));
        closes(BOB, one);
        closes(CAROL, two);

        assertThat(end.receiveMessage(PATIENCE))
                .isEqualTo(new DrainStatus(DrainStatus.State.DRAINED, 3, 0, 0, false, 0));
    }

    @Test
    void asksARoomAgainThatRefuses() {
        opens(CAROL, two);
        node.tell(new MediaNode.BeginDrain(LIMIT, end.getRef()));

        two.expectMessageClass(MediaNode.LeaveAsked.class, PATIENCE)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.BUSY)));

        two.expectMessageClass(MediaNode.LeaveAsked.class, PATIENCE);
    }

    @Test
    void asksTheNewOwnerOfARoom() {
        opens(CAROL, two);
        node.tell(new MediaNode.BeginDrain(LIMIT, end.getRef()));
        two.expectMessageClass(MediaNode.LeaveAsked.class, PATIENCE);
        TestProbe<MediaNode.Notice> next = actors.createTestProbe();

        node.tell(new MediaNode.Retain("RM2", 9, Set.of(CAROL), next.getRef())); // The first owner does not answer.

        assertThat(next.expectMessageClass(MediaNode.LeaveAsked.class, PATIENCE).target())
                .isEqualTo("media-2");
    }

    @Test
    void takesNoNewRoomsButNewParticipantsOfItsRooms() {
        opens(ALICE, one);
        node.tell(new MediaNode.BeginDrain(LIMIT, end.getRef()));
        one.expectMessageClass(MediaNode.LeaveAsked.class, PATIENCE);

        opens(CAROL, two);
        opens(BOB, one);

        assertThat(two.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isEqualTo(new MediaEvent.CommandRefused(CAROL, 5, MediaEvent.Refusal.DRAINING));
        assertThat(look().status().left()).isEqualTo(2);
    }

    @Test
    void isBlockedWithoutAnotherMediaNodeAndGoesOnWhenOneComes() {
        nodes.lose("media-2");
        opens(CAROL, two);
        node.tell(new MediaNode.BeginDrain(LIMIT, end.getRef()));
        two.awaitAssert(PATIENCE, () -> {
            assertThat(gauge.drain().blocked()).isTrue();
            return null;
        });
        two.expectNoMessage(Duration.ofMillis(50));

        nodes.add("media-3", other.getRef());

        assertThat(two.expectMessageClass(MediaNode.LeaveAsked.class, PATIENCE).target())
                .isEqualTo("media-3");
    }

    @Test
    void takesRoomsAgainWhenTheDrainIsTakenBack() {
        nodes.lose("media-2");
        opens(CAROL, two);
        node.tell(new MediaNode.BeginDrain(LIMIT, end.getRef()));

        node.tell(new MediaNode.EndDrain());

        assertThat(end.receiveMessage(PATIENCE)).isEqualTo(DrainStatus.NONE);
        opens(ALICE, one);
        assertThat(look()).isEqualTo(DrainView.NONE);
        assertThat(gauge.load().draining()).isFalse();
        assertThat(gauge.load().transports()).isEqualTo(2);
    }

    @Test
    void aSecondDrainOnlyShortensTheTime() {
        nodes.lose("media-2");
        opens(CAROL, two);
        node.tell(new MediaNode.BeginDrain(LIMIT, end.getRef()));
        node.tell(new MediaNode.BeginDrain(Duration.ofMillis(1), end.getRef()));

        nodes.add("media-3", other.getRef());
        nodes.setLoad("media-3", 0.99); // Only at the end of the time does a room go to such a node.

        assertThat(two.expectMessageClass(MediaNode.LeaveAsked.class, PATIENCE).target())
                .isEqualTo("media-3");
    }

    private void opens(TransportId transport, TestProbe<MediaNode.Notice> conductor) {
        node.tell(new MediaNode.Deliver(
                new MediaCommand.OpenTransport(transport, 5, Set.of(), null, false), conductor.getRef()));
    }

    private void closes(TransportId transport, TestProbe<MediaNode.Notice> conductor) {
        node.tell(new MediaNode.Deliver(new MediaCommand.CloseTransport(transport, 5, false), conductor.getRef()));
    }

    private DrainView look() {
        TestProbe<DrainView> view = actors.createTestProbe();
        node.tell(new MediaNode.LookAtDrain(view.getRef()));
        return view.receiveMessage(PATIENCE);
    }
}
