package org.rotunda.load.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests the relay with real sockets on loopback. An echo server answers each datagram with the sender's port, followed
 * by the text of the datagram.
 */
class UdpRelayTest {
    private static final int PATIENCE_MS = 20_000;
    private static final int SILENCE_MS = 300;

    private DatagramSocket server;
    private Thread echo;

    @BeforeEach
    void startServer() throws IOException {
        server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        echo = new Thread(this::answerAll, "echo");
        echo.start();
    }

    @AfterEach
    void stopServer() throws InterruptedException {
        server.close();
        echo.join();
    }

    private void answerAll() {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        while (!server.isClosed()) {
            try {
                packet.setLength(2_048);
                server.receive(packet);
                byte[] answer = (packet.getPort() + " " + text(packet)).getBytes(StandardCharsets.UTF_8);
                server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), packet.getOffset(), packet.getLength(), StandardCharsets.UTF_8);
    }

    private UdpRelay relay(LinkSchedule schedule) {
        return UdpRelay.open(
                RelaySettings.loopback(List.of((InetSocketAddress) server.getLocalSocketAddress()), schedule, 7));
    }

    private static DatagramSocket client() throws IOException {
        DatagramSocket client = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client.setSoTimeout(PATIENCE_MS);
        return client;
    }

    private static void send(DatagramSocket from, UdpRelay to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        from.send(new DatagramPacket(bytes, bytes.length, to.addresses().get(0)));
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        socket.receive(packet);
        return text(packet);
    }

    private static String port(String answer) {
        return answer.substring(0, answer.indexOf(' '));
    }

    @Test
    void everyClientReachesTheRouterByASocketOfItsOwn() throws IOException {
        try (UdpRelay relay = relay(LinkSchedule.CLEAR);
                DatagramSocket one = client();
                DatagramSocket two = client()) {
            send(one, relay, "a");
            String first = receive(one);
            send(two, relay, "b");
            String second = receive(two);
            send(one, relay, "c");
            String third = receive(one);

            assertThat(first).endsWith(" a");
            assertThat(second).endsWith(" b");
            assertThat(third).isEqualTo(first.replace(" a", " c"));
            assertThat(port(second)).isNotEqualTo(port(first));
            assertThat(relay.up().delivered()).isEqualTo(3);
            assertThat(relay.down().delivered()).isEqualTo(3);
            assertThat(relay.ownDrops()).isZero();
        }
    }

    @Test
    void theAdvertisedAddressIsTheOneTheRelayListensOn() {
        try (UdpRelay relay = relay(LinkSchedule.CLEAR)) {
            assertThat(relay.advertise())
                    .containsExactly("127.0.0.1:" + relay.addresses().get(0).getPort());
        }
    }

    @Test
    void datagramsAreDelayedInBothDirections() throws IOException {
        Duration delay = Duration.ofMillis(40);
        LinkSchedule slow = LinkSchedule.always(LinkConditions.CLEAR.withDelay(delay, Duration.ZERO));
        try (UdpRelay relay = relay(slow);
                DatagramSocket client = client()) {
            long sentNanos = System.nanoTime();
            send(client, relay, "a");
            assertThat(receive(client)).endsWith(" a");
            assertThat(System.nanoTime() - sentNanos).isGreaterThanOrEqualTo(2 * delay.toNanos());
        }
    }

    @Test
    void theNetworkChangesWhileClientsAreThere() throws IOException {
        try (UdpRelay relay = relay(LinkSchedule.CLEAR);
                DatagramSocket client = client()) {
            send(client, relay, "before");
            assertThat(receive(client)).endsWith(" before");

            relay.setSchedules(LinkSchedule.always(LinkConditions.CUT), LinkSchedule.CLEAR);
            send(client, relay, "cut");
            client.setSoTimeout(SILENCE_MS);
            assertThat(isSilent(client)).isTrue();

            relay.setSchedules(LinkSchedule.CLEAR, LinkSchedule.CLEAR);
            client.setSoTimeout(PATIENCE_MS);
            send(client, relay, "after");
            assertThat(receive(client)).endsWith(" after");
            assertThat(relay.up().lost()).isEqualTo(1);
        }
    }

    @Test
    void aSparedClientKeepsItsNetwork() throws IOException {
        try (UdpRelay relay = relay(LinkSchedule.CLEAR);
                DatagramSocket spared = client();
                DatagramSocket later = client()) {
            send(spared, relay, "a");
            assertThat(receive(spared)).endsWith(" a");
            relay.spareExistingClients();
            relay.setSchedules(LinkSchedule.always(LinkConditions.CUT), LinkSchedule.CLEAR);

            send(spared, relay, "b");
            send(later, relay, "c");

            assertThat(receive(spared)).endsWith(" b");
            later.setSoTimeout(SILENCE_MS);
            assertThat(isSilent(later)).isTrue();
        }
    }

    private static boolean isSilent(DatagramSocket client) throws IOException {
        try {
            receive(client);
            return false;
        } catch (SocketTimeoutException silence) {
            return true;
        }
    }

    @Test
    void aDuplicatedDatagramArrivesTwice() throws IOException {
        RelaySettings settings = new RelaySettings(
                "127.0.0.1",
                List.of((InetSocketAddress) server.getLocalSocketAddress()),
                LinkSchedule.always(LinkConditions.CLEAR.withDuplication(1)),
                LinkSchedule.CLEAR,
                1);
        try (UdpRelay relay = UdpRelay.open(settings);
                DatagramSocket client = client()) {
            send(client, relay, "a");

            assertThat(receive(client)).endsWith(" a");
            assertThat(receive(client)).endsWith(" a");
        }
    }
}
