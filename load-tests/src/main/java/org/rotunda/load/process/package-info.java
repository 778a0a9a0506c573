/**
 * Observation of other processes of this machine through the kernel's {@code /proc} and, for a JVM, through {@code
 * jcmd}. All code runs on the caller's thread; every call reads fresh values.
 */
@NullMarked
package org.rotunda.load.process;

import org.jspecify.annotations.NullMarked;
