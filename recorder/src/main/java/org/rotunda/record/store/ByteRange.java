package org.rotunda.record.store;

/**
 * A part of an object. Immutable.
 *
 * @param first the position of the first byte
 * @param lengthBytes the number of bytes, at least 1
 */
public record ByteRange(long first, long lengthBytes) {
    public ByteRange {
        if (first < 0 || lengthBytes < 1 || first > Long.MAX_VALUE - lengthBytes) {
            throw new IllegalArgumentException("not a range: " + lengthBytes + " bytes from " + first);
        }
    }

    /** Returns the position of the last byte. */
    public long last() {
        return first + lengthBytes - 1;
    }
}
