package org.rotunda.load.bot;

/**
 * The settings of a bot that is a client of another server.
 *
 * @param server the conversation of this bot with the server
 * @param published the video that the bot publishes; with none it receives what the room has
 * @param transportFeedback whether the bot negotiates transport-wide feedback
 */
public record GuestSettings(
        String identity, OtherServer server, Publishing.Video published, boolean transportFeedback) {}
