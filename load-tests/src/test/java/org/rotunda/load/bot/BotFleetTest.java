package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BotFleetTest {
    @Test
    @SuppressWarnings("NullAway") // The missing URL stands for a defect in the bot's own code.
    void aBotThatCannotStartLeavesNothingBehind() {
        try (BotFleet fleet = BotFleet.start(1, 7)) {
            BotSettings broken = BotSettings.of(null, () -> "token", "room", "alice");

            assertThatThrownBy(() -> fleet.join(broken).toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(NullPointerException.class);

            assertThat(fleet.size()).isZero();
        }
    }
}
