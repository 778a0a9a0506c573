package org.rotunda.load.bot;

/**
 * A bot that has joined another server.
 *
 * @param leave makes the bot disappear without telling the server; callable from any thread
 */
public record Guest(JoinTimes times, Runnable leave) {}
