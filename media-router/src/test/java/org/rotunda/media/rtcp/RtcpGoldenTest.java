package org.rotunda.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that packets are written and read with the bytes that the RFCs specify. */
class RtcpGoldenTest {
    private static final int OURS = 0x11111111;
    private static final int THEIRS = 0xA2A2A2A2;

    private final ByteBuf out = Unpooled.buffer(1_500);

    @Test
    void senderReportWithBlockAndCname() {
        int report = RtcpWriter.beginSenderReport(out, OURS, 0xE1E2E3E4F1F2F3F4L, 90_000, 7, 700);
        RtcpWriter.reportBlock(out, THEIRS, 64, -2, 0x00010005, 33, 0x22334455, 65_536);
        RtcpWriter.endReport(out, report);
        byte[] cname = "rotunda".getBytes(StandardCharsets.UTF_8);
        RtcpWriter.cname(out, OURS, cname);

        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo("81c8000c11111111e1e2e3e4f1f2f3f400015f9000000007000002bc"
                        + "a2a2a2a240fffffe00010005000000212233445500010000"
                        + "81ca0004111111110107" + "726f74756e6461" + "000000");
        assertThat(RtcpWriter.cnameLengthBytes(cname)).isEqualTo(20);
        assertThat(facts(out))
                .containsExactly(
                        "SR 11111111 e1e2e3e4f1f2f3f4 90000 7 700", "block a2a2a2a2 64 -2 65541 33 22334455 65536");
        assertThat(cnameIn(out, OURS)).isEqualTo("rotunda");
        assertThat(cnameIn(out, THEIRS)).isNull();
    }

    @Test
    void cnameAlwaysEndsWithAZero() {
        for (int length = 0; length <= 255; length++) {
            out.clear();
            byte[] cname = "x".repeat(length).getBytes(StandardCharsets.UTF_8);
            RtcpWriter.cname(out, OURS, cname);

            assertThat(out.readableBytes()).isEqualTo(RtcpWriter.cnameLengthBytes(cname));
            assertThat(cnameIn(out, OURS)).hasSize(length);
        }
    }

    @Test
    void emptyReceiverReportAndBye() {
        RtcpWriter.endReport(out, RtcpWriter.beginReceiverReport(out, OURS));
        RtcpWriter.bye(out, OURS);

        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("80c9000111111111" + "81cb000111111111");
        assertThat(facts(out)).containsExactly("BYE 11111111");
    }

    @Test
    void reportRefusesAThirtySecondBlock() {
        int report = RtcpWriter.beginReceiverReport(out, OURS);
        for (int i = 0; i < 32; i++) {
            RtcpWriter.reportBlock(out, i, 0, 0, 0, 0, 0, 0);
        }

        assertThatIllegalStateException().isThrownBy(() -> RtcpWriter.endReport(out, report));
    }

    @Test
    void cumulativeLossStaysWithinItsBits() {
        int report = RtcpWriter.beginReceiverReport(out, OURS);
        RtcpWriter.reportBlock(out, 1, 0, Integer.MAX_VALUE, 0, 0, 0, 0);
        RtcpWriter.reportBlock(out, 2, 0, Integer.MIN_VALUE, 0, 0, 0, 0);
        RtcpWriter.endReport(out, report);

        assertThat(facts(out)).containsExactly("block 1 0 8388607 0 0 0 0", "block 2 0 -8388608 0 0 0 0");
    }

    @Test
    void nackPacksRunsIntoMasksAcrossTheWrap() {
        int[] lost = {65_534, 65_535, 0, 14, 15, 40};

        assertThat(RtcpWriter.nack(out, OURS, THEIRS, lost, lost.length)).isEqualTo(6);

        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo("81cd0005" + "11111111" + "a2a2a2a2" + "fffe8003" + "000f0000" + "00280000");
        assertThat(facts(out))
                .containsExactly(
                        "NACK a2a2a2a2 65534",
                        "NACK a2a2a2a2 65535",
                        "NACK a2a2a2a2 0",
                        "NACK a2a2a2a2 14",
                        "NACK a2a2a2a2 15",
                        "NACK a2a2a2a2 40");
    }

    @Test
    void nackStopsWhenTheBufferIsFull() {
        ByteBuf small = Unpooled.buffer(20, 20);

        assertThat(RtcpWriter.nack(small, OURS, THEIRS, new int[] {0, 100, 200, 300}, 4))
                .isEqualTo(2);
        assertThat(facts(small)).containsExactly("NACK a2a2a2a2 0", "NACK a2a2a2a2 100");
        assertThat(RtcpWriter.nack(small, OURS, THEIRS, new int[] {1}, 1)).isZero();
    }

    @Test
    void pliAndFir() {
        RtcpWriter.pli(out, OURS, THEIRS);
        RtcpWriter.fir(out, OURS, THEIRS, 9);

        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo("81ce000211111111a2a2a2a2" + "84ce00041111111100000000a2a2a2a209000000");
        assertThat(facts(out)).containsExactly("PLI a2a2a2a2", "FIR a2a2a2a2 9");
    }

    @Test
    void remb() {
        assertThat(facts("8fce0005" + "11111111" + "00000000" + "52454d42" + "010bd090" + "a2a2a2a2"))
                .containsExactly("REMB " + (0x3D090L << 2));
        assertThat(facts("8fce0005" + "11111111" + "00000000" + "52454d42" + "01ffffff" + "a2a2a2a2"))
                .containsExactly("REMB " + Long.MAX_VALUE);
        assertThat(drops("8fce0004" + "11111111" + "00000000" + "52454d42" + "010bd090"))
                .containsExactly(RtcpDrop.MALFORMED);
    }

    /**
     * Reads a padded message made by hand. Its chunks are a run of three small deltas, a one-bit vector 1 0 1 …, and a
     * two-bit vector with a negative large delta.
     */
    @Test
    void transportFeedbackOfEveryChunkKind() {
        String message = "afcd0008" + "11111111" + "a2a2a2a2" + "fffd" + "0013" + "000102" + "07"
                + "2003" // This is a run of three small deltas.
                + "a800" // The symbols are 1 0 1 and eleven zeros; 0 means "not received".
                + "d800" // The symbols are a small delta, a large delta and five unused symbols.
                + "0004ff" + "0a0b" + "10" + "fff0" + "0002";

        assertThat(facts(message))
                .containsExactly("TWCC 65533 @258 #7: 65533+0 65534+4 65535+259 0+269 -1 2+280 -3 -4 -5 -6 -7 -8 -9 -10"
                        + " -11 -12 -13 14+296 15+280");
    }

    @Test
    void transportFeedbackWithReservedSymbolOrMissingDeltasIsDropped() {
        String head = "8fcd0005" + "11111111" + "a2a2a2a2" + "0000" + "0001" + "000000" + "00";

        assertThat(drops(head + "60010000")).containsExactly(RtcpDrop.MALFORMED);
        assertThat(drops(head.replace("8fcd0005", "8fcd0004"))).containsExactly(RtcpDrop.MALFORMED);
        assertThat(drops("8fcd0005" + "11111111" + "a2a2a2a2" + "0000" + "0003" + "00000000" + "20030000"))
                .containsExactly(RtcpDrop.MALFORMED);
    }

    @Test
    void transportFeedbackIsWrittenAsTheDraftDrawsIt() {
        TransportFeedbackWriter writer = new TransportFeedbackWriter();
        writer.begin(65_535, 1_000);
        assertThat(writer.addReceived(65_535, 1_000)).isTrue();
        assertThat(writer.addReceived(65_537, 1_400)).isTrue();
        // The delta exceeds 16 bits in units of 250 µs.
        assertThat(writer.addReceived(65_538, 40_000)).isFalse();
        writer.writeTo(out, OURS, THEIRS, 3);

        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo(
                        "afcd0006" + "11111111" + "a2a2a2a2" + "ffff0003" + "00000303" + "d200" + "e80190" + "000003");
        assertThat(facts(out)).containsExactly("TWCC 65535 @3 #3: 65535+232 -0 1+632");
    }

    @Test
    void framingIsCheckedBeforeAnythingIsRead() {
        assertThat(drops("81c8")).containsExactly(RtcpDrop.TRUNCATED);
        assertThat(drops("80c90001")).containsExactly(RtcpDrop.TRUNCATED);
        assertThat(drops("40c90001" + "11111111")).containsExactly(RtcpDrop.BAD_VERSION);
        assertThat(drops("a0c90001" + "11111100")).containsExactly(RtcpDrop.BAD_PADDING);
        assertThat(drops("a0c90001" + "11111105")).containsExactly(RtcpDrop.BAD_PADDING);
        assertThat(drops("81cb0000".repeat(129))).containsExactly(RtcpDrop.TOO_MANY_PACKETS);
        assertThat(drops("81cb0000".repeat(400))).containsExactly(RtcpDrop.TOO_LONG);
        assertThat(drops("81c90001" + "11111111")).containsExactly(RtcpDrop.MALFORMED);
        assertThat(drops("80cc0001" + "11111111")).containsExactly(RtcpDrop.UNKNOWN_TYPE);
    }

    private static List<String> facts(String hex) {
        return facts(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    private static List<String> facts(ByteBuf datagram) {
        RecordingRtcpSink sink = read(datagram);
        assertThat(sink.drops).isEmpty();
        return sink.facts;
    }

    private static List<RtcpDrop> drops(String hex) {
        return read(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex))).drops;
    }

    private static RecordingRtcpSink read(ByteBuf datagram) {
        RecordingRtcpSink sink = new RecordingRtcpSink();
        new RtcpReader(sink).read(datagram);
        return sink;
    }

    private static @Nullable String cnameIn(ByteBuf datagram, int ssrc) {
        RtcpCompound compound = new RtcpCompound();
        assertThat(compound.wrap(datagram)).isNull();
        @Nullable String found = null;
        while (compound.next()) {
            if (SourceDescription.isValid(compound)) {
                found = SourceDescription.cname(compound, ssrc);
            }
        }
        return found;
    }
}
