/**
 * The client side of the signaling protocol, as the SDK speaks it. Runs on the executor that each client is given, for
 * instance a bot's event loop.
 */
@NullMarked
package org.rotunda.load.bot.signaling;

import org.jspecify.annotations.NullMarked;
