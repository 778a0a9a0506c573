package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.Rooms;
import org.rotunda.room.testkit.PostgresServer;

/** Tests callers that race for names on two nodes of one cluster. Both nodes use one PostgreSQL. */
class RoomNameRaceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CREATES = 50;
    private static final int NAMES = 10;

    private PostgresServer server;
    private RoomNode first;
    private RoomNode second;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = PostgresServer.start(directory);
        Map<String, Object> database = server.config(server.jdbcUrl());
        first = RoomNode.start(database, Map.of());
        second = RoomNode.start(database, Map.of(), Optional.of(first));
    }

    @AfterEach
    void stop() {
        second.stop();
        first.stop();
        server.close();
    }

    @Test
    void ofFiftyCreatesOneWins() {
        List<CompletableFuture<RoomView>> creates = IntStream.range(0, CREATES)
                .mapToObj(i -> create(i, "daily").toCompletableFuture())
                .toList();

        List<RoomError> refusals = creates.stream()
                .map(RoomNameRaceTest::refusalOf)
                .filter(Objects::nonNull)
                .toList();
        assertThat(refusals).hasSize(CREATES - 1).containsOnly(RoomError.ROOM_EXISTS);
        assertThat(await(rooms(0).find(ACCOUNT, "daily"))).isEqualTo(await(rooms(1).find(ACCOUNT, "daily")));
    }

    @Test
    void connectsThatRaceACreateLandInOneRoom() {
        for (int n = 0; n < NAMES; n++) {
            String name = "name-" + n;
            CompletableFuture<RoomView> create = create(n, name).toCompletableFuture();
            List<CompletableFuture<RoomView>> connects = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                connects.add(
                        rooms(i).findOrCreate(ACCOUNT, name, properties(50, 0)).toCompletableFuture());
            }

            assertThat(connects.stream()
                            .map(RoomNameRaceTest::await)
                            .map(RoomView::sid)
                            .distinct())
                    .hasSize(1);
            RoomSid met = await(connects.get(0)).sid();
            RoomError refusal = refusalOf(create);
            assertThat(refusal == RoomError.ROOM_EXISTS
                            || (refusal == null && await(create).sid().equals(met)))
                    .isTrue();
        }
    }

    private CompletionStage<RoomView> create(int caller, String name) {
        return rooms(caller).create(ACCOUNT, name, properties());
    }

    private Rooms rooms(int caller) {
        return (caller % 2 == 0 ? first : second).rooms();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private static @Nullable RoomError refusalOf(CompletableFuture<RoomView> stage) {
        try {
            await(stage);
            return null;
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RoomRefusal refusal) {
                return refusal.error();
            }
            throw failure;
        }
    }
}
