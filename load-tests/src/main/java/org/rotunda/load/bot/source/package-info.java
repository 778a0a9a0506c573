/**
 * The media that bots send: a clip, synthetic video and speech, and how they are split into packets. Pure except for
 * the buffers it fills; runs on the loop of the sending bot.
 */
@NullMarked
package org.rotunda.load.bot.source;

import org.jspecify.annotations.NullMarked;
