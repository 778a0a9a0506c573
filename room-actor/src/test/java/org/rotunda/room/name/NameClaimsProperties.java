package org.rotunda.room.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.name.NameClaims.NameRequest;
import org.rotunda.room.name.RoomName.Holder;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;

/**
 * Properties of claims of one name. Every message is in flight for a random time. Requests and answers of different
 * senders arrive in any order or get lost, and callers die between any two steps.
 */
class NameClaimsProperties {
    private static final int CALLERS = 12;
    private static final int STEPS = 200;

    @Property(tries = 150)
    void aNameNeverMeansTwoRoomsAndIsNeverBlocked(@ForAll long seed) {
        World world = new World(new Random(seed), true);
        for (int i = 0; i < CALLERS; i++) {
            world.later(world::call);
        }
        for (int i = 0; i < STEPS && world.step(); i++) {
            world.checkThatNoTwoRoomsAreInProgress();
        }
        world.everybodyDies();

        CompletableFuture<RoomView> next = world.ask(false);
        world.runWithoutLosses();
        assertThat(next).isDone();
        RoomError refusal = errorOf(next);
        assertThat(refusal == null || (refusal == RoomError.ROOM_EXISTS && world.inProgress() == 1))
                .as("the name is free or has its room: %s", refusal)
                .isTrue();
        assertThat(world.inProgress()).isEqualTo(1);
    }

    @Property(tries = 80)
    void ofManyCreatesExactlyOneSucceeds(@ForAll long seed) {
        World world = new World(new Random(seed), false);
        List<CompletableFuture<RoomView>> creates = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            creates.add(world.ask(false));
        }
        CompletableFuture<RoomView> connect = world.ask(true);
        world.runWithoutLosses();

        List<@Nullable RoomError> errors = new ArrayList<>();
        creates.forEach(create -> errors.add(errorOf(create)));
        long created = errors.stream().filter(error -> error == null).count();
        assertThat(errors).allMatch(error -> error == null || error == RoomError.ROOM_EXISTS);
        assertThat(created).isLessThanOrEqualTo(1); // If the connect makes the room, no create succeeds.
        assertThat(world.inProgress()).isEqualTo(1);
        assertThat(connect).isCompletedWithValueMatching(view -> world.isInProgress(view.sid()));
    }

    /** Tests that a create without an answer can be repeated. The repeats find the room, and never make a second one. */
    @Property(tries = 150)
    void aRepeatedCreateFindsTheRoomOfTheFirst(@ForAll long seed) {
        Random random = new Random(seed);
        World world = new World(random, true);
        RoomSid sid = RoomSid.random(random);
        CompletableFuture<RoomView> create = world.create(sid, false);
        for (int i = 0; i < 3; i++) {
            while (world.step()) {
                world.checkThatNoTwoRoomsAreInProgress();
            }
            if (create.isDone() && !create.isCompletedExceptionally()) {
                break;
            }
            create = world.create(sid, true);
        }
        if (!create.isDone() || create.isCompletedExceptionally()) {
            world.everybodyDies(); // From here on no message is lost.
            create = world.create(sid, true);
            world.runWithoutLosses();
        }

        assertThat(create).isCompletedWithValueMatching(view -> view.sid().equals(sid));
        assertThat(world.inProgress()).isEqualTo(1);
        world.everybodyDies();
        CompletableFuture<RoomView> other = world.ask(false);
        world.runWithoutLosses();
        assertThat(errorOf(other)).isEqualTo(RoomError.ROOM_EXISTS);
    }

    private static @Nullable RoomError errorOf(CompletableFuture<RoomView> stage) {
        assertThat(stage).isDone();
        Throwable failure = stage.handle((view, why) -> why).join();
        return failure != null && Failures.rootCause(failure) instanceof RoomRefusal refusal ? refusal.error() : null;
    }

    /** One name, its rooms, and the messages that are in flight. */
    private static final class World {
        private final Random random;
        private final boolean unsafe;
        private final List<Runnable> inFlight = new ArrayList<>();
        private final Map<RoomSid, RoomStatus> rooms = new HashMap<>();
        private final Set<Caller> dead = new HashSet<>();
        private final List<Caller> callers = new ArrayList<>();
        private @Nullable RoomSid holder;
        private boolean confirmed;
        private boolean safeNow;
        private boolean ended;

        World(Random random, boolean unsafe) {
            this.random = random;
            this.unsafe = unsafe;
        }

        void call() {
            if (ended) {
                return;
            }
            if (random.nextInt(3) == 0) {
                completeSomeRoom();
            }
            ask(random.nextBoolean()).exceptionally(refusedOrLost -> null);
            if (callers.size() < 3 * CALLERS) {
                later(this::call);
            }
        }

        CompletableFuture<RoomView> ask(boolean orExisting) {
            Caller caller = new Caller(this);
            callers.add(caller);
            return new NameClaims(caller)
                    .room(new NameRequest(ACCOUNT, "daily", properties(), RoomSid.random(random), orExisting, false))
                    .toCompletableFuture();
        }

        /** Asks once more under the same SID. The caller itself lives until its answer comes or is lost. */
        CompletableFuture<RoomView> create(RoomSid sid, boolean repeated) {
            return new NameClaims(new Caller(this))
                    .room(new NameRequest(ACCOUNT, "daily", properties(), sid, false, repeated))
                    .toCompletableFuture();
        }

        void later(Runnable arrival) {
            inFlight.add(arrival);
        }

        /** Lets one message arrive, and sometimes lets a caller die. Returns false if no message is in flight. */
        boolean step() {
            if (inFlight.isEmpty()) {
                return false;
            }
            inFlight.remove(random.nextInt(inFlight.size())).run();
            if (unsafe && !callers.isEmpty() && random.nextInt(20) == 0) {
                dead.add(callers.get(random.nextInt(callers.size())));
            }
            return true;
        }

        /** Lets all callers die. The messages that they have sent may still arrive. */
        void everybodyDies() {
            dead.addAll(callers);
            ended = true;
            safeNow = true;
        }

        void runWithoutLosses() {
            safeNow = true;
            while (!inFlight.isEmpty()) {
                inFlight.remove(random.nextInt(inFlight.size())).run();
                checkThatNoTwoRoomsAreInProgress();
            }
        }

        boolean isLost() {
            return unsafe && !safeNow && random.nextInt(12) == 0;
        }

        /** Completes the rooms in progress. The message that releases the name may be lost. */
        private void completeSomeRoom() {
            rooms.replaceAll((sid, status) -> {
                if (status == RoomStatus.IN_PROGRESS && !isLost()) {
                    later(() -> release(sid));
                }
                return RoomStatus.COMPLETED;
            });
        }

        private void release(RoomSid over) {
            if (over.equals(holder)) {
                holder = null;
                confirmed = false;
            }
        }

        long inProgress() {
            return rooms.values().stream()
                    .filter(status -> status == RoomStatus.IN_PROGRESS)
                    .count();
        }

        boolean isInProgress(RoomSid sid) {
            return rooms.get(sid) == RoomStatus.IN_PROGRESS;
        }

        void checkThatNoTwoRoomsAreInProgress() {
            assertThat(inProgress()).isLessThanOrEqualTo(1);
        }

        RoomView view(RoomSid sid) {
            RoomStatus status = rooms.getOrDefault(sid, RoomStatus.IN_PROGRESS);
            return new RoomView(
                    sid,
                    ACCOUNT,
                    "daily",
                    status,
                    properties(),
                    START,
                    START,
                    status == RoomStatus.COMPLETED ? START : null);
        }
    }

    /** The name directory, as one caller sees it. A dead caller gets no further answers. */
    private static final class Caller implements NameClaims.Directory {
        private final World world;

        Caller(World world) {
            this.world = world;
        }

        @Override
        public CompletionStage<Holder> claim(NameRequest request) {
            return ask(() -> {
                if (world.holder == null) {
                    world.holder = request.sid();
                    world.confirmed = false;
                }
                return new Holder(world.holder, world.confirmed, START);
            });
        }

        @Override
        public CompletionStage<RoomView> create(NameRequest request, RoomSid sid) {
            return ask(() -> {
                if (world.rooms.putIfAbsent(sid, RoomStatus.IN_PROGRESS) != null) {
                    throw new RoomRefusal(RoomError.ROOM_EXISTS);
                }
                return world.view(sid);
            });
        }

        @Override
        public CompletionStage<RoomView> fetch(NameRequest request, RoomSid sid) {
            return ask(() -> {
                if (!world.rooms.containsKey(sid)) {
                    throw new RoomRefusal(RoomError.ROOM_NOT_FOUND);
                }
                return world.view(sid);
            });
        }

        @Override
        public CompletionStage<Optional<RoomView>> row(RoomSid sid) {
            return ask(() -> world.rooms.containsKey(sid) ? Optional.of(world.view(sid)) : Optional.empty());
        }

        @Override
        public void confirm(NameRequest request, RoomSid sid) {
            if (!world.dead.contains(this) && !world.isLost()) {
                world.later(() -> world.confirmed |= sid.equals(world.holder));
            }
        }

        /** Releases the name at once, because the release must arrive before a later claim of the same caller. */
        @Override
        public void release(NameRequest request, RoomSid over) {
            if (!world.dead.contains(this) && !world.isLost()) {
                world.release(over);
            }
        }

        private <T> CompletionStage<T> ask(Supplier<T> question) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            if (world.dead.contains(this)) {
                return answer;
            }
            if (world.isLost()) {
                world.later(() -> answer.completeExceptionally(new TimeoutException("request lost")));
                return answer;
            }
            world.later(() -> {
                CompletableFuture<T> said = new CompletableFuture<>();
                try {
                    said.complete(question.get());
                } catch (RoomRefusal refusal) {
                    said.completeExceptionally(refusal);
                }
                boolean lost = world.isLost();
                world.later(() -> {
                    if (world.dead.contains(this)) {
                        return;
                    }
                    if (lost) {
                        answer.completeExceptionally(new TimeoutException("answer lost"));
                    } else {
                        said.<Void>handle((value, failure) -> {
                                    if (failure == null) {
                                        answer.complete(value);
                                    } else {
                                        answer.completeExceptionally(failure);
                                    }
                                    return null;
                                })
                                .join();
                    }
                });
            });
            return answer;
        }
    }
}
