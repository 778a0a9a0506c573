package org.rotunda.load.bot;

/** A listener for messages on the data tracks that a bot is subscribed to. Called on the bot's loop. */
@FunctionalInterface
public interface BotMessageListener {
    /**
     * Handles one message.
     *
     * @param identity the identity of the receiving bot
     * @param trackSid the SID of the publication, or the label of the data channel if the SID is not known yet
     */
    void onMessage(String identity, String trackSid, byte[] message, boolean binary);
}
