/**
 * A take: the work of one recorder for one recording, from packets to the bytes of a file. Sans-IO: packets, reports
 * and time come in as arguments, bytes and requests go to a sink. Owned by the event loop of the link.
 */
@NullMarked
package org.rotunda.record.take;

import org.jspecify.annotations.NullMarked;
