package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Vp8Descriptor;
import org.rotunda.media.feedback.NtpTime;
import org.rotunda.media.feedback.ReceptionStatistics;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.rtp.VideoContentType;

/**
 * One SSRC that a simulated peer receives. It requests missing packets, puts packets in order, and checks for faults
 * that would disturb a decoder. Sequence numbers, timestamps and picture ids must look like those of a single encoder.
 */
public final class ReceivedStream {
    /** The longest time to wait for the missing packets of an incomplete picture. */
    private static final long HOLE_WAIT_NANOS = 600_000_000L;

    private static final long NACK_INTERVAL_NANOS = 60_000_000L;
    private static final int NACKS_MAX = 10;
    private static final int HASHES = 2048;
    private static final int UNKNOWN = -1;

    private static final class Hole {
        final long sinceNanos;
        long nackedNanos;
        int nacks;

        Hole(long nowNanos) {
            sinceNanos = nowNanos;
            nackedNanos = Long.MIN_VALUE / 2;
        }
    }

    private final int ssrc;
    private final String trackId;
    private final boolean video;
    private final ReceptionStatistics statistics;
    private final TreeMap<Long, ByteBuf> waiting = new TreeMap<>();
    private final TreeMap<Long, Hole> holes = new TreeMap<>();
    private final int[] hashes = new int[HASHES];
    private final List<String> violations = new ArrayList<>();
    private final List<Stamp> frames = new ArrayList<>();
    private final Vp8Descriptor vp8 = new Vp8Descriptor();
    private long next = UNKNOWN; // The first extended sequence number that is not processed yet.
    private long highest = UNKNOWN;
    private long packets;
    private long screenMarks;
    private long duplicates;
    private long recovered;
    private long lost;
    private long undecodable;
    private long delayNanosMax;
    private long padding;
    private long paddedPackets;
    private int digest;
    private boolean gap = true; // True before the first packet and after a missing packet.
    private boolean decodable;
    private @Nullable Stamp last;
    private int lastTimestamp;
    private int lastPictureId;
    private int lastTl0PicIdx;
    private int reference;
    private long undecodableSinceNanos = Long.MAX_VALUE;
    private long reportNtp;
    private int reportRtp;
    private boolean reported;

    ReceivedStream(int ssrc, String trackId, boolean video) {
        this.ssrc = ssrc;
        this.trackId = trackId;
        this.video = video;
        this.statistics = new ReceptionStatistics(ssrc, clockRateHz());
    }

    public int ssrc() {
        return ssrc;
    }

    public String trackId() {
        return trackId;
    }

    public boolean isVideo() {
        return video;
    }

    private int clockRateHz() {
        return video ? 90_000 : 48_000;
    }

    ReceptionStatistics statistics() {
        return statistics;
    }

    /**
     * Returns the faults that would have disturbed a decoder or a jitter buffer. The list is empty if there were no
     * faults.
     */
    public List<String> violations() {
        return violations;
    }

    /**
     * Returns the stamps of all complete and decodable frames, in order. The stamp is that of the frame's last packet.
     */
    public List<Stamp> frames() {
        return frames;
    }

    /** Returns the stamp of the last complete frame. Throws if there is no such frame. */
    public Stamp lastFrame() {
        return frames.get(frames.size() - 1);
    }

    public long packets() {
        return packets;
    }

    /** Returns the number of packets that said that the video is a shared screen. */
    public long screenMarks() {
        return screenMarks;
    }

    public long duplicates() {
        return duplicates;
    }

    /** Returns the number of missing packets that came later. */
    public long recovered() {
        return recovered;
    }

    /** Returns the number of missing packets that were given up. */
    public long lost() {
        return lost;
    }

    /** Returns the number of packets that came in order but could not be decoded. */
    public long undecodable() {
        return undecodable;
    }

    public boolean isReported() {
        return reported;
    }

    /**
     * Returns the sender's wall clock in nanoseconds at the last frame, computed from the router's last sender report.
     * Requires {@link #isReported}.
     */
    public long wallClockNanosOfLastFrame() {
        int ticks = lastTimestamp - reportRtp; // The difference wraps modulo 2^32, like timestamps.
        return NtpTime.differenceNanos(reportNtp, NtpTime.ofUnixNanos(0)) + ticks * 1_000_000_000L / clockRateHz();
    }

    void onSenderReport(long ntp, int rtp, long nowNanos) {
        statistics.onSenderReport(ntp, nowNanos);
        reportNtp = ntp;
        reportRtp = rtp;
        reported = true;
    }

    /** Returns the longest time from the capture to the arrival of a packet, without packets that came by RTX. */
    public long delayNanosMax() {
        return delayNanosMax;
    }

    /** Returns the number of packets without media. */
    public long padding() {
        return padding;
    }

    /** Returns the number of packets with media and padding. */
    public long paddedPackets() {
        return paddedPackets;
    }

    /** Returns a hash over numbers, timestamps, markers and payloads of all packets, in the order of their numbers. */
    public int digest() {
        return digest;
    }

    /** Forgets the delays so far. */
    public void forgetDelays() {
        delayNanosMax = 0;
    }

    void onPacket(ByteBuf packet, boolean viaRtx, long nowNanos) {
        Stamp arrived = viaRtx || RtpHeader.payloadLengthBytes(packet) == 0 ? null : Stamp.of(packet);
        if (arrived != null) {
            delayNanosMax = Math.max(delayNanosMax, nowNanos - arrived.captureNanos());
        }
        int number = RtpHeader.sequenceNumber(packet);
        long sequence = highest == UNKNOWN ? (1L << 16) + number : highest + (short) (number - (int) highest);
        packets++;
        if (VideoContentType.isScreen(VideoContentType.read(packet, PeerSdp.CONTENT_TYPE_ID))) {
            screenMarks++;
        }
        if (RtpHeader.paddingLengthBytes(packet) > 0 && RtpHeader.payloadLengthBytes(packet) > 0) {
            paddedPackets++;
        }
        if (!viaRtx) {
            statistics.onPacket(number, RtpHeader.timestamp(packet), nowNanos);
        }
        if (next == UNKNOWN) {
            next = sequence;
        }
        int hash = Arrays.hashCode(ByteBufUtil.getBytes(
                packet, packet.readerIndex() + RtpHeader.lengthBytes(packet), RtpHeader.payloadLengthBytes(packet)));
        if (sequence < next || waiting.containsKey(sequence)) {
            duplicates++;
            if (sequence > highest - HASHES && hashes[(int) sequence & (HASHES - 1)] != hash && isKnown(sequence)) {
                violations.add("two packets with number " + number);
            }
            return;
        }
        hashes[(int) sequence & (HASHES - 1)] = hash;
        for (long missing = Math.max(highest + 1, next); highest != UNKNOWN && missing < sequence; missing++) {
            holes.put(missing, new Hole(nowNanos));
        }
        if (holes.remove(sequence) != null) {
            recovered++;
        }
        highest = Math.max(highest, sequence);
        waiting.put(sequence, packet.copy());
        process();
    }

    private boolean isKnown(long sequence) {
        return sequence >= (1L << 16) && hashes[(int) sequence & (HASHES - 1)] != 0;
    }

    /** Gives up the packets that have been missing for too long, and requests the other missing packets. */
    void onTime(long nowNanos, IntConsumer nack) {
        while (!holes.isEmpty() && nowNanos - holes.firstEntry().getValue().sinceNanos > HOLE_WAIT_NANOS) {
            holes.pollFirstEntry();
            lost++;
        }
        if (!waiting.isEmpty()
                && waiting.firstKey() > next
                && holes.headMap(waiting.firstKey()).isEmpty()) {
            next = waiting.firstKey();
            gap = true;
            process();
        }
        holes.forEach((sequence, hole) -> {
            if (hole.nacks < NACKS_MAX && nowNanos - hole.nackedNanos >= NACK_INTERVAL_NANOS) {
                hole.nacks++;
                hole.nackedNanos = nowNanos;
                nack.accept((int) (sequence & 0xFFFF));
            }
        });
    }

    /** Returns whether a decoder has waited for a key frame for at least {@code limitNanos}. */
    boolean isStuck(long nowNanos, long limitNanos) {
        if (!video || decodable || packets == 0) {
            undecodableSinceNanos = Long.MAX_VALUE;
            return false;
        }
        undecodableSinceNanos = Math.min(undecodableSinceNanos, nowNanos);
        if (nowNanos - undecodableSinceNanos < limitNanos) {
            return false;
        }
        undecodableSinceNanos = nowNanos;
        return true;
    }

    private void process() {
        while (!waiting.isEmpty() && waiting.firstKey() == next) {
            ByteBuf packet = waiting.pollFirstEntry().getValue();
            digest = 31 * digest + digestOf(packet);
            next++;
            check(packet);
            gap = false;
            packet.release();
        }
    }

    private static int digestOf(ByteBuf packet) {
        byte[] payload = ByteBufUtil.getBytes(
                packet, packet.readerIndex() + RtpHeader.lengthBytes(packet), RtpHeader.payloadLengthBytes(packet));
        return Arrays.hashCode(new int[] {
            RtpHeader.sequenceNumber(packet),
            RtpHeader.timestamp(packet),
            RtpHeader.marker(packet) ? 1 : 0,
            Arrays.hashCode(payload)
        });
    }

    private void check(ByteBuf packet) {
        if (RtpHeader.payloadLengthBytes(packet) == 0) {
            padding++;
            if (last != null && video && !last.isLast()) {
                violations.add("padding within a frame: after " + last);
            }
            return;
        }
        Stamp stamp = Stamp.of(packet);
        if (stamp == null) {
            violations.add("a packet without a stamp");
            return;
        }
        Stamp before = last;
        int timestamp = RtpHeader.timestamp(packet);
        boolean isNewFrame = before == null
                || before.frame() != stamp.frame()
                || before.encoding() != stamp.encoding()
                || before.source() != stamp.source()
                || stamp.captureNanos() != before.captureNanos();
        if (before != null) {
            if (isNewFrame && timestamp - lastTimestamp <= 0) {
                violations.add("timestamp not after the last: " + stamp + " after " + before);
            } else if (!isNewFrame && timestamp != lastTimestamp) {
                violations.add("timestamp changes within a frame: " + stamp);
            }
            if (!gap && isNewFrame != (stamp.part() == 0)) {
                violations.add("not the next packet: " + stamp + " after " + before);
            } else if (!gap && isNewFrame && !before.isLast() && video) {
                violations.add("a frame was cut: " + before + " before " + stamp);
            }
        }
        if (video) {
            checkPicture(packet, stamp, isNewFrame);
        }
        decode(stamp);
        last = stamp;
        lastTimestamp = timestamp;
    }

    private void checkPicture(ByteBuf packet, Stamp stamp, boolean isNewFrame) {
        if (RtpHeader.payloadType(packet) != PeerSdp.VP8) {
            return;
        }
        int payload = packet.readerIndex() + RtpHeader.lengthBytes(packet);
        if (!vp8.parse(packet, payload, RtpHeader.payloadLengthBytes(packet))) {
            violations.add("no VP8: " + stamp);
            return;
        }
        if (last != null && !gap) {
            int step = (vp8.pictureId() - lastPictureId) & 0x7FFF;
            if (step != (isNewFrame ? 1 : 0)) {
                violations.add("picture id steps by " + step + ": " + stamp + " after " + last);
            }
            int tl0Step = (vp8.tl0PicIdx() - lastTl0PicIdx) & 0xFF;
            if (tl0Step != (isNewFrame && stamp.temporalId() == 0 ? 1 : 0)) {
                violations.add("TL0PICIDX steps by " + tl0Step + ": " + stamp + " after " + last);
            }
        }
        lastPictureId = vp8.pictureId();
        lastTl0PicIdx = vp8.tl0PicIdx();
    }

    private void decode(Stamp stamp) {
        Stamp before = last;
        if (!video) {
            frames.add(stamp);
            return;
        }
        if (gap) {
            decodable = false;
        }
        if (stamp.isKeyFrame() && stamp.part() == 0) {
            decodable = true;
            reference = stamp.base();
        } else if (decodable && before != null) {
            boolean isSameSource = before.source() == stamp.source() && before.encoding() == stamp.encoding();
            if (stamp.part() == 0 && stamp.temporalId() == 0) {
                decodable = isSameSource && stamp.base() == reference + 1;
                reference = stamp.base();
            } else {
                decodable = isSameSource && stamp.base() == reference;
            }
        }
        if (!decodable) {
            undecodable++;
        } else if (stamp.isLast()) {
            frames.add(stamp);
        }
    }

    void close() {
        waiting.values().forEach(ByteBuf::release);
        waiting.clear();
    }

    @Override
    public String toString() {
        return trackId + " (" + Integer.toUnsignedString(ssrc) + "): " + packets + " packets, " + frames.size()
                + " frames, "
                + recovered + " recovered, " + lost + " lost, " + undecodable + " undecodable, " + duplicates
                + " duplicates";
    }
}
