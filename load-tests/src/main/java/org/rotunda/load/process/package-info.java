/**
 * What can be seen of a process of this machine from outside: by the kernel's {@code /proc} and, of a JVM, by {@code jcmd}. No threads of its
 * own; every look reads anew.
 */
@NullMarked
package org.rotunda.load.process;

import org.jspecify.annotations.NullMarked;
