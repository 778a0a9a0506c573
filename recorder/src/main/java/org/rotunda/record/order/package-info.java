/**
 * The order of packets: waits for late ones, names those that will not come. Sans-IO; owned by the event loop of the
 * link.
 */
@NullMarked
package org.rotunda.record.order;

import org.jspecify.annotations.NullMarked;
