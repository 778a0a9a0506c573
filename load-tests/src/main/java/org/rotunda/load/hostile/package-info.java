/**
 * Hostile traffic for a live node: mutated datagrams of every protocol from strangers and from a participant, broken signaling, slow and
 * oversized WebSockets. Everything comes from seeds. Runs on the threads of the load test.
 */
@NullMarked
package org.rotunda.load.hostile;

import org.jspecify.annotations.NullMarked;
