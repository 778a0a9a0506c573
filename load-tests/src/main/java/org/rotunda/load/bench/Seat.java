package org.rotunda.load.bench;

import org.rotunda.load.bot.Publishing;
import org.rotunda.load.bot.SpeechScript;

/**
 * One bot of a scenario. Every bot subscribes to all tracks of its room.
 *
 * @param room the unique name of the room
 */
record Seat(String room, String identity, Publishing publishing, SpeechScript speech) {}
