/**
 * What bots send: a clip and made-up video, speech, and the packets both become. Pure but for the buffers it fills; runs on the loop of
 * the bot that sends.
 */
@NullMarked
package org.rotunda.load.bot.source;

import org.jspecify.annotations.NullMarked;
