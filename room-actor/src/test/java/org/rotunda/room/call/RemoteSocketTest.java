package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.properties;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.testkit.FakeMediaNodes;
import org.rotunda.room.testkit.HandClock;
import org.rotunda.room.testkit.RoomSamples;
import org.rotunda.room.testkit.RoomSteps;

/** Tests sessions whose socket is on another node than their room. */
class RemoteSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Config CONFIG = ConfigFactory.parseString("""
            pekko.actor.provider = cluster
            pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
            pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
            """).withFallback(ConfigFactory.load());

    private final ActorTestKit roomNode = ActorTestKit.create("rotunda", CONFIG);
    private final ActorTestKit gateway = ActorTestKit.create("rotunda", CONFIG);
    private final TestProbe<RoomCommand> entity = roomNode.createTestProbe();
    private final RoomSteps steps = RoomSteps.room(properties());
    private final ActorRef<ConductorCommand> conductor = roomNode.spawn(RoomConductor.create(
            ROOM,
            entity.getRef(),
            new CallEnvironment(
                    RoomSamples.ROOM_NODE,
                    RoomSamples.settings(),
                    new HandClock(START),
                    new FakeMediaNodes(RoomSteps.NODE, roomNode.system().ignoreRef()),
                    new RoomStatistics(),
                    System::nanoTime)));

    @AfterEach
    void stop() {
        roomNode.shutdownTestKit();
        gateway.shutdownTestKit();
    }

    @Test
    void areWithoutASocketFromTheMomentTheirNodeIsLost() {
        ParticipantSid alice =
                joins("alice", remote(gateway.<SessionNotice>createTestProbe().getRef()));
        joins("bob", roomNode.<SessionNotice>createTestProbe().getRef());

        RoomCommand told = entity.awaitAssert(PATIENCE, () -> {
            lose(gateway); // The conductor misses losses until it has subscribed, so the test repeats the loss.
            return entity.expectMessageClass(CallReport.SocketLost.class, Duration.ofMillis(300));
        });

        assertThat(told).isEqualTo(new CallReport.SocketLost(alice));
        entity.expectNoMessage(Duration.ofMillis(100)); // Bob's node is not lost.
    }

    private ParticipantSid joins(String identity, ActorRef<SessionNotice> socket) {
        ParticipantSid participant = steps.joins(identity, START);
        conductor.tell(new ConductorCommand.Evolved(steps.state(), List.of()));
        conductor.tell(new ConductorCommand.Admitted(
                SessionId.random(ROOM, participant, new Random(5)),
                socket,
                offer(identity),
                roomNode.system().ignoreRef()));
        return participant;
    }

    private ActorRef<SessionNotice> remote(ActorRef<SessionNotice> socket) {
        String address = ActorRefResolver.get(gateway.system()).toSerializationFormat(socket);
        return ActorRefResolver.get(roomNode.system()).resolveActorRef(address);
    }

    private void lose(ActorTestKit kit) {
        NodeId node = NodeId.of(Cluster.get(kit.system()).selfMember().address(), 1);
        roomNode.system().eventStream().tell(new EventStream.Publish<>(new NodeLost(node, Set.of("gateway"))));
    }
}
