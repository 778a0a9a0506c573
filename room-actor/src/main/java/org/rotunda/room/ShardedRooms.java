package org.rotunda.room;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.name.NameClaims;
import org.rotunda.room.name.NameClaims.NameRequest;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.name.RoomName.Holder;
import org.rotunda.room.name.RoomNames;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AskAgain;
import org.rotunda.room.protocol.CreateAttempt;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.Rooms;

/**
 * Access to rooms by SID and by name over the cluster. {@link NameClaims} decides which room a name gets.
 */
final class ShardedRooms implements Rooms, RoomNames {
    private final ClusterSharding sharding;
    private final RoomSettings settings;
    private final RandomGenerator random;
    private final NameClaims claims = new NameClaims(new OverSharding());
    private final KnownRooms known = new KnownRooms();
    private final BooleanSupplier away;
    private final Function<RoomSid, CompletionStage<Optional<RoomView>>> rows;

    /**
     * Creates the access to the rooms of one cluster.
     *
     * @param away returns whether the database is known to be away
     * @param rows finds the row of a room; the row outlives the room's journal
     */
    ShardedRooms(
            ClusterSharding sharding,
            RoomSettings settings,
            RandomGenerator random,
            BooleanSupplier away,
            Function<RoomSid, CompletionStage<Optional<RoomView>>> rows) {
        this.sharding = sharding;
        this.settings = settings;
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
        return create(account, uniqueName, properties, CreateAttempt.first(random));
    }

    @Override
    public CompletionStage<RoomView> create(
            AccountSid account, String uniqueName, RoomProperties properties, CreateAttempt attempt) {
        if (isAway()) {
            return refused(RoomError.BUSY);
        }
        return uniqueName.isEmpty()
                ? createUnnamed(account, properties, attempt)
                : claims.room(
                        new NameRequest(account, uniqueName, properties, attempt.sid(), false, attempt.repeated()));
    }

    /**
     * Creates a room that is named by its SID. Only the caller of the earlier tries knows the SID, so a room that exists
     * under the SID is the room of an earlier try.
     */
    private CompletionStage<RoomView> createUnnamed(
            AccountSid account, RoomProperties properties, CreateAttempt attempt) {
        RoomSid sid = attempt.sid();
        return createAt(sid, account, sid.value(), properties)
                .exceptionallyCompose(failure -> attempt.repeated() && isExists(failure)
                        ? fetch(account, sid).thenCompose(ShardedRooms::inProgress)
                        : CompletableFuture.failedFuture(failure));
    }

    private static boolean isExists(Throwable failure) {
        return Failures.rootCause(failure) instanceof RoomRefusal refusal && refusal.error() == RoomError.ROOM_EXISTS;
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
                    : fetch(account, sid).thenCompose(ShardedRooms::inProgress);
        });
    }

    @Override
    public CompletionStage<RoomView> findOrCreate(AccountSid account, String nameOrSid, RoomProperties properties) {
        if (isAway()) {
            return refused(RoomError.BUSY);
        }
        if (nameOrSid.isEmpty()) {
            return create(account, "", properties);
        }
        if (RoomSid.isValid(nameOrSid)) {
            return findBySid(account, new RoomSid(nameOrSid));
        }
        return claims.room(new NameRequest(account, nameOrSid, properties, RoomSid.random(random), true, false));
    }

    @Override
    public CompletionStage<Boolean> isRoomOf(AccountSid account, RoomSid sid) {
        Optional<AccountSid> owner = known.accountOf(sid);
        if (owner.isPresent()) {
            return CompletableFuture.completedFuture(owner.get().equals(account));
        }
        return rows.apply(sid).thenApply(row -> {
            row.ifPresent(this::seen);
            return row.filter(view -> view.account().equals(account)).isPresent();
        });
    }

    @Override
    public CompletionStage<RoomInspection> inspect(RoomSid sid) {
        return rows.apply(sid)
                .thenCompose(row -> row.isEmpty()
                        ? refused(RoomError.ROOM_NOT_FOUND)
                        : room(sid).askWithStatus(RoomCommand.Inspect::new, settings.askTimeout()));
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

    /** The entity of the name deletes its row itself when it stops, because no other actor knows its state. */
    @Override
    public void tidy(String entityId) {
        EntityRef<RoomName.Command> name = sharding.entityRefFor(RoomName.KEY, entityId);
        var unused = name.<RoomName.Answer>ask(RoomName.LookUp::new, settings.askTimeout())
                .thenCompose(ShardedRooms::holder)
                .thenCompose(holder -> releaseIfOver(name, holder))
                // A failure changes nothing; the next run finds the name again.
                .thenAccept(released -> name.tell(new RoomName.Idle()));
    }

    private CompletionStage<Boolean> releaseIfOver(EntityRef<RoomName.Command> name, Holder holder) {
        RoomSid sid = holder.sid();
        if (sid == null) {
            return CompletableFuture.completedFuture(false);
        }
        return rows.apply(sid).thenApply(row -> {
            boolean over = row.isEmpty() || row.get().status() == RoomStatus.COMPLETED;
            if (over) {
                name.tell(new RoomName.Release(sid));
            }
            return over;
        });
    }

    /** Carries out the operations of {@link NameClaims} by sending commands to names and rooms over sharding. */
    private final class OverSharding implements NameClaims.Directory {
        @Override
        public CompletionStage<Holder> claim(NameRequest request) {
            return name(request.account(), request.name())
                    .<RoomName.Answer>ask(replyTo -> new RoomName.Claim(request.sid(), replyTo), settings.askTimeout())
                    .thenCompose(ShardedRooms::holder);
        }

        @Override
        public void confirm(NameRequest request, RoomSid sid) {
            name(request.account(), request.name()).tell(new RoomName.Confirm(sid));
        }

        @Override
        public void release(NameRequest request, RoomSid over) {
            ShardedRooms.this.release(request.account(), request.name(), over);
        }

        @Override
        public CompletionStage<RoomView> create(NameRequest request, RoomSid sid) {
            return createAt(sid, request.account(), request.name(), request.properties());
        }

        @Override
        public CompletionStage<RoomView> fetch(NameRequest request, RoomSid sid) {
            return ShardedRooms.this.fetch(request.account(), sid);
        }

        @Override
        public CompletionStage<Optional<RoomView>> row(RoomSid sid) {
            return rows.apply(sid);
        }
    }

    private CompletionStage<RoomView> createAt(
            RoomSid sid, AccountSid account, String uniqueName, RoomProperties properties) {
        return room(sid)
                .<RoomView>askWithStatus(
                        replyTo -> new RoomCommand.Create(account, uniqueName, properties, replyTo),
                        settings.askTimeout())
                .thenApply(this::seen);
    }

    /** Remembers the account of a room that is known to exist. */
    private RoomView seen(RoomView view) {
        known.put(view.sid(), view.account());
        return view;
    }

    private CompletionStage<RoomView> fetch(AccountSid account, RoomSid sid) {
        EntityRef<RoomCommand> room = room(sid);
        return AskAgain.<RoomView>ask(settings.askTimeout(), once -> room.askWithStatus(RoomCommand.Fetch::new, once))
                .thenApply(this::seen)
                .thenCompose(view -> view.account().equals(account)
                        ? CompletableFuture.completedFuture(view)
                        : refused(RoomError.ROOM_NOT_FOUND));
    }

    /**
     * Finds a room by its SID. The row is read first, because a command to a SID without a room would start an entity,
     * and sharding would remember that entity in the database. If the row says that the room is in progress, the room's
     * entity is asked too, because the row may lack the latest changes of the room.
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
        EntityRef<RoomName.Command> name = name(account, uniqueName);
        return AskAgain.<RoomName.Answer>ask(settings.askTimeout(), once -> name.ask(RoomName.LookUp::new, once))
                .thenCompose(ShardedRooms::holder);
    }

    private static CompletionStage<Holder> holder(RoomName.Answer answer) {
        return answer instanceof RoomName.Refused refused
                ? refused(refused.error())
                : CompletableFuture.completedFuture((Holder) answer);
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
}
