/**
 * The media that bots send: a clip, synthetic video and speech. A packetizer splits video frames into RTP payloads. The
 * code does no I/O after loading its files, changes only the buffers that it fills, and runs on the loop of the sending
 * bot.
 */
@NullMarked
package org.rotunda.load.bot.source;

import org.jspecify.annotations.NullMarked;
