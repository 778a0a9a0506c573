/**
 * Descriptions of rooms for operators, as JSON on the management port. Runs on the management server's dispatcher.
 */
@NullMarked
package org.rotunda.node.debug;

import org.jspecify.annotations.NullMarked;
