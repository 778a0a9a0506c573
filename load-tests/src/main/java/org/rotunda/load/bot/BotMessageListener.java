package org.rotunda.load.bot;

/** Who reads the data tracks a bot is subscribed to. Called on the bot's loop. */
@FunctionalInterface
public interface BotMessageListener {
    /**
     * @param identity of the bot that received it
     * @param trackSid of the publication, or the channel's label while signaling has not named it
     */
    void onMessage(String identity, String trackSid, byte[] message, boolean binary);
}
