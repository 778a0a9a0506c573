package org.rotunda.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class RtpExtensionsTest {
    private static final String HEADER = "9060123489abcdefcafebabe";

    @Test
    void findsOneByteElementsBehindPadding() {
        ByteBuf packet = packet(HEADER + "bede0003" + "10aa0000" + "31bbcc00" + "22010203");

        assertThat(data(packet, 1)).isEqualTo("aa");
        assertThat(data(packet, 3)).isEqualTo("bbcc");
        assertThat(data(packet, 2)).isEqualTo("010203");
        assertThat(RtpExtensions.find(packet, 4)).isEqualTo(RtpExtensions.NONE);
        assertThat(RtpExtensions.find(packet, 0)).isEqualTo(RtpExtensions.NONE);
    }

    @Test
    void findsTwoByteElementsEvenEmptyOnes() {
        ByteBuf packet = packet(HEADER + "10050003" + "1100" + "0000" + "c803010203" + "0501ff");

        assertThat(data(packet, 0x11)).isEmpty();
        assertThat(data(packet, 200)).isEqualTo("010203");
        assertThat(data(packet, 5)).isEqualTo("ff");
    }

    @Test
    void endsWhereTheBlockBreaksItsOwnLength() {
        assertThat(RtpExtensions.find(packet(HEADER + "bede0001" + "13aabbcc" + "dd"), 1))
                .isEqualTo(RtpExtensions.NONE);
        assertThat(RtpExtensions.find(packet(HEADER + "bede0001" + "f010aa00"), 1))
                .isEqualTo(RtpExtensions.NONE);
        assertThat(RtpExtensions.find(packet(HEADER + "10000001" + "0103aabb" + "cc"), 1))
                .isEqualTo(RtpExtensions.NONE);
        assertThat(RtpExtensions.find(packet(HEADER + "abcd0001" + "10aa0000"), 1))
                .isEqualTo(RtpExtensions.NONE);
    }

    @Test
    void readsTheAudioLevel() {
        ByteBuf packet = packet(HEADER + "bede0001" + "109f0000");

        int raw = AudioLevel.read(packet, 1);
        assertThat(AudioLevel.isVoice(raw)).isTrue();
        assertThat(AudioLevel.level(raw)).isEqualTo(31);
        assertThat(AudioLevel.read(packet, 2)).isEqualTo(AudioLevel.NONE);
    }

    @Test
    void writesABlockThatIsFoundAgain() {
        ExtensionLayout layout = ExtensionLayout.builder()
                .mid(4, "12")
                .transportSequence(3)
                .absSendTime(2)
                .audioLevel(1)
                .build();
        ByteBuf packet = written(layout);

        layout.setTransportSequence(packet, 0xFFFE);
        layout.setAbsSendTime(packet, 0x123456);
        layout.setAudioLevel(packet, 0x85);

        assertThat(RtpHeader.isValid(packet)).isTrue();
        assertThat(RtpHeader.lengthBytes(packet)).isEqualTo(RtpHeader.FIXED_LENGTH_BYTES + layout.lengthBytes());
        assertThat(data(packet, 3)).isEqualTo("fffe");
        assertThat(data(packet, 2)).isEqualTo("123456");
        assertThat(data(packet, 1)).isEqualTo("85");
        assertThat(data(packet, 4)).isEqualTo("3132");
    }

    @Test
    void writesTheTwoByteFormForLargeIds() {
        ExtensionLayout layout =
                ExtensionLayout.builder().mid(20, "0").transportSequence(3).build();
        ByteBuf packet = written(layout);

        layout.setTransportSequence(packet, 7);

        assertThat(data(packet, 3)).isEqualTo("0007");
        assertThat(data(packet, 20)).isEqualTo("30");
    }

    @Test
    void writesTheRidOfAStreamOrOfTheStreamThatItResends() {
        ExtensionLayout.Builder builder = ExtensionLayout.builder().mid(4, "0").transportSequence(3);
        ExtensionLayout stream = builder.rid(5, "r2").build();
        ExtensionLayout resends = builder.rid(6, "r2").build();

        assertThat(data(written(stream), 5)).isEqualTo("7232");
        assertThat(data(written(stream), 4)).isEqualTo("30");
        assertThat(RtpExtensions.find(written(stream), 6)).isEqualTo(RtpExtensions.NONE);
        assertThat(data(written(resends), 6)).isEqualTo("7232");
        assertThat(RtpExtensions.find(written(resends), 5)).isEqualTo(RtpExtensions.NONE);
        assertThat(resends.transportSequenceOffset()).isEqualTo(stream.transportSequenceOffset());
        assertThatThrownBy(() -> builder.rid(5, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theContentTypeDoesNotMoveTheOtherElements() {
        ExtensionLayout.Builder builder =
                ExtensionLayout.builder().mid(4, "7").transportSequence(3).audioLevel(5);
        ExtensionLayout without = builder.build();
        ExtensionLayout with = builder.contentType(6).build();

        assertThat(with.transportSequenceOffset()).isEqualTo(without.transportSequenceOffset());
        assertThat(with.audioLevelOffset()).isEqualTo(without.audioLevelOffset());
        assertThat(without.contentTypeOffset()).isEqualTo(ExtensionLayout.ABSENT);
        ByteBuf packet = written(with);
        packet.setByte(with.contentTypeOffset(), 1);
        assertThat(VideoContentType.read(packet, 6)).isEqualTo(1);
        assertThat(VideoContentType.isScreen(1)).isTrue();
        assertThat(VideoContentType.isScreen(0)).isFalse();
        assertThat(VideoContentType.isScreen(VideoContentType.NONE)).isFalse();
        assertThat(VideoContentType.read(written(without), 6)).isEqualTo(VideoContentType.NONE);
    }

    @Test
    void leavesOutElementsThatAreNotNegotiated() {
        assertThat(ExtensionLayout.NONE.isEmpty()).isTrue();
        assertThat(ExtensionLayout.NONE.lengthBytes()).isZero();
        assertThat(ExtensionLayout.builder()
                        .transportSequence(0)
                        .audioLevel(0)
                        .build()
                        .isEmpty())
                .isTrue();
        assertThatThrownBy(() -> ExtensionLayout.builder().transportSequence(256))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ExtensionLayout.builder().mid(1, "")).isInstanceOf(IllegalArgumentException.class);
    }

    private static ByteBuf written(ExtensionLayout layout) {
        ByteBuf packet = Unpooled.buffer();
        RtpHeader.write(packet, !layout.isEmpty(), false, 96, 1, 2, 3);
        layout.writeTo(packet);
        return packet;
    }

    private static String data(ByteBuf packet, int id) {
        int element = RtpExtensions.find(packet, id);
        assertThat(element).isNotEqualTo(RtpExtensions.NONE);
        return ByteBufUtil.hexDump(
                packet, packet.readerIndex() + RtpExtensions.offset(element), RtpExtensions.lengthBytes(element));
    }

    private static ByteBuf packet(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ffff" + hex)).skipBytes(2);
    }
}
