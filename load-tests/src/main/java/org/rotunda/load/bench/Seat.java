package org.rotunda.load.bench;

import org.rotunda.load.bot.Publishing;
import org.rotunda.load.bot.SpeechScript;

/**
 * One bot of a scenario. Everybody subscribes to everything.
 *
 * @param room unique name
 */
record Seat(String room, String identity, Publishing publishing, SpeechScript speech) {}
