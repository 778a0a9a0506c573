package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeProcessTest {
    private static final List<String> LOG = List.of(
            "23:59:58.500 INFO  node is lost",
            "  node is lost, says a line without a time",
            "23:59:59.900 INFO  node is ready",
            "00:00:00.700 INFO  node is lost");

    @Test
    void findsALineThatWasLoggedAfterMidnight() {
        assertThat(NodeProcess.loggedAfter(LOG, "node is lost", LocalTime.of(23, 59, 59)))
                .contains(Duration.ofMillis(1_700));
    }

    @Test
    void findsTheFirstLineAtOrAfterTheGivenTime() {
        assertThat(NodeProcess.loggedAfter(LOG, "node is lost", LocalTime.parse("23:59:58.500")))
                .contains(Duration.ZERO);
        assertThat(NodeProcess.loggedAfter(LOG, "node is ready", LocalTime.MIDNIGHT))
                .as("logged before midnight")
                .isEmpty();
    }
}
