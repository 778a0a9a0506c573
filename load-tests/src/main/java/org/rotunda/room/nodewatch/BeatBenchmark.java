package org.rotunda.room.nodewatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * Measures what one beat costs the watch of a room node. One member in 40 is a room node, a quarter of the others are
 * gateways, and the rest are media nodes. The benchmark hears the beats in the order of a real interval, takes the
 * resulting events, and ticks once in each interval. The result is the time of a beat with its share of the tick.
 *
 * <p>The load of each media node differs from beat to beat. In one interval out of {@link WatchBoard#RELAY_TICKS} the
 * beats of room nodes carry the loads of the media nodes that the measured node does not watch.
 *
 * <p>The benchmark is in the package of the watch because {@link WatchBoard} is not public.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH runs the setup before it uses the fields.
public class BeatBenchmark {
    private static final String ROOM = "room";
    private static final int MEMBERS_PER_ROOM_NODE = 40;
    private static final int MEMBERS_PER_GATEWAY = 4;
    private static final Duration BEAT = Duration.ofMillis(250);
    private static final int VARIANTS = 16; // The number of different loads that a media node reports in turn.

    /** The number of members of the cluster. */
    @Param({"100", "1000"})
    public int members;

    private final List<Sender> senders = new ArrayList<>();
    private NodeId self;
    private WatchBoard board;
    private int next;
    private int interval;
    private long nowNanos;
    private long tickNanos;

    /** A member that exchanges beats with the measured node, with the content of its beats. */
    private record Sender(
            NodeId node, Set<String> mediaNodes, List<List<MediaNodeLoad>> loads, List<Sightings> sightings) {}

    @Setup
    public void begin() {
        senders.clear();
        next = 0;
        interval = 0;
        nowNanos = 0;
        self = id(0);
        board = new WatchBoard(
                self,
                Set.of(ROOM),
                ROOM,
                Beat.NO_LIFELINE,
                new WatchSettings(BEAT, Duration.ofSeconds(1)),
                new WatchStatistics());
        int roomNodeCount = Math.max(1, members / MEMBERS_PER_ROOM_NODE);
        List<NodeId> roomNodes = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            boolean runsRooms = i < roomNodeCount;
            if (runsRooms) {
                roomNodes.add(id(i));
            }
            board.onMember(id(i), Set.of(roleOf(i, roomNodeCount)), Rank.UP, nowNanos);
        }
        // The relayed loads of each room node, for the media nodes that this room node reports.
        List<List<RelayedLoad>> relays = new ArrayList<>();
        roomNodes.forEach(node -> relays.add(new ArrayList<>()));
        for (int i = roomNodeCount; i < members; i++) {
            boolean runsMedia = roleOf(i, roomNodeCount).equals("media");
            List<List<MediaNodeLoad>> loads = runsMedia ? loadsOf(i) : List.of(List.of());
            List<NodeId> watchers = Watchers.of(id(i), roomNodes);
            if (watchers.contains(self)) {
                Set<String> mediaNodes = runsMedia ? Set.of(mediaNode(i)) : Set.of();
                senders.add(new Sender(id(i), mediaNodes, loads, List.of(Sightings.NONE)));
            } else if (runsMedia) {
                NodeId relaying = watchers.get(0);
                relays.get(roomNodes.indexOf(relaying))
                        .add(new RelayedLoad(id(i), loads.get(0).get(0)));
            }
        }
        for (int i = 1; i < roomNodeCount; i++) {
            Sightings relay = Sightings.NONE.withLoads(relays.get(i));
            senders.add(new Sender(
                    roomNodes.get(i),
                    Set.of(),
                    List.of(List.of()),
                    List.of(relay, Sightings.NONE, Sightings.NONE, Sightings.NONE)));
        }
    }

    /** Hears one beat, and ticks before the first beat of each interval. */
    @Benchmark
    public List<WatchEvent> beat() {
        if (next == 0) {
            tick();
        }
        Sender sender = senders.get(next);
        nowNanos += BEAT.toNanos() / senders.size();
        board.onBeat(
                new Beat(
                        sender.node(),
                        self,
                        nowNanos,
                        tickNanos,
                        Standing.GOOD,
                        0,
                        sender.mediaNodes(),
                        sender.loads().get(interval % sender.loads().size()),
                        sender.sightings().get(interval % sender.sightings().size()),
                        Beat.NO_LIFELINE),
                nowNanos);
        next = (next + 1) % senders.size();
        List<WatchEvent> events = board.takeEvents();
        for (WatchEvent event : events) {
            if (event instanceof WatchEvent.NodeLost) {
                throw new IllegalStateException("a node that sends beats counts as lost");
            }
        }
        return events;
    }

    private void tick() {
        interval++;
        tickNanos = nowNanos;
        board.onTick(List.of(), false, nowNanos);
        if (board.takeBeats().size() != senders.size()) {
            throw new IllegalStateException("the measured node does not exchange beats with exactly the senders");
        }
    }

    private static String roleOf(int number, int roomNodes) {
        if (number < roomNodes) {
            return ROOM;
        }
        return number % MEMBERS_PER_GATEWAY == 0 ? "gateway" : "media";
    }

    private static List<List<MediaNodeLoad>> loadsOf(int number) {
        List<List<MediaNodeLoad>> loads = new ArrayList<>();
        for (int i = 0; i < VARIANTS; i++) {
            loads.add(List.of(new MediaNodeLoad(mediaNode(number), number + i, false, (double) i / VARIANTS)));
        }
        return loads;
    }

    private static String mediaNode(int number) {
        return "media-" + number;
    }

    private static NodeId id(int number) {
        return new NodeId("10.0." + number / 256 + "." + number % 256, 7355, number);
    }
}
