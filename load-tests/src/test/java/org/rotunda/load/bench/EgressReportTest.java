package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.load.egress.EgressPace;
import org.rotunda.load.egress.EgressSample;
import org.rotunda.load.egress.FloorSample;

class EgressReportTest {
    private static final Machine MACHINE = new Machine("Some CPU", 2, 8L << 30, "6.1");

    /** Returns a run of 1,000 packets in 0.5 s. The floor sends 500 packets. */
    private static EgressRun run(double loopMicros, double floorMicros, long lost) {
        return new EgressRun(
                new EgressSample(1_000, (long) (loopMicros * 1e6), 12_000, 1_010, 120, 500_000_000, lost, 0),
                Double.isNaN(floorMicros)
                        ? null
                        : new FloorSample(true, 500, (long) (floorMicros * 500 * 1e3), 1_000_000_000, 0));
    }

    private static EgressReport report(EgressRun... saturated) {
        EgressOptions options = EgressOptionsTest.options("cc", saturated.length, Path.of("out"));
        return new EgressReport(
                options,
                "25.0.1",
                MACHINE,
                "abc1234",
                "some floor",
                Map.of(
                        EgressPace.SATURATED,
                        Arrays.asList(saturated),
                        EgressPace.PACED,
                        List.of(run(4, Double.NaN, 0))));
    }

    @Test
    void theRatioIsThatOfEachRunAndNotOfTheMedians() throws Exception {
        JsonNode object = new ObjectMapper()
                .readTree(report(run(2, 1, 0), run(3, 2, 7), run(4, 4, 0)).json());

        assertThat(object.at("/saturated/loopCpuMicrosPerPacket").asDouble()).isEqualTo(3, within(1e-9));
        assertThat(object.at("/saturated/floorCpuMicrosPerPacket").asDouble()).isEqualTo(2, within(1e-9));
        assertThat(object.at("/saturated/ratioToFloor").asDouble()).isEqualTo(1.5, within(1e-9));
        assertThat(object.at("/saturated/packetsPerSecond").asDouble()).isEqualTo(2_000);
        assertThat(object.at("/saturated/garbageBytesPerPacket").asDouble()).isEqualTo(12);
        assertThat(object.at("/spread/saturated/ratioToFloor/min").asDouble()).isEqualTo(1, within(1e-9));
        assertThat(object.at("/spread/saturated/ratioToFloor/max").asDouble()).isEqualTo(2, within(1e-9));
        assertThat(object.at("/spread/saturated/lostPackets/max").asDouble()).isEqualTo(7);
        assertThat(object.at("/perRun/saturated/2/loopCpuMicrosPerPacket").asDouble())
                .isEqualTo(4, within(1e-9));
        assertThat(object.at("/paced/loopCpuMicrosPerPacket").asDouble()).isEqualTo(4, within(1e-9));
        assertThat(object.at("/paced/ratioToFloor").isNull())
                .as("without a floor")
                .isTrue();
        assertThat(object.get("floor").asText()).isEqualTo("some floor");
        assertThat(object.at("/machine/cpus").asInt()).isEqualTo(2);
        for (String key : List.of("receivers", "packetsPerBurst", "packetBytes", "burstsPerSecond", "jdk", "commit")) {
            assertThat(object.has(key)).as(key).isTrue();
        }
    }

    @Test
    void theTableHasARowForEachPaceAndTheFloorBesideTheLoop() {
        List<String> table = report(run(2, 1, 0), run(3, 2, 7), run(4, 4, 0)).table();

        assertThat(table).hasSize(5);
        assertThat(table.get(0)).startsWith("| pace | loop CPU µs per packet | C floor µs | ratio |");
        assertThat(table.get(1)).matches("\\|(---\\|){9}");
        assertThat(table.get(2))
                .startsWith("| saturated | 3.00 [2.00–4.00] | 2.00 [1.00–4.00] | 1.50 [1.00–2.00] | 2,000");
        assertThat(table.get(3)).startsWith("| paced | 4.00 [4.00–4.00] | – | – |");
        assertThat(table.get(4)).isEqualTo("C floor: some floor");
    }

    @Test
    void oneRunHasNoExtremes() {
        assertThat(report(run(2, 1, 0)).table().get(2)).startsWith("| saturated | 2.00 | 1.00 | 2.00 |");
    }

    @Test
    void theHeadingNamesWhatTheFiguresDependOn() {
        EgressOptions options = EgressOptionsTest.options("cc", 5, Path.of("out"));

        assertThat(String.join("\n", EgressReport.heading(options, "25.0.1", MACHINE, "abc1234")))
                .contains("9 packets of 1,150 bytes to each of 50 receivers", "30 a second", "25.0.1", "Some CPU");
    }
}
