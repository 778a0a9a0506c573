package org.rotunda.room.entity;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.call.CallReport;
import org.rotunda.room.call.ConductorCommand;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionId;

/**
 * Lets one command at a time through to a room's journal, and keeps the other commands in order. Without this gate,
 * Pekko would stash thousands of commands, silently drop any further command, and lose the command whose write failed.
 * While the journal is away, the gate refuses requests as busy. A command that expects no answer is kept until it is
 * journalled, even if the entity restarts. Waiting updates of one session are merged into one update, so that they cost
 * one write. While the node's {@link Fence} is held, no command goes through, because the room may have another owner.
 * Lives in the entity's actor.
 */
final class JournalGate extends BehaviorInterceptor<RoomCommand, RoomCommand> {
    /**
     * The queue length from which requests are refused. If each write takes 1 ms, the last request in the queue waits a
     * quarter of a second.
     */
    static final int BUSY_FROM = 256;

    /**
     * The queue length from which updates from clients are dropped. The client must then sync and send everything
     * again. A queue of this length takes about 1 MiB.
     */
    static final int WAITING_MAX = 2048;

    /**
     * The queue length from which one more message of the room to itself shows a defect, because the room sends itself
     * only a few messages for each participant.
     */
    static final int OWN_MAX = 4 * WAITING_MAX;

    /**
     * The number of failed writes after which a command is given up. The command itself is the likely cause, because
     * the journal could be read after each failure.
     */
    static final int WRITES_MAX = 10;

    private final ActorContext<RoomCommand> context;
    private final ActorRef<ConductorCommand> conductor;
    private final RoomStatistics statistics;
    private final Fence fence;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    // The waiting update of each session into which the session's next update may be merged. A waiting sync, disconnect
    // or loss of the session's socket removes the entry, because an update that comes after it must not be moved before
    // it.
    private final Map<SessionId, Waiting> lastUpdates = new HashMap<>();
    private Phase phase = Phase.RECOVERING;
    private @Nullable RoomCommand inHand; // The command whose events the journal is writing.
    private @Nullable RoomCommand suspect; // The command whose last write failed.
    private int suspectFailures; // The number of times in a row that the write of the suspect command has failed.
    private boolean nextSent;

    /** The state of the journal. */
    private enum Phase {
        /** The entity has just been started and reads its journal. Every command waits. */
        RECOVERING,
        READY,
        WRITING,
        /** A write or a recovery has failed. Requests are refused until a recovery succeeds. */
        AWAY
    }

    /** A place in the queue, whose command can be replaced by a merged command. */
    private static final class Waiting {
        private RoomCommand command;

        private Waiting(RoomCommand command) {
            this.command = command;
        }
    }

    JournalGate(
            ActorContext<RoomCommand> context,
            ActorRef<ConductorCommand> conductor,
            RoomStatistics statistics,
            Fence fence) {
        super(RoomCommand.class); // The gate intercepts only commands, not the answers of the journal.
        this.context = context;
        this.conductor = conductor;
        this.statistics = statistics;
        this.fence = fence;
    }

    /** Returns whether the next command may go through now. */
    private boolean isOpen() {
        return phase == Phase.READY && !fence.isHeld();
    }

    /** Returns the entity's behavior with this gate in front. */
    Behavior<RoomCommand> inFrontOf(Behavior<RoomCommand> entity) {
        return Behaviors.intercept(() -> this, entity);
    }

    // --- calls by the entity

    /** Notes that the journal is now writing the events of the command in hand. */
    void writing() {
        phase = Phase.WRITING;
    }

    void written() {
        if (inHand == suspect) {
            suspect = null;
        }
        inHand = null;
        phase = Phase.READY;
        sendNext();
    }

    /** Notes that a write or a recovery has failed. A second call for the same failure does no harm. */
    void failed() {
        phase = Phase.AWAY;
        RoomCommand failedOne = inHand;
        inHand = null;
        // A command that begins an epoch is not repeated, because the next recovery sends such a command itself.
        if (failedOne != null && !beginsEpoch(failedOne)) {
            suspectFailures = failedOne == suspect ? suspectFailures + 1 : 1;
            suspect = failedOne;
            if (suspectFailures < WRITES_MAX) {
                // If the failed write has reached the journal after all, the repeated command changes nothing.
                waiting.addFirst(new Waiting(failedOne));
            } else {
                suspect = null;
                giveUp(failedOne);
            }
        }
        refuseWaiting();
    }

    /** Notes that a recovery has succeeded. */
    void recovered() {
        phase = Phase.READY;
        sendNext();
    }

    /**
     * Notes that the recovery of a room in progress has succeeded. Before all waiting commands, the room begins an epoch
     * and decides what was due while it had no owner, so that no command finds a room whose time was over.
     */
    void recoveredOpen() {
        waiting.removeIf(each -> each.command instanceof RoomInternal.DeadlinePassed);
        waiting.addFirst(new Waiting(new RoomInternal.DeadlinePassed()));
        waiting.addFirst(new Waiting(new RoomInternal.Host()));
        recovered();
    }

    private static boolean beginsEpoch(RoomCommand command) {
        return command instanceof RoomInternal.Host || command instanceof CallReport.RevisionsRunOut;
    }

    // --- incoming commands

    @Override
    public Behavior<RoomCommand> aroundReceive(
            TypedActorContext<RoomCommand> ctx, RoomCommand message, ReceiveTarget<RoomCommand> entity) {
        RoomCommand command = message;
        if (message instanceof CallReport.Replaced) {
            // The entity stops without asking the shard. If the room still belongs to this node, the shard starts the
            // entity again after a while.
            return Behaviors.stopped();
        }
        if (message instanceof RoomInternal.FenceMoved moved) {
            onFenceMoved(moved.held());
            return Behaviors.same();
        }
        if (message instanceof RoomInternal.Next) {
            nextSent = false;
            RoomCommand head = isOpen() ? poll() : null;
            if (head == null) {
                return Behaviors.same();
            }
            command = head;
        } else if (!isOpen() || !waiting.isEmpty()) {
            await(message);
            return Behaviors.same();
        }
        inHand = command;
        Behavior<RoomCommand> next = entity.apply(ctx, command);
        if (phase == Phase.READY) {
            inHand = null;
            sendNext();
        }
        return next;
    }

    private void onFenceMoved(boolean held) {
        if (held) {
            refuseWaiting();
        } else if (phase == Phase.READY) {
            sendNext();
        }
    }

    /**
     * Sends the message Next to this actor. The next waiting command goes through when Next arrives. The actor thus
     * first handles the signals and journal answers that came before Next.
     */
    private void sendNext() {
        if (!nextSent && !waiting.isEmpty()) {
            nextSent = true;
            context.getSelf().tell(new RoomInternal.Next());
        }
    }

    private void await(RoomCommand command) {
        if (command instanceof RoomCommand.LimitLayers limit) {
            conductor.tell(new ConductorCommand.LimitLayers(limit)); // This command needs no journal.
        } else if (requestIn(command).isPresent()
                && (phase == Phase.AWAY || fence.isHeld() || waiting.size() >= BUSY_FROM)) {
            refuse(command);
        } else if (command instanceof RoomCommand.Update update && merge(update)) {
            statistics.countUpdateMerged();
        } else if (waiting.size() < (command instanceof RoomCommand.Public ? WAITING_MAX : OWN_MAX)) {
            enqueue(command);
        } else if (!(command instanceof RoomCommand.Public)) {
            throw new IllegalStateException("a room floods itself: " + command);
        } else {
            giveUp(command);
        }
    }

    private void enqueue(RoomCommand command) {
        Waiting last = new Waiting(command);
        waiting.add(last);
        if (command instanceof RoomCommand.Update update) {
            lastUpdates.put(update.sessionId(), last);
        } else if (command instanceof RoomCommand.Sync sync) {
            lastUpdates.remove(sync.sessionId());
        } else if (command instanceof RoomCommand.Disconnect disconnect) {
            lastUpdates.remove(disconnect.sessionId());
        } else if (command instanceof RoomCommand.SocketLost lost) {
            lastUpdates.remove(lost.sessionId());
        }
    }

    private @Nullable RoomCommand poll() {
        Waiting head = waiting.poll();
        if (head == null) {
            return null;
        }
        if (head.command instanceof RoomCommand.Update update) {
            lastUpdates.remove(update.sessionId(), head);
        }
        return head.command;
    }

    /**
     * Merges an update into the waiting update of its session. The list of tracks with the higher revision is kept, and
     * the new descriptions and candidates follow the waiting ones. Returns false if no update of the session waits, or
     * if the merged update would have too many descriptions or lists of candidates.
     */
    private boolean merge(RoomCommand.Update update) {
        Waiting last = lastUpdates.get(update.sessionId());
        if (last == null || !(last.command instanceof RoomCommand.Update earlier)) {
            return false;
        }
        List<ConnectionDescription> descriptions = new ArrayList<>(earlier.descriptions());
        descriptions.addAll(update.descriptions());
        List<ConnectionCandidates> candidates = new ArrayList<>(earlier.candidates());
        candidates.addAll(update.candidates());
        if (descriptions.size() > ClientLimits.DESCRIPTIONS_MAX || candidates.size() > ClientLimits.DESCRIPTIONS_MAX) {
            return false;
        }
        boolean newer = update.participant().revision() >= earlier.participant().revision();
        last.command = new RoomCommand.Update(
                update.sessionId(), newer ? update.participant() : earlier.participant(), descriptions, candidates);
        return true;
    }

    /** Refuses the request in a command as busy. A seat that was taken for it is given back. */
    private void refuse(RoomCommand command) {
        statistics.countRefusedBusy();
        requestIn(command).ifPresent(request -> RoomAnswers.refuse(request, RoomError.BUSY));
        giveSeatBack(command);
    }

    private static void giveSeatBack(RoomCommand command) {
        if (command instanceof RoomInternal.RoomSeated seated) {
            seated.giveUp().run();
        } else if (command instanceof RoomInternal.Seated seated) {
            seated.giveUp().run();
        }
    }

    /** Returns the request that a caller waits for in this command, which may be the answer to a question about it. */
    private static Optional<RoomCommand.Request<?>> requestIn(RoomCommand command) {
        if (command instanceof RoomInternal.RoomSeated seated) {
            return Optional.of(seated.create());
        }
        if (command instanceof RoomInternal.Seated seated) {
            return Optional.of(seated.connect());
        }
        return command instanceof RoomCommand.Request<?> request ? Optional.of(request) : Optional.empty();
    }

    /**
     * Drops a command that cannot be kept. If an update or a disconnect of a client is dropped, the client must sync
     * and send everything again.
     */
    private void giveUp(RoomCommand command) {
        statistics.countUpdateDropped();
        context.getLog().warn("Command given up because the journal is away for too long: {}", command);
        if (command instanceof RoomCommand.Update update) {
            conductor.tell(new ConductorCommand.UpdateDropped(update.sessionId().participant()));
        } else if (command instanceof RoomCommand.Disconnect disconnect) {
            conductor.tell(
                    new ConductorCommand.UpdateDropped(disconnect.sessionId().participant()));
        } else if (command instanceof RoomCommand.SocketLost lost) {
            conductor.tell(new ConductorCommand.SocketLost(lost.sessionId().participant(), lost.session()));
        } else {
            giveSeatBack(command);
        }
        // Another message of the room to itself needs nothing here. After the failed write the entity restarts and
        // begins an epoch, in which the room sends itself all messages that are still needed.
    }

    /** Refuses all waiting requests when the room stops. */
    @Override
    public Behavior<RoomCommand> aroundSignal(
            TypedActorContext<RoomCommand> ctx, Signal signal, SignalTarget<RoomCommand> entity) {
        if (signal instanceof PostStop) {
            refuseWaiting();
        }
        return entity.apply(ctx, signal);
    }

    private void refuseWaiting() {
        List<RoomCommand> refusable = waiting.stream()
                .map(each -> each.command)
                .filter(this::isRefusable)
                .toList();
        waiting.removeIf(each -> isRefusable(each.command));
        refusable.forEach(this::refuse);
    }

    /**
     * Returns whether the command has a request that can be refused. A Create whose write has failed must not be
     * refused. The journal may contain the room in spite of the failure, and the answer "busy" would free the name of the room.
     */
    private boolean isRefusable(RoomCommand command) {
        return requestIn(command)
                .filter(request -> !(command == suspect && request instanceof RoomCommand.Create))
                .isPresent();
    }
}
