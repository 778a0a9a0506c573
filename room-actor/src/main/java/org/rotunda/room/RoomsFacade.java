package org.rotunda.room;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.RoomName.Holder;

/**
 * Rooms by SID and by name over the cluster. A name is claimed before its room is created and confirmed after; whoever meets a claim
 * of somebody else looks at that room and decides by its state.
 */
final class RoomsFacade implements Rooms, RoomNames {
    /** A claim that meets a room that is over is released and tried again, at most so often. */
    private static final int CLAIMS_MAX = 3;

    private final ClusterSharding sharding;
    private final RoomSettings settings;
    private final Clock clock;
    private final RandomGenerator random;
    private final BooleanSupplier away;
    private final Function<RoomSid, CompletionStage<Optional<RoomView>>> rows;

    /**
     * @param away whether the database is known to be away
     * @param rows the row of a room, which outlives its journal
     */
    RoomsFacade(
            ClusterSharding sharding,
            RoomSettings settings,
            Clock clock,
            RandomGenerator random,
            BooleanSupplier away,
            Function<RoomSid, CompletionStage<Optional<RoomView>>> rows) {
        this.sharding = sharding;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.away = away;
        this.rows = rows;
    }

    @Override
    public EntityRef<RoomCommand> room(RoomSid sid) {
        return sharding.entityRefFor(RoomEntity.KEY, sid.value());
    }

    @Override
    public CompletionStage<RoomView> create(AccountSid account, String uniqueName, RoomProperties properties) {
        if (isAway()) {
            return refused(RoomError.BUSY);
        }
        RoomSid sid = RoomSid.random(random);
        return uniqueName.isEmpty()
                ? createAt(sid, account, sid.value(), properties)
                : claim(new Wanted(account, uniqueName, properties, sid, false), CLAIMS_MAX);
    }

    @Override
    public CompletionStage<RoomView> find(AccountSid account, String nameOrSid) {
        if (isAway()) {
            return refused(RoomError.BUSY);
        }
        if (RoomSid.isValid(nameOrSid)) {
            return findBySid(account, new RoomSid(nameOrSid));
        }
        return lookUp(account, nameOrSid).thenCompose(holder -> {
            RoomSid sid = holder.sid();
            return sid == null
                    ? refused(RoomError.ROOM_NOT_FOUND)
                    : fetch(account, sid).thenCompose(RoomsFacade::inProgress);
        });
    }

    @Override
    public CompletionStage<RoomView> findOrCreate(AccountSid account, String nameOrSid) {
        if (isAway()) {
            return refused(RoomError.BUSY);
        }
        if (nameOrSid.isEmpty()) {
            return create(account, "", settings.adHoc());
        }
        if (RoomSid.isValid(nameOrSid)) {
            return findBySid(account, new RoomSid(nameOrSid));
        }
        return claim(new Wanted(account, nameOrSid, settings.adHoc(), RoomSid.random(random), true), CLAIMS_MAX);
    }

    @Override
    public boolean isAway() {
        return away.getAsBoolean();
    }

    @Override
    public void release(AccountSid account, String uniqueName, RoomSid owner) {
        if (!uniqueName.equals(owner.value())) {
            name(account, uniqueName).tell(new RoomName.Release(owner));
        }
    }

    /** A name that shall have a room; {@code orExisting} takes the one it has. */
    private record Wanted(
            AccountSid account, String name, RoomProperties properties, RoomSid sid, boolean orExisting) {}

    private CompletionStage<RoomView> claim(Wanted wanted, int attemptsLeft) {
        if (attemptsLeft == 0) {
            return refused(RoomError.ROOM_CREATE_FAILED);
        }
        return name(wanted.account(), wanted.name())
                .<Holder>ask(replyTo -> new RoomName.Claim(wanted.sid(), replyTo), settings.askTimeout())
                .whenComplete((holder, failure) -> {
                    if (failure
                            != null) { // The claim may have been written all the same; nothing was created under it.
                        release(wanted.account(), wanted.name(), wanted.sid());
                    }
                })
                .thenCompose(holder -> {
                    RoomSid sid = holder.sid();
                    return sid == null || sid.equals(wanted.sid())
                            ? createClaimed(wanted)
                            : meet(wanted, holder, sid, attemptsLeft);
                });
    }

    /** A room that was too busy to be created needs no name; of one that did not answer nobody knows, so it keeps its claim. */
    private CompletionStage<RoomView> createClaimed(Wanted wanted) {
        return createAt(wanted.sid(), wanted.account(), wanted.name(), wanted.properties())
                .whenComplete((view, failure) -> {
                    if (failure != null && refusalOf(failure) == RoomError.BUSY) {
                        release(wanted.account(), wanted.name(), wanted.sid());
                    }
                });
    }

    /** Somebody else has the name: a room in progress, one that is over, or one that is just being created. */
    private CompletionStage<RoomView> meet(Wanted wanted, Holder holder, RoomSid sid, int attemptsLeft) {
        return fetch(wanted.account(), sid)
                .handle((view, failure) -> {
                    if (failure != null) {
                        return refusalOf(failure) == RoomError.ROOM_NOT_FOUND
                                ? meetUncreated(wanted, holder, sid, attemptsLeft)
                                : CompletableFuture.<RoomView>failedFuture(failure);
                    }
                    if (view.status() != RoomStatus.IN_PROGRESS) {
                        return releaseAndClaim(wanted, sid, attemptsLeft);
                    }
                    if (!holder.confirmed()) {
                        name(wanted.account(), wanted.name()).tell(new RoomName.Confirm(sid));
                    }
                    return wanted.orExisting()
                            ? CompletableFuture.completedFuture(view)
                            : RoomsFacade.<RoomView>refused(RoomError.ROOM_EXISTS);
                })
                .thenCompose(stage -> stage);
    }

    /** A connect does not wait for the other creation but completes it: an entity is created once, whoever comes first. */
    private CompletionStage<RoomView> meetUncreated(Wanted wanted, Holder holder, RoomSid sid, int attemptsLeft) {
        if (clock.instant().isAfter(holder.since().plus(settings.nameClaimTimeout()))) {
            return releaseAndClaim(wanted, sid, attemptsLeft);
        }
        return wanted.orExisting()
                ? createAt(sid, wanted.account(), wanted.name(), wanted.properties())
                        .exceptionallyCompose(failure -> refusalOf(failure) == RoomError.ROOM_EXISTS
                                ? fetch(wanted.account(), sid)
                                : CompletableFuture.failedFuture(failure))
                : refused(RoomError.ROOM_EXISTS);
    }

    private CompletionStage<RoomView> releaseAndClaim(Wanted wanted, RoomSid over, int attemptsLeft) {
        release(wanted.account(), wanted.name(), over); // Same way, same order: the name hears of it before the claim.
        return claim(wanted, attemptsLeft - 1);
    }

    private CompletionStage<RoomView> createAt(
            RoomSid sid, AccountSid account, String uniqueName, RoomProperties properties) {
        return room(sid)
                .<RoomView>askWithStatus(
                        replyTo -> new RoomCommand.Create(account, uniqueName, properties, replyTo),
                        settings.askTimeout())
                .thenApply(view -> {
                    if (!uniqueName.equals(sid.value())) {
                        name(account, uniqueName).tell(new RoomName.Confirm(sid));
                    }
                    return view;
                });
    }

    private CompletionStage<RoomView> fetch(AccountSid account, RoomSid sid) {
        return room(sid)
                .<RoomView>askWithStatus(RoomCommand.Fetch::new, settings.askTimeout())
                .thenCompose(view -> view.account().equals(account)
                        ? CompletableFuture.completedFuture(view)
                        : refused(RoomError.ROOM_NOT_FOUND));
    }

    /**
     * By its row first, so that a SID that no room has starts no entity: sharding would remember each in the database. Every room has its
     * row before its creator knows of it, or within a second, if the row alone could not be written. Of a room in progress the entity
     * knows best.
     */
    private CompletionStage<RoomView> findBySid(AccountSid account, RoomSid sid) {
        return rows.apply(sid).thenCompose(row -> {
            if (row.isEmpty() || !row.get().account().equals(account)) {
                return refused(RoomError.ROOM_NOT_FOUND);
            }
            return row.get().status() == RoomStatus.COMPLETED
                    ? CompletableFuture.completedFuture(row.get())
                    : fetch(account, sid);
        });
    }

    private CompletionStage<Holder> lookUp(AccountSid account, String uniqueName) {
        return name(account, uniqueName).ask(RoomName.LookUp::new, settings.askTimeout());
    }

    private EntityRef<RoomName.Command> name(AccountSid account, String uniqueName) {
        return sharding.entityRefFor(RoomName.KEY, RoomName.entityId(account, uniqueName));
    }

    private static CompletionStage<RoomView> inProgress(RoomView view) {
        return view.status() == RoomStatus.IN_PROGRESS
                ? CompletableFuture.completedFuture(view)
                : refused(RoomError.ROOM_NOT_FOUND);
    }

    private static <T> CompletionStage<T> refused(RoomError error) {
        return CompletableFuture.failedFuture(new RoomRefusal(error));
    }

    private static @Nullable RoomError refusalOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RoomRefusal refusal ? refusal.error() : null;
    }
}
