package org.rotunda.load.bot;

import org.rotunda.media.testkit.PeerOptions.Announcement;

/**
 * The settings of a bot that is a client of another server.
 *
 * @param server the conversation of this bot with the server
 * @param published the video that the bot publishes; with none it receives what the room has
 * @param announcement how the server recognizes the layers of the published video
 * @param transportFeedback whether the bot offers transport-wide feedback
 */
public record GuestSettings(
        String identity,
        OtherServer server,
        Publishing.Video published,
        Announcement announcement,
        boolean transportFeedback) {}
