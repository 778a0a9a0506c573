package org.rotunda.media.forward;

import java.util.Arrays;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * The values with which the last packets of one subscription were forwarded, by egress sequence number. When the
 * receiver asks for a packet again, the packet is rebuilt exactly from these values and from the shared source-packet
 * cache. The history also holds the sequence numbers that are reserved for source packets which have not arrived yet.
 */
final class EgressHistory {
    /** The number of entries for video, a power of two: about a second of 1080p. */
    static final int VIDEO_PACKETS = 1024;

    /** The number of entries for audio, a power of two: five seconds of 20 ms packets. */
    static final int AUDIO_PACKETS = 256;

    private static final int USED = 0x80;
    private static final int RESERVED = 0x40;
    private static final int ENCODING_MASK = 0x07;
    private static final int CODEC_SHIFT = 3;
    private static final int CODEC_MASK = 0x07;

    private static final byte[] NO_BYTES = {};
    private static final short[] NO_SHORTS = {};

    private static final short EMPTY = -2; // The value in extensionBytes of a packet without payload.

    private final int mask;
    // The arrays stay empty until the first packet, so that a subscription to a silent track takes little memory.
    private byte[] meta = NO_BYTES; // The bits are USED, RESERVED, codec (3 bits) and encoding (3 bits).
    private short[] sequenceNumbers = NO_SHORTS;
    private long[] sourceSequences = {};
    private int[] timestamps = {};
    private short[] pictureIds = NO_SHORTS; // -1 means no picture id.
    private short[] tl0PicIdxs = NO_SHORTS; // -1 means no TL0PICIDX.
    private short[] extensionBytes = NO_SHORTS; // -1 means no header extension.

    EgressHistory(int packets) {
        mask = packets - 1;
    }

    private void allocateOnce() {
        if (meta.length > 0) {
            return;
        }
        int packets = mask + 1;
        meta = new byte[packets];
        sequenceNumbers = new short[packets];
        sourceSequences = new long[packets];
        timestamps = new int[packets];
        pictureIds = new short[packets];
        tl0PicIdxs = new short[packets];
        extensionBytes = new short[packets];
    }

    void put(EgressPacket packet) {
        allocateOnce();
        int slot = packet.sequenceNumber() & mask;
        if (isTakenByNewer(packet.sequenceNumber())) {
            return;
        }
        meta[slot] = (byte) (USED | (packet.codec().index() << CODEC_SHIFT) | packet.encoding());
        sequenceNumbers[slot] = (short) packet.sequenceNumber();
        sourceSequences[slot] = packet.sourceSequence();
        timestamps[slot] = packet.timestamp();
        pictureIds[slot] = (short) packet.pictureId();
        tl0PicIdxs[slot] = (short) packet.tl0PicIdx();
        extensionBytes[slot] = packet.isEmpty() ? EMPTY : (short) packet.extensionByte();
    }

    /** Notes that this number is reserved for a missing source packet. */
    void reserve(int sequenceNumber, int encoding, long sourceSequence) {
        allocateOnce();
        int slot = sequenceNumber & mask;
        if (isTakenByNewer(sequenceNumber)) {
            return;
        }
        meta[slot] = (byte) (USED | RESERVED | encoding);
        sequenceNumbers[slot] = (short) sequenceNumber;
        sourceSequences[slot] = sourceSequence;
    }

    /**
     * Fills {@code out} with the values of a forwarded packet. Returns false if the history does not hold the packet.
     */
    boolean find(int sequenceNumber, EgressPacket out) {
        int slot = sequenceNumber & mask;
        if (!isKnown(sequenceNumber) || (meta[slot] & RESERVED) != 0) {
            return false;
        }
        Codec codec = Codec.of((meta[slot] >>> CODEC_SHIFT) & CODEC_MASK);
        int encoding = meta[slot] & ENCODING_MASK;
        if (extensionBytes[slot] == EMPTY) {
            out.setEmpty(codec, encoding, sourceSequences[slot], sequenceNumber, timestamps[slot]);
            return true;
        }
        out.set(
                codec,
                encoding,
                sourceSequences[slot],
                sequenceNumber,
                timestamps[slot],
                pictureIds[slot],
                tl0PicIdxs[slot],
                extensionBytes[slot]);
        return true;
    }

    boolean isReserved(int sequenceNumber) {
        return isKnown(sequenceNumber) && (meta[sequenceNumber & mask] & RESERVED) != 0;
    }

    int reservedEncoding(int sequenceNumber) {
        return meta[sequenceNumber & mask] & ENCODING_MASK;
    }

    long reservedSourceSequence(int sequenceNumber) {
        return sourceSequences[sequenceNumber & mask];
    }

    /** Removes all entries. Called when the source packets are no longer available. */
    void clear() {
        Arrays.fill(meta, (byte) 0);
    }

    private boolean isTakenByNewer(int sequenceNumber) {
        int slot = sequenceNumber & mask;
        return (meta[slot] & USED) != 0 && SequenceNumbers.isNewer(sequenceNumbers[slot], sequenceNumber);
    }

    private boolean isKnown(int sequenceNumber) {
        int slot = sequenceNumber & mask;
        return meta.length > 0 && (meta[slot] & USED) != 0 && sequenceNumbers[slot] == (short) sequenceNumber;
    }
}
