package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;

/**
 * A message that the peer has not confirmed. The payload is a read-only view of the copy that {@link DataChannels#send}
 * made, and needs no release.
 */
public record UnacknowledgedMessage(ByteBuf payload, boolean binary) {}
