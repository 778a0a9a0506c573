package org.rotunda.room.name;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.state.DurableStateStoreRegistry;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.state.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.state.javadsl.DurableStateBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.state.javadsl.ReplyEffect;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomSerializable;
import org.rotunda.room.protocol.RoomSid;

/**
 * The entity of one room name in one account. The name is free at first. It is claimed for a room that is being
 * created, confirmed when the room exists, and free again when the room is over. All requests for a room by name pass
 * through this entity, so that a name never means two rooms in progress (see {@link NameClaims}). The row of a free
 * name is deleted when the entity stops.
 */
public final class RoomName extends DurableStateBehaviorWithEnforcedReplies<RoomName.Command, RoomName.State> {
    public static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "RoomName");

    private static final String STORE = "jdbc-durable-state-store";
    static final Duration IDLE_MAX = Duration.ofMinutes(1);
    private static final Duration BACKOFF_MIN = Duration.ofMillis(200);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);
    private static final double BACKOFF_JITTER = 0.2;

    private final ActorContext<Command> context;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final Clock clock;

    /** A command to a name. */
    public sealed interface Command {}

    /** Claims the name for a room, if the name is free. The answer is the room that has the name now. */
    public record Claim(RoomSid sid, ActorRef<Answer> replyTo) implements Command {}

    /** Reports that the room exists. The command is ignored unless this room has the name. */
    public record Confirm(RoomSid sid) implements Command {}

    /** Reports that the room is over for ever. The command is ignored unless this room has the name. */
    public record Release(RoomSid sid) implements Command {}

    public record LookUp(ActorRef<Answer> replyTo) implements Command {}

    public record Idle() implements Command {}

    /** Stops the entity. No further commands come, because the shard keeps them for the next start of the entity. */
    public record Stop() implements Command {}

    private record RowDeleted(@Nullable Throwable failure) implements Command {}

    /** The answer to a claim or a look-up. */
    public sealed interface Answer {}

    /** The entity of the name cannot start, so no room can get the name. */
    public record Refused(RoomError error) implements Answer {}

    /**
     * The room that has the name.
     *
     * @param sid null if the name is free
     * @param confirmed true if the room is known to exist
     * @param since the time of the claim; without meaning if the name is free
     */
    public record Holder(@Nullable RoomSid sid, boolean confirmed, Instant since) implements Answer {}

    /** The stored state of a name. */
    public sealed interface State extends RoomSerializable {}

    /** No room has the name. */
    public record Free() implements State {}

    /**
     * A room has the name.
     *
     * @param confirmed true if the room is known to exist
     */
    public record Held(RoomSid sid, boolean confirmed, Instant since) implements State {}

    private RoomName(
            ActorContext<Command> context, String entityId, ActorRef<ClusterSharding.ShardCommand> shard, Clock clock) {
        super(
                PersistenceId.of(KEY.name(), entityId),
                SupervisorStrategy.restartWithBackoff(BACKOFF_MIN, BACKOFF_MAX, BACKOFF_JITTER));
        this.context = context;
        this.shard = shard;
        this.clock = clock;
    }

    public static Behavior<Command> create(String entityId, ActorRef<ClusterSharding.ShardCommand> shard, Clock clock) {
        return Behaviors.setup(context -> {
            context.setReceiveTimeout(IDLE_MAX, new Idle());
            return new RoomName(context, entityId, shard, clock);
        });
    }

    /**
     * Returns the entity id of a name. A persistence id must not contain {@code |}, so a name with this character is
     * replaced by its hash. Every other name stays as it is, because rows of earlier releases contain such ids. Two
     * names never share an id, because the account SID has a fixed length, and the separator before a hash differs from
     * the separator before a name.
     */
    public static String entityId(AccountSid account, String name) {
        return name.indexOf(PersistenceId.DefaultSeparator().charAt(0)) < 0
                ? account + ":" + name
                : account + "#" + sha256(name);
    }

    private static String sha256(String name) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Refuses a command to a name whose entity cannot start. Commands without a reply are ignored. */
    public static void refuse(Command command) {
        Refused refused = new Refused(RoomError.ROOM_CREATE_FAILED);
        if (command instanceof Claim claim) {
            claim.replyTo().tell(refused);
        } else if (command instanceof LookUp lookUp) {
            lookUp.replyTo().tell(refused);
        }
    }

    @Override
    public State emptyState() {
        return new Free();
    }

    @Override
    public CommandHandlerWithReply<Command, State> commandHandler() {
        var handlers = newCommandHandlerWithReplyBuilder();
        handlers.forStateType(Free.class)
                .onCommand(Claim.class, this::onClaimOfFree)
                .onCommand(LookUp.class, (free, lookUp) -> Effect().reply(lookUp.replyTo(), nobody()));
        handlers.forStateType(Held.class)
                .onCommand(Claim.class, (held, claim) -> Effect().reply(claim.replyTo(), holder(held)))
                .onCommand(LookUp.class, (held, lookUp) -> Effect().reply(lookUp.replyTo(), holder(held)))
                .onCommand(Confirm.class, this::onConfirm)
                .onCommand(Release.class, this::onRelease);
        handlers.forAnyState()
                .onCommand(Idle.class, this::onIdle)
                .onCommand(Stop.class, this::onStop)
                .onCommand(RowDeleted.class, this::onRowDeleted)
                .onAnyCommand(() -> Effect().noReply());
        return handlers.build();
    }

    private ReplyEffect<State> onClaimOfFree(Free free, Claim claim) {
        Held held = new Held(claim.sid(), false, clock.instant());
        return Effect().persist(held).thenReply(claim.replyTo(), state -> holder(held));
    }

    private ReplyEffect<State> onConfirm(Held held, Confirm confirm) {
        return held.confirmed() || !held.sid().equals(confirm.sid())
                ? Effect().noReply()
                : Effect().persist(new Held(held.sid(), true, held.since())).thenNoReply();
    }

    private ReplyEffect<State> onRelease(Held held, Release release) {
        return held.sid().equals(release.sid())
                ? Effect().persist(new Free()).thenNoReply()
                : Effect().noReply();
    }

    private ReplyEffect<State> onIdle(State state, Idle idle) {
        shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        return Effect().noReply();
    }

    /**
     * Deletes the row of a free name, because the row would otherwise stay for ever. A typed durable-state behavior
     * cannot delete its own row, so this method calls the store. This is safe, because only this entity writes the row.
     */
    private ReplyEffect<State> onStop(State state, Stop stop) {
        long revision = lastSequenceNumber(context);
        if (!(state instanceof Free) || revision == 0) {
            return Effect().stop().thenNoReply();
        }
        DurableStateUpdateStore<?> store = DurableStateStoreRegistry.get(context.getSystem())
                .getDurableStateStoreFor(DurableStateUpdateStore.class, STORE);
        context.pipeToSelf(
                store.deleteObject(persistenceId().id(), revision), (done, failure) -> new RowDeleted(failure));
        return Effect().noReply();
    }

    private ReplyEffect<State> onRowDeleted(State state, RowDeleted deleted) {
        if (deleted.failure() != null) {
            context.getLog().info("The row of a free name could not be deleted and stays", deleted.failure());
        }
        return Effect().stop().thenNoReply();
    }

    private Holder nobody() {
        return new Holder(null, false, clock.instant());
    }

    private static Holder holder(Held held) {
        return new Holder(held.sid(), held.confirmed(), held.since());
    }
}
