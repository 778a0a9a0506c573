package org.rotunda.load.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.load.capacity.CapacitySheet.Nodes;
import org.rotunda.load.capacity.UnitCosts.Cost;

/** Tests the formulas with a mix whose results were computed by hand. */
class CapacityModelTest {
    private static CapacitySheet sheet(double packetMicros, Map<String, String> settings) {
        Cost half = new Cost(0.5, "test");
        UnitCosts costs =
                new UnitCosts(new Cost(packetMicros, "test"), half, new Cost(25, "test"), new Cost(480, "test"));
        return CapacityModel.sheet(MixReader.read(null, settings).plan(), costs);
    }

    @ParameterizedTest
    @CsvSource({
        // µs of a packet, Gbit/s, participants of a node, bound, nodes, with spare
        "12,  25, 1347, CPU,     742, 891",
        "8,   25, 2021, CPU,     495, 594",
        "2.5, 10, 1770, NETWORK, 565, 678",
        "2.5, 25, 4425, NETWORK, 226, 271"
    })
    void mediaNodesOfAMillionParticipants(
            double packetMicros, String gbit, long perNode, CapacitySheet.Bound bound, long needed, long withSpare) {
        CapacitySheet sheet = sheet(packetMicros, Map.of("media-node.gbit", gbit));

        assertThat(Math.round(sheet.mediaNode().participants())).isEqualTo(perNode);
        assertThat(sheet.mediaNode().bound()).isEqualTo(bound);
        assertThat(sheet.media()).isEqualTo(new Nodes(needed, withSpare));
    }

    @Test
    void meansOfTheMix() {
        CapacitySheet sheet = sheet(8, Map.of());

        assertThat(sheet.out().mbit()).isEqualTo(3.39, within(1e-9));
        assertThat(sheet.out().packets()).isEqualTo(472.5, within(1e-9));
        assertThat(sheet.in().mbit()).isEqualTo(1.912, within(1e-9));
        assertThat(sheet.in().packets()).isEqualTo(242.5, within(1e-9));
        assertThat(sheet.rooms()).isEqualTo(199_033, within(1.0));
        assertThat(sheet.outTbit()).isEqualTo(3.39, within(1e-9));
        assertThat(sheet.inTbit()).isEqualTo(1.912, within(1e-9));
    }

    @Test
    void controlPlaneOfAMillionParticipants() {
        CapacitySheet sheet = sheet(8, Map.of());

        assertThat(sheet.gateways()).isEqualTo(new Nodes(50, 60));
        assertThat(sheet.heartbeatsPerGateway()).isEqualTo(4_000, within(1e-9));
        assertThat(sheet.roomNodes()).isEqualTo(new Nodes(20, 24));
        assertThat(sheet.mean().joins()).isEqualTo(556, within(0.5));
        assertThat(sheet.mean().joinCores()).isEqualTo(14, within(0.2));
        assertThat(sheet.mean().journalEvents()).isEqualTo(5_556, within(1.0));
        assertThat(sheet.peak().joins()).isEqualTo(1_667, within(0.5));
        assertThat(sheet.peak().joinCores()).isEqualTo(42, within(0.5));
        assertThat(sheet.peak().journalEvents()).isEqualTo(16_667, within(0.5));
        assertThat(sheet.journalRows()).isEqualTo(3.36e9, within(1e7));
        assertThat(sheet.journalGib()).isEqualTo(1_252, within(1.0));
        assertThat(sheet.heapGib()).isEqualTo(458, within(0.5));
    }

    @Test
    void cellsAreCountedByTheLimitThatIsMetFirst() {
        assertThat(sheet(2.5, Map.of()).cells()).as("271 + 60 + 24 nodes").isEqualTo(4);
        assertThat(sheet(12, Map.of()).cells()).as("891 + 60 + 24 nodes").isEqualTo(10);
        assertThat(sheet(2.5, Map.of("cell.nodes-max", "1000")).cells())
                .as("16,667 events/s at the peak")
                .isEqualTo(2);
        assertThat(sheet(2.5, Map.of("cell.room-nodes-max", "4")).cells())
                .as("24 room nodes")
                .isEqualTo(6);
    }

    @Test
    void transportsMaxBoundsANodeThatHasCpuAndNetworkToSpare() {
        CapacitySheet sheet = sheet(1, Map.of("media-node.gbit", "100", "media-node.transports-max", "2000"));

        assertThat(sheet.mediaNode().bound()).isEqualTo(CapacitySheet.Bound.TRANSPORTS);
        assertThat(sheet.media()).isEqualTo(new Nodes(500, 600));
    }

    @Test
    void mediaThatComesBoundsANodeToWhichMoreComesThanLeaves() {
        Mix mix = new Mix(1_000, List.of(new RoomKind("up", 100, 2, new Flow(1, 10), new Flow(10, 9))));
        CapacitySheet.MediaNode node = CapacityModel.mediaNode(
                mix,
                new Plan.MediaNodeShape(16, 10, 0.5, 5_000),
                new UnitCosts(new Cost(8, ""), new Cost(0.5, ""), new Cost(25, ""), new Cost(1, "")));

        assertThat(node.byNetwork()).isEqualTo(500, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        // computed, spare, needed, with spare
        "0.001,  20, 1,   2",
        "1.4,    20, 2,   3",
        "3.2,    0,  4,   4",
        "50.0,   20, 50,  60",
        "226.1,  0,  226, 226",
        "226.6,  0,  227, 227"
    })
    void nodesAreWholeAndNoneIsMissing(double computed, double spare, long needed, long withSpare) {
        assertThat(CapacityModel.nodes(computed, spare)).isEqualTo(new Nodes(needed, withSpare));
    }
}
