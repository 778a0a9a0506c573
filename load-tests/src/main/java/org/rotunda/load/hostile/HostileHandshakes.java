package org.rotunda.load.hostile;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.rotunda.load.client.DataChannelOffer;
import org.rotunda.media.control.Description;
import org.rotunda.media.sdp.SdpParser;
import org.rotunda.media.sdp.SdpResult;
import org.rotunda.media.testkit.PeerIce;

/**
 * Participants that pass the connectivity check, send one ClientHello, and never answer the router's flight. Each of
 * them holds a thread of the router until the deadline of its handshake. The methods may be called from any thread.
 */
public final class HostileHandshakes implements AutoCloseable {
    private static final long STEP_MILLIS = 20;
    private static final int DATAGRAM_BYTES = 2_048;
    private static final String UFRAG = "data"; // The ufrag in DataChannelOffer.
    private static final Duration JOIN = Duration.ofMinutes(2);

    private final byte[] clientHello;
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM_BYTES); // Used by the thread.
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "hostile-handshakes");
        created.setDaemon(true);
        return created;
    });

    private HostileHandshakes(byte[] clientHello) {
        this.clientHello = clientHello;
    }

    /**
     * Lets participants join these rooms, and starts their handshakes when all have joined.
     *
     * @param clientHello the datagram that every participant sends after its connectivity check
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The task ends with the executor.
    public static HostileHandshakes start(URI url, List<String> rooms, int ofEachRoom, byte[] clientHello) {
        HostileHandshakes attack = new HostileHandshakes(clientHello);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(rooms.size());
        try {
            for (String room : rooms) {
                for (int i = 0; i < ofEachRoom; i++) {
                    attack.clients.add(new Client(
                            HostileParticipant.begin(url, room, "silent-" + i, DataChannelOffer.SDP), random));
                }
            }
            attack.clients.forEach(Client::onJoined);
        } catch (IOException failure) {
            attack.close();
            throw new UncheckedIOException(failure);
        } catch (RuntimeException failure) {
            attack.close();
            throw failure;
        }
        attack.thread.scheduleAtFixedRate(attack::step, 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
        return attack;
    }

    private void step() {
        long nowNanos = System.nanoTime();
        clients.forEach(client -> client.step(nowNanos, buffer, clientHello));
    }

    /** Returns the number of participants that have sent their ClientHello. */
    public long begun() {
        return clients.stream().filter(client -> client.begun).count();
    }

    /** Stops the attack. All participants leave. */
    @Override
    public void close() {
        CompletableFuture.runAsync(() -> clients.forEach(Client::close), thread).join();
        thread.shutdown();
    }

    private static final class Client {
        private final HostileParticipant participant;
        private final DatagramChannel channel;
        private final PeerIce ice;
        private volatile boolean begun;

        Client(HostileParticipant participant, RandomGenerator random) throws IOException {
            this.participant = participant;
            channel = DatagramChannel.open();
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(0));
            ice = new PeerIce(random);
        }

        void onJoined() {
            if (!participant.isAnswered(JOIN)) {
                throw new IllegalStateException("a silent participant was refused: " + participant.end(JOIN));
            }
            Description answer = Objects.requireNonNull(participant.answer());
            if (!(SdpParser.parse(answer.sdp()) instanceof SdpResult.Parsed parsed)) {
                throw new IllegalStateException("the router wrote no SDP: " + answer.sdp());
            }
            ice.onRemote(parsed.description().media().get(0), UFRAG);
        }

        void step(long nowNanos, ByteBuffer buffer, byte[] clientHello) {
            if (!channel.isOpen()) {
                return;
            }
            ice.onTime(nowNanos, this::send);
            receive(buffer);
            InetSocketAddress router = ice.selected();
            if (router != null && !begun) {
                begun = true;
                send(clientHello, router);
            }
        }

        private void receive(ByteBuffer buffer) {
            try {
                buffer.clear();
                while (channel.receive(buffer) instanceof InetSocketAddress source) {
                    buffer.flip();
                    ice.onDatagram(Unpooled.wrappedBuffer(buffer), source, this::send);
                    buffer.clear();
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private void send(byte[] datagram, InetSocketAddress router) {
            try {
                channel.send(ByteBuffer.wrap(datagram), router);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        void close() {
            participant.close();
            try {
                channel.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
