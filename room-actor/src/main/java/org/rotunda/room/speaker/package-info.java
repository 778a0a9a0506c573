/**
 * Who speaks in a room: the dominant speaker, the ranking of speakers, and the choice of the loudest tracks. Pure: time
 * is an argument, and the only input is the levels (RFC 6464) that media nodes report. {@code docs/dominant-speaker.md}
 * explains the algorithm.
 */
@NullMarked
package org.rotunda.room.speaker;

import org.jspecify.annotations.NullMarked;
