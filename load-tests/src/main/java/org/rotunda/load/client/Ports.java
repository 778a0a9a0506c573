package org.rotunda.load.client;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses free ports for nodes of a cluster. The nodes must know each other's ports before they start. All ports are
 * below the kernel's ephemeral range, so that no client takes a node's port while the node is down.
 */
public final class Ports {
    private static final int FIRST = 20_000;
    /** The exclusive end of the range of chosen ports. The ephemeral range of Linux begins at 32768. */
    private static final int LAST = 30_000;

    /**
     * The offset of the port that is tried next, counted from {@link #FIRST}. The first offset depends on the process
     * id, so that two test runs on one machine seldom try the same port.
     */
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 37 % (LAST - FIRST)));

    private Ports() {}

    /**
     * Returns a port that is free for TCP and UDP on loopback. The same port is tried again only after all other ports
     * of the range.
     */
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
