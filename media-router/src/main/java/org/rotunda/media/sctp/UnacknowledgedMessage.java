package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;

/**
 * A message that the peer has not confirmed. The payload is a read-only view of the sender's copy and needs no release.
 */
public record UnacknowledgedMessage(ByteBuf payload, boolean binary) {}
