package org.rotunda.media.control;

import java.util.Arrays;

/**
 * The state of one connection's negotiation, as bytes that only media routers read. The room stores the state and
 * passes it to the next node. Immutable.
 */
public final class NegotiationState {
    private final byte[] bytes;

    public NegotiationState(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NegotiationState state && Arrays.equals(bytes, state.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "NegotiationState[" + bytes.length + " bytes]";
    }
}
