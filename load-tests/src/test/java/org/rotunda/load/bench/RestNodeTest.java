package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestNodeTest {
    @Test
    void theConfigurationLiftsTheLimitsAndNamesTheAccounts() {
        Config rotunda = ConfigFactory.parseString(RestNode.configuration(
                        BenchAccount.numbered(2),
                        new DatabaseAccess("jdbc:postgresql://db/bench?a=\"b\"", "rotunda", "secret"),
                        Map.of("rotunda.callbacks.account-in-flight-max", "64"),
                        8080,
                        9095,
                        25520))
                .resolve()
                .getConfig("rotunda");

        assertThat(rotunda.getInt("limits.writes-per-second")).isZero();
        assertThat(rotunda.getInt("callbacks.account-in-flight-max")).isEqualTo(64);
        assertThat(rotunda.getStringList("callbacks.allow")).containsExactly("127.0.0.0/8");
        assertThat(rotunda.getConfigList("accounts"))
                .extracting(account -> account.getString("sid"))
                .containsExactly("AC" + "0".repeat(31) + "1", "AC" + "0".repeat(31) + "2");
        assertThat(rotunda.getString("db.url")).isEqualTo("jdbc:postgresql://db/bench?a=\"b\"");
        assertThat(rotunda.getString("db.password"))
                .as("the node gets the password from its environment")
                .isNotEqualTo("secret");
    }
}
