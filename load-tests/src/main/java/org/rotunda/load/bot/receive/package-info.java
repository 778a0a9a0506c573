/**
 * The receiving side of bots. It puts packets in order, counts losses, and detects faults that a decoder would notice.
 * Sans-IO; runs on the loop of the receiving bot.
 */
@NullMarked
package org.rotunda.load.bot.receive;

import org.jspecify.annotations.NullMarked;
