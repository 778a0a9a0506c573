package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.control.MediaTcpSettings;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.sctp.LibwebrtcClient;

/**
 * Tests a client with libwebrtc, as in Chromium, that is told only the TCP candidate of the router: ICE, DTLS and data
 * channels over a real TCP connection.
 */
class TcpLibwebrtcTest {
    private static final int DEADLINE_SECONDS = 20;
    private static final TransportId ID = new TransportId("RM1", "PA1", "pc1");
    private static final String SIGNALS = "signals";

    private static PeerConnectionFactory factory;

    private final BlockingQueue<MediaEvent> events = new LinkedBlockingQueue<>();

    @BeforeAll
    static void load() {
        factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    }

    @AfterAll
    static void unload() {
        factory.dispose();
    }

    private <T extends MediaEvent> T await(Class<T> kind, Predicate<T> wanted) throws InterruptedException {
        while (true) {
            MediaEvent event = events.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(event).as("a %s", kind.getSimpleName()).isNotNull();
            if (kind.isInstance(event) && wanted.test(kind.cast(event))) {
                return kind.cast(event);
            }
        }
    }

    private static void awaitTrue(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - begin).as(what).isLessThan(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));
            Thread.onSpinWait();
        }
    }

    private static String withoutUdp(String sdp) {
        return sdp.lines()
                .filter(line -> !line.startsWith("a=candidate:") || line.contains(" tcp "))
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    @Test
    void iceDtlsAndDataChannelsGoOverTcp() throws Exception {
        MediaSettings settings = new MediaSettings(
                "127.0.0.1",
                0,
                1,
                List.of(),
                10,
                MediaSettings.LOOP_SHARE,
                0,
                0,
                true,
                true,
                Duration.ZERO,
                Duration.ofMinutes(2),
                Optional.empty(),
                MediaTcpSettings.DEFAULT);
        try (MediaRouter router = EventLoopMediaRouter.open(settings, events::add, new SecureRandom());
                LibwebrtcClient client = new LibwebrtcClient(factory)) {
            client.open("own", new RTCDataChannelInit());
            router.submit(new MediaCommand.OpenTransport(ID, 1, Set.of(VideoCodec.VP8), null, false));
            router.submit(new MediaCommand.RemoteDescription(
                    ID, 1, new Description(Description.Type.OFFER, 1, client.offer())));
            router.submit(new DesiredTransport(
                    ID, 1, 1, List.of(), List.of(), List.of(new DesiredTransport.Channel(SIGNALS))));
            String answer = await(MediaEvent.LocalDescription.class, any -> true)
                    .description()
                    .sdp();
            assertThat(answer).contains(" typ host tcptype passive\r\n").contains(" udp ");

            client.acceptAnswer(withoutUdp(answer));

            await(MediaEvent.StateChanged.class, changed -> changed.state() == MediaEvent.State.CONNECTED);
            await(MediaEvent.ChannelChanged.class, MediaEvent.ChannelChanged::open);
            awaitTrue("the router's channel", () -> client.isOpen(SIGNALS));
            router.submit(new MediaCommand.SendOnChannel(ID, 1, SIGNALS, "to the client"));
            client.send(SIGNALS, "to the router".getBytes(StandardCharsets.UTF_8), false);
            awaitTrue("the message", () -> client.messages(SIGNALS).equals(List.of("text to the client")));
            assertThat(await(MediaEvent.ChannelMessage.class, any -> true))
                    .isEqualTo(new MediaEvent.ChannelMessage(ID, SIGNALS, "to the router"));

            awaitTrue("the statistics", () -> router.statistics().tcp().checked() > 0);
            assertThat(router.statistics().tcp().packetsIn())
                    .as("all packets came over TCP")
                    .isEqualTo(router.statistics().packetsIn())
                    .isPositive();
            assertThat(router.statistics().tcp().packetsOut())
                    .isEqualTo(router.statistics().packetsOut())
                    .isPositive();

            router.submit(new MediaCommand.CloseTransport(ID, 1, true));
            awaitTrue(
                    "the end of the connection", () -> router.statistics().tcp().connections() == 0);
            // The client opens a connection for each of its addresses, so how many there were depends on the machine.
            assertThat(router.statistics().tcp().closed())
                    .isNotEmpty()
                    .allSatisfy((reason, count) -> assertThat(reason).isIn("unused", "closed_by_client"));
        }
    }
}
