/**
 * The log on standard output: the appender, and the redirection of the lines that libraries print. Everything here runs
 * on any thread.
 */
@NullMarked
package org.rotunda.node.logging;

import org.jspecify.annotations.NullMarked;
