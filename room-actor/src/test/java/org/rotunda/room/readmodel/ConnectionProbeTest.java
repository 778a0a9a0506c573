package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.Driver;

class ConnectionProbeTest {
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void givesUpADatabaseThatAcceptsAndNeverAnswersAfterTheProbeTimeout() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ConnectionProbe probe = new ConnectionProbe(db("jdbc:postgresql://127.0.0.1:%d/rotunda?sslmode=disable"
                        .formatted(mute.getLocalPort())))) { // With SSL the driver has a limit of 5 s of its own.
            assertThatThrownBy(probe::ask).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void itsTimeLimitsWinOverThoseOfTheConfiguredUrl() {
        Properties read = Objects.requireNonNull(Driver.parseURL(
                DatabaseConfig.probeUrl(db("jdbc:postgresql://db/rotunda?connectTimeout=40&socketTimeout=50")),
                new Properties()));

        assertThat(read.getProperty("connectTimeout")).isEqualTo("1");
        assertThat(read.getProperty("socketTimeout")).isEqualTo("1");
    }

    /** Returns a configuration in which all limits but {@code probe-timeout} are longer than the test may take. */
    private static Config db(String url) {
        return ConfigFactory.parseString("""
                        rotunda.db {
                          url = "%s"
                          connection-timeout = 1m
                          statement-timeout = 1m
                          probe-timeout = 1s
                        }""".formatted(url))
                .withFallback(ConfigFactory.load())
                .getConfig("rotunda.db");
    }
}
