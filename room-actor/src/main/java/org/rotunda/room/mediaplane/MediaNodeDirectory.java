package org.rotunda.room.mediaplane;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeHeard;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeSilent;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodesReported;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * Keeps this process's view of the media nodes up to date. The receptionist lists the nodes. Beats show which nodes are
 * alive and how loaded they are. Each process that runs rooms has one such actor. Rooms read the view without asking
 * the actor. The actor asks a media node for its id when the receptionist first lists it, and again each second while
 * no beat has named that id.
 *
 * <p>Beats decide whether a media node is alive. The cluster's failure detector would notice a failure later, and it
 * also reports nodes that only another node suspects. A media node is dropped for unanswered questions only if its
 * beats have never reached this process.
 */
public final class MediaNodeDirectory extends AbstractBehavior<MediaNodeDirectory.Command> {
    private static final Duration DESCRIBE_EVERY = Duration.ofSeconds(1);

    /** The maximum number of unanswered questions with which a media node without beats still counts as alive. */
    private static final int UNANSWERED_MAX = 3;

    private final View view;
    private final ActorRef<MediaNode.Described> answers;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<ActorRef<MediaNode.Command>, Integer> unanswered = new HashMap<>();
    private final Set<String> heard = new HashSet<>(); // The ids of media nodes that a beat has named.
    private final Set<String> silent = new HashSet<>(); // The ids of media nodes that beats no longer name.
    private Set<ActorRef<MediaNode.Command>> listed = Set.of();

    /** A message to the directory. */
    public sealed interface Command {}

    private record Listed(Receptionist.Listing listing) implements Command {}

    private record Answered(MediaNode.Described described) implements Command {}

    private record Beating(String mediaNode, boolean isHeard) implements Command {}

    private record Reported(List<MediaNodeLoad> loads) implements Command {}

    private record DescribeDue() implements Command {}

    private record Entry(MediaNodeLoad load, ActorRef<MediaNode.Command> node) {}

    private MediaNodeDirectory(ActorContext<Command> context, View view) {
        super(context);
        this.view = view;
        this.answers = context.messageAdapter(MediaNode.Described.class, Answered::new);
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(Receptionist.Listing.class, Listed::new);
        context.getSystem().receptionist().tell(Receptionist.subscribe(MediaNode.KEY, listings));
        var eventStream = context.getSystem().eventStream();
        eventStream.tell(new EventStream.Subscribe<>(
                MediaNodeHeard.class,
                context.messageAdapter(MediaNodeHeard.class, node -> new Beating(node.mediaNode(), true))));
        eventStream.tell(new EventStream.Subscribe<>(
                MediaNodeSilent.class,
                context.messageAdapter(MediaNodeSilent.class, node -> new Beating(node.mediaNode(), false))));
        eventStream.tell(new EventStream.Subscribe<>(
                MediaNodesReported.class,
                context.messageAdapter(MediaNodesReported.class, reported -> new Reported(reported.loads()))));
    }

    /** Creates the actor. It publishes its knowledge in the view. */
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
                .onMessage(Beating.class, this::onBeating)
                .onMessage(Reported.class, this::onReported)
                .onMessage(DescribeDue.class, this::onDescribeDue)
                .build();
    }

    private Behavior<Command> onListed(Listed message) {
        // The list includes the media nodes that the cluster counts as unreachable.
        Set<ActorRef<MediaNode.Command>> current =
                new HashSet<>(message.listing().getAllServiceInstances(MediaNode.KEY));
        entries.values().removeIf(entry -> {
            boolean isGone = !current.contains(entry.node());
            if (isGone) {
                heard.remove(entry.load().id());
                silent.remove(entry.load().id());
            }
            return isGone;
        });
        unanswered.keySet().retainAll(current);
        current.stream().filter(node -> !listed.contains(node)).forEach(this::ask);
        listed = current;
        publish();
        return this;
    }

    private Behavior<Command> onAnswered(Answered answered) {
        MediaNode.Described described = answered.described();
        if (listed.contains(described.node())) {
            unanswered.remove(described.node());
            entries.put(described.load().id(), new Entry(described.load(), described.node()));
            publish();
        }
        return this;
    }

    private Behavior<Command> onBeating(Beating beating) {
        if (beating.isHeard()) {
            heard.add(beating.mediaNode());
            silent.remove(beating.mediaNode());
        } else {
            silent.add(beating.mediaNode());
        }
        publish();
        return this;
    }

    private Behavior<Command> onReported(Reported reported) {
        for (MediaNodeLoad load : reported.loads()) {
            entries.computeIfPresent(load.id(), (id, entry) -> new Entry(load, entry.node()));
        }
        publish();
        return this;
    }

    private Behavior<Command> onDescribeDue(DescribeDue due) {
        Set<ActorRef<MediaNode.Command>> beating = entries.values().stream()
                .filter(entry -> heard.contains(entry.load().id()))
                .map(Entry::node)
                .collect(Collectors.toUnmodifiableSet());
        listed.stream().filter(node -> !beating.contains(node)).forEach(this::ask);
        publish();
        return this;
    }

    private void ask(ActorRef<MediaNode.Command> node) {
        unanswered.merge(node, 1, Integer::sum);
        node.tell(new MediaNode.Describe(answers));
    }

    private void publish() {
        Map<String, Entry> live = new HashMap<>(entries);
        live.entrySet().removeIf(each -> !isLive(each.getKey(), each.getValue()));
        Set<String> before = view.entries.keySet();
        view.entries = Map.copyOf(live);
        MediaNodesChanged changed =
                new MediaNodesChanged(without(live.keySet(), before), without(before, live.keySet()));
        if (!changed.came().isEmpty() || !changed.went().isEmpty()) {
            getContext().getSystem().eventStream().tell(new EventStream.Publish<>(changed));
        }
    }

    private static Set<String> without(Set<String> ids, Set<String> others) {
        return ids.stream().filter(id -> !others.contains(id)).collect(Collectors.toUnmodifiableSet());
    }

    private boolean isLive(String id, Entry entry) {
        return !silent.contains(id)
                && (heard.contains(id) || unanswered.getOrDefault(entry.node(), 0) <= UNANSWERED_MAX);
    }

    /**
     * The latest view of the media nodes. Any thread may read it, because each change puts a new immutable map in
     * place.
     */
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
