/**
 * Media bots: clients built on the project's own wire code that join rooms as the SDK does, publish, receive, and check
 * what they receive. Hundreds fit into one JVM. Each bot runs on one event loop; {@link org.rotunda.load.bot.BotFleet}
 * and {@link org.rotunda.load.bot.Bot} may be called from any thread.
 */
@NullMarked
package org.rotunda.load.bot;

import org.jspecify.annotations.NullMarked;
