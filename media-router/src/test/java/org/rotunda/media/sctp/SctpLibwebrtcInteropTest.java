package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.net.HandshakePool;

/**
 * Tests our data channels with those of libwebrtc (dcSCTP, as in Chromium), over ICE, DTLS and UDP on the loopback
 * interface.
 */
class SctpLibwebrtcInteropTest {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static PeerConnectionFactory factory;
    private static HandshakePool handshakes;

    private final RecordingListener events = new RecordingListener();
    private LoopbackPeer server;
    private LibwebrtcClient client;

    @BeforeAll
    static void load() {
        factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
        handshakes = new HandshakePool();
    }

    @AfterAll
    static void unload() {
        handshakes.close();
        factory.dispose();
    }

    @BeforeEach
    void connect() throws Exception {
        server = new LoopbackPeer(handshakes, events);
        client = new LibwebrtcClient(factory);
        client.open("first", new RTCDataChannelInit());
        client.acceptAnswer(server.answer(client.offer()));
        await(() -> client.isOpen("first"));
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void carriesTextBinaryEmptyAndLongMessagesBothWays() throws Exception {
        int ours = open("ours", ChannelParameters.RELIABLE);
        await(() -> client.isOpen("ours"));
        int first = idOf("first");
        String longText = "ä".repeat(100_000); // The text has 200,000 bytes as UTF-8.
        byte[] longBytes = longText.getBytes(StandardCharsets.UTF_8);

        client.send("first", "hello".getBytes(StandardCharsets.UTF_8), false);
        client.send("first", new byte[] {1, 2, 3}, true);
        client.send("first", new byte[0], false);
        client.send("first", new byte[0], true);
        client.send("ours", longBytes, false);
        send(ours, "back".getBytes(StandardCharsets.UTF_8), false);
        send(ours, new byte[] {4, 5}, true);
        send(ours, new byte[0], false);
        send(first, longBytes, true);

        await(() -> received(first).size() == 4 && received(ours).size() == 1);
        await(() ->
                client.messages("ours").size() == 3 && client.messages("first").size() == 1);
        assertThat(received(first)).containsExactly("hello", "\1\2\3", "", "");
        assertThat(server.call(() -> events.messages.stream()
                        .filter(message -> message.streamId() == first)
                        .map(RecordingListener.Message::binary)
                        .toList()))
                .containsExactly(false, true, false, true);
        assertThat(received(ours)).containsExactly(new String(longBytes, StandardCharsets.ISO_8859_1));
        assertThat(client.messages("ours")).containsExactly("text back", "binary \4\5", "text ");
        assertThat(client.messages("first"))
                .containsExactly("binary " + new String(longBytes, StandardCharsets.ISO_8859_1));
    }

    @Test
    void channelParametersReachTheOtherSide() throws Exception {
        ChannelParameters unordered = new ChannelParameters(false, 0, -1, "mine");
        ChannelParameters shortLived = new ChannelParameters(true, -1, 150, "");
        int first = open("unordered", unordered);
        open("short-lived", shortLived);
        RTCDataChannelInit init = new RTCDataChannelInit();
        init.ordered = false;
        init.maxRetransmits = 3;
        client.open("theirs", init);
        await(() -> client.isOpen("unordered") && client.isOpen("short-lived") && client.isOpen("theirs"));
        await(() -> server.call(() -> events.open.containsValue("theirs")));

        RTCDataChannel channel = client.channel("unordered");
        assertThat(channel.isOrdered()).isFalse();
        assertThat(channel.getMaxRetransmits()).isZero();
        assertThat(channel.getProtocol()).isEqualTo("mine");
        assertThat(client.channel("short-lived").getMaxPacketLifeTime()).isEqualTo(150);
        int theirs = idOf("theirs");
        assertThat(server.call(() -> events.parameters.get(theirs))).isEqualTo(new ChannelParameters(false, 3, -1, ""));

        for (int i = 0; i < 100; i++) {
            send(first, ("m" + i).getBytes(StandardCharsets.UTF_8), false);
            client.send("theirs", ("t" + i).getBytes(StandardCharsets.UTF_8), false);
        }
        await(() ->
                client.messages("unordered").size() == 100 && received(theirs).size() == 100);
    }

    @Test
    void eitherSideClosesByStreamReset() throws Exception {
        int ours = open("ours", ChannelParameters.RELIABLE);
        await(() -> client.isOpen("ours"));
        int first = idOf("first");
        send(ours, "last".getBytes(StandardCharsets.UTF_8), false);
        server.call(() -> {
            server.channels.close(ours, LoopbackPeer.now());
            return true;
        });
        client.channel("first").close();

        await(() -> client.isClosed("ours") && client.isClosed("first"));
        await(() -> server.call(() -> events.closed.size() == 2));
        assertThat(server.call(() -> events.closed)).containsExactlyInAnyOrder(ours, first);
        assertThat(client.messages("ours")).containsExactly("text last");

        // After the reset both sides can use the id of the closed channel again.
        assertThat(open("again", ChannelParameters.RELIABLE)).isEqualTo(ours);
        await(() -> client.isOpen("again"));
        send(ours, "new life".getBytes(StandardCharsets.UTF_8), false);
        await(() -> client.messages("again").equals(List.of("text new life")));
    }

    @Test
    void fiftyChannelsWorkAtOnce() throws Exception {
        for (int i = 0; i < 50; i++) {
            int id = open("s" + i, ChannelParameters.RELIABLE);
            send(id, ("to " + i).getBytes(StandardCharsets.UTF_8), false);
        }
        for (int i = 0; i < 50; i++) {
            String label = "s" + i;
            await(() -> client.isOpen(label) && client.messages(label).size() == 1);
            client.send(label, ("from " + i).getBytes(StandardCharsets.UTF_8), false);
        }
        await(() -> server.call(() -> events.messages.size() == 50));
        assertThat(server.call(() -> server.channels.channels().size())).isEqualTo(51);
    }

    /**
     * Tests the move of a live connection to another node by an offer of that node (signaling.md §9.8). The client does
     * not announce its channels again, so the new node must know them.
     */
    @Test
    void channelsSurviveAMoveToAnotherNode() throws Exception {
        int ours = open("ours", ChannelParameters.RELIABLE);
        await(() -> client.isOpen("ours"));
        List<ChannelInfo> known = server.call(server.channels::channels);
        server.close(); // The node sends neither ABORT nor close_notify.

        server = new LoopbackPeer(handshakes, events);
        for (ChannelInfo channel : known) {
            assertThat(server.call(() -> server.channels.adopt(channel, LoopbackPeer.now())))
                    .isTrue();
        }
        send(ours, "from the new node".getBytes(StandardCharsets.UTF_8), false);
        server.expect(client.answer(server.offer()));
        await(() -> client.messages("ours").equals(List.of("text from the new node")));
        client.send("first", "to the new node".getBytes(StandardCharsets.UTF_8), false);
        int first = idOf("first");
        await(() -> received(first).equals(List.of("to the new node")));

        assertThat(client.isOpen("ours") && client.isOpen("first")).isTrue();
        int added = open("added", ChannelParameters.RELIABLE);
        await(() -> client.isOpen("added"));
        assertThat(added).isNotEqualTo(ours);
    }

    private int open(String label, ChannelParameters parameters) throws Exception {
        return server.call(() -> server.channels.open(label, parameters, LoopbackPeer.now()));
    }

    private void send(int streamId, byte[] payload, boolean binary) throws Exception {
        assertThat(server.call(() ->
                        server.channels.send(streamId, Unpooled.wrappedBuffer(payload), binary, LoopbackPeer.now())))
                .isTrue();
    }

    private List<String> received(int streamId) throws Exception {
        return server.call(() -> events.texts(streamId));
    }

    private int idOf(String label) throws Exception {
        return server.call(() -> server.channels.channels().stream()
                .filter(channel -> channel.label().equals(label))
                .findFirst()
                .orElseThrow()
                .streamId());
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("the condition holds in time").isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
