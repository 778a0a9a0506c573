/**
 * The log on standard output, and the redirection of lines that libraries print. Everything here may run on any thread.
 */
@NullMarked
package org.rotunda.node.logging;

import org.jspecify.annotations.NullMarked;
