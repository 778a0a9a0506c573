/**
 * Bots that join rooms as the SDK does, publish and receive media, and check what they receive. The bots use the
 * project's own protocol code. One JVM can run hundreds of bots. Each bot runs on one event loop; {@link
 * org.rotunda.load.bot.BotFleet} and {@link org.rotunda.load.bot.Bot} may be called from any thread.
 */
@NullMarked
package org.rotunda.load.bot;

import org.jspecify.annotations.NullMarked;
