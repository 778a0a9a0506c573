package org.rotunda.load.bench;

import org.rotunda.load.bot.Publishing;
import org.rotunda.load.bot.SpeechScript;

/**
 * One bot of a scenario. Every bot subscribes to all tracks of its room.
 *
 * @param room the unique name of the room
 * @param counts whether the bot only counts the packets that it receives
 */
record Seat(String room, String identity, Publishing publishing, SpeechScript speech, boolean counts) {
    /** Creates the seat of a bot that checks what it receives. */
    Seat(String room, String identity, Publishing publishing, SpeechScript speech) {
        this(room, identity, publishing, speech, false);
    }
}
