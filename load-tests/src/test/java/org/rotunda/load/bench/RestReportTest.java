package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.load.process.JdkHome;

class RestReportTest {
    private static final Machine MACHINE = new Machine("Some CPU", 2, 8L << 30, "6.1");
    private static final JdkHome JDK = new JdkHome(Path.of("/jdk"), "25.0.1", "Somebody");
    private static final String DATABASE = "PostgreSQL 17.11, fsync on";

    private static RestReport report(double... createsPerSecond) {
        List<Map<RestSubject, Map<RestFigure, Double>>> runs = Arrays.stream(createsPerSecond)
                .mapToObj(perSecond -> Map.of(
                        RestSubject.CREATES,
                        Map.of(RestFigure.PER_SECOND, perSecond, RestFigure.P99, 12.344),
                        RestSubject.CALLBACKS_SEVERAL,
                        Map.of(RestFigure.PER_SECOND, 500.0)))
                .toList();
        return new RestReport(RestOptionsTest.options(JDK), MACHINE, "abc1234", DATABASE, runs);
    }

    @Test
    void theJsonObjectHasEveryKeyThatProgramsRead() throws Exception {
        JsonNode object = new ObjectMapper().readTree(report(100, 300, 200).json());

        assertThat(object.at("/creates/perSecond").asDouble()).isEqualTo(200);
        assertThat(object.at("/creates/p99Millis").asDouble()).isEqualTo(12.344);
        assertThat(object.at("/creates/maxMillis").isNull()).isTrue();
        assertThat(object.at("/spread/creates/perSecond/min").asDouble()).isEqualTo(100);
        assertThat(object.at("/spread/creates/perSecond/max").asDouble()).isEqualTo(300);
        assertThat(object.at("/callbacksSeveralAccounts/perSecond").asDouble()).isEqualTo(500);
        assertThat(object.at("/perRun/1/creates/perSecond").asDouble()).isEqualTo(300);
        assertThat(object.has("listsFirst")).as("a part that was not measured").isFalse();
        assertThat(object.at("/machine/cpus").asInt()).isEqualTo(2);
        assertThat(object.get("database").asText()).isEqualTo(DATABASE);
        assertThat(object.get("commit").asText()).isEqualTo("abc1234");
        for (String key : List.of("roomsListed", "callers", "callbackRooms", "accounts", "accountInFlightRaised")) {
            assertThat(object.has(key)).as(key).isTrue();
        }
    }

    @Test
    void theTableHasARowForEachMeasurement() {
        List<String> table = report(100, 300, 200).table();

        assertThat(table).hasSize(4);
        assertThat(table.get(0)).startsWith("| measured").contains("p99 ms", "node CPU µs each");
        assertThat(table.get(1)).matches("\\|(---\\|){10}");
        assertThat(table.get(2)).startsWith("| rooms created").contains("200.0 [100.0–300.0]", "12.34 [", "–");
        assertThat(table.get(3)).startsWith("| callbacks, 4 accounts, default bounds");
        assertThat(table.get(3)).hasSameSizeAs(table.get(2));
    }

    @Test
    void oneRunHasNoExtremes() {
        assertThat(report(100).table().get(2)).contains(" 100.0 |").doesNotContain("[");
    }

    @Test
    void theHeadingNamesWhatTheFiguresDependOn() {
        assertThat(String.join("\n", RestReport.heading(RestOptionsTest.options(JDK), MACHINE, "abc1234", DATABASE)))
                .contains("32 callers", "1,000,000 completed rooms", "25.0.1", "abc1234", DATABASE, "Some CPU");
    }
}
