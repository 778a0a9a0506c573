package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaTcpSettings;

class TcpAdmissionTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long START = -5 * SECOND; // The clock of a loop may be negative.

    private static MediaTcpSettings settings(int connectionsMax, int perAddressMax, int acceptsPerSecond) {
        return new MediaTcpSettings(
                true,
                OptionalInt.empty(),
                List.of(),
                connectionsMax,
                perAddressMax,
                acceptsPerSecond,
                Duration.ofSeconds(10),
                1);
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    @Test
    void theRateIsLimitedAfterABurstOfOneSecond() throws UnknownHostException {
        TcpAdmission admission = new TcpAdmission(settings(1_000, 1_000, 10));
        InetAddress client = address("192.0.2.1");
        for (int i = 0; i < 10; i++) {
            assertThat(admission.admit(client, START)).as("accept %s", i).isNull();
        }
        assertThat(admission.admit(client, START)).isEqualTo(TcpEnd.ACCEPT_RATE);
        assertThat(admission.admit(client, START + SECOND / 10 - 1)).isEqualTo(TcpEnd.ACCEPT_RATE);
        assertThat(admission.admit(client, START + SECOND / 10)).isNull();
        assertThat(admission.admit(client, START + SECOND / 10)).isEqualTo(TcpEnd.ACCEPT_RATE);
        assertThat(admission.connections()).isEqualTo(11);

        int burst = 0;
        while (admission.admit(client, START + 60 * SECOND) == null) {
            burst++;
        }
        assertThat(burst).as("a long silence allows no longer burst").isEqualTo(10);
    }

    @Test
    void theConnectionsOfAnAddressAreLimitedUntilOneEnds() throws UnknownHostException {
        TcpAdmission admission = new TcpAdmission(settings(1_000, 2, 1_000));
        InetAddress client = address("192.0.2.1");
        assertThat(admission.admit(client, START)).isNull();
        assertThat(admission.admit(client, START)).isNull();
        assertThat(admission.admit(client, START)).isEqualTo(TcpEnd.ADDRESS_MAX);
        assertThat(admission.admit(address("192.0.2.2"), START)).isNull();
        admission.onClosed(client);
        assertThat(admission.admit(client, START)).isNull();
        assertThat(admission.connections()).isEqualTo(3);
    }

    @Test
    void addressesOfOneIpv6PrefixCountTogether() throws UnknownHostException {
        TcpAdmission admission = new TcpAdmission(settings(1_000, 1, 1_000));
        assertThat(admission.admit(address("2001:db8:0:1::1"), START)).isNull();
        assertThat(admission.admit(address("2001:db8:0:1::2"), START)).isEqualTo(TcpEnd.ADDRESS_MAX);
        assertThat(admission.admit(address("2001:db8:0:2::1"), START)).isNull();
    }

    @Test
    void moreConnectionsThanTheMaximumAreTold() throws UnknownHostException {
        TcpAdmission admission = new TcpAdmission(settings(1, 10, 1_000));
        InetAddress client = address("192.0.2.1");
        assertThat(admission.admit(client, START)).isNull();
        assertThat(admission.isOverfull()).isFalse();
        assertThat(admission.admit(client, START)).isNull();
        assertThat(admission.isOverfull()).isTrue();
        admission.onClosed(client);
        assertThat(admission.isOverfull()).isFalse();
    }
}
