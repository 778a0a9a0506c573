/**
 * Simulates a whole call in memory: browser-like peers, links with seeded faults, and real router cores, all on virtual
 * time. Ships in the test-jar. Everything runs on the thread that runs the {@link
 * org.rotunda.media.testkit.Simulation}. The load tests' bots use the {@code Peer} classes too, on their own loop.
 */
@NullMarked
package org.rotunda.media.testkit;

import org.jspecify.annotations.NullMarked;
