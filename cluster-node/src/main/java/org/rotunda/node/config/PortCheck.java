package org.rotunda.node.config;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds ports that a node could not listen on. Opens all ports together, and then closes them. So a fault is found
 * before any part of the node runs.
 */
public final class PortCheck implements AutoCloseable {
    private final List<Closeable> sockets = new ArrayList<>();
    private final List<ListeningPort> opened = new ArrayList<>();

    private PortCheck() {}

    /** Returns a sentence for each port that cannot be opened. Leaves no port open. */
    public static List<String> faults(List<ListeningPort> ports) {
        List<String> faults = new ArrayList<>();
        try (PortCheck check = new PortCheck()) {
            for (ListeningPort port : ports) {
                check.open(port).ifPresent(faults::add);
            }
        }
        return faults;
    }

    private Optional<String> open(ListeningPort port) {
        try {
            InetAddress address = InetAddress.getByName(port.endpoint().host());
            sockets.add(
                    open(port, new InetSocketAddress(address, port.endpoint().port())));
            opened.add(port);
            return Optional.empty();
        } catch (UnknownHostException unknown) {
            return Optional.of(port.hostKey() + ": the name " + port.endpoint().host() + " has no address");
        } catch (IOException refused) {
            return Optional.of(reason(port, String.valueOf(refused.getMessage())));
        }
    }

    private static Closeable open(ListeningPort port, InetSocketAddress address) throws IOException {
        if (port.udp()) {
            return new DatagramSocket(address);
        }
        ServerSocket socket = new ServerSocket();
        try {
            // Servers set this option too. It lets them reuse a port with connections in TIME_WAIT.
            socket.setReuseAddress(true);
            socket.bind(address);
            return socket;
        } catch (SocketException refused) {
            socket.close();
            throw refused;
        }
    }

    private String reason(ListeningPort port, String message) {
        String endpoint = (port.udp() ? "UDP " : "") + port.endpoint();
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("in use")) {
            return opened.stream()
                    .filter(other -> other.udp() == port.udp()
                            && other.endpoint().port() == port.endpoint().port())
                    .findFirst()
                    .map(other -> port.key() + ": " + endpoint + " is the port of " + other.key() + " too")
                    .orElse(port.key() + ": " + endpoint + " is already in use");
        }
        if (text.contains("assign")) {
            return port.hostKey() + ": " + port.endpoint().host() + " is not an address of this machine";
        }
        if (text.contains("denied")) {
            return port.key() + ": this user may not listen on " + endpoint + "; ports below 1024 need a privilege";
        }
        return port.key() + ": cannot listen on " + endpoint + ": " + message;
    }

    @Override
    public void close() {
        for (Closeable socket : sockets) {
            try {
                socket.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
