package org.rotunda.media.testkit;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One SSRC that a simulated peer sends, with its counters. */
public final class PublishedStream implements PeerTrack.Stream {
    private static final int KEPT = 1024;

    private final byte[] @Nullable [] kept = new byte[KEPT][];
    private final int[] keptNumbers = new int[KEPT];
    private final int ssrc;
    private final int rtxSsrc;
    private final int timestampBase;
    int sequenceNumber;
    int rtxSequenceNumber;
    int pictureId;
    int tl0PicIdx;
    int frame;
    int base;
    int patternAt;
    boolean keyFrameWanted = true;
    boolean enabled = true;
    long packets;
    long octets;
    int lastTimestamp;
    private long keyFrames;
    private long keyFrameRequests;
    private long resent;

    PublishedStream(RandomGenerator random) {
        ssrc = random.nextInt() | 1; // The SSRC is never zero.
        rtxSsrc = ssrc + 1;
        timestampBase = random.nextInt();
        // The first number is in the lower half, so that early loss cannot confuse SRTP's roll-over counter.
        sequenceNumber = random.nextInt(1 << 15);
        rtxSequenceNumber = random.nextInt(1 << 15);
        pictureId = 0x7FFF - random.nextInt(60);
        tl0PicIdx = 255 - random.nextInt(10);
    }

    @Override
    public int ssrc() {
        return ssrc;
    }

    @Override
    public int rtxSsrc() {
        return rtxSsrc;
    }

    /** Returns the number of key frames sent. */
    public long keyFrames() {
        return keyFrames;
    }

    void onKeyFrame() {
        keyFrames++;
    }

    /** Returns the number of PLIs received for this SSRC. */
    public long keyFrameRequests() {
        return keyFrameRequests;
    }

    void onKeyFrameRequest() {
        keyFrameRequests++;
    }

    /**
     * Returns how often the router has asked for a packet that this stream still kept. The peer resends the packet only
     * if the track has RTX.
     */
    public long resent() {
        return resent;
    }

    int timestampAt(long nanos, int clockRateHz) {
        return timestampBase + (int) (nanos / 1_000 * (clockRateHz / 1_000) / 1_000);
    }

    void keep(int number, byte[] packet) {
        kept[number & (KEPT - 1)] = packet;
        keptNumbers[number & (KEPT - 1)] = number;
    }

    byte @Nullable [] resend(int number) {
        byte[] packet = keptNumbers[number & (KEPT - 1)] == number ? kept[number & (KEPT - 1)] : null;
        if (packet != null) {
            resent++;
        }
        return packet;
    }
}
