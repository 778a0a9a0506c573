package org.rotunda.media.forward;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.rtp.AudioLevel;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;

class ForwardedTrackTest {
    private static final long MS = 1_000_000L;
    private static final int OPUS = 111;

    private final SourceTrack video =
            new SourceTrack(true, 2, new PayloadTypes().with(Vp8Packets.PAYLOAD_TYPE, Codec.VP8), 0, new SourceClock());
    private final EgressParameters videoParameters = EgressParameters.builder(1, ExtensionLayout.NONE)
            .codec(Codec.VP8, 100)
            .build();
    private final ForwardedTrack track =
            new ForwardedTrack(video, videoParameters, (encoding, nowNanos) -> {}, new Random(1));
    private final EgressPacket egress = new EgressPacket();
    private final EgressPacketWriter writer = new EgressPacketWriter();

    @Test
    void placesANewEncodingBySenderReports() {
        track.setDesired(1, 2, false, 0);
        // Both encodings count 90 ticks per ms; encoding 0 starts at 1,000 and encoding 1 at 7,000,000.
        video.onSenderReport(0, SimulatedPublisher.ntp(0), 1_000, 5 * MS);
        video.onSenderReport(1, SimulatedPublisher.ntp(20 * MS), 7_000_000 + 20 * 90, 25 * MS);
        assertThat(sendVideo(0, Vp8Packets.keyFrame(1, 1_000 + 40 * 90, 1), 60 * MS))
                .isTrue();
        int before = egress.timestamp();

        // This frame was captured 33 ms after the first frame, and was delayed by 80 ms more than the first frame.
        assertThat(sendVideo(1, Vp8Packets.keyFrame(1, 7_000_000 + 73 * 90, 1), 173 * MS))
                .isTrue();

        assertThat(egress.timestamp() - before).isBetween(33 * 90 - 1, 33 * 90 + 1);
    }

    @Test
    void placesANewEncodingByArrivalWithoutSenderReports() {
        track.setDesired(1, 2, false, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000, 1), 60 * MS);
        int before = egress.timestamp();

        sendVideo(1, Vp8Packets.keyFrame(1, 7_000_000, 1), 100 * MS);

        assertThat(egress.timestamp() - before).isEqualTo(40 * 90);
    }

    @Test
    void believesNoSenderReportThatLeapsFarAhead() {
        track.setDesired(1, 2, false, 0);
        video.onSenderReport(0, SimulatedPublisher.ntp(0), 1_000, 0);
        video.onSenderReport(1, SimulatedPublisher.ntp(0) - (60L << 32), 7_000_000, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000, 1), 60 * MS);
        int before = egress.timestamp();

        sendVideo(1, Vp8Packets.keyFrame(1, 7_000_000, 1), 100 * MS);

        assertThat(egress.timestamp() - before).isEqualTo(40 * 90);
    }

    @Test
    void waitsForALaterKeyFrameRatherThanGoBackInTime() {
        track.setDesired(1, 2, false, 0);
        video.onSenderReport(0, SimulatedPublisher.ntp(0), 1_000, 0);
        video.onSenderReport(1, SimulatedPublisher.ntp(0), 7_000_000, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000 + 500 * 90, 1), 510 * MS);
        int before = egress.timestamp();

        assertThat(sendVideo(1, Vp8Packets.keyFrame(1, 7_000_000 + 400 * 90, 1), 520 * MS))
                .isFalse();
        assertThat(track.dropped(ForwardDrop.TIMESTAMP_BEHIND)).isEqualTo(1);
        assertThat(track.currentEncoding()).isZero();
        assertThat(sendVideo(1, Vp8Packets.keyFrame(2, 7_000_000 + 480 * 90, 2), 540 * MS))
                .isTrue();
        // By its source timestamp the key frame would come 20 ms before the last frame sent. It is sent with a
        // timestamp one millisecond after that frame.
        assertThat(egress.timestamp() - before).isEqualTo(90);
    }

    @Test
    void givesUpWaitingAfterASecond() {
        track.setDesired(1, 2, false, 0);
        video.onSenderReport(0, SimulatedPublisher.ntp(0), 1_000, 0);
        video.onSenderReport(1, SimulatedPublisher.ntp(0), 7_000_000, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000 + 500 * 90, 1), 510 * MS);
        sendVideo(1, Vp8Packets.keyFrame(1, 7_000_000 + 400 * 90, 1), 520 * MS);
        int before = egress.timestamp();
        sendVideo(0, Vp8Packets.delta(2, 1_000 + 1_600 * 90, 2, 0), 1_600 * MS);

        assertThat(sendVideo(1, Vp8Packets.keyFrame(2, 7_000_000 + 1_450 * 90, 2), 1_610 * MS))
                .isTrue();
        assertThat(egress.timestamp() - before).isPositive();
    }

    @Test
    void resumesByTheTimeThatPassed() {
        track.setDesired(0, 2, false, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000, 1), 0);
        int before = egress.timestamp();
        track.setDesired(0, 2, true, 0);
        track.setDesired(0, 2, false, 60_000 * MS);

        sendVideo(0, Vp8Packets.keyFrame(2_000, 1_000 + 60_100 * 90, 2_000), 60_000 * MS);

        // The source's timestamps advanced by 60,100 ms. This is within 200 ms of the elapsed time, so they are used.
        assertThat(egress.timestamp() - before).isEqualTo(60_100 * 90);

        track.setDesired(0, 2, true, 60_000 * MS);
        track.setDesired(0, 2, false, 70_000 * MS);
        before = egress.timestamp();
        sendVideo(0, Vp8Packets.keyFrame(2_500, 1_000 + 99_000 * 90, 2_500), 70_000 * MS);
        // The timestamps jumped, so the elapsed time is used.
        assertThat(egress.timestamp() - before).isEqualTo(10_000 * 90);
    }

    @Test
    void dropsStragglersFromBeforeTheSwitch() {
        track.setDesired(1, 2, false, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000, 1), 0);
        sendVideo(1, Vp8Packets.delta(9, 7_000_000, 9, 0), 10 * MS);
        sendVideo(1, Vp8Packets.keyFrame(11, 7_003_000, 11), 40 * MS);

        assertThat(sendVideo(1, Vp8Packets.delta(10, 7_001_000, 10, 0), 50 * MS))
                .isFalse();
        assertThat(track.dropped(ForwardDrop.LATE)).isEqualTo(1);
    }

    @Test
    void aPauseBeginsAtTheEndOfTheFrame() {
        track.setDesired(0, 2, false, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000, 1), 0);
        sendVideo(0, unfinished(Vp8Packets.delta(2, 4_000, 2, 0)), 33 * MS);
        int number = egress.sequenceNumber();
        track.setDesired(0, 2, true, 40 * MS);

        assertThat(sendVideo(0, Vp8Packets.delta(4, 4_000, 2, 0), 41 * MS)).isTrue();
        assertThat(egress.sequenceNumber()).isEqualTo((number + 2) & 0xFFFF);
        assertThat(sendVideo(0, Vp8Packets.delta(5, 7_000, 3, 0), 66 * MS)).isFalse();
        assertThat(track.dropped(ForwardDrop.PAUSED)).isEqualTo(1);
        // A packet of the same frame that was lost on its way to us is forwarded too.
        assertThat(sendVideo(0, unfinished(Vp8Packets.delta(3, 4_000, 2, 0)), 90 * MS))
                .isTrue();
        assertThat(egress.sequenceNumber()).isEqualTo((number + 1) & 0xFFFF);
        assertThat(track.currentEncoding()).isEqualTo(ForwardedTrack.NONE);

        track.setDesired(0, 2, false, 1_000 * MS);
        assertThat(sendVideo(0, Vp8Packets.delta(6, 90_000, 4, 0), 1_000 * MS)).isFalse();
        assertThat(sendVideo(0, Vp8Packets.keyFrame(7, 91_000, 5), 1_010 * MS)).isTrue();
        assertThat(egress.sequenceNumber()).isEqualTo((number + 3) & 0xFFFF);
    }

    @Test
    void latePacketsAreForwardedForHalfASecondOfAPauseOnly() {
        track.setDesired(0, 2, false, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000, 1), 0);
        sendVideo(0, Vp8Packets.delta(4, 10_000, 4, 0), 100 * MS);
        track.setDesired(0, 2, true, 100 * MS);
        assertThat(sendVideo(0, Vp8Packets.delta(2, 4_000, 2, 0), 599 * MS)).isTrue();
        assertThat(sendVideo(0, Vp8Packets.delta(3, 7_000, 3, 0), 600 * MS)).isFalse();
    }

    @Test
    void aFrameThatWasCutByAPauseShowsAGap() {
        track.setDesired(0, 2, false, 0);
        sendVideo(0, unfinished(Vp8Packets.keyFrame(1, 1_000, 1)), 0);
        int number = egress.sequenceNumber();
        track.setDesired(0, 2, true, 1 * MS);
        track.setDesired(0, 2, false, 2 * MS); // The rest of the frame never came.
        assertThat(sendVideo(0, Vp8Packets.keyFrame(9, 10_000, 4), 100 * MS)).isTrue();
        assertThat(egress.sequenceNumber()).isEqualTo((number + 2) & 0xFFFF);
    }

    /** Clears the marker, which shows that the frame has more packets. */
    private static ByteBuf unfinished(ByteBuf packet) {
        return packet.setByte(1, packet.getByte(1) & 0x7F);
    }

    @Test
    void answersANackForPacketsPassedOverAtTheSwitch() {
        track.setDesired(0, 2, false, 0);
        ByteBuf early = Vp8Packets.delta(2, 4_000, 2, 0);
        assertThat(sendVideo(0, early, 0)).isFalse(); // This packet overtook the key frame.
        assertThat(sendVideo(0, Vp8Packets.keyFrame(1, 1_000, 1), 0)).isTrue();
        int first = egress.sequenceNumber();
        assertThat(sendVideo(0, Vp8Packets.delta(3, 7_000, 3, 0), 0)).isTrue();
        assertThat(egress.sequenceNumber()).isEqualTo((first + 2) & 0xFFFF);

        int missing = (first + 1) & 0xFFFF;
        assertThat(track.onNack(missing, (encoding, sequence) -> null, 0, egress))
                .isNull();
        assertThat(track.onNack(missing, (encoding, sequence) -> early, 0, egress))
                .isSameAs(early);
        assertThat(egress.sequenceNumber()).isEqualTo(missing);
        assertThat(track.onNack((first + 9) & 0xFFFF, (encoding, sequence) -> early, 0, egress))
                .isNull();
    }

    @Test
    void theLateEndOfAnUnwantedPictureLeavesNoHole() {
        track.setDesired(0, 0, false, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000, 1), 0);
        int first = egress.sequenceNumber();
        assertThat(sendVideo(0, unfinished(Vp8Packets.delta(2, 4_000, 2, 2)), 33 * MS))
                .isFalse();
        assertThat(sendVideo(0, Vp8Packets.delta(4, 7_000, 3, 0), 66 * MS)).isTrue(); // It overtook packet 3.
        assertThat(egress.sequenceNumber()).isEqualTo((first + 2) & 0xFFFF);

        ByteBuf late = Vp8Packets.delta(3, 4_000, 2, 2);
        assertThat(sendVideo(0, late, 70 * MS)).isTrue();

        int number = (first + 1) & 0xFFFF;
        assertIsEmpty(late, number);
        assertThat(track.dropped(ForwardDrop.TEMPORAL_LAYER)).isEqualTo(2);
        // The packet without payload may be lost too.
        assertThat(track.onNack(number, (encoding, sequence) -> late, 80 * MS, egress))
                .isSameAs(late);
        assertIsEmpty(late, number);
        assertThat(sendVideo(0, late, 90 * MS)).isFalse();
        assertThat(track.dropped(ForwardDrop.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void aNackForTheLateEndOfAnUnwantedPictureIsAnsweredWithoutPayload() {
        track.setDesired(0, 0, false, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000, 1), 0);
        int number = (egress.sequenceNumber() + 1) & 0xFFFF;
        sendVideo(0, unfinished(Vp8Packets.delta(2, 4_000, 2, 2)), 33 * MS);
        sendVideo(0, Vp8Packets.delta(4, 7_000, 3, 0), 66 * MS);

        ByteBuf late = Vp8Packets.delta(3, 4_000, 2, 2);
        assertThat(track.onNack(number, (encoding, sequence) -> late, 80 * MS, egress))
                .isSameAs(late);
        assertIsEmpty(late, number);
    }

    private void assertIsEmpty(ByteBuf plaintext, int sequenceNumber) {
        assertThat(egress.isEmpty()).isTrue();
        ByteBuf sent = Unpooled.buffer();
        writer.write(plaintext, egress, videoParameters, sent);
        assertThat(RtpHeader.sequenceNumber(sent)).isEqualTo(sequenceNumber);
        assertThat(RtpHeader.payloadLengthBytes(sent)).isZero();
        assertThat(RtpHeader.marker(sent)).isFalse();
    }

    @Test
    void forwardsAudioFromTheFirstPacketWithItsLevel() {
        SourceTrack audio = audioSource();
        ExtensionLayout layout =
                ExtensionLayout.builder().audioLevel(6).mid(4, "0").build();
        EgressParameters parameters =
                EgressParameters.builder(5, layout).codec(Codec.OPUS, 109).build();
        ForwardedTrack sound = new ForwardedTrack(audio, parameters, (encoding, nowNanos) -> {}, new Random(2));
        sound.setDesired(0, 0, false, 0);

        SourcePacket packet = requireNonNull(audio.onPacket(0, opus(1, 960), 0));
        assertThat(packet.audioLevel()).isEqualTo(0x9F);
        assertThat(sound.onSourcePacket(packet, egress)).isTrue();
        ByteBuf out = Unpooled.buffer();
        writer.write(packet.plaintext(), egress, parameters, out);

        assertThat(AudioLevel.read(out, 6)).isEqualTo(0x9F);
        assertThat(RtpHeader.payloadType(out)).isEqualTo(109);
        assertThat(ByteBufUtil.hexDump(out, RtpHeader.lengthBytes(out), RtpHeader.payloadLengthBytes(out)))
                .isEqualTo("78aabb");
    }

    @Test
    void keepsAudioUnbrokenWhenItsStreamIsReplaced() {
        SourceTrack audio = audioSource();
        EgressParameters parameters = EgressParameters.builder(5, ExtensionLayout.NONE)
                .codec(Codec.OPUS, 109)
                .build();
        ForwardedTrack sound = new ForwardedTrack(audio, parameters, (encoding, nowNanos) -> {}, new Random(2));
        sound.setDesired(0, 0, false, 0);
        assertThat(sendAudio(audio, sound, opus(65_535, 0), 0)).isTrue();
        int number = egress.sequenceNumber();
        int timestamp = egress.timestamp();
        assertThat(sendAudio(audio, sound, opus(0, 960), 20 * MS)).isTrue();
        assertThat(egress.timestamp() - timestamp).isEqualTo(960);

        audio.reset();
        assertThat(sendAudio(audio, sound, opus(500, 77_777), 1_020 * MS)).isTrue();

        assertThat(egress.sequenceNumber()).isEqualTo((number + 2) & 0xFFFF);
        assertThat(egress.timestamp() - timestamp).isEqualTo(960 + 48_000);
    }

    @Test
    void stampsSenderReportsOnThePublishersTimeline() {
        track.setDesired(0, 2, false, 0);
        sendVideo(0, Vp8Packets.keyFrame(1, 1_000 + 10 * 90, 1), 30 * MS);
        int base = egress.timestamp() - 10 * 90; // The egress timestamp for source timestamp 1,000.

        // The timestamp is derived from the time of arrival.
        assertThat(track.egressTimestampAt(50 * MS)).isEqualTo(egress.timestamp() + 20 * 90);
        video.onSenderReport(0, SimulatedPublisher.ntp(0), 1_000, 20 * MS); // The report took 20 ms to arrive.
        assertThat(track.egressTimestampAt(120 * MS) - base).isBetween(100 * 90 - 1, 100 * 90 + 1);
    }

    @Test
    void countsThePacketsItRefuses() {
        assertThat(video.onPacket(0, Unpooled.wrappedBuffer(new byte[5]), 0)).isNull();
        assertThat(video.dropped(ForwardDrop.MALFORMED)).isEqualTo(1);
        ByteBuf other = Vp8Packets.keyFrame(1, 1, 1);
        RtpHeader.setPayloadType(other, 97);
        assertThat(video.onPacket(0, other, 0)).isNull();
        assertThat(video.dropped(ForwardDrop.UNKNOWN_PAYLOAD_TYPE)).isEqualTo(1);
        assertThat(sendVideo(0, Vp8Packets.keyFrame(1, 1, 1), 0)).isFalse();
        assertThat(track.dropped(ForwardDrop.PAUSED)).isEqualTo(1);

        track.setDesired(0, 0, false, 0);
        track.setParameters(EgressParameters.builder(1, ExtensionLayout.NONE).build());
        assertThat(sendVideo(0, Vp8Packets.keyFrame(2, 1, 1), 0)).isFalse();
        assertThat(track.dropped(ForwardDrop.CODEC_NOT_NEGOTIATED)).isEqualTo(1);
    }

    @Test
    void neverUsesANumberTwiceOverManyWraps() {
        track.setDesired(0, 2, false, 0);
        sendVideo(0, Vp8Packets.keyFrame(0, 0, 0), 0);
        int number = egress.sequenceNumber();
        int picture = egress.pictureId();
        for (int i = 1; i < 200_000; i++) {
            assertThat(sendVideo(0, Vp8Packets.delta(i & 0xFFFF, i * 30_000, i & 0x7FFF, 0), i * MS))
                    .isTrue();
            number = (number + 1) & 0xFFFF;
            picture = (picture + 1) & 0x7FFF;
            if (egress.sequenceNumber() != number || egress.pictureId() != picture) {
                assertThat(egress.sequenceNumber()).isEqualTo(number);
                assertThat(egress.pictureId()).isEqualTo(picture);
            }
        }
    }

    private boolean sendVideo(int encoding, ByteBuf bytes, long nowNanos) {
        SourcePacket packet = requireNonNull(video.onPacket(encoding, bytes, nowNanos));
        return track.onSourcePacket(packet, egress);
    }

    private boolean sendAudio(SourceTrack audio, ForwardedTrack sound, ByteBuf bytes, long nowNanos) {
        SourcePacket packet = requireNonNull(audio.onPacket(0, bytes, nowNanos));
        return sound.onSourcePacket(packet, egress);
    }

    private static SourceTrack audioSource() {
        return new SourceTrack(false, 1, new PayloadTypes().with(OPUS, Codec.OPUS), 1, new SourceClock());
    }

    /** Makes a packet with audio level 31, voice activity and three bytes of payload. */
    private static ByteBuf opus(int sequenceNumber, int timestamp) {
        ByteBuf packet = Unpooled.buffer();
        packet.writeByte(0x90).writeByte(OPUS).writeShort(sequenceNumber);
        packet.writeInt(timestamp).writeInt(2).writeInt(0xBEDE0001).writeInt(0x109F0000);
        return packet.writeMedium(0x78AABB);
    }
}
