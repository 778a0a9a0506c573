package org.rotunda.room;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Starts entities of cluster sharding. An entity that cannot start refuses its commands, because otherwise each caller
 * would wait for its full timeout.
 */
final class EntityStart {
    /**
     * The time for which an entity that cannot start refuses commands. It then stops, and the next command starts it
     * again.
     */
    static final Duration REFUSES_FOR = Duration.ofSeconds(1);

    private EntityStart() {}

    /**
     * Returns the behavior of an entity.
     *
     * @param entity makes the entity's own behavior; may throw
     * @param refuse refuses a command to an entity that could not start
     */
    static <C> Behavior<C> orRefuse(Supplier<Behavior<C>> entity, Consumer<C> refuse) {
        return Behaviors.setup(context -> {
            try {
                return Behavior.start(entity.get(), context);
            } catch (RuntimeException failure) {
                context.getLog()
                        .error("entity {} cannot start", context.getSelf().path(), failure);
                return refusing(context, refuse);
            }
        });
    }

    private static <C> Behavior<C> refusing(ActorContext<C> context, Consumer<C> refuse) {
        context.watch(context.spawnAnonymous(timer()));
        return Behaviors.receive(
                (same, command) -> {
                    refuse.accept(command);
                    return Behaviors.same();
                },
                (same, signal) -> signal instanceof Terminated ? Behaviors.stopped() : Behaviors.unhandled());
    }

    /**
     * Returns the behavior of an actor that stops after {@link #REFUSES_FOR}. The entity watches this actor, because a
     * timer of the entity itself would need a command of type {@code C}.
     */
    private static Behavior<Boolean> timer() {
        return Behaviors.withTimers(timers -> {
            timers.startSingleTimer(Boolean.TRUE, REFUSES_FOR);
            return Behaviors.receiveMessage(over -> Behaviors.stopped());
        });
    }
}
