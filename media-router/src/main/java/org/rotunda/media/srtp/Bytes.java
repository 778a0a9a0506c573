package org.rotunda.media.srtp;

/** Reads and writes big-endian numbers in byte arrays. */
final class Bytes {
    private Bytes() {}

    static void putInt(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >>> 24);
        bytes[offset + 1] = (byte) (value >>> 16);
        bytes[offset + 2] = (byte) (value >>> 8);
        bytes[offset + 3] = (byte) value;
    }

    static int getInt(byte[] bytes, int offset) {
        return ((bytes[offset] & 0xFF) << 24)
                | ((bytes[offset + 1] & 0xFF) << 16)
                | ((bytes[offset + 2] & 0xFF) << 8)
                | (bytes[offset + 3] & 0xFF);
    }

    static int getShort(byte[] bytes, int offset) {
        return ((bytes[offset] & 0xFF) << 8) | (bytes[offset + 1] & 0xFF);
    }

    static void xorInt(byte[] bytes, int offset, int value) {
        bytes[offset] ^= (byte) (value >>> 24);
        bytes[offset + 1] ^= (byte) (value >>> 16);
        bytes[offset + 2] ^= (byte) (value >>> 8);
        bytes[offset + 3] ^= (byte) value;
    }

    static void xorShort(byte[] bytes, int offset, int value) {
        bytes[offset] ^= (byte) (value >>> 8);
        bytes[offset + 1] ^= (byte) value;
    }
}
