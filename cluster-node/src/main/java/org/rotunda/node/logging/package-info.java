/**
 * The log on standard output: the appender, and the redirection of what libraries print themselves. Runs on any thread.
 */
@NullMarked
package org.rotunda.node.logging;

import org.jspecify.annotations.NullMarked;
