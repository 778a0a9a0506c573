package org.rotunda.load.client;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for nodes that must know each other's before they start, and that come back on the same ones. Taken below the range from which
 * the kernel gives ports to clients, so that none is lost while its node is down.
 */
public final class Ports {
    private static final int FIRST = 20_000;
    private static final int LAST = 30_000; // Linux gives clients 32768 and above.
    /** Begins elsewhere in each process: two test runs on one machine seldom try the same port. */
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 37 % (LAST - FIRST)));

    private Ports() {}

    /** A port that is free for TCP and UDP on loopback. Not given twice by this process for a long time. */
    public static int free() {
        for (int i = 0; i < LAST - FIRST; i++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), LAST - FIRST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + LAST);
    }

    private static boolean isFree(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (ServerSocket tcp = new ServerSocket();
                DatagramSocket udp = new DatagramSocket(null)) {
            tcp.bind(address);
            udp.bind(address);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
