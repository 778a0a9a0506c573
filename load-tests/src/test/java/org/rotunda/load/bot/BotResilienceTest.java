package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.rotunda.load.bot.receive.ContinuityFault;
import org.rotunda.load.testkit.Await;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomSid;

/** Tests bots on lossy networks, in large numbers, and during a move to another media node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BotResilienceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int FRAMES = 160;

    private final BotNode node = new BotNode();

    @AfterAll
    void stopNode() {
        node.close();
    }

    @Test
    void lossesOnBothLegsAreRepaired() {
        String room = node.freshRoom();
        Bot alice = node.join(node.settings(room, "alice").withPublishing(Publishing.SIMULCAST));
        Bot bob = node.join(node.settings(room, "bob"));
        Await.until("media", PATIENCE, () -> bob.stats().received().frames() > 0);

        alice.setLoss(0, 0.03);
        bob.setLoss(0.03, 0);
        Await.until(
                "media over a bad network",
                PATIENCE,
                () -> bob.stats().received().frames() > FRAMES
                        && bob.stats().received().rtx() > 0
                        && alice.stats().sent().resent() > 0);

        BotStats at = bob.stats();
        assertThat(at.received().recovered()).isPositive();
        assertThat(at.sent().nacks()).isPositive();
        assertThat(alice.stats().received().nacks()).isPositive();
        // A gap occurs when the resends of a packet are lost, too. No other fault is allowed.
        assertThat(Set.of(ContinuityFault.GAP))
                .containsAll(at.continuity().faults().keySet());
        assertThat(at.received().lossRatio()).isLessThan(0.01);
        alice.leave();
        bob.leave();
    }

    @Test
    void everybodyInAGroupReceivesEverybodyWithoutAFault() {
        String room = node.freshRoom();
        List<Bot> bots = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            bots.add(node.join(node.settings(room, "bot-" + i)
                    .withPublishing(Publishing.AUDIO_AND_SIMULCAST)
                    .withSpeech(SpeechScript.turns(i, 4, Duration.ofMillis(500)))));
        }
        for (Bot bot : bots) {
            Await.until(
                    "all streams at " + bot.identity(),
                    PATIENCE,
                    () -> bot.stats().streams().stream()
                                    .filter(stream -> stream.frames() > 0 && stream.trackSid() != null)
                                    .count()
                            == 6);
        }
        Await.until(
                "two seconds of everything",
                PATIENCE,
                () -> bots.get(0).stats().received().frames() > 3 * FRAMES);

        for (Bot bot : bots) {
            BotStats stats = bot.stats();
            assertThat(stats.continuity().details()).as(bot.identity()).isEmpty();
            assertThat(stats.received().unknownSsrcs()).as(bot.identity()).isZero();
        }
        bots.forEach(Bot::leave);
    }

    @Test
    @Tag("long")
    void aHundredBotsJoinAtOnceAndLeaveNothingBehind() {
        String prefix = node.freshRoom();
        BotStats before = node.fleet().stats();
        List<CompletableFuture<Bot>> joins = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String identity = "bot-" + i;
            joins.add(node.fleet()
                    .join(node.settings(prefix + "-" + i / 4, identity).withPublishing(Publishing.AUDIO))
                    .toCompletableFuture());
        }
        Await.until(
                () -> "joins; missing are " + node.fleet().joining(),
                PATIENCE,
                () -> joins.stream().allMatch(CompletableFuture::isDone));
        List<Bot> bots = joins.stream().map(CompletableFuture::join).toList();
        Await.until(
                "everybody hears three others",
                PATIENCE,
                () -> node.fleet().stats().streams().stream()
                                .filter(stream -> stream.frames() > 10)
                                .count()
                        == 300);

        assertThat(node.fleet().stats().since(before).continuity().faults()).isEmpty();
        bots.forEach(Bot::leave);
        Await.until("all are gone", PATIENCE, () -> bots.stream().allMatch(Bot::isEnded));
        assertThat(node.fleet().stats().streams()).isEmpty();
    }

    @Test
    void aTestCanRecordAndSendArbitraryPacketsThroughTheWireOfABot() {
        String room = node.freshRoom();
        Bot alice = node.join(node.settings(room, "alice").withPublishing(Publishing.AUDIO));
        Bot bob = node.join(node.settings(room, "bob"));
        Queue<byte[]> datagrams = new ConcurrentLinkedQueue<>();
        Queue<byte[]> packets = new ConcurrentLinkedQueue<>();
        alice.wire().setTap(new WireTap() {
            @Override
            public void onDatagram(ByteBuf datagram) {
                datagrams.add(ByteBufUtil.getBytes(datagram));
            }

            @Override
            public void onRtp(ByteBuf packet) {
                packets.add(ByteBufUtil.getBytes(packet));
            }
        });
        Await.until("packets at the tap", PATIENCE, () -> packets.size() > 20 && datagrams.size() > 20);
        alice.wire().setTap(null);

        datagrams.forEach(datagram -> alice.wire().sendDatagram(datagram)); // The router must drop these replays.
        // The bot's SRTP session must refuse to send these packets again.
        packets.forEach(packet -> alice.wire().sendRtp(packet));
        alice.wire().sendSignaling("{\"type\":\"heartbeat\"}");
        assertThat(alice.wire().connectivityCheck()).isNotEmpty();
        assertThat(alice.wire().router()).isNotNull();
        long heard = bob.stats().received().frames();
        Await.until("the call goes on", PATIENCE, () -> bob.stats().received().frames() > heard + FRAMES / 2);

        assertThat(bob.stats().continuity().details()).isEmpty();
        alice.leave();
        bob.leave();
    }

    @Test
    void botsFollowTheirRoomToAnotherMediaNode() {
        String room = node.freshRoom();
        Bot alice = node.join(node.settings(room, "alice").withPublishing(Publishing.AUDIO_AND_SIMULCAST.withData()));
        Bot bob = node.join(node.settings(room, "bob"));
        List<String> read = new ArrayList<>();
        bob.setMessageListener((bot, trackSid, message, binary) -> {
            synchronized (read) {
                read.add(new String(message, StandardCharsets.UTF_8));
            }
        });
        Await.until("media", PATIENCE, () -> bob.stats().received().frames() > FRAMES);
        String first = node.node().mediaNodes().live().get(0).id();
        node.node().startAnotherMediaNode("other");
        Await.until(
                "the other media node",
                PATIENCE,
                () -> node.node().mediaNodes().find("other").isPresent());

        node.node()
                .rooms()
                .room(new RoomSid(alice.roomSid()))
                .<Done>askWithStatus(replyTo -> new RoomCommand.MoveTransports(first, replyTo), ANSWER)
                .toCompletableFuture()
                .join();
        long sent = bob.stats().received().frames();
        Await.until(
                "media from the other node",
                PATIENCE,
                () -> bob.stats().received().frames() > sent + 2 * FRAMES);
        Await.until("a message over the other node", PATIENCE, () -> {
            alice.send("moved");
            synchronized (read) {
                return read.contains("moved");
            }
        });

        assertThat(bob.stats().continuity().details()).isEmpty();
        assertThat(alice.isEnded() || bob.isEnded()).isFalse();
        alice.leave();
        bob.leave();
    }
}
