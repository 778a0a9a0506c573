package org.rotunda.gateway.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.sharding.typed.testkit.javadsl.TestEntityRef;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CreateAttempt;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.Rooms;

/** Rooms and room tables in memory. All commands to rooms go to one actor of the test. Safe to call from any thread. */
public final class FakeRooms implements Rooms, RoomQueries {
    public static final RoomProperties AD_HOC = new RoomProperties(
            RoomType.GROUP,
            50,
            14_400,
            0,
            0,
            false,
            List.of(VideoCodec.VP8, VideoCodec.H264),
            "us1",
            false,
            false,
            null,
            "POST");

    private final ActorRef<RoomCommand> entities;
    private final Random random = new Random(1);
    private final Map<RoomSid, RoomView> rooms = new ConcurrentHashMap<>();
    private final List<ParticipantView> participants = new CopyOnWriteArrayList<>();
    private volatile @Nullable RoomError refusal;
    private volatile boolean away;
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private final AtomicInteger endlessCreates = new AtomicInteger();
    private final Semaphore refusals = new Semaphore(0);
    private volatile CompletableFuture<Void> lookUps = CompletableFuture.completedFuture(null);

    public FakeRooms(ActorRef<RoomCommand> entities) {
        this.entities = entities;
    }

    /** Refuses every request with this error from now on; null ends the refusals. */
    public void refuse(@Nullable RoomError error) {
        refusal = error;
    }

    /** Makes every {@link #isRoomOf} wait until {@link #releaseLookUps}. */
    public void holdLookUps() {
        lookUps = new CompletableFuture<>();
    }

    public void releaseLookUps() {
        lookUps.complete(null);
    }

    /**
     * Sets whether the database counts as away. Even while it is away, requests are answered unless {@link #refuse} is
     * called.
     */
    public void away(boolean nowAway) {
        away = nowAway;
    }

    /** Waits for this number of refused requests. A later call does not count these requests again. */
    public void awaitRefusals(int count) {
        try {
            if (!refusals.tryAcquire(count, 20, TimeUnit.SECONDS)) {
                throw new AssertionError("not refused " + count + " times");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public CompletionStage<Boolean> isRoomOf(AccountSid account, RoomSid sid) {
        RoomView room = rooms.get(sid);
        return refusal == null
                ? lookUps.thenApply(released -> room != null && room.account().equals(account))
                : refused(refusal);
    }

    @Override
    public CompletionStage<RoomInspection> inspect(RoomSid sid) {
        return CompletableFuture.failedFuture(new RoomRefusal(RoomError.ROOM_NOT_FOUND));
    }

    @Override
    public boolean isAway() {
        return away;
    }

    public RoomView put(RoomView room) {
        rooms.put(room.sid(), room);
        return room;
    }

    public void remove(RoomSid sid) {
        rooms.remove(sid);
    }

    public void put(ParticipantView participant) {
        participants.add(participant);
    }

    public List<RoomView> all() {
        return List.copyOf(rooms.values());
    }

    public synchronized RoomSid newSid() {
        return RoomSid.random(random);
    }

    public RoomView room(AccountSid account, String name, Instant created) {
        RoomSid sid = newSid();
        return new RoomView(
                sid,
                account,
                name.isEmpty() ? sid.value() : name,
                RoomStatus.IN_PROGRESS,
                AD_HOC,
                created,
                created,
                null);
    }

    @Override
    public EntityRef<RoomCommand> room(RoomSid sid) {
        return TestEntityRef.of(EntityTypeKey.create(RoomCommand.class, "Room"), sid.value(), entities);
    }

    @Override
    public CompletionStage<RoomView> create(AccountSid account, String uniqueName, RoomProperties properties) {
        return create(account, uniqueName, properties, new CreateAttempt(newSid(), false));
    }

    @Override
    public CompletionStage<RoomView> create(
            AccountSid account, String uniqueName, RoomProperties properties, CreateAttempt attempt) {
        if (refusal != null) {
            return refused(refusal);
        }
        RoomView present = uniqueName.isEmpty() ? rooms.get(attempt.sid()) : byName(account, uniqueName);
        if (present != null) {
            return attempt.repeated() && present.sid().equals(attempt.sid())
                    ? answer(present)
                    : refused(RoomError.ROOM_EXISTS);
        }
        Instant now = Instant.parse("2024-03-01T10:00:00.123456Z");
        return answer(put(new RoomView(
                attempt.sid(),
                account,
                uniqueName.isEmpty() ? attempt.sid().value() : uniqueName,
                RoomStatus.IN_PROGRESS,
                properties,
                now,
                now,
                null)));
    }

    /** Makes the next creates fail although their rooms exist, as if the answers of the rooms were lost. */
    public void loseAnswers(int count) {
        lostAnswers.set(count);
    }

    /** Makes the next creates last for ever although their rooms exist, as if every step of them took too long. */
    public void delayAnswers(int count) {
        endlessCreates.set(count);
    }

    private CompletionStage<RoomView> answer(RoomView room) {
        if (endlessCreates.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return new CompletableFuture<>();
        }
        return lostAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                ? CompletableFuture.failedFuture(new TimeoutException("the answer is lost"))
                : CompletableFuture.completedFuture(room);
    }

    @Override
    public CompletionStage<RoomView> find(AccountSid account, String nameOrSid) {
        if (refusal != null) {
            return refused(refusal);
        }
        RoomView found = RoomSid.isValid(nameOrSid) ? rooms.get(new RoomSid(nameOrSid)) : byName(account, nameOrSid);
        return found == null || !found.account().equals(account)
                ? refused(RoomError.ROOM_NOT_FOUND)
                : CompletableFuture.completedFuture(found);
    }

    @Override
    public CompletionStage<RoomView> findOrCreate(AccountSid account, String nameOrSid, RoomProperties properties) {
        if (refusal == null && !RoomSid.isValid(nameOrSid) && byName(account, nameOrSid) == null) {
            return create(account, nameOrSid, properties);
        }
        return find(account, nameOrSid);
    }

    @Override
    public CompletionStage<Page<RoomView>> rooms(AccountSid account, RoomFilter filter, PageRequest page) {
        return cut(
                rooms.values().stream()
                        .filter(room -> room.account().equals(account) && room.status() == filter.status())
                        .filter(room ->
                                filter.uniqueName() == null || room.uniqueName().equals(filter.uniqueName()))
                        .filter(room -> filter.createdAfter() == null
                                || !room.createdAt().isBefore(filter.createdAfter()))
                        .filter(room -> filter.createdBefore() == null
                                || room.createdAt().isBefore(filter.createdBefore()))
                        .sorted(Comparator.comparing(RoomView::createdAt)
                                .thenComparing(room -> room.sid().value())
                                .reversed())
                        .toList(),
                room -> isAfter(room.createdAt(), room.sid().value(), page),
                page);
    }

    @Override
    public CompletionStage<Page<ParticipantView>> participants(
            RoomSid room, ParticipantFilter filter, PageRequest page) {
        return cut(
                participants.stream()
                        .filter(participant -> participant.room().equals(room))
                        .filter(participant -> filter.status() == null || participant.status() == filter.status())
                        .filter(participant -> filter.identity() == null
                                || participant.identity().equals(filter.identity()))
                        .sorted(Comparator.comparing(ParticipantView::startedAt)
                                .thenComparing(participant -> participant.sid().value())
                                .reversed())
                        .toList(),
                participant ->
                        isAfter(participant.startedAt(), participant.sid().value(), page),
                page);
    }

    private static boolean isAfter(Instant created, String sid, PageRequest page) {
        if (page.afterCreated() == null || page.afterSid() == null) {
            return true;
        }
        int order = created.compareTo(page.afterCreated());
        return order < 0 || (order == 0 && sid.compareTo(page.afterSid()) < 0);
    }

    private static <T> CompletionStage<Page<T>> cut(List<T> sorted, Predicate<T> isAfter, PageRequest page) {
        List<T> rest = new ArrayList<>(sorted.stream().filter(isAfter).toList());
        boolean more = rest.size() > page.size();
        return CompletableFuture.completedFuture(new Page<>(more ? rest.subList(0, page.size()) : rest, more));
    }

    private @Nullable RoomView byName(AccountSid account, String name) {
        return rooms.values().stream()
                .filter(room -> room.account().equals(account)
                        && room.uniqueName().equals(name)
                        && room.status() == RoomStatus.IN_PROGRESS)
                .findFirst()
                .orElse(null);
    }

    private <T> CompletionStage<T> refused(RoomError error) {
        refusals.release();
        return CompletableFuture.failedFuture(new RoomRefusal(error));
    }
}
