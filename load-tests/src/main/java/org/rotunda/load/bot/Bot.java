package org.rotunda.load.bot;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.signaling.SignalingEnd;

/** A bot that is in a room. Callable from any thread; each method does its work on the bot's loop. */
public final class Bot {
    private final BotAgent agent;
    private final String roomSid;
    private final String participantSid;

    Bot(BotAgent agent) {
        this.agent = agent;
        roomSid = Objects.requireNonNull(agent.client().roomSid());
        participantSid = Objects.requireNonNull(agent.client().participantSid());
    }

    public String identity() {
        return agent.settings().identity();
    }

    public String roomSid() {
        return roomSid;
    }

    public String participantSid() {
        return participantSid;
    }

    public JoinTimes joinTimes() {
        return agent.times();
    }

    /** Returns what the room has told the bot on its channels of media signaling. Waits for the loop. */
    public SignalsHeard signals() {
        return onLoop(() -> agent.signals().heard());
    }

    /** Asks the room for a track in this size, on the channel {@code render_hints}. */
    public void renderAt(String trackSid, int width, int height) {
        execute(() -> agent.signals().renderAt(trackSid, width, height));
    }

    /** Asks the room to send or not to send a track, on the channel {@code render_hints}. */
    public void enable(String trackSid, boolean enabled) {
        execute(() -> agent.signals().enable(trackSid, enabled));
    }

    /** Sets the bot's own priority of a track; null returns to the publisher's priority. */
    public void setPriority(String trackSid, @Nullable String priority) {
        execute(() -> agent.signals().setPriority(trackSid, priority));
    }

    /** Changes the publish priority of the bot's video to {@code low}, {@code standard} or {@code high}. */
    public void setVideoPriority(String priority) {
        execute(() -> agent.setVideoPriority(priority));
    }

    /** Sends only the lowest {@code count} layers of the bot's video from now on, without telling the server. */
    public void sendLowestLayers(int count) {
        execute(() -> agent.sendLayers((1 << count) - 1));
    }

    /** Returns what the bot has sent and received so far. Waits for the loop and must not be called on a loop. */
    public BotStats stats() {
        return onLoop(() -> {
            StatsSum sum = new StatsSum();
            sum.add(agent);
            return sum.toStats();
        });
    }

    /** Describes in words how far the join has come and what went wrong. Waits for the loop. */
    public String progress() {
        return onLoop(agent::progress);
    }

    /** Returns how often the session was resumed after a lost socket. Waits for the loop. */
    public long resumptions() {
        return onLoop(() -> agent.client().resumptions());
    }

    /** Publishes these tracks from now on, and unpublishes all other tracks. */
    public void publish(Publishing what) {
        execute(() -> agent.publish(what));
    }

    /** Sends text on the data track. The result tells whether the data channel accepted the message. */
    public CompletionStage<Boolean> send(String text) {
        return CompletableFuture.supplyAsync(
                () -> agent.send(text.getBytes(StandardCharsets.UTF_8), false),
                agent.loop().executor());
    }

    public CompletionStage<Boolean> send(byte[] message) {
        byte[] copy = message.clone();
        return CompletableFuture.supplyAsync(
                () -> agent.send(copy, true), agent.loop().executor());
    }

    /** Sets the listener for messages on the data tracks that the bot is subscribed to. */
    public void setMessageListener(BotMessageListener listener) {
        agent.setMessageListener(listener);
    }

    /** Leaves the room as an application does. The result completes when the bot has left. */
    public CompletionStage<SignalingEnd> leave() {
        execute(agent::leave);
        return ended();
    }

    /** Disappears without telling the server, like a tab that crashed. */
    public CompletionStage<SignalingEnd> vanish() {
        execute(agent::vanish);
        return ended();
    }

    /** Breaks the signaling socket as a failing network does; the bot resumes its session on another socket. */
    public void cutSignaling() {
        execute(() -> agent.client().cut());
    }

    /** Restarts ICE with an offer of the bot. */
    public void restartIce() {
        execute(agent::restartIce);
    }

    /** Makes the media socket drop these shares of incoming and outgoing datagrams, as a lossy network does. */
    public void setLoss(double shareIn, double shareOut) {
        execute(() -> agent.setLoss(shareIn, shareOut));
    }

    /** Returns a stage that completes when the session has ended, no matter which side ended it. */
    public CompletionStage<SignalingEnd> ended() {
        return agent.ended().minimalCompletionStage();
    }

    public boolean isEnded() {
        return agent.ended().isDone();
    }

    /** Returns access to the bot's sockets and keys, for tests that send what no real client sends. */
    public BotWire wire() {
        return new BotWire(agent);
    }

    private void execute(Runnable task) {
        agent.loop().executor().execute(task);
    }

    private <T> T onLoop(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, agent.loop().executor()).join();
    }
}
