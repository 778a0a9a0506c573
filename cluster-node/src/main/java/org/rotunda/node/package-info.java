/**
 * The program: command line, guardian and wiring by hand. Runs on the main thread.
 */
@NullMarked
package org.rotunda.node;

import org.jspecify.annotations.NullMarked;
