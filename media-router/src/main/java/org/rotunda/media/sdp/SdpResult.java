package org.rotunda.media.sdp;

/** The outcome of parsing: bad input from a peer is a value, not an exception. */
public sealed interface SdpResult {
    record Parsed(SessionDescription description) implements SdpResult {}

    /** @param line the number of the faulty line, from 1; 0 if the whole text is at fault */
    record Malformed(SdpFault fault, int line) implements SdpResult {}
}
