package org.rotunda.node.turn;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Asks a STUN server over UDP whether it is there (RFC 8489). */
final class StunProbe {
    private static final short BINDING_REQUEST = 0x0001;
    private static final short BINDING_SUCCESS = 0x0101;
    private static final int MAGIC_COOKIE = 0x2112A442;
    private static final int HEADER_BYTES = 20;
    private static final int ANSWER_BYTES_MAX = 1500;
    private static final Duration ASK_EVERY = Duration.ofMillis(50);

    private StunProbe() {}

    /** Returns whether the server answers within the time. */
    static boolean answers(InetSocketAddress server, Duration within) {
        long end = System.nanoTime() + within.toNanos();
        while (System.nanoTime() < end) {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(server);
                socket.setSoTimeout(Math.toIntExact(ASK_EVERY.toMillis()));
                if (asks(socket)) {
                    return true;
                }
            } catch (IOException notYet) { // Nothing listens on the port, or nothing has answered in time.
                LockSupport.parkNanos(ASK_EVERY.toNanos());
            }
        }
        return false;
    }

    private static boolean asks(DatagramSocket socket) throws IOException {
        byte[] request = ByteBuffer.allocate(HEADER_BYTES)
                .putShort(BINDING_REQUEST)
                .putShort((short) 0)
                .putInt(MAGIC_COOKIE)
                .putLong(System.nanoTime()) // The transaction id need not be secret, because the answer is not used.
                .putInt(socket.getLocalPort())
                .array();
        socket.send(new DatagramPacket(request, request.length));
        DatagramPacket answer = new DatagramPacket(new byte[ANSWER_BYTES_MAX], ANSWER_BYTES_MAX);
        socket.receive(answer);
        return answer.getLength() >= HEADER_BYTES
                && ByteBuffer.wrap(answer.getData()).getShort() == BINDING_SUCCESS
                && Arrays.equals(answer.getData(), 4, HEADER_BYTES, request, 4, HEADER_BYTES);
    }
}
