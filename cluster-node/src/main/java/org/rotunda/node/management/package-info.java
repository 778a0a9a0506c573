/** The parts that the routes of the management port share. */
@NullMarked
package org.rotunda.node.management;

import org.jspecify.annotations.NullMarked;
