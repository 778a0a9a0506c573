/**
 * The time of frames: from RTP timestamps to the clock that all tracks of a room share. Sans-IO; owned by one event
 * loop.
 */
@NullMarked
package org.rotunda.record.clock;

import org.jspecify.annotations.NullMarked;
