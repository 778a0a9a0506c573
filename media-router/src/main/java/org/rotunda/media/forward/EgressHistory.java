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

    // Each entry has three words, which share a cache line more often than not: the source sequence number; timestamp,
    // sequence number and meta byte; picture id, TL0PICIDX and extension byte.
    private static final int WORDS = 3;
    private static final int NUMBERS = 1;
    private static final int IDS = 2;

    private static final int SEQUENCE_SHIFT = 32; // The low half of the second word is the timestamp.
    private static final int META_SHIFT = 48;
    private static final int TL0_SHIFT = 16; // The picture id is below.
    private static final int EXTENSION_SHIFT = 32;

    // The bits of the meta byte: USED, RESERVED, codec (3 bits) and encoding (3 bits).
    private static final int USED = 0x80;
    private static final int RESERVED = 0x40;
    private static final int ENCODING_MASK = 0x07;
    private static final int CODEC_SHIFT = 3;
    private static final int CODEC_MASK = 0x07;

    private static final short EMPTY = -2; // In the place of the extension byte: the packet has no payload.

    private final int mask;
    private long[] words = {}; // Empty until the first packet, so that a subscription to a silent track is small.

    EgressHistory(int packets) {
        mask = packets - 1;
    }

    void put(EgressPacket packet) {
        allocateOnce();
        if (isTakenByNewer(packet.sequenceNumber())) {
            return;
        }
        int at = at(packet.sequenceNumber());
        int meta = USED | (packet.codec().index() << CODEC_SHIFT) | packet.encoding();
        short extension = packet.isEmpty() ? EMPTY : (short) packet.extensionByte();
        words[at] = packet.sourceSequence();
        words[at + NUMBERS] = numbers(packet.timestamp(), packet.sequenceNumber(), meta);
        words[at + IDS] = (packet.pictureId() & 0xFFFFL)
                | ((packet.tl0PicIdx() & 0xFFFFL) << TL0_SHIFT)
                | ((extension & 0xFFFFL) << EXTENSION_SHIFT);
    }

    /** Notes that this number is reserved for a missing source packet. */
    void reserve(int sequenceNumber, int encoding, long sourceSequence) {
        allocateOnce();
        if (isTakenByNewer(sequenceNumber)) {
            return;
        }
        int at = at(sequenceNumber);
        words[at] = sourceSequence;
        words[at + NUMBERS] = numbers(0, sequenceNumber, USED | RESERVED | encoding);
    }

    private static long numbers(int timestamp, int sequenceNumber, int meta) {
        return (timestamp & 0xFFFF_FFFFL)
                | ((sequenceNumber & 0xFFFFL) << SEQUENCE_SHIFT)
                | ((meta & 0xFFL) << META_SHIFT);
    }

    /**
     * Fills {@code out} with the values of a forwarded packet. Returns false if the history does not hold the packet.
     */
    boolean find(int sequenceNumber, EgressPacket out) {
        if (!isKnown(sequenceNumber) || (meta(sequenceNumber) & RESERVED) != 0) {
            return false;
        }
        int at = at(sequenceNumber);
        Codec codec = Codec.of((meta(sequenceNumber) >>> CODEC_SHIFT) & CODEC_MASK);
        int encoding = meta(sequenceNumber) & ENCODING_MASK;
        int timestamp = (int) words[at + NUMBERS];
        long ids = words[at + IDS];
        short extension = (short) (ids >>> EXTENSION_SHIFT);
        if (extension == EMPTY) {
            out.setEmpty(codec, encoding, words[at], sequenceNumber, timestamp);
            return true;
        }
        // The casts restore the sign, because an absent value is negative.
        out.set(
                codec,
                encoding,
                words[at],
                sequenceNumber,
                timestamp,
                (short) ids,
                (short) (ids >>> TL0_SHIFT),
                extension);
        return true;
    }

    boolean isReserved(int sequenceNumber) {
        return isKnown(sequenceNumber) && (meta(sequenceNumber) & RESERVED) != 0;
    }

    int reservedEncoding(int sequenceNumber) {
        return meta(sequenceNumber) & ENCODING_MASK;
    }

    long reservedSourceSequence(int sequenceNumber) {
        return words[at(sequenceNumber)];
    }

    /** Removes all entries. Called when the source packets are no longer available. */
    void clear() {
        Arrays.fill(words, 0);
    }

    private void allocateOnce() {
        if (words.length == 0) {
            words = new long[WORDS * (mask + 1)];
        }
    }

    private boolean isTakenByNewer(int sequenceNumber) {
        return (meta(sequenceNumber) & USED) != 0
                && SequenceNumbers.isNewer(storedSequenceNumber(sequenceNumber), sequenceNumber);
    }

    private boolean isKnown(int sequenceNumber) {
        return words.length > 0
                && (meta(sequenceNumber) & USED) != 0
                && storedSequenceNumber(sequenceNumber) == (sequenceNumber & 0xFFFF);
    }

    /** Returns the index of the first word of the entry in which a sequence number belongs. */
    private int at(int sequenceNumber) {
        return WORDS * (sequenceNumber & mask);
    }

    private int meta(int sequenceNumber) {
        return (int) (words[at(sequenceNumber) + NUMBERS] >>> META_SHIFT);
    }

    private int storedSequenceNumber(int sequenceNumber) {
        return (int) (words[at(sequenceNumber) + NUMBERS] >>> SEQUENCE_SHIFT) & 0xFFFF;
    }
}
