package org.rotunda.media.sdp;

/** The outcome of parsing. Bad input of a peer is reported as a value, not as an exception. */
public sealed interface SdpResult {
    record Parsed(SessionDescription description) implements SdpResult {}

    /**
     * The text is not a valid session description.
     *
     * @param line the number of the faulty line, counted from 1; 0 if the whole text is at fault
     */
    record Malformed(SdpFault fault, int line) implements SdpResult {}
}
