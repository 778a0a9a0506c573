package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.random.RandomGenerator;
import org.rotunda.load.bot.source.Speech;
import org.rotunda.media.rtp.AudioLevel;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.testkit.PeerSdp;

/**
 * An Opus track. It sends a packet every 20 ms during speech, and in silence it uses DTX unless the script turns DTX
 * off.
 */
final class AudioOut extends BotTrack {
    private static final long PACKET_NANOS = 20_000_000L;

    /** The number of silent frames after which DTX sends another packet, as in libopus. */
    private static final int REFRESH_PACKETS = 20;

    private static final long BEHIND_NANOS_MAX = 500_000_000L;
    private static final int VOICE = 0x80;

    private final Speech speech;
    private final SpeechScript script;
    private final long fleetStartNanos;
    private final long unixMinusMonotonicNanos;
    private long dueNanos;
    private int packet;
    private int frameNumber;
    // The number of frames since the last DTX packet. The initial value makes each silence begin with a packet.
    private int silentFrames = REFRESH_PACKETS;
    private boolean talking;

    AudioOut(
            String name,
            String trackId,
            Speech speech,
            SpeechScript script,
            RandomGenerator random,
            long fleetStartNanos,
            long nowNanos,
            long unixMinusMonotonicNanos) {
        super(name, trackId, List.of(new OutgoingStream(random, false, nowNanos, unixMinusMonotonicNanos)), random);
        this.speech = speech;
        this.script = script;
        this.fleetStartNanos = fleetStartNanos;
        this.unixMinusMonotonicNanos = unixMinusMonotonicNanos;
        dueNanos = nowNanos + random.nextLong(PACKET_NANOS);
    }

    @Override
    BotTrack renewed(RandomGenerator random, long nowNanos) {
        return new AudioOut(
                name(), trackId(), speech, script, random, fleetStartNanos, nowNanos, unixMinusMonotonicNanos);
    }

    @Override
    public boolean isVideo() {
        return false;
    }

    @Override
    public boolean hasRtx() {
        return false;
    }

    @Override
    void onKeyFrameRequest(long nowNanos) {
        // Audio has no key frames.
    }

    @Override
    long nextDeadlineNanos() {
        return extensions() == null ? NO_DEADLINE : dueNanos;
    }

    @Override
    void onTime(long nowNanos, Sink sink) {
        TrackExtensions extensions = extensions();
        if (extensions == null) {
            return;
        }
        ExtensionLayout layout = extensions.ofMedia(0);
        if (nowNanos - dueNanos > BEHIND_NANOS_MAX) {
            dueNanos = nowNanos;
        }
        for (; dueNanos <= nowNanos; dueNanos += PACKET_NANOS) {
            frameNumber++;
            if (script.isSpeaking(dueNanos - fleetStartNanos)) {
                send(VOICE | speech.levelOf(packet), true, !talking, layout, sink);
                packet = (packet + 1) % speech.packets();
                talking = true;
                silentFrames = REFRESH_PACKETS;
            } else if (!script.isDtx()) {
                send(AudioLevel.SILENCE, true, false, layout, sink);
                talking = false;
            } else {
                talking = false;
                silentFrames++;
                if (silentFrames > REFRESH_PACKETS) {
                    send(AudioLevel.SILENCE, false, false, layout, sink);
                    silentFrames = 1;
                }
            }
        }
    }

    private void send(int level, boolean sound, boolean marker, ExtensionLayout layout, Sink sink) {
        OutgoingStream stream = streams().get(0);
        int number = stream.takeSequenceNumber();
        ByteBuf out = sink.newPacket();
        RtpHeader.write(
                out, !layout.isEmpty(), marker, PeerSdp.OPUS, number, stream.timestampAt(dueNanos), stream.ssrc());
        layout.writeTo(out);
        layout.setAudioLevel(out, level);
        int header = out.readableBytes();
        if (sound) {
            speech.writeTo(out, packet, source(), frameNumber, System.nanoTime());
        } else {
            speech.writeSilenceTo(out);
        }
        stream.statistics().onSent(out.readableBytes() - header);
        sink.send(out, layout);
        out.release();
    }
}
