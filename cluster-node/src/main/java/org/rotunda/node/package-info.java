/**
 * The program: its command line, and one node with its roles wired by hand. The command line runs on the main thread.
 */
@NullMarked
package org.rotunda.node;

import org.jspecify.annotations.NullMarked;
