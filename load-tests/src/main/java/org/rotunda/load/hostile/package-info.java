/**
 * Hostile traffic for a live node: mutated datagrams of every protocol, from unknown addresses and from a participant,
 * damaged signaling frames, and slow or oversized WebSockets. All random choices depend on seeds. The code runs on the
 * threads of the load test.
 */
@NullMarked
package org.rotunda.load.hostile;

import org.jspecify.annotations.NullMarked;
