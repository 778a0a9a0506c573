/**
 * Observation of other processes of this machine through {@code /proc} and, for a JVM, through {@code jcmd}. All code
 * runs on the caller's thread. Every call reads new values.
 */
@NullMarked
package org.rotunda.load.process;

import org.jspecify.annotations.NullMarked;
