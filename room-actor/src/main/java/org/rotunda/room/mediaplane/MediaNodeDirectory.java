package org.rotunda.room.mediaplane;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * Keeps this process's view of the media nodes up to date: who is there, by the receptionist, and how loaded, by asking. One actor per
 * process; rooms read the view without asking it.
 */
public final class MediaNodeDirectory extends AbstractBehavior<MediaNodeDirectory.Command> {
    private static final Duration DESCRIBE_EVERY = Duration.ofSeconds(1);

    private final View view;
    private final ActorRef<MediaNode.Described> answers;
    private final Map<String, Entry> entries = new HashMap<>();
    private Set<ActorRef<MediaNode.Command>> listed = Set.of();

    /** What the directory hears. */
    public sealed interface Command {}

    private record Listed(Receptionist.Listing listing) implements Command {}

    private record Answered(MediaNode.Described described) implements Command {}

    private record DescribeDue() implements Command {}

    private record Entry(MediaNodeLoad load, ActorRef<MediaNode.Command> node) {}

    private MediaNodeDirectory(ActorContext<Command> context, View view) {
        super(context);
        this.view = view;
        this.answers = context.messageAdapter(MediaNode.Described.class, Answered::new);
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(Receptionist.Listing.class, Listed::new);
        context.getSystem().receptionist().tell(Receptionist.subscribe(MediaNode.KEY, listings));
    }

    /** Writes what it knows into the view. */
    public static Behavior<Command> create(View view) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new DescribeDue(), DESCRIBE_EVERY);
            return new MediaNodeDirectory(context, view);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Listed.class, this::onListed)
                .onMessage(Answered.class, this::onAnswered)
                .onMessage(DescribeDue.class, this::onDescribeDue)
                .build();
    }

    private Behavior<Command> onListed(Listed message) {
        Set<ActorRef<MediaNode.Command>> now = new HashSet<>(message.listing().getServiceInstances(MediaNode.KEY));
        entries.values().removeIf(entry -> !now.contains(entry.node()));
        now.stream().filter(node -> !listed.contains(node)).forEach(this::ask);
        listed = now;
        publish();
        return this;
    }

    private Behavior<Command> onAnswered(Answered answered) {
        MediaNode.Described described = answered.described();
        if (listed.contains(described.node())) {
            entries.put(described.load().id(), new Entry(described.load(), described.node()));
            publish();
        }
        return this;
    }

    private Behavior<Command> onDescribeDue(DescribeDue due) {
        listed.forEach(this::ask);
        return this;
    }

    private void ask(ActorRef<MediaNode.Command> node) {
        node.tell(new MediaNode.Describe(answers));
    }

    private void publish() {
        boolean others = !view.entries.keySet().equals(entries.keySet());
        view.entries = Map.copyOf(entries);
        if (others) {
            getContext().getSystem().eventStream().tell(new EventStream.Publish<>(new MediaNodesChanged()));
        }
    }

    /** The latest view; immutable maps are swapped, so any thread may read. */
    public static final class View implements MediaNodes {
        private volatile Map<String, Entry> entries = Map.of();

        @Override
        public List<MediaNodeLoad> live() {
            return entries.values().stream().map(Entry::load).toList();
        }

        @Override
        public Optional<ActorRef<MediaNode.Command>> find(String nodeId) {
            return Optional.ofNullable(entries.get(nodeId)).map(Entry::node);
        }
    }
}
