/**
 * The built product as several processes on this machine, and what happens to calls when those are killed, stopped or cut off. Runs on
 * the test thread.
 */
@NullMarked
package org.rotunda.load.cluster;

import org.jspecify.annotations.NullMarked;
