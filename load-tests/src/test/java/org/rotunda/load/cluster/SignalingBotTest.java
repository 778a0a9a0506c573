package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.testkit.Await;

/** Tests the bot without media that cluster tests use to fill rooms. */
class SignalingBotTest {
    @Test
    void aSignalingBotIsInItsRoomUntilItsSocketIsLost() {
        try (BotNode node = new BotNode()) {
            URI url = node.signaling();
            InetSocketAddress gateway = new InetSocketAddress(url.getHost(), url.getPort());
            String room = node.freshRoom();
            SignalingBot first = SignalingBot.join(gateway, "first", room);
            SignalingBot second = SignalingBot.join(gateway, "second", room);

            assertThat(first.room()).startsWith("RM").isEqualTo(second.room());
            assertThat(first.participant()).startsWith("PA").isNotEqualTo(second.participant());
            first.close();
            Await.until("the end of the first", Duration.ofSeconds(30), () -> !first.isOpen());
            assertThat(second.isOpen()).isTrue();
            second.close();
        }
    }
}
