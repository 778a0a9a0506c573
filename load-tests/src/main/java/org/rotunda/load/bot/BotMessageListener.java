package org.rotunda.load.bot;

/** A listener for messages on the data tracks that a bot is subscribed to. Called on the bot's loop. */
@FunctionalInterface
public interface BotMessageListener {
    /**
     * Handles one message.
     *
     * @param identity the identity of the receiving bot
     * @param trackSid the SID of the publication, or the channel's label until signaling has named the publication
     */
    void onMessage(String identity, String trackSid, byte[] message, boolean binary);
}
