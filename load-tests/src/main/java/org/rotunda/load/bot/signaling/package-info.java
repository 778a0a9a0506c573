/**
 * The client side of the signaling protocol, as the SDK speaks it. Each client runs on the executor that its owner
 * passes to it, for instance a bot's event loop.
 */
@NullMarked
package org.rotunda.load.bot.signaling;

import org.jspecify.annotations.NullMarked;
