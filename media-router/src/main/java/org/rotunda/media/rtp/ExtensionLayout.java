package org.rotunda.media.rtp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header extension block of one egress stream (RFC 8285). The block always has the same elements at the same
 * offsets, so it is written with one copy. Values that are known only at send time are set afterwards.
 *
 * <p>Immutable; made once per negotiated m-section by {@link #builder()}. It fits only packets without CSRCs, and we
 * send no packets with CSRCs. The two-byte form is used if an id or the MID needs it.
 */
public final class ExtensionLayout {
    /** The layout without extensions. It leaves the packet's X bit clear. */
    public static final ExtensionLayout NONE = builder().build();

    /** The offset of an element that this layout does not have. */
    public static final int ABSENT = -1;

    private final byte[] template; // The whole block with its header, or empty if there are no elements.
    private final int transportSequenceOffset;
    private final int absSendTimeOffset;
    private final int audioLevelOffset;
    private final int contentTypeOffset;

    private ExtensionLayout(
            byte[] template,
            int transportSequenceOffset,
            int absSendTimeOffset,
            int audioLevelOffset,
            int contentTypeOffset) {
        this.template = template;
        this.transportSequenceOffset = transportSequenceOffset;
        this.absSendTimeOffset = absSendTimeOffset;
        this.audioLevelOffset = audioLevelOffset;
        this.contentTypeOffset = contentTypeOffset;
    }

    public static Builder builder() {
        return new Builder();
    }

    public boolean isEmpty() {
        return template.length == 0;
    }

    public int lengthBytes() {
        return template.length;
    }

    /** Appends the block at the writer index, which must be directly behind the fixed header. */
    public void writeTo(ByteBuf destination) {
        destination.writeBytes(template);
    }

    /** Returns the offset of the 16-bit transport-wide sequence number from the packet's start, or {@link #ABSENT}. */
    public int transportSequenceOffset() {
        return transportSequenceOffset;
    }

    /** Returns the offset of the 24-bit absolute send time from the packet's start, or {@link #ABSENT}. */
    public int absSendTimeOffset() {
        return absSendTimeOffset;
    }

    /** Returns the offset of the audio level byte (RFC 6464) from the packet's start, or {@link #ABSENT}. */
    public int audioLevelOffset() {
        return audioLevelOffset;
    }

    /** Returns the offset of the byte of {@link VideoContentType} from the packet's start, or {@link #ABSENT}. */
    public int contentTypeOffset() {
        return contentTypeOffset;
    }

    /**
     * Sets the transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2) if the layout has
     * it.
     */
    public void setTransportSequence(ByteBuf packet, int sequence) {
        if (transportSequenceOffset != ABSENT) {
            packet.setShort(packet.readerIndex() + transportSequenceOffset, sequence);
        }
    }

    /** Sets the absolute send time if the layout has it. The unit is 2^-18 s, in 24 bits. */
    public void setAbsSendTime(ByteBuf packet, int absSendTime) {
        if (absSendTimeOffset != ABSENT) {
            packet.setMedium(packet.readerIndex() + absSendTimeOffset, absSendTime);
        }
    }

    /** Sets the audio level byte of RFC 6464 (V bit and level) if the layout has it. */
    public void setAudioLevel(ByteBuf packet, int raw) {
        if (audioLevelOffset != ABSENT) {
            packet.setByte(packet.readerIndex() + audioLevelOffset, raw);
        }
    }

    /** Collects the negotiated ids. An id of 0 means that the extension is not negotiated. */
    public static final class Builder {
        // The maximum length of a MID or RID in bytes. Our MIDs and those of browsers have one to four characters.
        private static final int TEXT_LENGTH_MAX = 32;
        private static final int ID_MAX = 255;

        private int midId;
        private byte[] mid = {};
        private int ridId;
        private byte[] rid = {};
        private int transportSequenceId;
        private int absSendTimeId;
        private int audioLevelId;
        private int contentTypeId;

        private Builder() {}

        /** Sets the MID of the m-section (RFC 9143 §15). */
        public Builder mid(int id, String value) {
            midId = checked(id);
            mid = bytes("mid", value);
            return this;
        }

        /**
         * Sets the RID of the stream, or the RID of the stream whose packets it resends (RFC 8852 §3.1, §3.2). The two
         * are different extensions, and a packet has one of them. Our router sends neither; load bots do.
         */
        public Builder rid(int id, String value) {
            ridId = checked(id);
            rid = bytes("rid", value);
            return this;
        }

        private static byte[] bytes(String name, String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0 || bytes.length > TEXT_LENGTH_MAX) {
                throw new IllegalArgumentException(name + " must have 1 to " + TEXT_LENGTH_MAX + " bytes: " + value);
            }
            return bytes;
        }

        public Builder transportSequence(int id) {
            transportSequenceId = checked(id);
            return this;
        }

        public Builder absSendTime(int id) {
            absSendTimeId = checked(id);
            return this;
        }

        /** Sets the id of the client-to-mixer audio level (RFC 6464). Its value comes from the publisher. */
        public Builder audioLevel(int id) {
            audioLevelId = checked(id);
            return this;
        }

        /** Sets the id of {@link VideoContentType}. Its value comes from the publisher. */
        public Builder contentType(int id) {
            contentTypeId = checked(id);
            return this;
        }

        public ExtensionLayout build() {
            int idMax = Math.max(Math.max(midId, transportSequenceId), Math.max(absSendTimeId, audioLevelId));
            idMax = Math.max(idMax, Math.max(contentTypeId, ridId));
            int textMax = Math.max(mid.length, rid.length);
            boolean twoByte = idMax > RtpExtensions.ONE_BYTE_ID_MAX || textMax > RtpExtensions.ONE_BYTE_LENGTH_MAX;
            byte[] block = new byte[RtpHeader.EXTENSION_HEADER_LENGTH_BYTES + 6 * 2 + 2 * TEXT_LENGTH_MAX + 8];
            int at = RtpHeader.EXTENSION_HEADER_LENGTH_BYTES;

            int transportSequenceAt = put(block, at, transportSequenceId, 2, twoByte);
            at = transportSequenceAt == ABSENT ? at : transportSequenceAt + 2;
            int absSendTimeAt = put(block, at, absSendTimeId, 3, twoByte);
            at = absSendTimeAt == ABSENT ? at : absSendTimeAt + 3;
            int audioLevelAt = put(block, at, audioLevelId, 1, twoByte);
            at = audioLevelAt == ABSENT ? at : audioLevelAt + 1;
            int midAt = put(block, at, midId, mid.length, twoByte);
            if (midAt != ABSENT) {
                System.arraycopy(mid, 0, block, midAt, mid.length);
                at = midAt + mid.length;
            }
            int ridAt = put(block, at, ridId, rid.length, twoByte);
            if (ridAt != ABSENT) {
                System.arraycopy(rid, 0, block, ridAt, rid.length);
                at = ridAt + rid.length;
            }
            // The last element, so that a layout with it has the other elements at the offsets of a layout without it.
            int contentTypeAt = put(block, at, contentTypeId, 1, twoByte);
            at = contentTypeAt == ABSENT ? at : contentTypeAt + 1;
            if (at == RtpHeader.EXTENSION_HEADER_LENGTH_BYTES) {
                return new ExtensionLayout(new byte[0], ABSENT, ABSENT, ABSENT, ABSENT);
            }

            int words = (at - RtpHeader.EXTENSION_HEADER_LENGTH_BYTES + 3) / 4;
            int profile = twoByte ? RtpExtensions.TWO_BYTE_PROFILE : RtpExtensions.ONE_BYTE_PROFILE;
            block[0] = (byte) (profile >>> 8);
            block[1] = (byte) profile;
            block[3] = (byte) words;
            return new ExtensionLayout(
                    Arrays.copyOf(block, RtpHeader.EXTENSION_HEADER_LENGTH_BYTES + 4 * words),
                    inPacket(transportSequenceAt),
                    inPacket(absSendTimeAt),
                    inPacket(audioLevelAt),
                    inPacket(contentTypeAt));
        }

        /** Writes an element's head and returns the offset of its data. Returns {@link #ABSENT} if the id is 0. */
        private static int put(byte[] block, int at, int id, int lengthBytes, boolean twoByte) {
            if (id == 0) {
                return ABSENT;
            }
            if (twoByte) {
                block[at] = (byte) id;
                block[at + 1] = (byte) lengthBytes;
                return at + 2;
            }
            block[at] = (byte) ((id << 4) | (lengthBytes - 1));
            return at + 1;
        }

        private static int inPacket(int at) {
            return at == ABSENT ? ABSENT : RtpHeader.FIXED_LENGTH_BYTES + at;
        }

        private static int checked(int id) {
            if (id < 0 || id > ID_MAX) {
                throw new IllegalArgumentException("extension id must be 0 to " + ID_MAX + ": " + id);
            }
            return id;
        }
    }
}
