/**
 * The drain of a whole node: its order, the doors through which operators ask for it, and its figures. The actor runs
 * on the actor dispatcher; the routes run on the dispatcher of the management port.
 */
@NullMarked
package org.rotunda.node.drain;

import org.jspecify.annotations.NullMarked;
