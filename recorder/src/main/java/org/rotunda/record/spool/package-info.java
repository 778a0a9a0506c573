/**
 * The recorder's disk: segments as files with a sidecar each, written by threads of their own, and what a scan finds at
 * start. Blocking I/O happens only here, and never on an event loop.
 */
@NullMarked
package org.rotunda.record.spool;

import org.jspecify.annotations.NullMarked;
