package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.testkit.RoomSamples;

/** Tests messages between two real actor systems with the deployed configuration. */
class TwoNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MEBIBYTE = 1 << 20;
    private static final Config CONFIG = ConfigFactory.parseString("""
        pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
        pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
        """)
            .withFallback(ConfigFactory.parseResources("rotunda-pekko.conf"))
            .withFallback(ConfigFactory.load())
            .resolve();
    private static final ActorTestKit ROOM_NODE = ActorTestKit.create("rotunda", CONFIG);
    private static final ActorTestKit GATEWAY = ActorTestKit.create("rotunda", CONFIG);
    private static final TestProbe<RoomCommand> ROOM = ROOM_NODE.createTestProbe();

    /** The reference to the room, as the gateway's node has it. */
    private final ActorRef<RoomCommand> room = seenFrom(GATEWAY, ROOM_NODE, ROOM.getRef());

    /** A Java class that has no row in the table of messages. */
    private static final class Gadget implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    @AfterAll
    static void stop() {
        GATEWAY.shutdownTestKit();
        ROOM_NODE.shutdownTestKit();
    }

    private static <T> ActorRef<T> seenFrom(ActorTestKit other, ActorTestKit own, ActorRef<T> actor) {
        return ActorRefResolver.get(other.system())
                .resolveActorRef(ActorRefResolver.get(own.system()).toSerializationFormat(actor));
    }

    @Test
    void mebibyteOfSessionDescriptionCrosses() {
        TestProbe<SessionNotice> socket = GATEWAY.createTestProbe();
        TestProbe<StatusReply<SessionNotice.Connected>> answer = GATEWAY.createTestProbe();
        String sdp = "a=candidate\r\n".repeat(MEBIBYTE / 13);

        room.tell(connect(sdp, socket.getRef(), answer.getRef()));

        RoomCommand.Connect arrived = ROOM.expectMessageClass(RoomCommand.Connect.class, PATIENCE);
        assertThat(arrived.offer().description().sdp()).isEqualTo(sdp);
        SessionNotice.Connected connected = connected();
        arrived.replyTo().tell(StatusReply.success(connected));
        arrived.session().tell(new SessionNotice.Superseded());
        assertThat(answer.receiveMessage(PATIENCE).getValue()).isEqualTo(connected);
        socket.expectMessage(PATIENCE, new SessionNotice.Superseded());
    }

    private static SessionNotice.Connected connected() {
        return WireSamples.all(GATEWAY.system()).stream()
                .filter(SessionNotice.Connected.class::isInstance)
                .map(SessionNotice.Connected.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void refusalArrivesAsARefusalWithItsError() {
        CompletionStage<ParticipantViews> asked = AskPattern.askWithStatus(
                room,
                RoomCommand.ListParticipants::new,
                PATIENCE,
                GATEWAY.system().scheduler());
        ROOM.expectMessageClass(RoomCommand.ListParticipants.class, PATIENCE)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED)));

        assertThatThrownBy(() -> asked.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        RoomRefusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(RoomError.ROOM_COMPLETED));
    }

    @Test
    void messageOverTheFrameSizeIsLoggedByNameAndTheNextOneCrosses() {
        String sdp = "a".repeat(2 * MEBIBYTE);

        LoggingTestKit.error("")
                .withCause(IllegalArgumentException.class)
                .withCustom(event -> event.throwable()
                        .exists(cause -> String.valueOf(cause.getMessage()).contains("Connect is larger than")))
                .expect(GATEWAY.system(), () -> {
                    room.tell(connect(
                            sdp, GATEWAY.system().ignoreRef(), GATEWAY.system().ignoreRef()));
                    return null;
                });

        room.tell(new RoomCommand.Fetch(GATEWAY.system().ignoreRef()));
        ROOM.expectMessageClass(RoomCommand.Fetch.class, PATIENCE);
    }

    @Test
    void aMessageWithoutASerializerStaysOnItsNode() {
        TestProbe<Object> anybody = ROOM_NODE.createTestProbe();
        ActorRef<Object> seen = seenFrom(GATEWAY, ROOM_NODE, anybody.getRef());

        LoggingTestKit.error("Failed to serialize message [" + Gadget.class.getName())
                .expect(GATEWAY.system(), () -> {
                    seen.tell(new Gadget());
                    return null;
                });

        seen.tell(new SessionNotice.Superseded());
        // This notice is the first message that arrives, so the gadget was not sent.
        anybody.expectMessage(PATIENCE, new SessionNotice.Superseded());
    }

    private static RoomCommand.Connect connect(
            String sdp, ActorRef<SessionNotice> socket, ActorRef<StatusReply<SessionNotice.Connected>> replyTo) {
        return new RoomCommand.Connect(
                RoomSamples.ACCOUNT,
                "alice",
                new ClientParticipant(1, List.of()),
                true,
                Set.of(),
                new ConnectionDescription("c", new Description(Description.Type.OFFER, 1, sdp)),
                socket,
                replyTo);
    }
}
