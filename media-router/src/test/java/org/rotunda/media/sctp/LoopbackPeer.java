package org.rotunda.media.sctp;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.dtls.DtlsCloseReason;
import org.rotunda.media.dtls.DtlsFingerprint;
import org.rotunda.media.dtls.DtlsHandshakes;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.dtls.DtlsTransport;
import org.rotunda.media.ice.IceLiteAgent;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.stun.IceCredentials;

/**
 * A server with ICE-lite, DTLS and data channels on a real UDP socket. A browser can connect its data channels to it.
 * All its state belongs to one thread, as in production.
 */
final class LoopbackPeer {
    private final ScheduledExecutorService loop =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "loopback-peer"));
    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final DtlsIdentity identity = DtlsIdentity.generate(new SecureRandom(), Instant.now());
    private final IceLiteAgent ice;
    private final IceSink sink = new IceSink();
    private final DtlsTransport dtls;
    private final Thread reader = new Thread(this::read, "loopback-peer-reader");
    final DataChannels channels;
    private @Nullable SocketAddress remote;

    LoopbackPeer(DtlsHandshakes handshakes, DataChannelListener listener) throws IOException {
        Random random = new SecureRandom();
        ice = new IceLiteAgent(ByteBufAllocator.DEFAULT, IceCredentials.generate(random));
        channels = new DataChannels(SctpSettings.DEFAULT, random, listener);
        dtls = new DtlsTransport(
                identity,
                handshakes,
                task -> loop.execute(() -> {
                    task.run();
                    drain();
                }),
                ByteBufAllocator.DEFAULT,
                new DtlsEvents());
        reader.setDaemon(true);
        reader.start();
    }

    /** Returns the answer to an offer that has only data channels. */
    String answer(String offer) {
        expect(offer);
        return description("passive");
    }

    /** Returns an offer for a connection that came from another node. The client stays the DTLS client. */
    String offer() {
        return description("actpass");
    }

    /** Sets the fingerprints of the client from its description. */
    void expect(String sdp) {
        List<DtlsFingerprint> expected = sdp.lines()
                .filter(line -> line.startsWith("a=fingerprint:"))
                .map(line -> DtlsFingerprint.parse(line.substring("a=fingerprint:".length())))
                .toList();
        loop.execute(() -> {
            dtls.expectFingerprints(expected);
            drain();
        });
    }

    private String description(String setup) {
        IceCredentials credentials = ice.local();
        return String.join(
                "\r\n",
                "v=0",
                "o=- 1 1 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0",
                "a=group:BUNDLE 0",
                "a=ice-lite",
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
                "c=IN IP4 0.0.0.0",
                "a=mid:0",
                "a=ice-ufrag:" + credentials.ufrag(),
                "a=ice-pwd:" + credentials.pwd(),
                "a=fingerprint:" + identity.fingerprint(),
                "a=setup:" + setup,
                "a=sctp-port:5000",
                "a=max-message-size:262144",
                "a=candidate:1 1 udp 2130706431 127.0.0.1 " + socket.getLocalPort() + " typ host",
                "a=end-of-candidates",
                "");
    }

    /** Runs a task on the loop like a command, and then drains. */
    <T> T call(Callable<T> command) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(command.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
            drain();
        });
        return result.get(10, TimeUnit.SECONDS);
    }

    static long now() {
        return System.nanoTime();
    }

    /** Closes the peer silently, like a node that stops: it sends neither ABORT nor close_notify. */
    void close() throws Exception {
        socket.close();
        reader.join(5_000);
        call(() -> {
            channels.dispose();
            dtls.close(false);
            return true;
        });
        loop.shutdown();
    }

    private void read() {
        byte[] buffer = new byte[4_096];
        while (!socket.isClosed()) {
            DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(datagram);
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            byte[] bytes = Arrays.copyOf(buffer, datagram.getLength());
            InetSocketAddress source = (InetSocketAddress) datagram.getSocketAddress();
            loop.execute(() -> {
                onDatagram(Unpooled.wrappedBuffer(bytes), source);
                drain();
            });
        }
    }

    private void onDatagram(ByteBuf datagram, InetSocketAddress source) {
        int first = datagram.getUnsignedByte(0);
        if (first < 4) {
            ice.onBindingRequest(datagram, source, now(), sink);
        } else if (first >= 20 && first < 64) {
            dtls.onDatagram(datagram);
        }
    }

    private void drain() {
        if (dtls.isOpen()) {
            channels.drainTo(packet -> {
                dtls.send(packet);
                packet.release();
            });
        }
        dtls.drainTo(datagram -> transmit(datagram, remote));
        long deadline = channels.nextDeadlineNanos();
        if (deadline != NO_DEADLINE && !loop.isShutdown()) {
            // A wake-up per drain is wasteful but good enough for a test. A wake-up has no effect if nothing is due any
            // more.
            var unused = loop.schedule(this::onDeadline, Math.max(0, deadline - now()), TimeUnit.NANOSECONDS);
        }
    }

    private void onDeadline() {
        if (channels.nextDeadlineNanos() <= now()) {
            channels.onTimeout(now());
            drain();
        }
    }

    private void transmit(ByteBuf datagram, @Nullable SocketAddress to) {
        byte[] bytes = ByteBufUtil.getBytes(datagram);
        datagram.release();
        if (to == null || socket.isClosed()) {
            return;
        }
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class IceSink implements IceLiteAgent.Sink {
        @Override
        public void transmit(ByteBuf datagram, SocketAddress to) {
            LoopbackPeer.this.transmit(datagram, to);
        }

        @Override
        public void addressValidated(SocketAddress address) {
            if (remote == null) {
                remote = address;
            }
        }

        @Override
        public void addressExpired(SocketAddress address) {}

        @Override
        public void selectedAddressChanged(SocketAddress address) {
            remote = address;
        }

        @Override
        public void credentialsRetired(String localUfrag) {}

        @Override
        public void consentLost() {}
    }

    private final class DtlsEvents implements DtlsTransport.Listener {
        @Override
        public void onKeys(SrtpKeys keys) {
            channels.start(now());
        }

        @Override
        public void onApplicationData(ByteBuf data) {
            channels.onPacket(data, now());
        }

        @Override
        public void onClosed(DtlsCloseReason reason) {}
    }
}
