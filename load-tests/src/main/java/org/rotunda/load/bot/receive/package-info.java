/**
 * The receiving side of bots: it orders packets, counts losses and detects all faults that a decoder would notice.
 * Sans-IO; runs on the loop of the receiving bot.
 */
@NullMarked
package org.rotunda.load.bot.receive;

import org.jspecify.annotations.NullMarked;
