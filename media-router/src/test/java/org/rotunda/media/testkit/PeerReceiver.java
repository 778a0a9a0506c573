package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rotunda.media.feedback.RtxReceiver;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.sdp.SessionDescription;

/** The receiving side of a peer: the announced streams and their packets. */
final class PeerReceiver {
    private final Map<Integer, ReceivedStream> streams = new LinkedHashMap<>();
    private final RtxReceiver rtx = new RtxReceiver();
    private final Map<Integer, Integer> firstRtxNumbers = new HashMap<>(); // The key is the SSRC of the RTX stream.
    private long unknownSsrcs;
    private long rtxPackets;

    /** Stores the streams of the lines on which the router sends a track. */
    void onApplied(SessionDescription description, List<PeerLine<PublishedTrack>> lines) {
        Map<String, MediaSection> byMid = new HashMap<>();
        for (MediaSection section : description.media()) {
            String mid = section.mid();
            if (mid != null) {
                byMid.put(mid, section);
            }
        }
        for (PeerLine<PublishedTrack> line : lines) {
            MediaSection section = line.mid == null ? null : byMid.get(line.mid);
            if (section != null && line.receivedTrackId != null) {
                describe(line.receivedTrackId, section);
            }
        }
        for (int payloadType : new int[] {PeerSdp.VP8, PeerSdp.H264}) {
            rtx.mapPayloadType(PeerSdp.rtxPayloadType(payloadType), payloadType);
        }
    }

    private void describe(String trackId, MediaSection section) {
        for (AnnouncedStream stream : AnnouncedStream.of(section)) {
            if (stream.rtxSsrc() != 0) {
                rtx.mapStream(stream.rtxSsrc(), stream.ssrc());
            }
            streams.computeIfAbsent(
                    stream.ssrc(), ssrc -> new ReceivedStream(ssrc, trackId, section.kind() == MediaKind.VIDEO));
        }
    }

    /** Handles a decrypted packet of the router. */
    void onRtp(ByteBuf packet, long nowNanos) {
        boolean viaRtx = rtx.isRtx(RtpHeader.ssrc(packet));
        if (viaRtx) {
            rtxPackets++;
            firstRtxNumbers.putIfAbsent(RtpHeader.ssrc(packet), RtpHeader.sequenceNumber(packet));
        }
        if (viaRtx && rtx.restore(packet) != RtxReceiver.Outcome.RESTORED) {
            return;
        }
        ReceivedStream stream = streams.get(RtpHeader.ssrc(packet));
        if (stream == null) {
            unknownSsrcs++;
        } else {
            stream.onPacket(packet, viaRtx, nowNanos);
        }
    }

    /** Returns all streams that were ever described. The key is the SSRC. */
    Map<Integer, ReceivedStream> streams() {
        return streams;
    }

    /** Returns the stream that carries this track now. Throws if there is no such stream. */
    ReceivedStream stream(String trackId) {
        ReceivedStream latest = null;
        for (ReceivedStream stream : streams.values()) {
            latest = stream.trackId().equals(trackId) ? stream : latest;
        }
        if (latest == null) {
            throw new AssertionError("no track " + trackId + " is sent, but " + streams.values());
        }
        return latest;
    }

    /** Returns the sequence number of the first packet of each RTX stream. */
    Collection<Integer> firstRtxNumbers() {
        return firstRtxNumbers.values();
    }

    long rtxPackets() {
        return rtxPackets;
    }

    long unknownSsrcs() {
        return unknownSsrcs;
    }

    void close() {
        streams.values().forEach(ReceivedStream::close);
    }
}
