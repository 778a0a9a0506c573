/**
 * Renders plans of compositions with the program ffmpeg, which runs as a process with bounded memory, time and file
 * sizes and without a network. Command lines are pure functions of the plan. The calls that run a process block; they
 * belong on a worker's thread, and an interrupt of that thread ends the process.
 */
@NullMarked
package org.rotunda.record.ffmpeg;

import org.jspecify.annotations.NullMarked;
