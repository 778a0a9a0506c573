package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.receive.ContinuityChecker;
import org.rotunda.load.bot.receive.FaultCounters;
import org.rotunda.load.bot.source.ClipVideo;
import org.rotunda.load.bot.source.Speech;
import org.rotunda.load.bot.source.SyntheticVideo;
import org.rotunda.load.bot.source.VideoSource;
import org.rotunda.media.codec.OpusPayload;
import org.rotunda.media.codec.Vp8Descriptor;
import org.rotunda.media.rtp.AudioLevel;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;

/** Tests the tracks that bots send. The test sets the time itself. */
class SourcesTest {
    private static final long MS = 1_000_000L;
    private static final long START = 1_000 * MS;
    private static final int LEVEL_ID = 1;
    private static final ExtensionLayout EXTENSIONS =
            ExtensionLayout.builder().mid(4, "1").transportSequence(3).build();
    private static final ExtensionLayout AUDIO_EXTENSIONS =
            ExtensionLayout.builder().mid(4, "0").audioLevel(LEVEL_ID).build();

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final List<ByteBuf> sent = new ArrayList<>();
    private final List<Long> sentMs = new ArrayList<>();
    private long nowNanos = START;

    private final BotTrack.Sink sink = new BotTrack.Sink() {
        @Override
        public ByteBuf newPacket() {
            return Unpooled.buffer(BotLoop.PACKET_BYTES, BotLoop.PACKET_BYTES);
        }

        @Override
        public void send(ByteBuf packet, ExtensionLayout extensions) {
            sent.add(packet.copy());
            sentMs.add((nowNanos - START) / MS);
        }
    };

    private void run(BotTrack track, long ms) {
        for (long end = nowNanos + ms * MS; nowNanos < end; nowNanos += 5 * MS) {
            if (track.nextDeadlineNanos() <= nowNanos) {
                track.onTime(nowNanos, sink);
            }
        }
    }

    private VideoOut video(VideoSource source) {
        VideoOut out = new VideoOut("camera", "v", source, random, nowNanos, 0);
        out.setExtensions(TrackExtensions.same(EXTENSIONS, out.streams().size()));
        return out;
    }

    @Test
    void syntheticSimulcastIsValidAndHasTheConfiguredBitRates() {
        VideoOut out = video(SyntheticVideo.simulcast());
        run(out, 10_000);

        assertThat(bytesPerStream().values().stream()
                        .map(bytes -> bytes * 8 / 10_000)
                        .toList())
                .satisfiesExactly(
                        low -> assertThat(low).isBetween(140L, 200L), // The rates are in kbit/s, headers included.
                        middle -> assertThat(middle).isBetween(470L, 580L),
                        high -> assertThat(high).isBetween(2_400L, 2_750L));
        assertThat(out.keyFrames()).isEqualTo(3);
        assertEveryStreamIsWhole(300);
    }

    @Test
    void aKeyFrameRequestIsAnsweredOnEveryLayerButNotTooOften() {
        VideoOut out = video(SyntheticVideo.simulcast());
        run(out, 1_000);
        out.onKeyFrameRequest(nowNanos);
        run(out, 40);
        out.onKeyFrameRequest(nowNanos);
        run(out, 100);
        assertThat(out.keyFrames()).isEqualTo(6);
        run(out, 300);

        assertThat(out.keyFrames()).isEqualTo(9);
        assertEveryStreamIsWhole(43);
    }

    @Test
    void onlyTheChosenLayersAreSentAndALayerComesBackWithAKeyFrame() {
        VideoOut out = video(SyntheticVideo.simulcast());
        run(out, 1_000);
        sent.clear();
        sentMs.clear();

        out.sendLayers(0b011);
        run(out, 500);
        assertThat(bytesPerStream()).hasSize(2);
        out.sendLayers(0);
        run(out, 100);
        sent.clear();
        sentMs.clear();
        run(out, 500);
        assertThat(sent).isEmpty();

        long keyFrames = out.keyFrames();
        out.sendLayers(0b111);
        run(out, 500);
        assertThat(bytesPerStream()).hasSize(3);
        assertThat(out.keyFrames()).isEqualTo(keyFrames + 3);
    }

    @Test
    void theClipRestartsAtAKeyFrame() {
        VideoOut out = video(ClipVideo.load());
        run(out, 7_000);

        assertThat(out.keyFrames()).isEqualTo(9);
        assertEveryStreamIsWhole(210);
    }

    @Test
    void theClipHasTheLayersAndKeyFramesThatItsReadmeDescribes() {
        ClipVideo clip = ClipVideo.load();
        assertThat(clip.layers()).isEqualTo(3);
        assertThat(clip.frames() % 4).isZero();
        Vp8Descriptor view = new Vp8Descriptor();
        int[] heights = {180, 360, 720};
        for (int layer = 0; layer < clip.layers(); layer++) {
            for (int frame = 0; frame < clip.frames(); frame++) {
                ByteBuf payload = Unpooled.buffer().writeByte(0x10);
                clip.writeTo(payload, layer, frame, 0, clip.lengthBytes(layer, frame));
                assertThat(view.parse(payload, 0, payload.readableBytes())).isTrue();
                assertThat(view.isKeyFrameStart()).isEqualTo(frame == 0);
                assertThat(view.height()).isEqualTo(frame == 0 ? heights[layer] : 0);
            }
        }
    }

    @Test
    void aLargeFrameLeavesInBursts() {
        VideoOut out = video(SyntheticVideo.simulcast());
        run(out, 60);

        Map<Long, Integer> perTick = new LinkedHashMap<>();
        sentMs.forEach(ms -> perTick.merge(ms, 1, Integer::sum));
        assertThat(perTick.values()).allMatch(packets -> packets <= VideoOut.BURST_PACKETS_MAX);
        assertThat(perTick.size()).isGreaterThan(1);
    }

    @Test
    void afterALongPauseOfTheLoopMissedFramesAreSkipped() {
        VideoOut out = video(SyntheticVideo.single());
        run(out, 1_000);
        int before = sent.size();
        nowNanos += 60_000 * MS;
        run(out, 1_000);

        assertThat(sent.size() - before).isLessThan(2 * before);
        assertEveryStreamIsWhole(60);
    }

    @Test
    void aFrameThatHasBegunKeepsItsTimestampHoweverLongItTakes() {
        VideoOut out = video(SyntheticVideo.simulcast());
        run(out, 1_000);
        out.onKeyFrameRequest(nowNanos);
        int burst = 0;
        while (burst < VideoOut.BURST_PACKETS_MAX) { // Waits for the first burst of the key frame.
            int before = sent.size();
            run(out, 5);
            burst = sent.size() - before;
        }
        nowNanos += 10_000 * MS; // The loop pauses for ten seconds in the middle of the frame.
        run(out, 1_000);

        assertEveryStreamIsWhole(60);
    }

    @Test
    void nothingIsSentWithoutAnMLine() {
        VideoOut out = video(SyntheticVideo.simulcast());
        out.setExtensions(null);
        run(out, 1_000);

        assertThat(sent).isEmpty();
        assertThat(out.nextDeadlineNanos()).isEqualTo(BotTrack.NO_DEADLINE);
    }

    @Test
    void speechHasLevelsAndSilenceIsReducedByDtx() {
        SpeechScript turns = SpeechScript.turns(0, 2, Duration.ofSeconds(2));
        AudioOut out = new AudioOut("microphone", "a", Speech.load(), turns, random, START, nowNanos, 0);
        out.setExtensions(TrackExtensions.same(AUDIO_EXTENSIONS, out.streams().size()));
        run(out, 6_000);

        List<ByteBuf> spoken =
                sent.stream().filter(packet -> payloadBytes(packet) > 1).toList();
        List<ByteBuf> silent =
                sent.stream().filter(packet -> payloadBytes(packet) == 1).toList();
        assertThat(spoken).hasSizeBetween(198, 202);
        assertThat(silent).hasSizeBetween(4, 6);
        for (ByteBuf packet : spoken) {
            int raw = AudioLevel.read(packet, LEVEL_ID);
            assertThat(AudioLevel.isVoice(raw)).isTrue();
            assertThat(AudioLevel.level(raw)).isBetween(20, 30);
            int payload = RtpHeader.lengthBytes(packet);
            assertThat(OpusPayload.durationSamples(packet, payload, payloadBytes(packet)))
                    .isEqualTo(Speech.SAMPLES_PER_PACKET);
        }
        for (ByteBuf packet : silent) {
            assertThat(AudioLevel.level(AudioLevel.read(packet, LEVEL_ID))).isEqualTo(AudioLevel.SILENCE);
        }
        // The marker is set at each beginning of speech.
        assertThat(sent.stream().filter(RtpHeader::marker)).hasSize(2);
    }

    @Test
    void anOpenMicrophoneSendsSilenceInFull() {
        AudioOut out = new AudioOut(
                "microphone", "a", Speech.load(), SpeechScript.openMicrophone(), random, START, nowNanos, 0);
        out.setExtensions(TrackExtensions.same(AUDIO_EXTENSIONS, out.streams().size()));
        run(out, 1_000);

        assertThat(sent).hasSizeBetween(49, 51);
    }

    private static int payloadBytes(ByteBuf packet) {
        return RtpHeader.payloadLengthBytes(packet);
    }

    private Map<Integer, Long> bytesPerStream() {
        Map<Integer, Long> bytes = new LinkedHashMap<>();
        sent.forEach(packet -> bytes.merge(RtpHeader.ssrc(packet), (long) packet.readableBytes(), Long::sum));
        return bytes;
    }

    /** Asserts that the sent streams have no faults and about this number of frames each. */
    private void assertEveryStreamIsWhole(int frames) {
        Map<Integer, ContinuityChecker> checkers = new LinkedHashMap<>();
        FaultCounters faults = new FaultCounters();
        for (ByteBuf packet : sent) {
            assertThat(packet.readableBytes()).isLessThanOrEqualTo(1_200);
            checkers.computeIfAbsent(
                            RtpHeader.ssrc(packet), ssrc -> new ContinuityChecker(true, String.valueOf(ssrc), faults))
                    .onPacket(packet, 0);
        }
        assertThat(faults.details()).isEmpty();
        assertThat(checkers.values())
                .allSatisfy(checker -> assertThat(checker.frames()).isBetween(frames - 2L, frames + 2L));
    }
}
