package org.rotunda.room.call;

import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.properties;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.testkit.FakeMediaNodes;
import org.rotunda.room.testkit.HandClock;
import org.rotunda.room.testkit.RoomSamples;
import org.rotunda.room.testkit.RoomSteps;

/** A conductor with an entity, sockets and media nodes that the test plays. The test moves the clock by hand. */
final class ConductorFixture implements AutoCloseable {
    static final String OTHER_NODE = "media-2";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    final ActorTestKit actors = ActorTestKit.create(
            "conductor", ManualTime.config().withFallback(ConfigFactory.load("rotunda-pekko-serialization.conf")));
    final ManualTime time = ManualTime.get(actors.system());
    final TestProbe<RoomCommand> entity = actors.createTestProbe();
    final TestProbe<MediaNode.Command> node = actors.createTestProbe();
    final TestProbe<MediaNode.Command> otherNode = actors.createTestProbe();
    final FakeMediaNodes nodes = new FakeMediaNodes(RoomSteps.NODE, node.getRef());
    final RoomStatistics statistics = new RoomStatistics();
    final HandClock clock = new HandClock(START);
    final RoomSettings settings;
    final RoomSteps steps;
    final ActorRef<ConductorCommand> conductor;

    ConductorFixture() {
        this(properties());
    }

    /** Creates a conductor that has not been told anything yet. */
    ConductorFixture(RoomProperties properties) {
        this(properties, RoomSamples.settings());
    }

    private ConductorFixture(RoomProperties properties, RoomSettings settings) {
        this.settings = settings;
        this.steps = RoomSteps.room(properties);
        this.conductor = actors.spawn(RoomConductor.create(
                ROOM,
                entity.getRef(),
                new CallEnvironment(RoomSamples.ROOM_NODE, settings, clock, nodes, statistics, clock::nanos)));
    }

    /** Returns a conductor that has been told that its room was created. */
    static ConductorFixture ofCreatedRoom() {
        return ofCreatedRoom(properties());
    }

    static ConductorFixture ofCreatedRoom(RoomProperties properties) {
        return ofCreatedRoom(properties, RoomSamples.settings());
    }

    static ConductorFixture ofCreatedRoom(RoomProperties properties, RoomSettings settings) {
        ConductorFixture fixture = new ConductorFixture(properties, settings);
        fixture.evolve(new RoomEvent.RoomCreated(ROOM, fixture.steps.state().account(), "daily", properties, START));
        return fixture;
    }

    @Override
    public void close() {
        actors.shutdownTestKit();
    }

    /** Tells the conductor the room's current state, and the events that led to that state. */
    void evolve(RoomEvent... events) {
        conductor.tell(new ConductorCommand.Evolved(steps.state(), List.of(events)));
    }

    void happensAndEvolves(RoomEvent event) {
        steps.happens(event);
        evolve(event);
    }

    ParticipantSid joins(String identity) {
        ParticipantSid sid = steps.joins(identity, START);
        evolve();
        return sid;
    }

    /** Begins the next epoch, as the entity does when it takes the room over from another owner. */
    void isTakenOver() {
        happensAndEvolves(new RoomEvent.RoomHosted(steps.state().epoch() + 1, START));
    }

    /** Moves a participant without telling the conductor. */
    void happensInSecret(ParticipantSid participant, Placement placement) {
        steps.happens(new RoomEvent.ParticipantMoved(participant, placement, START));
    }

    SessionNotice.Synced resume(
            ParticipantSid participant, TestProbe<SessionNotice> socket, ConnectionDescription... descriptions) {
        TestProbe<StatusReply<SessionNotice.Synced>> reply = actors.createTestProbe();
        conductor.tell(new ConductorCommand.Resumed(
                participant, socket.getRef(), List.of(descriptions), List.of(), reply.getRef()));
        return reply.receiveMessage(PATIENCE).getValue();
    }

    TestProbe<SessionNotice> admit(ParticipantSid participant) {
        TestProbe<SessionNotice> socket = actors.createTestProbe();
        admit(participant, socket);
        return socket;
    }

    SessionNotice.Connected admit(ParticipantSid participant, TestProbe<SessionNotice> socket) {
        TestProbe<StatusReply<SessionNotice.Connected>> reply = actors.createTestProbe();
        String connectionId =
                steps.state().participant(participant).orElseThrow().placement().connectionId();
        conductor.tell(new ConductorCommand.Admitted(
                SessionId.random(ROOM, participant, new Random(5)),
                socket.getRef(),
                offer(connectionId),
                reply.getRef()));
        return reply.receiveMessage(PATIENCE).getValue();
    }

    void mediaNodesChange() {
        actors.system().eventStream().tell(new EventStream.Publish<>(nodes.takeChanges()));
    }

    /** Returns the next message to a media node. */
    static MediaNode.Command told(TestProbe<MediaNode.Command> node) {
        return node.receiveMessage(PATIENCE);
    }

    static MediaCommand delivered(TestProbe<MediaNode.Command> node) {
        return ((MediaNode.Deliver) told(node)).command();
    }

    /** Returns the next command of this kind to a media node, and skips the commands before it. */
    static <T extends MediaCommand> T delivered(TestProbe<MediaNode.Command> node, Class<T> kind) {
        List<MediaNode.Command> until = node.fishForMessage(
                PATIENCE,
                command -> command instanceof MediaNode.Deliver deliver && kind.isInstance(deliver.command())
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        return kind.cast(((MediaNode.Deliver) until.get(until.size() - 1)).command());
    }

    /** Returns the next message of this kind to the entity, and skips the messages before it. */
    <T extends RoomCommand> T asked(Class<T> kind) {
        List<RoomCommand> until = entity.fishForMessage(
                PATIENCE,
                command -> kind.isInstance(command) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
        return kind.cast(until.get(until.size() - 1));
    }

    /**
     * Sends the conductor an event of a media node directly. So the conductor gets the event and the test's commands in
     * the order in which the test sent them.
     */
    void says(String mediaNode, MediaEvent event) {
        conductor.tell(new ConductorCommand.FromMedia(mediaNode, event));
    }

    /**
     * Sends the conductor an event of the media node. Like a real node, sends the event to the actor reference that
     * came with the latest command. Consumes all commands that the node has got so far.
     */
    void happens(MediaEvent event) {
        lastConductorAddress().tell(new MediaNode.Told(RoomSteps.NODE, event));
    }

    private ActorRef<MediaNode.Notice> lastConductorAddress() {
        conductor.tell(new ConductorCommand.RemoteDescriptions(
                new ParticipantSid(lastParticipant()), List.of(offer(lastConnection()))));
        while (true) {
            MediaNode.Deliver deliver = node.expectMessageClass(MediaNode.Deliver.class);
            if (deliver.command() instanceof MediaCommand.RemoteDescription) {
                return deliver.conductor();
            }
        }
    }

    private String lastParticipant() {
        return steps.state().participants().get(0).sid().value();
    }

    private String lastConnection() {
        return steps.state().participants().get(0).placement().connectionId();
    }

    static TransportId transport(ParticipantSid participant, String connectionId) {
        return new TransportId(ROOM.value(), participant.value(), connectionId);
    }
}
