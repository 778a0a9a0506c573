/**
 * The signaling protocol from the client's side, as the SDK speaks it. Runs on the executor each client is given, a bot's event loop
 * for instance.
 */
@NullMarked
package org.rotunda.load.bot.signaling;

import org.jspecify.annotations.NullMarked;
