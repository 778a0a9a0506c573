/**
 * The port that shows other nodes whether this process lives. It listens on a thread of its own, for as long as the
 * process runs.
 */
@NullMarked
package org.rotunda.node.lifeline;

import org.jspecify.annotations.NullMarked;
