package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.RemoteParticipant;
import org.rotunda.room.protocol.SessionNotice.RemoteTrack;
import org.rotunda.room.protocol.SessionNotice.RoomChanged;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.testkit.PostgresServer;
import org.rotunda.room.testkit.RoomSamples;

/** Tests running rooms while PostgreSQL is away, and after it has come back. */
class DatabaseOutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    /**
     * The length of the outage. It exceeds the write time-out of sharding and the time-outs of most circuit breakers
     * and pools.
     */
    private static final Duration OUTAGE = Duration.ofSeconds(12);

    private final Random random = new Random(5);
    private final Map<ParticipantSid, RemoteParticipant> seen = new HashMap<>();
    private final List<ParticipantSid> departures = new ArrayList<>();

    private PostgresServer server;
    private RoomNode node;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = PostgresServer.start(directory);
        node = RoomNode.start(server.config(server.jdbcUrl()), Map.of());
    }

    @AfterEach
    void stop() {
        node.stop();
        server.close();
    }

    @Test
    void theCallGoesOnAndDecisionsMadeMeanwhileHoldAfterwards() {
        RoomView room = await(node.rooms().create(ACCOUNT, "daily", properties()));
        TestProbe<SessionNotice> bobs = node.actors().createTestProbe();
        Connected alice = connect(
                room.sid(),
                "alice",
                node.actors().createTestProbe(),
                track("cam", TrackKind.VIDEO),
                track("mic", TrackKind.AUDIO));
        Connected carol = connect(room.sid(), "carol", node.actors().createTestProbe());
        Connected bob = connect(room.sid(), "bob", bobs);
        bob.snapshot().participants().forEach(each -> seen.put(each.sid(), each));

        server.stop();
        awaitUntil(() -> assertThat(node.rooms().isAway()).isTrue());
        tell(
                room,
                new RoomCommand.Update(
                        alice.sessionId(), client(2, muted("cam"), track("mic", TrackKind.AUDIO)), List.of()));
        tell(room, new RoomCommand.Update(alice.sessionId(), client(3, muted("cam")), List.of()));
        tell(room, new RoomCommand.Disconnect(carol.sessionId()));

        refusedAsBusyAtOnce(node.rooms().create(ACCOUNT, "another", properties()));
        refusedAsBusyAtOnce(node.rooms().findOrCreate(ACCOUNT, "daily", properties(50, 0)));
        refusedAsBusyAtOnce(node.rooms().find(ACCOUNT, room.sid().value()));
        refusedAsBusyAtOnce(node.queries()
                .rooms(
                        ACCOUNT,
                        new RoomQueries.RoomFilter(RoomStatus.IN_PROGRESS, null, null, null),
                        new RoomQueries.PageRequest(1, null, null)));
        limitLayers(room, alice, bob);
        strangersAskForRoomsOfTheSameShard(room.sid());
        node.actors().createTestProbe().expectNoMessage(OUTAGE);
        limitLayers(room, alice, bob);

        server.start();
        awaitUntil(() -> assertThat(node.rooms().isAway()).isFalse());
        RemoteTrack mutedCam =
                new RemoteTrack(sidOf(alice, "cam"), TrackKind.VIDEO, "name-cam", false, TrackPriority.STANDARD);
        bobs.fishForMessage(PATIENCE, notice -> {
            note(notice); // Fails if the session has ended. The session must go on, because the shard kept running.
            return tracksOf(alice).equals(List.of(mutedCam)) && departures.contains(carol.participantSid())
                    ? FishingOutcomes.complete()
                    : FishingOutcomes.continueAndIgnore();
        });
        assertThat(departures).containsExactly(carol.participantSid());
        awaitUntil(() -> assertThat(await(node.rooms().findOrCreate(ACCOUNT, "another", properties(50, 0)))
                        .uniqueName())
                .isEqualTo("another"));
        awaitUntil(() -> assertThat(await(node.queries().participant(room.sid(), carol.participantSid())))
                .hasValueSatisfying(row -> assertThat(row.status()).isEqualTo(ParticipantStatus.DISCONNECTED)));

        node.stop();
        node = RoomNode.start(server.config(server.jdbcUrl()), Map.of());
        assertThat(await(node.rooms().find(ACCOUNT, "daily"))).isEqualTo(room);
        SessionNotice.Synced synced = await(node.rooms()
                .room(room.sid())
                .askWithStatus(
                        replyTo -> new RoomCommand.Sync(
                                bob.sessionId(),
                                client(1),
                                List.of(),
                                node.actors().<SessionNotice>createTestProbe().getRef(),
                                replyTo),
                        PATIENCE));
        assertThat(synced.snapshot().participants())
                .singleElement()
                .satisfies(each -> assertThat(each.tracks()).hasSize(1));
    }

    /**
     * Asks for three rooms that were never created. Their SIDs belong to the live room's shard. Callers can send such
     * requests until the outage is noticed. For each SID, sharding starts an entity and writes a record of it.
     */
    private void strangersAskForRoomsOfTheSameShard(RoomSid live) {
        int shard = shardOf(live);
        int asked = 0;
        while (asked < 3) {
            RoomSid stranger = RoomSid.random(random);
            if (shardOf(stranger) == shard) {
                node.rooms()
                        .room(stranger)
                        .tell(new RoomCommand.Fetch(node.actors().system().ignoreRef()));
                asked++;
            }
        }
    }

    /** Returns the shard of a room. Sharding uses the same formula. */
    private int shardOf(RoomSid sid) {
        return Math.abs(sid.value().hashCode() % 256);
    }

    private void limitLayers(RoomView room, Connected publisher, Connected subscriber) {
        await(node.rooms()
                .room(room.sid())
                .<Done>askWithStatus(
                        replyTo -> new RoomCommand.LimitLayers(
                                subscriber.participantSid(), sidOf(publisher, "cam"), LayerLimit.NONE, replyTo),
                        AT_ONCE));
    }

    private void tell(RoomView room, RoomCommand command) {
        node.rooms().room(room.sid()).tell(command);
    }

    private void note(SessionNotice notice) {
        assertThat(notice).isNotInstanceOfAny(SessionNotice.Ended.class, SessionNotice.Superseded.class);
        if (notice instanceof RoomChanged changed) {
            for (RemoteParticipant each : changed.participants()) {
                seen.put(each.sid(), each);
                if (each.status() == ParticipantStatus.DISCONNECTED) {
                    departures.add(each.sid());
                }
            }
        }
    }

    private List<RemoteTrack> tracksOf(Connected participant) {
        RemoteParticipant told = seen.get(participant.participantSid());
        return told == null ? List.of() : told.tracks();
    }

    private static ClientTrack muted(String id) {
        return new ClientTrack(id, TrackKind.VIDEO, "name-" + id, false, TrackPriority.STANDARD);
    }

    private static TrackSid sidOf(Connected publisher, String track) {
        return publisher.snapshot().published().tracks().stream()
                .filter(each -> each.id().equals(track))
                .map(SessionNotice.PublishedTrack::sid)
                .findFirst()
                .orElseThrow();
    }

    private static void refusedAsBusyAtOnce(CompletionStage<?> stage) {
        assertThatThrownBy(() -> stage.toCompletableFuture()
                        .orTimeout(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS)
                        .join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RoomRefusal.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(RoomError.BUSY));
    }

    private Connected connect(RoomSid room, String identity, TestProbe<SessionNotice> socket, ClientTrack... tracks) {
        return await(node.rooms()
                .room(room)
                .askWithStatus(replyTo -> RoomSamples.connect(identity, socket.getRef(), replyTo, tracks), PATIENCE));
    }

    private void awaitUntil(Runnable assertions) {
        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, Duration.ofMillis(200), () -> {
            assertions.run();
            return true;
        });
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
