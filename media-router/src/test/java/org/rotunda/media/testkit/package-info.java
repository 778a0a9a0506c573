/**
 * A whole call in memory: browser-like peers, links with seeded faults and real router cores on virtual time. Ships in the test-jar.
 * Everything runs on the thread that runs the {@link org.rotunda.media.testkit.Simulation}; the {@code Peer} classes are also those of a load
 * test's bots, and run on their loop.
 */
@NullMarked
package org.rotunda.media.testkit;

import org.jspecify.annotations.NullMarked;
