/**
 * The TURN server of {@code rotunda dev}: a coturn that runs as a child of the node.
 */
@NullMarked
package org.rotunda.node.turn;

import org.jspecify.annotations.NullMarked;
