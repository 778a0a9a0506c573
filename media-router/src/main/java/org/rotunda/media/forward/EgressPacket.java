package org.rotunda.media.forward;

import org.rotunda.media.codec.Codec;
import org.rotunda.media.codec.Vp8Descriptor;

/**
 * The values with which one source packet is forwarded to one subscriber. The transport-wide sequence number is not
 * among them. The object is reused: {@link ForwardedTrack} fills it and {@link EgressPacketWriter} reads it.
 */
public final class EgressPacket {
    private Codec codec = Codec.VP8;
    private int encoding;
    private long sourceSequence;
    private int sequenceNumber;
    private int timestamp;
    private int pictureId;
    private int tl0PicIdx;
    private int extensionByte;
    private boolean empty;

    void set(
            Codec newCodec,
            int newEncoding,
            long newSourceSequence,
            int newSequenceNumber,
            int newTimestamp,
            int newPictureId,
            int newTl0PicIdx,
            int newExtensionByte) {
        codec = newCodec;
        encoding = newEncoding;
        sourceSequence = newSourceSequence;
        sequenceNumber = newSequenceNumber;
        timestamp = newTimestamp;
        pictureId = newPictureId;
        tl0PicIdx = newTl0PicIdx;
        extensionByte = newExtensionByte;
        empty = false;
    }

    /** Describes a packet without media, which only uses up the egress number of a packet that is left out. */
    void setEmpty(Codec newCodec, int newEncoding, long newSourceSequence, int newSequenceNumber, int newTimestamp) {
        set(
                newCodec,
                newEncoding,
                newSourceSequence,
                newSequenceNumber,
                newTimestamp,
                Vp8Descriptor.ABSENT,
                Vp8Descriptor.ABSENT,
                SourcePacket.NO_EXTENSION);
        empty = true;
    }

    public Codec codec() {
        return codec;
    }

    /** The encoding. Together with {@link #sourceSequence}, it identifies the packet in the source-packet cache. */
    public int encoding() {
        return encoding;
    }

    public long sourceSequence() {
        return sourceSequence;
    }

    public int sequenceNumber() {
        return sequenceNumber;
    }

    public int timestamp() {
        return timestamp;
    }

    /** The 15-bit picture id, or {@link Vp8Descriptor#ABSENT}. */
    public int pictureId() {
        return pictureId;
    }

    public int tl0PicIdx() {
        return tl0PicIdx;
    }

    /**
     * Whether the packet has no payload. Receivers wait for a missing number, and end the wait at a packet without
     * payload.
     */
    public boolean isEmpty() {
        return empty;
    }

    /** The byte of the publisher's header extension, as {@link SourcePacket#extensionByte} describes it. */
    public int extensionByte() {
        return extensionByte;
    }
}
