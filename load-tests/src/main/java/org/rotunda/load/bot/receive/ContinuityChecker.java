package org.rotunda.load.bot.receive;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.rotunda.load.bot.source.FrameStamp;
import org.rotunda.media.codec.Vp8Descriptor;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * Puts the packets of one received stream in order and checks what jitter buffers and decoders rely on: sequence
 * numbers, timestamps, frame boundaries, VP8 picture ids and TL0PICIDX. The stream must begin with a key frame. In
 * streams of bots the checker also checks the {@link FrameStamp} of each frame.
 *
 * <p>The checker waits {@link #HOLE_WAIT_NANOS} for a missing packet and then counts a fault. A ring stores a few
 * numbers of each waiting packet and creates no garbage. Sans-IO; owned by one loop.
 */
public final class ContinuityChecker {
    /**
     * The time that the checker waits for a missing packet. Even on a bad network a packet that is requested by NACK
     * arrives sooner, and a viewer would not accept a longer wait.
     */
    static final long HOLE_WAIT_NANOS = 600_000_000L;

    /**
     * The size of the window in packets, a power of two. The window must hold all packets that arrive within {@link
     * #HOLE_WAIT_NANOS} after a missing packet.
     */
    static final int VIDEO_WINDOW_PACKETS = 512;

    static final int AUDIO_WINDOW_PACKETS = 64;

    private static final int PRESENT = 1;
    private static final int MARKER = 2;
    private static final int START = 4;
    private static final int KEY = 8;
    private static final int EMPTY = 16; // The packet has only padding.
    private static final int BROKEN = 32;
    private static final int STAMPED = 64;
    private static final long NONE = -1;

    private final boolean video;
    private final FaultCounters faults;
    private final String name;
    private final Vp8Descriptor vp8 = new Vp8Descriptor();

    private final int window;
    private final byte[] flags;
    private final int[] timestamps;
    private final int[] sources;
    private final byte[] layers;
    private final int[] frameNumbers;
    // The next four arrays are empty for audio.
    private final short[] pictureIds;
    private final short[] tl0PicIdxs;
    private final byte[] temporalIds;
    private final short[] heights;

    private long next = NONE; // The extended sequence number of the first packet that is not checked yet.
    private long highest = NONE;
    private long holeSinceNanos = Long.MAX_VALUE;
    // True before the first checked packet, and while packets are missing after the last checked packet.
    private boolean gap = true;
    private boolean started; // At least one media packet was checked.
    private boolean decodable;
    private boolean keyInFrame; // The current frame is a key frame.
    private boolean lastMarker = true;
    private int lastTimestamp;
    private int lastPictureId;
    private int lastTl0PicIdx;
    private boolean startMissed; // The bot could not decrypt the first packets.
    private boolean stamped; // A packet with a stamp was checked.
    private boolean keySinceStamp;
    private int lastSource;
    private int lastLayer;
    private int lastFrameNumber;
    private int height;
    private long ownFaults;
    private long packets;
    private long lost;
    private long recovered;
    private long duplicates;
    private long frames;
    private long keyFrames;
    private long frozenFrames;
    private long layerSwitches;
    private long cutFrames;

    /** Creates a checker for one stream; {@code name} names the stream in descriptions of faults. */
    public ContinuityChecker(boolean video, String name, FaultCounters faults) {
        this.video = video;
        this.name = name;
        this.faults = faults;
        window = video ? VIDEO_WINDOW_PACKETS : AUDIO_WINDOW_PACKETS;
        flags = new byte[window];
        timestamps = new int[window];
        sources = new int[window];
        layers = new byte[window];
        frameNumbers = new int[window];
        int pictures = video ? window : 0;
        pictureIds = new short[pictures];
        tl0PicIdxs = new short[pictures];
        temporalIds = new byte[pictures];
        heights = new short[pictures];
    }

    private int slot(long sequence) {
        return (int) sequence & window - 1;
    }

    /**
     * Checks a decrypted packet with a valid header. A packet from the RTX stream must already be restored. The packet
     * is borrowed.
     */
    public void onPacket(ByteBuf packet, long nowNanos) {
        int number = RtpHeader.sequenceNumber(packet);
        packets++;
        if (next == NONE) {
            next = SequenceNumbers.first(number);
            highest = next - 1;
        }
        long sequence = SequenceNumbers.unwrap(number, Math.max(highest, next));
        if (sequence >= next + window || sequence < next - window) {
            fault(ContinuityFault.SEQUENCE_JUMP, sequence, next);
            restartAt(SequenceNumbers.first(number));
            sequence = next;
        }
        int slot = slot(sequence);
        if (sequence < next || ((flags[slot] & PRESENT) != 0 && sequence <= highest)) {
            duplicates++;
            if (sequence >= next && timestamps[slot] != RtpHeader.timestamp(packet)) {
                fault(ContinuityFault.NUMBER_REUSED, sequence, RtpHeader.timestamp(packet));
            }
            return;
        }
        if (sequence < highest) {
            recovered++;
        }
        note(slot, packet);
        highest = Math.max(highest, sequence);
        process();
        watchHole(nowNanos);
    }

    /** Notes that a packet arrived before the bot had its keys. The stream then need not begin with a key frame. */
    public void onUnreadable() {
        startMissed = true;
    }

    /** Counts packets as lost after they have been missing for {@link #HOLE_WAIT_NANOS}. */
    public void onTime(long nowNanos) {
        if (holeSinceNanos == Long.MAX_VALUE || nowNanos - holeSinceNanos < HOLE_WAIT_NANOS) {
            return;
        }
        long from = next;
        while ((flags[slot(next)] & PRESENT) == 0) {
            next++;
        }
        if (isSwitchAt(next)) {
            cutFrames++;
        } else {
            lost += next - from;
            fault(ContinuityFault.GAP, from, next);
        }
        gap = true;
        holeSinceNanos = Long.MAX_VALUE;
        process();
        watchHole(nowNanos);
    }

    /**
     * Returns whether a whole key frame of another source or layer begins at a packet. A router may switch in the
     * middle of a frame of the old layer; it then leaves a hole in place of the packets that it no longer forwards.
     */
    private boolean isSwitchAt(long sequence) {
        if ((flags[slot(sequence)] & KEY) == 0) {
            return false;
        }
        for (long each = sequence; each <= highest; each++) {
            int slot = slot(each);
            if ((flags[slot] & PRESENT) == 0) {
                return false;
            }
            if ((flags[slot] & MARKER) != 0) { // The end of a bot's frame has the stamp.
                boolean isStamped = stamped && (flags[slot] & STAMPED) != 0;
                return isStamped && (sources[slot] != lastSource || layers[slot] != lastLayer);
            }
        }
        return false;
    }

    private void watchHole(long nowNanos) {
        if (highest < next) {
            holeSinceNanos = Long.MAX_VALUE;
        } else if (holeSinceNanos == Long.MAX_VALUE) {
            holeSinceNanos = nowNanos;
        }
    }

    private void restartAt(long sequence) {
        Arrays.fill(flags, (byte) 0);
        next = sequence;
        highest = sequence - 1;
        gap = true;
        holeSinceNanos = Long.MAX_VALUE;
    }

    /** Stores the parts of a packet that the checks need. */
    private void note(int slot, ByteBuf packet) {
        int length = RtpHeader.isPaddingValid(packet) ? RtpHeader.payloadLengthBytes(packet) : -1;
        int payload = packet.readerIndex() + RtpHeader.lengthBytes(packet);
        int bits = PRESENT | (RtpHeader.marker(packet) ? MARKER : 0);
        timestamps[slot] = RtpHeader.timestamp(packet);
        if (length < 0) {
            bits |= BROKEN;
        } else if (length == 0) {
            bits |= EMPTY;
        } else {
            if (video) {
                bits |= noteVp8(slot, packet, payload, length);
            }
            if (FrameStamp.isAt(packet, payload, payload + length)) {
                bits |= STAMPED;
                sources[slot] = FrameStamp.source(packet, payload + length);
                layers[slot] = (byte) FrameStamp.layer(packet, payload + length);
                frameNumbers[slot] = FrameStamp.frame(packet, payload + length);
            }
        }
        flags[slot] = (byte) bits;
    }

    private int noteVp8(int slot, ByteBuf packet, int payload, int length) {
        if (!vp8.parse(packet, payload, length)) {
            return BROKEN;
        }
        pictureIds[slot] = (short) vp8.pictureId();
        tl0PicIdxs[slot] = (short) vp8.tl0PicIdx();
        temporalIds[slot] = (byte) vp8.temporalId();
        heights[slot] = (short) vp8.height();
        return (vp8.isFrameStart() ? START : 0) | (vp8.isKeyFrameStart() ? KEY : 0);
    }

    private void process() {
        while (next <= highest) {
            int slot = slot(next);
            int bits = flags[slot];
            if ((bits & PRESENT) == 0) {
                return;
            }
            flags[slot] = 0;
            holeSinceNanos = Long.MAX_VALUE;
            if ((bits & BROKEN) != 0) {
                fault(ContinuityFault.MALFORMED, next, 0);
            } else if ((bits & EMPTY) == 0) {
                check(slot, bits);
                gap = false;
            }
            next++;
        }
    }

    private void check(int slot, int bits) {
        if (video) {
            checkVideo(slot, bits);
        } else {
            checkAudio(slot);
        }
        if ((bits & STAMPED) != 0) {
            checkStamp(slot);
        }
        started = true;
        lastTimestamp = timestamps[slot];
    }

    private void checkAudio(int slot) {
        if (started && timestamps[slot] - lastTimestamp <= 0) {
            fault(ContinuityFault.TIMESTAMP_BACK, Integer.toUnsignedLong(timestamps[slot]), lastTimestamp);
        }
        frames++;
    }

    private void checkVideo(int slot, int bits) {
        boolean start = (bits & START) != 0;
        boolean key = (bits & KEY) != 0;
        if (!started && !key && !startMissed) {
            fault(ContinuityFault.FIRST_NOT_KEY, next, temporalIds[slot]);
        }
        boolean isNewFrame = gap ? timestamps[slot] != lastTimestamp || !started : lastMarker;
        if (started) {
            checkFrameBounds(slot, start, isNewFrame);
        }
        if (started && !gap) {
            checkPicture(slot, isNewFrame);
        }
        if (gap) {
            decodable = false;
        }
        if (start) {
            keyInFrame = key;
            decodable |= key;
            keySinceStamp |= key;
            height = key && heights[slot] > 0 ? heights[slot] : height;
        }
        lastMarker = (bits & MARKER) != 0;
        if (lastMarker) {
            frames++;
            keyFrames += keyInFrame ? 1 : 0;
            frozenFrames += decodable ? 0 : 1;
            keyInFrame = false;
        }
        lastPictureId = pictureIds[slot];
        lastTl0PicIdx = tl0PicIdxs[slot];
    }

    private void checkFrameBounds(int slot, boolean start, boolean isNewFrame) {
        int step = timestamps[slot] - lastTimestamp;
        if (isNewFrame ? step <= 0 : step < 0) {
            fault(ContinuityFault.TIMESTAMP_BACK, Integer.toUnsignedLong(timestamps[slot]), lastTimestamp);
        } else if (!gap && !isNewFrame && step != 0) {
            fault(start ? ContinuityFault.FRAME_CUT : ContinuityFault.TIMESTAMP_SPLIT, next, step);
        } else if (!gap && isNewFrame != start) {
            fault(ContinuityFault.FRAME_CUT, next, step);
        }
    }

    private void checkPicture(int slot, boolean isNewFrame) {
        int pictureId = pictureIds[slot];
        if (pictureId != Vp8Descriptor.ABSENT && lastPictureId != Vp8Descriptor.ABSENT) {
            int step = pictureId - lastPictureId & Vp8Descriptor.PICTURE_ID_MASK;
            if (step != (isNewFrame ? 1 : 0)) {
                fault(ContinuityFault.PICTURE_ID, pictureId, lastPictureId);
            }
        }
        int tl0PicIdx = tl0PicIdxs[slot];
        if (tl0PicIdx != Vp8Descriptor.ABSENT && lastTl0PicIdx != Vp8Descriptor.ABSENT) {
            int step = tl0PicIdx - lastTl0PicIdx & 0xFF;
            if (step != (isNewFrame && temporalIds[slot] <= 0 ? 1 : 0)) {
                fault(ContinuityFault.TL0_PIC_IDX, tl0PicIdx, lastTl0PicIdx);
            }
        }
    }

    private void checkStamp(int slot) {
        if (stamped) {
            boolean isOther = sources[slot] != lastSource || layers[slot] != lastLayer;
            if (isOther && sources[slot] == lastSource) {
                layerSwitches++;
            }
            if (video && isOther && !keySinceStamp && !gap) {
                fault(ContinuityFault.SWITCH_WITHOUT_KEY, layers[slot], lastLayer);
            }
            if (!isOther && frameNumbers[slot] - lastFrameNumber <= 0) {
                fault(ContinuityFault.FRAME_REPEATED, frameNumbers[slot], lastFrameNumber);
            }
        }
        stamped = true;
        keySinceStamp = false;
        lastSource = sources[slot];
        lastLayer = layers[slot];
        lastFrameNumber = frameNumbers[slot];
    }

    private void fault(ContinuityFault kind, long is, long was) {
        faults.count(kind);
        ownFaults++;
        if (faults.wantsDetail()) {
            faults.detail(name + ": " + kind + " at packet " + (next & 0xFFFF) + ", frame " + frames + ": " + is
                    + " after " + was);
        }
    }

    /** Returns the number of faults of this stream; the {@link FaultCounters} may cover several streams. */
    public long faults() {
        return ownFaults;
    }

    /** Returns the number of packets received. */
    public long packets() {
        return packets;
    }

    /** Returns the number of packets that never arrived. */
    public long lost() {
        return lost;
    }

    /** Returns the number of packets that arrived after newer packets, because they were resent or reordered. */
    public long recovered() {
        return recovered;
    }

    public long duplicates() {
        return duplicates;
    }

    /** Returns the number of video frames whose last packet arrived, or the number of audio packets. */
    public long frames() {
        return frames;
    }

    public long keyFrames() {
        return keyFrames;
    }

    /**
     * Returns the number of frames that a decoder could not have decoded. Such a frame comes after a gap or the start
     * of the stream, and before the next key frame.
     */
    public long frozenFrames() {
        return frozenFrames;
    }

    /** Returns whether a decoder could decode the next frame. */
    public boolean isDecodable() {
        return !video || decodable;
    }

    /** Returns the number of switches between simulcast layers of one source; known only for streams of bots. */
    public long layerSwitches() {
        return layerSwitches;
    }

    /**
     * Returns the number of times that a switch to another source or layer left packets of the old one out. A viewer
     * misses nothing, because the switch begins with a whole picture; known only for streams of bots.
     */
    public long cutFrames() {
        return cutFrames;
    }

    /** Returns the picture height of the last key frame; 0 before the first key frame. */
    public int height() {
        return height;
    }
}
