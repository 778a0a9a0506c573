package org.rotunda.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnAddressTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            192.168.1.5 10.0.0.1,             192.168.1.5
            127.0.0.1 10.0.0.1,               10.0.0.1
            169.254.3.4 10.0.0.1,             10.0.0.1
            0.0.0.0 :: ::1 2001:db8::5,       2001:db8:0:0:0:0:0:5
            fe80::1 2001:db8::5,              2001:db8:0:0:0:0:0:5
            127.0.0.1 ::1 169.254.3.4,        127.0.0.1
            """)
    void isTheFirstAddressThatAClientOnThisMachineCanUse(String candidates, String expected) throws Exception {
        List<InetAddress> addresses = new ArrayList<>();
        for (String candidate : candidates.split(" ", -1)) {
            addresses.add(InetAddress.getByName(candidate));
        }

        assertThat(OwnAddress.first(addresses)).isEqualTo(expected);
    }

    @Test
    void isLoopbackOnAMachineWithoutNetwork() {
        assertThat(OwnAddress.first(List.of())).isEqualTo("127.0.0.1");
    }

    @Test
    void hasNoInterfaceInItsText() throws Exception {
        InetAddress scoped = InetAddress.getByName("2001:db8::5%1");

        assertThat(OwnAddress.first(List.of(scoped))).isEqualTo("2001:db8:0:0:0:0:0:5");
    }

    @Test
    void canBeBoundOnThisMachine() throws Exception {
        InetAddress found = InetAddress.getByName(OwnAddress.find());
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(found, 0))) {
            assertThat(socket.getLocalAddress()).isEqualTo(found);
        }
    }
}
