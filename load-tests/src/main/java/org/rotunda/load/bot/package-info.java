/**
 * Media bots: clients on the project's own wire code, hundreds in one JVM, that join rooms as the SDK does, publish, receive and check
 * what they receive. Everything of a bot runs on one event loop, except {@link org.rotunda.load.bot.BotFleet} and
 * {@link org.rotunda.load.bot.Bot}, which any thread may call.
 */
@NullMarked
package org.rotunda.load.bot;

import org.jspecify.annotations.NullMarked;
