package org.rotunda.load.capacity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rotunda.load.capacity.CapacitySheet.Load;
import org.rotunda.load.capacity.CapacitySheet.Nodes;
import org.rotunda.load.capacity.UnitCosts.Cost;

/** A capacity sheet as lines for people and as JSON for programs. Pure. */
final class SheetReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double PER_CENT = 100;

    private final Plan plan;
    private final UnitCosts costs;
    private final CapacitySheet sheet;

    SheetReport(Plan plan, UnitCosts costs) {
        this.plan = plan;
        this.costs = costs;
        this.sheet = CapacityModel.sheet(plan, costs);
    }

    List<String> lines() {
        Plan.MediaNodeShape shape = plan.mediaNode();
        CapacitySheet.MediaNode node = sheet.mediaNode();
        List<String> lines = new ArrayList<>();
        lines.add(line("participants", "%,.0f in %,.0f rooms", plan.mix().participants(), sheet.rooms()));
        lines.add(flow("to each", sheet.out()));
        lines.add(flow("from each", sheet.in()));
        lines.add(line("all media", "%.2f Tbit/s out, %.2f Tbit/s in", sheet.outTbit(), sheet.inTbit()));
        lines.add("");
        lines.add(line(
                "one media node",
                "%,.0f participants, bound by %s (%s cores, %s Gbit/s, at %s %%)",
                node.participants(),
                node.bound().name().toLowerCase(Locale.ROOT),
                plain(shape.cores()),
                plain(shape.gbit()),
                plain(shape.utilisation() * PER_CENT)));
        lines.add(line(
                "  by each limit",
                "CPU %,.0f, network %,.0f, transports-max %,.0f",
                node.byCpu(),
                node.byNetwork(),
                node.byTransports()));
        lines.add(nodes("media nodes", sheet.media()));
        lines.add(nodes("gateways", sheet.gateways()));
        lines.add(nodes("room nodes", sheet.roomNodes()));
        lines.add(line("cells", "%d", sheet.cells()));
        lines.add("");
        lines.add(load("mean", sheet.mean()));
        lines.add(load("peak", sheet.peak()));
        lines.add(line("heartbeats", "%,.0f/s of clients at each gateway", sheet.heartbeatsPerGateway()));
        lines.add(line(
                "journal",
                "%,.0f rows, %,.0f GiB in %s days",
                sheet.journalRows(),
                sheet.journalGib(),
                plain(plan.visits().journalDays())));
        lines.add(line("heap", "%,.0f GiB of all participants, over all nodes", sheet.heapGib()));
        lines.add("");
        lines.add("unit costs");
        lines.add(cost("µs per packet out", costs.packetMicros()));
        lines.add(cost("ratio of a packet in", costs.inPacketRatio()));
        lines.add(cost("ms per join", costs.joinMillis()));
        lines.add(cost("KiB per participant", costs.heapKib()));
        return lines;
    }

    /** Returns a number with at most two decimal places. */
    private static String plain(double number) {
        return BigDecimal.valueOf(number)
                .setScale(2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String line(String label, String format, Object... values) {
        return String.format(Locale.ROOT, "%-17s", label) + String.format(Locale.ROOT, format, values);
    }

    private static String flow(String label, Flow flow) {
        return line(label, "%.2f Mbit/s, %,.0f packets/s", flow.mbit(), flow.packets());
    }

    private static String nodes(String label, Nodes nodes) {
        return line(label, "%,d; with spare %,d", nodes.needed(), nodes.withSpare());
    }

    private static String load(String label, Load load) {
        return line(
                label,
                "%,.0f joins/s take %,.1f cores; %,.0f journal events/s",
                load.joins(),
                load.joinCores(),
                load.journalEvents());
    }

    private static String cost(String label, Cost cost) {
        return String.format(Locale.ROOT, "  %-21s %8s   %s", label, plain(cost.value()), cost.source());
    }

    String json() {
        ObjectNode object = JSON.createObjectNode();
        object.put("participants", plan.mix().participants());
        object.put("rooms", sheet.rooms());
        put(object.putObject("out"), sheet.out());
        put(object.putObject("in"), sheet.in());
        object.put("outTbit", sheet.outTbit());
        object.put("inTbit", sheet.inTbit());
        ObjectNode node = object.putObject("mediaNode");
        node.put("participants", sheet.mediaNode().participants());
        node.put("bound", sheet.mediaNode().bound().name().toLowerCase(Locale.ROOT));
        node.put("byCpu", sheet.mediaNode().byCpu());
        node.put("byNetwork", sheet.mediaNode().byNetwork());
        node.put("byTransports", sheet.mediaNode().byTransports());
        put(object.putObject("mediaNodes"), sheet.media());
        put(object.putObject("gateways"), sheet.gateways());
        put(object.putObject("roomNodes"), sheet.roomNodes());
        object.put("cells", sheet.cells());
        put(object.putObject("mean"), sheet.mean());
        put(object.putObject("peak"), sheet.peak());
        object.put("heartbeatsPerGateway", sheet.heartbeatsPerGateway());
        object.put("journalRows", sheet.journalRows());
        object.put("journalGib", sheet.journalGib());
        object.put("heapGib", sheet.heapGib());
        ObjectNode unit = object.putObject("costs");
        put(unit.putObject("packetMicros"), costs.packetMicros());
        put(unit.putObject("inPacketRatio"), costs.inPacketRatio());
        put(unit.putObject("joinMillis"), costs.joinMillis());
        put(unit.putObject("heapKib"), costs.heapKib());
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void put(ObjectNode object, Flow flow) {
        object.put("mbit", flow.mbit());
        object.put("packets", flow.packets());
    }

    private static void put(ObjectNode object, Nodes nodes) {
        object.put("needed", nodes.needed());
        object.put("withSpare", nodes.withSpare());
    }

    private static void put(ObjectNode object, Load load) {
        object.put("joinsPerSecond", load.joins());
        object.put("joinCores", load.joinCores());
        object.put("journalEventsPerSecond", load.journalEvents());
    }

    private static void put(ObjectNode object, Cost cost) {
        object.put("value", cost.value());
        object.put("source", cost.source());
    }
}
