package org.rotunda.load.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.bot.Guest;
import org.rotunda.load.bot.GuestSettings;
import org.rotunda.load.bot.OtherServer;
import org.rotunda.load.bot.Publishing;
import org.rotunda.media.testkit.PeerOptions.Announcement;

/**
 * Lets bots into the one room of another server: the publisher at once, and a viewer when the publisher is in. Main
 * thread only.
 */
final class GuestDoor implements BenchServer.Door {
    private final BotFleet fleet;
    private final Function<Seat, OtherServer> conversations;
    private final Announcement announcement;
    private final boolean feedback;
    private CompletionStage<Guest> publisher =
            CompletableFuture.failedStage(new IllegalStateException("the scenario's first seat publishes no video"));

    /**
     * Creates the door for the bots of a fleet.
     *
     * @param conversations makes the conversation of a bot with the server
     * @param announcement how the server recognizes the layers of the published video
     * @param feedback whether the bots offer transport-wide feedback
     */
    GuestDoor(BotFleet fleet, Function<Seat, OtherServer> conversations, Announcement announcement, boolean feedback) {
        this.fleet = fleet;
        this.conversations = conversations;
        this.announcement = announcement;
        this.feedback = feedback;
    }

    @Override
    public CompletionStage<BenchServer.Visit> join(Seat seat) {
        CompletionStage<Guest> joined;
        if (seat.publishing().video() == Publishing.Video.NONE) {
            joined = publisher.thenCompose(published -> visit(seat));
        } else {
            publisher = visit(seat);
            joined = publisher;
        }
        return joined.thenApply(guest -> new BenchServer.Visit(guest.times(), guest.leave()));
    }

    private CompletionStage<Guest> visit(Seat seat) {
        return fleet.visit(new GuestSettings(
                seat.identity(), conversations.apply(seat), seat.publishing().video(), announcement, feedback));
    }
}
