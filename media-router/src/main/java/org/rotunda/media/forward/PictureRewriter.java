package org.rotunda.media.forward;

import java.util.Arrays;
import org.rotunda.media.codec.Vp8Descriptor;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * Renumbers the pictures of VP8 (RFC 7741 §4.2) so that the egress stream looks as if it came from one encoder. The
 * picture ids have no gaps where we dropped frames, and TL0PICIDX does not jump where the source changed.
 *
 * <p>The decision to forward or drop holds for a whole picture. The last 64 decisions are remembered, for late packets
 * and for the rest of a frame.
 */
final class PictureRewriter {
    static final int PICTURES = 64; // A power of two. 64 pictures are two seconds at 30 fps.
    static final int UNKNOWN = -1;
    static final int DROPPED = -2;

    private static final int PICTURE_ID_BITS = 15;
    private static final long NOTHING = Long.MIN_VALUE;

    private final long[] pictures = new long[PICTURES]; // Extended ingress picture ids.
    private final int[] decisions = new int[PICTURES]; // The egress picture id, or DROPPED.

    private long highest = NOTHING;
    private long offset; // Ingress minus egress picture id, for the next new picture.
    private long lastPicture; // The highest extended egress picture id that was given or reserved.
    private int tl0Offset; // Ingress minus egress TL0PICIDX.
    private int lastTl0;

    PictureRewriter(int initialPictureId, int initialTl0PicIdx) {
        Arrays.fill(pictures, NOTHING);
        lastPicture = (1L << PICTURE_ID_BITS) + (initialPictureId & Vp8Descriptor.PICTURE_ID_MASK) - 1;
        lastTl0 = (initialTl0PicIdx - 1) & 0xFF;
    }

    /** Begins a new source, or the same source after a pause. The packet must start a key frame. */
    void rebase(SourcePacket packet) {
        rebase(packet.pictureId());
        if (packet.tl0PicIdx() != Vp8Descriptor.ABSENT) {
            tl0Offset = packet.tl0PicIdx() - (lastTl0 + 1);
        }
    }

    private void rebase(int pictureId) {
        Arrays.fill(pictures, NOTHING);
        if (pictureId == Vp8Descriptor.ABSENT) {
            highest = NOTHING;
            return;
        }
        long picture = (1L << PICTURE_ID_BITS) + pictureId;
        highest = picture - 1;
        offset = picture - (lastPicture + 1);
    }

    /** Returns whether the newest packet belongs to a new picture, so that its temporal layer must be checked. */
    boolean isNewPicture(SourcePacket packet) {
        return highest == NOTHING || extend(packet.pictureId()) != highest;
    }

    /**
     * Returns the egress picture id for the newest packet so far, or {@link #DROPPED}.
     *
     * @param isLossBefore true if packets before this packet are missing; whole pictures may be missing with them, so
     *     picture ids are reserved
     * @param isWanted whether to forward the packet's picture; ignored if the picture was already decided
     */
    int onNewest(SourcePacket packet, boolean isLossBefore, boolean isWanted) {
        if (highest == NOTHING || extend(packet.pictureId()) < highest) {
            rebase(packet.pictureId()); // Picture ids appeared, or the encoder restarted within its stream.
        }
        long picture = extend(packet.pictureId());
        if (picture > highest) {
            if (isLossBefore) {
                reserveUpTo(picture);
            } else {
                offset += picture - highest - 1; // No packet is missing, so the publisher skipped numbers.
            }
            highest = picture;
            if (isWanted) {
                lastPicture = picture - offset;
                set(picture, (int) lastPicture & Vp8Descriptor.PICTURE_ID_MASK);
            } else {
                set(picture, DROPPED);
                offset++;
            }
        }
        return lookUp(picture);
    }

    /** Returns the egress picture id for a packet that is not the newest, or {@link #DROPPED} or {@link #UNKNOWN}. */
    int onLate(SourcePacket packet) {
        return highest == NOTHING ? UNKNOWN : lookUp(extend(packet.pictureId()));
    }

    /** Returns the egress TL0PICIDX. Dropped frames of higher layers do not change it. */
    int tl0PicIdx(SourcePacket packet, boolean isNewest) {
        if (packet.tl0PicIdx() == Vp8Descriptor.ABSENT) {
            return Vp8Descriptor.ABSENT;
        }
        int egress = (packet.tl0PicIdx() - tl0Offset) & 0xFF;
        if (isNewest) {
            lastTl0 = egress;
        }
        return egress;
    }

    private void reserveUpTo(long picture) {
        for (long missing = Math.max(highest + 1, picture - PICTURES + 1); missing < picture; missing++) {
            set(missing, (int) (missing - offset) & Vp8Descriptor.PICTURE_ID_MASK);
        }
        lastPicture = picture - 1 - offset;
    }

    private int lookUp(long picture) {
        int slot = (int) picture & (PICTURES - 1);
        return pictures[slot] == picture ? decisions[slot] : UNKNOWN;
    }

    private void set(long picture, int decision) {
        int slot = (int) picture & (PICTURES - 1);
        pictures[slot] = picture;
        decisions[slot] = decision;
    }

    private long extend(int pictureId) {
        return SequenceNumbers.unwrap(pictureId, highest, PICTURE_ID_BITS);
    }
}
