/**
 * The egress path of the router alone, for {@code bin/rotunda bench egress}: a real router core on a real media loop,
 * whose transports were connected in memory, sends bursts to sockets of this machine. A program in C of the same shape
 * shows the least that this costs. Runs on the main thread; the loop and the sockets of the receivers have their own
 * threads.
 */
@NullMarked
package org.rotunda.load.egress;

import org.jspecify.annotations.NullMarked;
