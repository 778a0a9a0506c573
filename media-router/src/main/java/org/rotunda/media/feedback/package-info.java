/**
 * Feedback from receivers to senders: NACK, RTX, PLI and FIR, sender and receiver reports, transport-wide feedback.
 * Runs on the event loop that owns the transport.
 */
@NullMarked
package org.rotunda.media.feedback;

import org.jspecify.annotations.NullMarked;
