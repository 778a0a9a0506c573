package org.rotunda.load.bot.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.rtp.RtpHeader;

/** Tests that the checker accepts intact streams and reports each fault that a test inserts. */
class ContinuityCheckerTest {
    private static final long MS = 1_000_000L;

    private final FaultCounters faults = new FaultCounters();
    private final ContinuityChecker checker = new ContinuityChecker(true, "video", faults);
    private final Vp8Packets encoder = new Vp8Packets();
    private long nowNanos = 1_000 * MS;

    private void feed(List<ByteBuf> packets) {
        for (ByteBuf packet : packets) {
            nowNanos += MS;
            checker.onPacket(packet, nowNanos);
            checker.onTime(nowNanos);
        }
    }

    private void pass(long ms) {
        nowNanos += ms * MS;
        checker.onTime(nowNanos);
    }

    @Test
    void anUnbrokenStreamHasNoFault() {
        feed(encoder.frames(300));

        assertThat(faults.byKind()).isEmpty();
        assertThat(checker.frames()).isEqualTo(300);
        assertThat(checker.keyFrames()).isEqualTo(1);
        assertThat(checker.height()).isEqualTo(360);
        assertThat(checker.frozenFrames()).isZero();
        assertThat(checker.isDecodable()).isTrue();
    }

    @Test
    void aLatePacketIsRecoveredAndNoFault() {
        List<ByteBuf> packets = encoder.frames(60);
        ByteBuf late = packets.remove(31);
        packets.add(40, late);
        Collections.swap(packets, 50, 52);
        feed(packets);

        assertThat(faults.byKind()).isEmpty();
        assertThat(checker.recovered()).isEqualTo(3);
        assertThat(checker.frames()).isEqualTo(60);
    }

    @Test
    void aPacketThatNeverComesIsAGapAndFreezesThePictureUntilAKeyFrame() {
        List<ByteBuf> packets = encoder.frames(10);
        packets.remove(7);
        feed(packets);
        assertThat(faults.byKind()).isEmpty(); // The packet may still arrive.
        pass(700);

        assertThat(faults.byKind()).isEqualTo(Map.of(ContinuityFault.GAP, 1L));
        assertThat(checker.lost()).isEqualTo(1);
        assertThat(checker.isDecodable()).isFalse();
        assertThat(checker.frozenFrames()).isEqualTo(6);
        feed(encoder.frame(true));
        assertThat(checker.isDecodable()).isTrue();
        assertThat(faults.total()).isEqualTo(1);
    }

    @Test
    void aStreamThatBeginsInTheMiddleIsAFault() {
        encoder.frame(true);
        feed(encoder.frame(false));

        assertThat(faults.byKind()).isEqualTo(Map.of(ContinuityFault.FIRST_NOT_KEY, 1L));
        assertThat(checker.isDecodable()).isFalse();
    }

    @Test
    void packetsBeforeTheKeysAreNotTheRoutersFault() {
        checker.onUnreadable();
        encoder.frame(true);
        feed(encoder.frame(false));
        assertThat(checker.isDecodable()).isFalse();
        feed(encoder.frame(true));

        assertThat(faults.byKind()).isEmpty();
        assertThat(checker.isDecodable()).isTrue();
    }

    @Test
    void droppedTemporalLayersWithRewrittenNumbersAreNoFault() {
        feed(encoder.frame(true));
        for (int i = 0; i < 20; i++) {
            int sequence = encoder.sequence;
            int pictureId = encoder.pictureId;
            List<ByteBuf> frame = encoder.frame(false);
            // Like the router, the test drops the frames of temporal layer 2 and reuses their numbers.
            if ((i & 1) == 0) {
                encoder.sequence = sequence;
                encoder.pictureId = pictureId;
            } else {
                feed(frame);
            }
        }

        assertThat(faults.byKind()).isEmpty();
    }

    @Test
    void aLayerSwitchAtAKeyFrameIsNoFault() {
        feed(encoder.frames(10));
        encoder.layer = 2;
        encoder.frameNumber += 100;
        feed(encoder.frame(true));

        assertThat(faults.byKind()).isEmpty();
        assertThat(checker.layerSwitches()).isEqualTo(1);
    }

    @Test
    void packetsThatASwitchLeavesOutAreNoFault() {
        feed(encoder.frames(10));
        feed(encoder.frame(false).subList(0, 1));
        encoder.layer = 2;
        encoder.frameNumber += 100;
        feed(encoder.frame(true));
        pass(700);

        assertThat(faults.byKind()).isEmpty();
        assertThat(checker.cutFrames()).isEqualTo(1);
        assertThat(checker.lost()).isZero();
        assertThat(checker.layerSwitches()).isEqualTo(1);
        assertThat(checker.isDecodable()).isTrue();
    }

    @Test
    void packetsThatAreMissingBeforeAKeyFrameOfTheSameLayerAreAGap() {
        feed(encoder.frames(10));
        feed(encoder.frame(false).subList(0, 1));
        feed(encoder.frame(true));
        pass(700);

        assertThat(faults.byKind()).isEqualTo(Map.of(ContinuityFault.GAP, 1L));
        assertThat(checker.cutFrames()).isZero();
    }

    @Test
    void aPaddingPacketOnlyTakesASequenceNumber() {
        feed(encoder.frames(3));
        ByteBuf padding = Unpooled.buffer();
        RtpHeader.write(padding, false, false, 96, encoder.sequence++, encoder.timestamp, 1);
        RtpHeader.setPadding(padding, true);
        padding.writeZero(99).writeByte(100);
        feed(List.of(padding));
        feed(encoder.frame(false));

        assertThat(faults.byKind()).isEmpty();
    }

    static Stream<Arguments> breaks() {
        return Stream.of(
                Arguments.of(ContinuityFault.PICTURE_ID, (Consumer<Vp8Packets>) one -> one.pictureId += 3),
                Arguments.of(ContinuityFault.PICTURE_ID, (Consumer<Vp8Packets>) one -> one.pictureId -= 1),
                Arguments.of(ContinuityFault.TL0_PIC_IDX, (Consumer<Vp8Packets>) one -> one.tl0PicIdx += 1),
                Arguments.of(ContinuityFault.TIMESTAMP_BACK, (Consumer<Vp8Packets>) one -> one.timestamp -= 90_000),
                Arguments.of(ContinuityFault.SEQUENCE_JUMP, (Consumer<Vp8Packets>) one -> one.sequence += 5_000),
                Arguments.of(ContinuityFault.SEQUENCE_JUMP, (Consumer<Vp8Packets>) one -> one.sequence -= 5_000),
                Arguments.of(ContinuityFault.SWITCH_WITHOUT_KEY, (Consumer<Vp8Packets>) one -> one.layer = 1),
                Arguments.of(ContinuityFault.SWITCH_WITHOUT_KEY, (Consumer<Vp8Packets>) one -> one.source = 8),
                Arguments.of(ContinuityFault.FRAME_REPEATED, (Consumer<Vp8Packets>) one -> one.frameNumber -= 2));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void aWrongNumberIsReportedAsItsFault(ContinuityFault expected, Consumer<Vp8Packets> change) {
        feed(encoder.frames(9));
        change.accept(encoder);
        encoder.sequence &= 0xFFFF;
        feed(encoder.frame(false));

        assertThat(faults.byKind()).containsKey(expected);
        assertThat(faults.details()).first().asString().contains(expected.name());
    }

    @Test
    void aCutFrameIsReported() {
        feed(encoder.frames(5));
        List<ByteBuf> cut = encoder.frame(false);
        encoder.sequence = encoder.sequence - 1 & 0xFFFF;
        feed(cut.subList(0, 1));
        feed(encoder.frame(false));

        assertThat(faults.byKind()).containsKey(ContinuityFault.FRAME_CUT);
    }

    @Test
    void aFrameWithTwoTimestampsIsReported() {
        feed(encoder.frames(5));
        List<ByteBuf> frame = encoder.frame(false);
        RtpHeader.setTimestamp(frame.get(1), encoder.timestamp + 10);
        feed(frame);

        assertThat(faults.byKind()).containsKey(ContinuityFault.TIMESTAMP_SPLIT);
    }

    @Test
    void aPacketWithoutADescriptorIsReported() {
        feed(encoder.frames(5));
        ByteBuf packet = Unpooled.buffer();
        RtpHeader.write(packet, false, true, 96, encoder.sequence, encoder.timestamp, 1);
        packet.writeByte(0x80);
        feed(List.of(packet));

        assertThat(faults.byKind()).containsKey(ContinuityFault.MALFORMED);
    }

    @Test
    void audioTimestampsMayJumpForwardButNeverBack() {
        ContinuityChecker sound = new ContinuityChecker(false, "sound", faults);
        int[] timestamps = {0, 960, 1_920, 100_000, 100_960};
        for (int i = 0; i < timestamps.length; i++) {
            sound.onPacket(soundPacket(i, timestamps[i]), nowNanos);
        }
        assertThat(faults.byKind()).isEmpty();
        assertThat(sound.frames()).isEqualTo(timestamps.length);

        sound.onPacket(soundPacket(timestamps.length, 960), nowNanos);
        assertThat(faults.byKind()).isEqualTo(Map.of(ContinuityFault.TIMESTAMP_BACK, 1L));
    }

    private static ByteBuf soundPacket(int number, int timestamp) {
        ByteBuf packet = Unpooled.buffer();
        RtpHeader.write(packet, false, false, 111, number, timestamp, 1);
        return packet.writeByte(0x08).writeZero(20);
    }

    @Test
    void descriptionsOfFaultsAreBounded() {
        List<ByteBuf> packets = new ArrayList<>();
        encoder.frame(true);
        for (int i = 0; i < 100; i++) {
            encoder.pictureId = encoder.pictureId + 2 & 0x7FFF;
            packets.addAll(encoder.frame(false));
        }
        feed(packets);

        assertThat(faults.total()).isGreaterThanOrEqualTo(100);
        assertThat(faults.details()).hasSize(FaultCounters.DETAILS_MAX);
    }
}
