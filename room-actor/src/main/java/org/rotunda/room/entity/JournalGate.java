package org.rotunda.room.entity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;

/**
 * In front of a room's entity: lets one command at a time through to the journal and keeps the others in order. Pekko would stash
 * them by the thousand, drop the rest silently and lose the one whose write failed; here who can be refused is told that the room is
 * busy, and what must be journalled waits, over restarts of the entity too. While the node's {@link Fence} is held nothing goes through:
 * the room may have another owner. Lives in the entity's actor.
 */
final class JournalGate extends BehaviorInterceptor<RoomCommand, RoomCommand> {
    /** With so many waiting, what can be refused is: at a millisecond a write the last would wait as long as people do. */
    static final int BUSY_FROM = 256;

    /** With so many waiting, a client's words are not kept either: it must say everything again. About 1 MiB of updates. */
    static final int WAITING_MAX = 2048;

    /** The room's own messages need no bound but a safety net: they are few for each participant. */
    static final int OWN_MAX = 4 * WAITING_MAX;

    /** A command that fails so often, while the journal takes others, is itself what cannot be written. */
    static final int WRITES_MAX = 10;

    private final ActorContext<RoomCommand> context;
    private final ActorRef<ConductorCommand> conductor;
    private final RoomStatistics statistics;
    private final Fence fence;
    private final Deque<RoomCommand> waiting = new ArrayDeque<>();
    private Phase phase = Phase.RECOVERING;
    private @Nullable RoomCommand inHand; // What the journal is writing.
    private @Nullable RoomCommand suspect; // Failed the last time it was written ...
    private int suspectFailures; // ... for so many times.
    private boolean nextSent;

    /** What the journal does now. */
    private enum Phase {
        /** The entity has just been started and reads its journal: everybody waits. */
        RECOVERING,
        READY,
        WRITING,
        /** A write or a recovery failed: until a recovery succeeds, who can be refused is. */
        AWAY
    }

    JournalGate(
            ActorContext<RoomCommand> context,
            ActorRef<ConductorCommand> conductor,
            RoomStatistics statistics,
            Fence fence) {
        super(RoomCommand.class); // What the journal answers passes by.
        this.context = context;
        this.conductor = conductor;
        this.statistics = statistics;
        this.fence = fence;
    }

    /** Whether the next command may go through. */
    private boolean isOpen() {
        return phase == Phase.READY && !fence.isHeld();
    }

    /** The behavior behind this gate. */
    Behavior<RoomCommand> inFrontOf(Behavior<RoomCommand> entity) {
        return Behaviors.intercept(() -> this, entity);
    }

    // --- what the entity says

    /** The command in hand makes the entity write. */
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

    /** The journal did not take, or did not give. May be said twice of one failure. */
    void failed() {
        phase = Phase.AWAY;
        RoomCommand failedOne = inHand;
        inHand = null;
        if (failedOne != null && !beginsEpoch(failedOne)) { // The next recovery begins one anyway.
            suspectFailures = failedOne == suspect ? suspectFailures + 1 : 1;
            suspect = failedOne;
            if (suspectFailures < WRITES_MAX) {
                waiting.addFirst(failedOne); // Whether it was written is not known; a repeat changes nothing.
            } else {
                suspect = null;
                giveUp(failedOne);
            }
        }
        refuseWaiting();
    }

    /** The journal is there. */
    void recovered() {
        phase = Phase.READY;
        sendNext();
    }

    /** The journal is there, and this comes before everything that waits. */
    void recovered(RoomCommand first) {
        waiting.addFirst(first);
        recovered();
    }

    private static boolean beginsEpoch(RoomCommand command) {
        return command instanceof RoomInternal.Host || command instanceof CallReport.RevisionsRunOut;
    }

    // --- what comes in

    @Override
    public Behavior<RoomCommand> aroundReceive(
            TypedActorContext<RoomCommand> ctx, RoomCommand message, ReceiveTarget<RoomCommand> entity) {
        RoomCommand command = message;
        if (message instanceof CallReport.Replaced) {
            // Without a word to the shard, which starts the room anew after a while if it is still its room.
            return Behaviors.stopped();
        }
        if (message instanceof RoomInternal.FenceMoved moved) {
            onFenceMoved(moved.held());
            return Behaviors.same();
        }
        if (message instanceof RoomInternal.Next) {
            nextSent = false;
            RoomCommand head = isOpen() ? waiting.poll() : null;
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

    /** One message for each command that waits, so that signals and the journal get their turn. */
    private void sendNext() {
        if (!nextSent && !waiting.isEmpty()) {
            nextSent = true;
            context.getSelf().tell(new RoomInternal.Next());
        }
    }

    private void await(RoomCommand command) {
        if (command instanceof RoomCommand.LimitLayers limit) {
            conductor.tell(new ConductorCommand.LimitLayers(limit)); // Needs no journal: the call goes on.
        } else if (command instanceof RoomCommand.Request<?> request
                && (phase == Phase.AWAY || fence.isHeld() || waiting.size() >= BUSY_FROM)) {
            refuse(request);
        } else if (waiting.size() < (command instanceof RoomCommand.Public ? WAITING_MAX : OWN_MAX)) {
            waiting.add(command);
        } else if (!(command instanceof RoomCommand.Public)) {
            throw new IllegalStateException("a room floods itself: " + command);
        } else {
            giveUp(command);
        }
    }

    private void refuse(RoomCommand.Request<?> request) {
        statistics.countRefusedBusy();
        RoomAnswers.refuse(request, RoomError.BUSY);
    }

    /** What cannot be kept: the client is made to come back and say everything again. */
    private void giveUp(RoomCommand command) {
        statistics.countUpdateDropped();
        context.getLog().warn("Not kept, because the journal is away for too long: {}", command);
        if (command instanceof RoomCommand.Update update) {
            conductor.tell(new ConductorCommand.UpdateDropped(update.sessionId().participant()));
        } else if (command instanceof RoomCommand.Disconnect disconnect) {
            conductor.tell(
                    new ConductorCommand.UpdateDropped(disconnect.sessionId().participant()));
        } else if (command instanceof RoomCommand.SocketLost lost) {
            conductor.tell(new ConductorCommand.SocketLost(lost.sessionId().participant(), lost.session()));
        }
        // The room's own messages are repeated by whoever sent them, once there is a new epoch.
    }

    /** Nobody shall wait for an answer of a room that stops. */
    @Override
    public Behavior<RoomCommand> aroundSignal(
            TypedActorContext<RoomCommand> ctx, Signal signal, SignalTarget<RoomCommand> entity) {
        if (signal instanceof PostStop) {
            refuseWaiting();
        }
        return entity.apply(ctx, signal);
    }

    private void refuseWaiting() {
        List<RoomCommand.Request<?>> refusable =
                waiting.stream().flatMap(command -> refusable(command).stream()).toList();
        waiting.removeIf(command -> refusable(command).isPresent());
        refusable.forEach(this::refuse);
    }

    /** The command as a request that can be refused. A Create that may have been written cannot: "busy" would free its name. */
    private Optional<RoomCommand.Request<?>> refusable(RoomCommand command) {
        return command instanceof RoomCommand.Request<?> request
                        && !(request == suspect && request instanceof RoomCommand.Create)
                ? Optional.of(request)
                : Optional.empty();
    }
}
