package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.feedback.RtcpReporter;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.srtp.SrtpSession;
import org.rotunda.media.testkit.PeerSdp;

/**
 * The tracks that one bot sends. Answers the router's NACKs and key-frame requests. Owned by the loop of its {@link
 * BotMedia}.
 */
final class BotSender implements BotTrack.Sink {
    private final MediaCounters counters;
    private final RtcpReporter reporter;
    private final BotMedia.Environment environment;
    private final Consumer<ByteBuf> rtpOut;
    private final List<BotTrack> tracks = new ArrayList<>();
    private int transportSequence;

    /**
     * Creates a sender without tracks.
     *
     * @param reporter the reporter to which the sender adds and removes its streams
     * @param rtpOut protects and sends a packet, which it borrows
     */
    BotSender(
            MediaCounters counters, RtcpReporter reporter, BotMedia.Environment environment, Consumer<ByteBuf> rtpOut) {
        this.counters = counters;
        this.reporter = reporter;
        this.environment = environment;
        this.rtpOut = rtpOut;
    }

    List<BotTrack> tracks() {
        return tracks;
    }

    /**
     * Sends these tracks from now on, and removes all other tracks. The streams of removed tracks are also removed from
     * the SRTP session if there is one.
     */
    void replaceTracks(List<BotTrack> sending, @Nullable SrtpSession session) {
        for (BotTrack track : tracks) {
            if (!sending.contains(track)) {
                track.setExtensions(null);
                track.streams().forEach(stream -> forgetOutbound(stream, session));
                counters.addTrack(track);
                track.close();
            }
        }
        for (BotTrack track : sending) {
            if (!tracks.contains(track)) {
                track.streams().forEach(stream -> reporter.addSender(stream.statistics(), stream));
            }
        }
        tracks.clear();
        tracks.addAll(sending);
    }

    /** Removes a stream from the reporter and the session. The session holds only a bounded number of SSRCs. */
    private void forgetOutbound(OutgoingStream stream, @Nullable SrtpSession session) {
        reporter.removeSender(stream.ssrc());
        if (session != null) {
            session.forgetOutbound(stream.ssrc());
            session.forgetOutbound(stream.rtxSsrc());
        }
    }

    /** Lets the tracks send the packets that are due. Called at every tick of the loop. */
    void onTime(long nowNanos) {
        for (int i = 0; i < tracks.size(); i++) {
            BotTrack track = tracks.get(i);
            if (track.nextDeadlineNanos() <= nowNanos) {
                track.onTime(nowNanos, this);
            }
        }
    }

    void onReportBlock(int mediaSsrc, RtcpCompound report, int block, long nowNanos) {
        OutgoingStream stream = outgoing(mediaSsrc);
        if (stream != null) {
            stream.statistics().onReportBlock(report, block, nowNanos);
        }
    }

    /** Resends a packet on the RTX stream if the history still holds the packet. */
    void onNack(int mediaSsrc, int sequenceNumber, long nowNanos) {
        counters.nacksIn++;
        for (BotTrack track : tracks) {
            List<OutgoingStream> streams = track.streams();
            TrackExtensions extensions = track.extensions();
            for (int i = 0; i < streams.size() && extensions != null; i++) {
                ByteBuf packet = streams.get(i).ssrc() == mediaSsrc
                        ? streams.get(i).history().get(sequenceNumber, nowNanos)
                        : null;
                if (packet != null) {
                    resend(packet, streams.get(i), extensions.ofResends(i));
                }
            }
        }
    }

    private void resend(ByteBuf packet, OutgoingStream stream, ExtensionLayout extensions) {
        counters.resent++;
        int header = RtpHeader.lengthBytes(packet);
        ByteBuf out = newPacket();
        out.writeBytes(packet, packet.readerIndex(), RtpHeader.FIXED_LENGTH_BYTES);
        extensions.writeTo(out); // The values in it are set when the packet is sent.
        out.writeShort(RtpHeader.sequenceNumber(packet));
        out.writeBytes(packet, packet.readerIndex() + header, packet.readableBytes() - header);
        RtpHeader.setPayloadType(out, PeerSdp.rtxPayloadType(RtpHeader.payloadType(packet)));
        RtpHeader.setSsrc(out, stream.rtxSsrc());
        RtpHeader.setSequenceNumber(out, stream.takeRtxSequenceNumber());
        send(out, extensions);
        out.release();
    }

    void onPli(int mediaSsrc, long nowNanos) {
        counters.plisIn++;
        for (BotTrack track : tracks) {
            for (OutgoingStream stream : track.streams()) {
                if (stream.ssrc() == mediaSsrc) {
                    track.onKeyFrameRequest(nowNanos);
                }
            }
        }
    }

    private @Nullable OutgoingStream outgoing(int ssrc) {
        for (BotTrack track : tracks) {
            for (OutgoingStream stream : track.streams()) {
                if (stream.ssrc() == ssrc) {
                    return stream;
                }
            }
        }
        return null;
    }

    @Override
    public ByteBuf newPacket() {
        return environment.loop().allocator().heapBuffer(BotLoop.PACKET_BYTES);
    }

    @Override
    public void send(ByteBuf packet, ExtensionLayout extensions) {
        extensions.setTransportSequence(packet, transportSequence++ & 0xFFFF);
        if (extensions.absSendTimeOffset() != ExtensionLayout.ABSENT) {
            extensions.setAbsSendTime(packet, absSendTime());
        }
        rtpOut.accept(packet);
    }

    /** Returns the wall-clock time in seconds as a 6.18 fixed-point number. */
    private int absSendTime() {
        long unixNanos = environment.unixMinusMonotonicNanos() + System.nanoTime();
        long seconds = unixNanos / 1_000_000_000L;
        long fraction = (unixNanos % 1_000_000_000L << 18) / 1_000_000_000L;
        return (int) (seconds << 18 | fraction) & 0xFF_FFFF;
    }
}
