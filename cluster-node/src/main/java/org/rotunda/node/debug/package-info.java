/**
 * Descriptions of rooms for operators, as JSON on the management port. Everything here runs on the dispatcher of the
 * management server.
 */
@NullMarked
package org.rotunda.node.debug;

import org.jspecify.annotations.NullMarked;
