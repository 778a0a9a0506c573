package org.rotunda.load.bot;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.rotunda.load.bot.signaling.SignalingEnd;

/** A bot that is in a room. Any thread; what a method does happens on the bot's loop. */
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

    /** What it has sent and received so far. Waits for the loop, so not to be called on one. */
    public BotStats stats() {
        return onLoop(() -> {
            StatsSum sum = new StatsSum();
            sum.add(agent);
            return sum.toStats();
        });
    }

    /** How far it came and what went wrong, for people. */
    public String progress() {
        return onLoop(agent::progress);
    }

    /** How often its session went on after a lost socket. Waits for the loop. */
    public long resumptions() {
        return onLoop(() -> agent.client().resumptions());
    }

    /** Publishes this and nothing else from now on. */
    public void publish(Publishing what) {
        execute(() -> agent.publish(what));
    }

    /** Sends text on the data track; the stage says whether the channel took it. */
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

    /** Who reads the data tracks it is subscribed to. */
    public void setMessageListener(BotMessageListener listener) {
        agent.setMessageListener(listener);
    }

    /** Leaves as an application does; done when the bot is out. */
    public CompletionStage<SignalingEnd> leave() {
        execute(agent::leave);
        return ended();
    }

    /** Is gone without a word, as a tab that crashed. */
    public CompletionStage<SignalingEnd> vanish() {
        execute(agent::vanish);
        return ended();
    }

    /** Breaks the signaling socket as a network does; the bot resumes its session on another. */
    public void cutSignaling() {
        execute(() -> agent.client().cut());
    }

    /** Restarts ICE by an offer of its own. */
    public void restartIce() {
        execute(agent::restartIce);
    }

    /** From now on its socket drops these shares of the datagrams that come and go, as a network does. */
    public void setLoss(double shareIn, double shareOut) {
        execute(() -> agent.setLoss(shareIn, shareOut));
    }

    /** When it is out of the room, whoever ended it. */
    public CompletionStage<SignalingEnd> ended() {
        return agent.ended().minimalCompletionStage();
    }

    public boolean isEnded() {
        return agent.ended().isDone();
    }

    /** Its wire, for tests that send what no client would. */
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
