/**
 * The node as a member of its cluster: joining, lost members, and sessions after the loss of a node with rooms.
 * Everything here runs on the actor dispatcher.
 */
@NullMarked
package org.rotunda.node.cluster;

import org.jspecify.annotations.NullMarked;
