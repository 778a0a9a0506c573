package org.rotunda.load.capacity;

import java.util.stream.LongStream;
import org.rotunda.load.capacity.CapacitySheet.Load;
import org.rotunda.load.capacity.CapacitySheet.MediaNode;
import org.rotunda.load.capacity.CapacitySheet.Nodes;
import org.rotunda.load.capacity.Plan.MediaNodeShape;

/** The formulas of {@code docs/capacity.md}. Pure. */
final class CapacityModel {
    /**
     * The part by which the last node may be missing. Nobody knows a mix more precisely, so 226.0001 nodes are 226. With
     * few nodes the next whole number is always taken.
     */
    private static final double MISSING_MAX = 0.01;

    /** The heartbeats that a client sends per second: the SDK sends one in 5 s, and gets one in 5 s. */
    private static final double HEARTBEATS_PER_SECOND = 0.2;

    private static final double PER_CENT = 100;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double MBIT_PER_GBIT = 1e3;
    private static final double MBIT_PER_TBIT = 1e6;
    private static final double KIB_PER_GIB = 1 << 20;
    private static final double BYTES_PER_GIB = 1 << 30;
    private static final double SECONDS_PER_MINUTE = 60;
    private static final double SECONDS_PER_DAY = 86_400;

    private CapacityModel() {}

    static CapacitySheet sheet(Plan plan, UnitCosts costs) {
        Mix mix = plan.mix();
        double participants = mix.participants();
        MediaNode node = mediaNode(mix, plan.mediaNode(), costs);
        Nodes media = nodes(participants / node.participants(), plan.spare());
        Nodes gateways = nodes(participants / plan.control().sessionsMax(), plan.spare());
        Nodes roomNodes = nodes(mix.rooms() / plan.control().roomsMax(), plan.spare());
        double meanJoins = participants / (plan.visits().minutes() * SECONDS_PER_MINUTE);
        Load mean = load(meanJoins, plan, costs);
        Load peak = load(meanJoins * plan.visits().peak(), plan, costs);
        double rows = mean.journalEvents() * SECONDS_PER_DAY * plan.visits().journalDays();
        return new CapacitySheet(
                mix.out(),
                mix.in(),
                mix.rooms(),
                node,
                media,
                gateways,
                roomNodes,
                participants / gateways.needed() * HEARTBEATS_PER_SECOND,
                participants * mix.out().mbit() / MBIT_PER_TBIT,
                participants * mix.in().mbit() / MBIT_PER_TBIT,
                participants * costs.heapKib().value() / KIB_PER_GIB,
                mean,
                peak,
                rows,
                rows * plan.visits().journalRowBytes() / BYTES_PER_GIB,
                cells(plan.cell(), media, gateways, roomNodes, peak));
    }

    /** Returns how many participants of the mix one media node carries, by each of its limits. */
    static MediaNode mediaNode(Mix mix, MediaNodeShape shape, UnitCosts costs) {
        double packetMicros = costs.packetMicros().value();
        double micros =
                (mix.out().packets() + costs.inPacketRatio().value() * mix.in().packets()) * packetMicros;
        double mbit = Math.max(mix.out().mbit(), mix.in().mbit()); // A network card carries its rate in each direction.
        return new MediaNode(
                shape.cores() * shape.utilisation() * MICROS_PER_SECOND / micros,
                shape.gbit() * shape.utilisation() * MBIT_PER_GBIT / mbit,
                shape.transportsMax());
    }

    /**
     * Returns whole nodes for a computed number of nodes. With spare there is at least one node more than needed, so
     * that one can be lost or drained.
     */
    static Nodes nodes(double computed, double spare) {
        long needed = whole(computed);
        long withSpare = whole(computed * (1 + spare / PER_CENT));
        return new Nodes(needed, spare > 0 ? Math.max(withSpare, needed + 1) : needed);
    }

    private static long whole(double computed) {
        long nearest = Math.max(1, Math.round(computed));
        return computed - nearest <= MISSING_MAX * nearest ? nearest : nearest + 1;
    }

    private static Load load(double joins, Plan plan, UnitCosts costs) {
        return new Load(
                joins,
                joins * costs.joinMillis().value() / MILLIS_PER_SECOND,
                joins * plan.visits().journalEvents());
    }

    /** Returns the number of cells by the limit that is met first. */
    private static long cells(Plan.Cell cell, Nodes media, Nodes gateways, Nodes roomNodes, Load peak) {
        double nodes = media.withSpare() + gateways.withSpare() + (double) roomNodes.withSpare();
        return LongStream.of(
                        (long) Math.ceil(nodes / cell.nodesMax()),
                        (long) Math.ceil(roomNodes.withSpare() / cell.roomNodesMax()),
                        (long) Math.ceil(peak.journalEvents() / cell.journalEventsMax()))
                .max()
                .orElseThrow();
    }
}
