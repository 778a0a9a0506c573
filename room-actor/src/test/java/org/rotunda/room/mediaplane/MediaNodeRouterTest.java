package org.rotunda.room.mediaplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.control.MediaTcpSettings;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.net.EventLoopMediaRouter;

/** Tests a media node together with the real router. */
class MediaNodeRouterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int TRANSPORTS = 400;
    private static final MediaSettings SETTINGS = new MediaSettings(
            "127.0.0.1",
            0,
            16,
            List.of(),
            TRANSPORTS,
            MediaSettings.LOOP_SHARE,
            0,
            0,
            true,
            true,
            Duration.ZERO,
            Duration.ofMinutes(2),
            Optional.empty(),
            MediaTcpSettings.OFF);

    private final ActorTestKit actors =
            ActorTestKit.create("media-node-router", ConfigFactory.load("rotunda-pekko-serialization.conf"));
    private final ActorRef<MediaNode.Command> node = actors.spawn(MediaNode.create(
            new MediaNodeGauge("media-1"),
            listener -> EventLoopMediaRouter.open(SETTINGS, listener, new SecureRandom())));
    private final TestProbe<MediaNode.Notice> conductor = actors.createTestProbe();

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    private static TransportId transport(int number) {
        return new TransportId("RM1", "PA" + number, "pc");
    }

    private void opens(TransportId transport) {
        deliver(new MediaCommand.OpenTransport(transport, 1, Set.of(VideoCodec.VP8), null, false));
        deliver(new MediaCommand.ReportTransport(transport, 1));
    }

    private void deliver(MediaCommand command) {
        node.tell(new MediaNode.Deliver(command, conductor.getRef()));
    }

    @Test
    void roomOfFourHundredIsPlacedOnOneNodeWithSixteenLoops() {
        for (int i = 0; i < TRANSPORTS; i++) {
            opens(transport(i));
        }
        List<MediaEvent> heard = new ArrayList<>();
        for (int i = 0; i < TRANSPORTS; i++) {
            heard.add(
                    conductor.expectMessageClass(MediaNode.Told.class, PATIENCE).event());
        }
        assertThat(heard)
                .allSatisfy(event -> assertThat(event)
                        .isEqualTo(new MediaEvent.StateChanged(event.transport(), MediaEvent.State.CONNECTING, true)));
        assertThat(heard).extracting(MediaEvent::transport).doesNotHaveDuplicates();

        opens(transport(TRANSPORTS));
        assertThat(conductor.expectMessageClass(MediaNode.Told.class, PATIENCE).event())
                .isEqualTo(new MediaEvent.CommandRefused(transport(TRANSPORTS), 1, MediaEvent.Refusal.NODE_FULL));
        TestProbe<MediaNode.Described> asker = actors.createTestProbe();
        asker.awaitAssert(PATIENCE, () -> {
            node.tell(new MediaNode.Describe(asker.getRef()));
            assertThat(asker.receiveMessage(PATIENCE).load().isFull()).isTrue();
            return null;
        });
    }
}
