/**
 * Hostile traffic for a live node: mutated datagrams of every protocol, from unknown addresses and from a participant,
 * damaged signaling frames, slow or oversized WebSockets, and what anybody with a valid token can send: large offers,
 * silent handshakes, floods, forged sources and texts that cannot be stored. All random choices depend on seeds. The
 * code runs on the threads of the load test.
 */
@NullMarked
package org.rotunda.load.hostile;

import org.jspecify.annotations.NullMarked;
