package org.rotunda.media.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.dtls.DtlsHandshakeResult;
import org.rotunda.media.dtls.DtlsHandshakes;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.dtls.LoopbackDtlsClient;
import org.rotunda.media.srtp.SrtpProfile;

/**
 * Runs DTLS handshakes that take no virtual time. When the ClientHello of a simulated peer arrives, both sides run the
 * whole handshake in memory before the input returns.
 *
 * <p>Thus a simulated router gets its SRTP keys in the usual way. Records, keys and certificates are real. Only the
 * ClientHello is replaced by a short datagram, whose number identifies the peer. A helper thread runs the blocking
 * client and ends before the input returns.
 */
final class InlineHandshakes implements DtlsHandshakes {
    private static final int TIMEOUT_MILLIS = 20_000; // The limit is real time. Only a broken handshake reaches it.
    private static final int RECEIVE_LIMIT = 2048;
    private static final int TICKET_OFFSET = 13 + 12; // The peer's number follows the record and fragment headers.

    private record Client(DtlsIdentity identity, List<SrtpProfile> profiles, Consumer<ClientSide> onConnected) {}

    /** The client's side of a finished handshake. */
    record ClientSide(LoopbackDtlsClient.Connected connected, PeerRecords wire) {}

    private final Map<Integer, Client> clients = new HashMap<>();
    private int tickets;
    private boolean inviting;

    /** Sets whether routers may invite clients. Simulated clients count invitations, and do not follow them. */
    void setInviting(boolean isInviting) {
        inviting = isInviting;
    }

    /** Returns a datagram that starts this client's handshake when a transport receives it. */
    byte[] newClientHello(DtlsIdentity identity, List<SrtpProfile> profiles, Consumer<ClientSide> onConnected) {
        int ticket = tickets++;
        clients.put(ticket, new Client(identity, profiles, onConnected));
        ByteBuffer hello = ByteBuffer.allocate(TICKET_OFFSET + Integer.BYTES);
        hello.put((byte) 22)
                .putShort((short) 0xFEFD)
                .putShort((short) 0)
                .putInt(0)
                .putShort((short) 0);
        hello.putShort((short) (12 + Integer.BYTES));
        hello.put((byte) 1).put((byte) 0).putShort((short) Integer.BYTES).putShort((short) 0);
        hello.put((byte) 0).putShort((short) 0);
        hello.put((byte) 0).putShort((short) Integer.BYTES).putInt(ticket);
        return hello.array();
    }

    @Override
    public boolean mayInvite() {
        return inviting;
    }

    @Override
    public Running start(Job job, @Nullable Origin origin, Executor owner) {
        return new Running() {
            @Override
            public boolean offer(byte[] datagram) {
                if (datagram.length == TICKET_OFFSET + Integer.BYTES) {
                    Client client = clients.remove(ByteBuffer.wrap(datagram).getInt(TICKET_OFFSET));
                    if (client != null) {
                        run(client, job, owner);
                    }
                }
                return true;
            }

            @Override
            public void cancel() {
                // No handshake runs between two inputs.
            }
        };
    }

    private static void run(Client client, Job job, Executor owner) {
        Pipe server = new Pipe();
        Pipe clientEnd = new Pipe();
        server.peer = clientEnd.inbox;
        clientEnd.peer = server.inbox;
        PeerRecords wire = new PeerRecords(clientEnd);
        CompletableFuture<LoopbackDtlsClient.Connected> connected = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        connected.complete(new LoopbackDtlsClient(client.identity, client.identity, client.profiles)
                                .connect(wire));
                    } catch (IOException | RuntimeException e) {
                        connected.completeExceptionally(e);
                    }
                },
                "simulated-dtls-client");
        thread.setDaemon(true);
        thread.start();
        DtlsHandshakeResult result = job.run(server, TIMEOUT_MILLIS);
        try {
            LoopbackDtlsClient.Connected clientSide = connected.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            thread.join();
            List<byte[]> unread = new ArrayList<>();
            server.inbox.drainTo(unread);
            owner.execute(() -> {
                job.onFinished(result, unread);
                client.onConnected.accept(new ClientSide(clientSide, wire));
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a handshake", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("a simulated handshake failed: " + result, e);
        }
    }

    /** One end of the wire between the two sides of a handshake. Each side blocks until the other side sends. */
    private static final class Pipe implements DatagramTransport {
        final BlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(256);
        private BlockingQueue<byte[]> peer = inbox;

        @Override
        public int getReceiveLimit() {
            return RECEIVE_LIMIT;
        }

        @Override
        public int getSendLimit() {
            return RECEIVE_LIMIT;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
            return take(inbox, buffer, offset, length, waitMillis);
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {
            byte[] datagram = new byte[length];
            System.arraycopy(buffer, offset, datagram, 0, length);
            peer.add(datagram);
        }

        @Override
        public void close() {
            // There is nothing to release.
        }
    }

    private static int take(BlockingQueue<byte[]> inbox, byte[] buffer, int offset, int length, int waitMillis)
            throws IOException {
        try {
            byte[] datagram = inbox.poll(waitMillis, TimeUnit.MILLISECONDS);
            if (datagram == null) {
                return -1;
            }
            int count = Math.min(length, datagram.length);
            System.arraycopy(datagram, 0, buffer, offset, count);
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
