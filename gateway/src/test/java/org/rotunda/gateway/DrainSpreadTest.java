package org.rotunda.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrainSpreadTest {
    @ParameterizedTest
    @CsvSource({"0,1,2", "10,3,2", "20000,2,20", "20000,10,4", "20000,0,40", "5000000,1,60"})
    void clientsGoAtFiveHundredASecondForEachOtherGateway(long sessions, int others, int seconds) {
        assertThat(Gateway.spread(sessions, others)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
