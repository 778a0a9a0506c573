/**
 * Acceptance tests with the built product as processes of this machine. Calls go on, and rooms are neither lost nor
 * split, when processes are killed or stopped, the network is cut, or the database is down. {@code ClusterRig} is a
 * cluster, {@code DevRig} is a single process of {@code rotunda dev}, and {@link org.rotunda.load.cluster.NodeProcess}
 * is one process of either rig. Tests run on the test thread.
 */
@NullMarked
package org.rotunda.load.cluster;

import org.jspecify.annotations.NullMarked;
