package org.rotunda.load.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rotunda.load.capacity.UnitCosts.Cost;
import org.rotunda.room.placement.MediaNodeLoad;
import org.rotunda.room.placement.Placements;

/**
 * Simulates the arrival of the sheet's mix on as many media nodes as the sheet says. The rooms of a mix have very
 * different sizes and fill one after the other. They are placed by the product's code, which sees the nodes' reports
 * late: a report is the mean of ten seconds, comes once a second, and needs the time of a beat. So the formulas, which
 * know only means, are held against what the product does.
 */
class PlacementOfTheSheetTest {
    private static final int PER_SECOND = 500;
    private static final int ROOM_NODES = 3;
    private static final long REPORT_MILLIS = 1_000;
    private static final long BEAT_MILLIS = 250;
    private static final int MEAN_MILLIS = 10_000;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MBIT_PER_GBIT = 1e3;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** The highest accepted load of a node, as a multiple of the mean load of all nodes. */
    private static final double EXCESS_MAX = 1.2;

    /**
     * The mean load of a node, in largest rooms, from which on {@link #EXCESS_MAX} holds. A room is on one node. Before,
     * the node with the first webinars, of which 50 participants come in a second, has much more than the mean, and may
     * have one largest room more.
     */
    private static final double ROOMS_OF_A_NODE = 5;

    /** The highest accepted load of a node, as a multiple of the load that the sheet plans for each node. */
    private static final double SHEET_MAX = 1.1;

    private final AtomicLong clock = new AtomicLong();
    private final Random random = new Random(7);

    /** A media node that has reported its load. */
    private static final class Node {
        private final int number;
        private final Deque<Double> history = new ArrayDeque<>(); // The load at each of the last milliseconds.
        private final Deque<Report> underWay = new ArrayDeque<>();
        private double historySum;
        private Flow out = Flow.NONE;
        private Flow in = Flow.NONE;
        private int participants;
        private double load;
        private MediaNodeLoad seen;

        private record Report(long seenAt, MediaNodeLoad load) {}

        Node(int number) {
            this.number = number;
            seen = new MediaNodeLoad(id(), 0, false, 0);
        }

        String id() {
            return "media-" + number;
        }

        void add(RoomKind kind, Plan plan, UnitCosts costs) {
            out = out.plus(kind.out());
            in = in.plus(kind.in());
            participants++;
            load = loadOf(out, in, participants, plan, costs);
        }

        void tick(long milli, int nodes) {
            history.addLast(load);
            historySum += load;
            if (history.size() > MEAN_MILLIS) {
                historySum -= history.removeFirst();
            }
            if ((milli + number * REPORT_MILLIS / nodes) % REPORT_MILLIS == 0) {
                underWay.addLast(new Report(
                        milli + BEAT_MILLIS,
                        new MediaNodeLoad(id(), participants, false, historySum / history.size())));
            }
            while (!underWay.isEmpty() && underWay.getFirst().seenAt() <= milli) {
                seen = underWay.removeFirst().load();
            }
        }
    }

    /** A room that is not full yet. */
    private static final class Room {
        private final int owner;
        private final Set<String> occupied = new HashSet<>();
        private int participants;

        Room(int owner) {
            this.owner = owner;
        }
    }

    /** The loads at the end of a second. */
    private record Second(double highest, double mean, double largestRoom) {}

    /** The highest loads of a simulation: second by second, and at the end as a multiple of the planned load. */
    private record Highest(List<Second> seconds, double ofPlan) {}

    private Highest simulate(int participants) {
        Cost goal = new Cost(2.5, "test");
        Plan plan = MixReader.read(null, Map.of("participants", Integer.toString(participants)))
                .plan();
        UnitCosts costs = new UnitCosts(goal, new Cost(0.5, "test"), new Cost(25, "test"), new Cost(480, "test"));
        List<Node> nodes = IntStream.range(
                        0, (int) CapacityModel.sheet(plan, costs).media().needed())
                .mapToObj(Node::new)
                .toList();
        List<Placements> roomNodes = IntStream.range(0, ROOM_NODES)
                .mapToObj(seed -> new Placements(new Random(seed), clock::get))
                .toList();
        Map<RoomKind, Room> filling = new HashMap<>();
        double largestRoom = plan.mix().kinds().stream()
                .mapToDouble(kind -> loadOf(
                        kind.out().times(kind.perRoom()), kind.in().times(kind.perRoom()), kind.perRoom(), plan, costs))
                .max()
                .orElseThrow();
        List<Second> seconds = new ArrayList<>();
        int placed = 0;
        for (long milli = 1; placed < participants; milli++) {
            for (; placed < Math.min(participants, milli * PER_SECOND / MILLIS_PER_SECOND); placed++) {
                place(drawn(plan.mix()), plan, costs, filling, roomNodes, nodes);
            }
            for (Node node : nodes) {
                node.tick(milli, nodes.size());
            }
            clock.set(milli * NANOS_PER_MILLI);
            if (milli % MILLIS_PER_SECOND == 0) {
                double mean =
                        nodes.stream().mapToDouble(node -> node.load).average().orElseThrow();
                seconds.add(new Second(highest(nodes), mean, largestRoom));
            }
        }
        return new Highest(seconds, highest(nodes) / plan.mediaNode().utilisation());
    }

    private static double highest(List<Node> nodes) {
        return nodes.stream().mapToDouble(node -> node.load).max().orElseThrow();
    }

    private RoomKind drawn(Mix mix) {
        double left = random.nextDouble() * 100;
        for (RoomKind kind : mix.kinds()) {
            left -= kind.share();
            if (left < 0) {
                return kind;
            }
        }
        return mix.kinds().get(0);
    }

    private void place(
            RoomKind kind,
            Plan plan,
            UnitCosts costs,
            Map<RoomKind, Room> filling,
            List<Placements> roomNodes,
            List<Node> nodes) {
        Room room = filling.computeIfAbsent(kind, any -> new Room(random.nextInt(roomNodes.size())));
        Placements placements = roomNodes.get(room.owner);
        String chosen = placements
                .choose(nodes.stream().map(node -> node.seen).toList(), room.occupied)
                .orElseThrow();
        placements.onPlaced(chosen, 1);
        room.occupied.add(chosen);
        Node node = nodes.get(Integer.parseInt(chosen.substring("media-".length())));
        node.add(kind, plan, costs);
        room.participants++;
        if (room.participants >= kind.perRoom()) {
            filling.remove(kind);
        }
    }

    /** Returns the part of a whole node that is in use: that of CPU, network or transports, whichever is largest. */
    private static double loadOf(Flow out, Flow in, double participants, Plan plan, UnitCosts costs) {
        Plan.MediaNodeShape shape = plan.mediaNode();
        double micros = (out.packets() + costs.inPacketRatio().value() * in.packets())
                * costs.packetMicros().value();
        return Math.max(
                micros / (shape.cores() * MICROS_PER_SECOND),
                Math.max(
                        Math.max(out.mbit(), in.mbit()) / (shape.gbit() * MBIT_PER_GBIT),
                        // The sheet uses all transports of a node, and the planned part of the rest.
                        participants / shape.transportsMax() * shape.utilisation()));
    }

    @Test
    void tenThousandParticipantsAreSpreadEvenly() {
        assertEven(simulate(10_000));
    }

    @Test
    void aHundredThousandParticipantsAreSpreadEvenly() {
        assertEven(simulate(100_000));
    }

    private static void assertEven(Highest highest) {
        assertThat(highest.seconds())
                .as("highest loads by second")
                .allSatisfy(second -> assertThat(second.highest())
                        .isLessThanOrEqualTo(EXCESS_MAX * second.mean() + second.largestRoom()));
        assertThat(highest.seconds())
                .as("highest loads by second, once a room is small beside a node")
                .filteredOn(second -> second.mean() >= ROOMS_OF_A_NODE * second.largestRoom())
                .isNotEmpty()
                .allSatisfy(second -> assertThat(second.highest()).isLessThanOrEqualTo(EXCESS_MAX * second.mean()));
        assertThat(highest.ofPlan())
                .as("highest load as a multiple of what the sheet plans")
                .isLessThanOrEqualTo(SHEET_MAX);
    }
}
