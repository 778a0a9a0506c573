/**
 * Cluster bootstrap, downing and drain. Runs on the actor dispatcher.
 */
@NullMarked
package org.rotunda.node.cluster;

import org.jspecify.annotations.NullMarked;
