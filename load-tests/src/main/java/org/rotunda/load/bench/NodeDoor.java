package org.rotunda.load.bench;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.bot.BotSettings;
import org.rotunda.load.bot.signaling.MediaSignals;
import org.rotunda.load.client.Tokens;

/**
 * Lets bots into the rooms of a node of the product.
 *
 * @param feedback whether the bots negotiate transport-wide feedback
 * @param channels whether the bots ask for the dominant speaker and for network quality
 */
record NodeDoor(BotFleet fleet, URI signaling, boolean feedback, boolean channels) implements BenchServer.Door {
    private static final MediaSignals SIGNALS =
            new MediaSignals(List.of(MediaSignals.ACTIVE_SPEAKER, MediaSignals.NETWORK_QUALITY), null);

    @Override
    public CompletionStage<BenchServer.Visit> join(Seat seat) {
        BotSettings settings = BotSettings.of(
                        signaling, () -> Tokens.forAnyRoom(seat.identity()), seat.room(), seat.identity())
                .withPublishing(seat.publishing())
                .withSpeech(seat.speech());
        if (channels) {
            settings = settings.withSignals(SIGNALS);
        }
        if (!feedback) {
            settings = settings.withoutTransportFeedback();
        }
        if (seat.counts()) {
            settings = settings.withCounting();
        }
        return fleet.join(settings).thenApply(bot -> new BenchServer.Visit(bot.joinTimes(), bot::leave));
    }
}
