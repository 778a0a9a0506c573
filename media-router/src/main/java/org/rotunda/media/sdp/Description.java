package org.rotunda.media.sdp;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a negotiation as signaling carries it, ours or the client's.
 *
 * @param revision counts per peer connection; both sides share the counter
 * @param sdp null for {@code create-offer} and {@code close}
 */
public record Description(
        DescriptionType type, long revision, @Nullable String sdp) {}
