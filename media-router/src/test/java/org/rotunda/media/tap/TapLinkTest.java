package org.rotunda.media.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TapLinkTest {
    private static final List<String> EVERYTHING = List.of(
            LinkPair.open(7, 2).toString(),
            "media 7 1000 5 1 6 1 640x480 1700000000000000 0102",
            "clock 7 99 1700000000000001 true",
            "gone 7 1001-1005",
            "close 7 3");

    private static void writeEverything(ByteBuf out) {
        TapFrames.writeOpen(out, LinkPair.open(7, 2));
        LinkPair.media(out, 7, 1_000, new byte[] {1, 2});
        TapFrames.writeClock(out, 7, 99, 1_700_000_000_000_001L, true);
        TapFrames.writeGone(out, 7, 1_001, 1_005);
        TapFrames.writeClose(out, 7, 3);
    }

    @Test
    void bothEndsHearEachOtherAfterTheHandshake() {
        LinkPair pair = LinkPair.connected();
        assertThat(pair.recorder.isUp()).isTrue();
        assertThat(pair.mediaNode.isUp()).isTrue();
        assertThat(pair.recorder.peerId()).isEqualTo("media-1");

        writeEverything(pair.toRecorder);
        TapFrames.writeAck(pair.toMediaNode, 7, 2, 1_006);
        TapFrames.writeKeyFrame(pair.toMediaNode, 7);
        pair.exchange();
        assertThat(pair.atRecorder).isEqualTo(EVERYTHING);
        assertThat(pair.atMediaNode).containsExactly("ack 7 2 1006", "key frame 7");
        assertThat(pair.recorder.violation()).isNull();
    }

    @Test
    void theHeadOfAMediaFrameHas37Bytes() {
        ByteBuf out = Unpooled.buffer();
        LinkPair.media(out, 1, 1, new byte[0]);
        assertThat(out.readableBytes()).isEqualTo(TapFrames.MEDIA_HEAD_BYTES);
    }

    @Test
    void framesMayComeInAnyPieces() {
        for (int piece = 1; piece < 60; piece++) {
            LinkPair pair = LinkPair.connected();
            ByteBuf out = Unpooled.buffer();
            writeEverything(out);
            while (out.isReadable()) {
                pair.recorder.onBytes(out.readBytes(Math.min(piece, out.readableBytes())), 0);
            }
            assertThat(pair.atRecorder).as("pieces of %d bytes", piece).isEqualTo(EVERYTHING);
            assertThat(pair.recorder.heldBytes()).isZero();
        }
    }

    @Test
    void whoDoesNotKnowTheSecretIsNotHeard() {
        LinkPair pair = new LinkPair(new byte[] {9});
        pair.exchange();
        assertThat(pair.recorder.violation()).isEqualTo(TapViolation.WRONG_PROOF);
        assertThat(pair.mediaNode.violation()).isEqualTo(TapViolation.WRONG_PROOF);
        assertThat(pair.mediaNode.isUp()).isFalse();
    }

    @Test
    void anEndIsNotConvincedByItsOwnProof() {
        ByteBuf sent = Unpooled.buffer();
        TapLink link = new TapLink(
                TapLink.Role.RECORDER,
                "r",
                LinkPair.SECRET,
                LinkPair.nonce(2),
                new TapListener() {},
                sent::writeBytes,
                0);
        link.onBytes(sent.readBytes(sent.readableBytes()), 0); // Its own HELLO.
        link.onBytes(sent.readBytes(sent.readableBytes()), 0); // Its own proof for it.
        assertThat(link.violation()).isEqualTo(TapViolation.WRONG_PROOF);
    }

    @Test
    void whatBreaksTheProtocolEndsTheLink() {
        violates(TapViolation.TOO_LONG, out -> out.writeInt(-1)); // A frame of 4 GiB.
        violates(TapViolation.TOO_LONG, out -> out.writeInt(TapFrames.LENGTH_MAX + 1));
        violates(TapViolation.TOO_LONG, out -> out.writeInt(0));
        violates(TapViolation.UNKNOWN_TYPE, out -> out.writeInt(1).writeByte(12));
        violates(TapViolation.UNKNOWN_TYPE, out -> out.writeInt(1).writeByte(0));
        violates(
                TapViolation.MALFORMED,
                out -> out.writeInt(5).writeByte(TapFrames.OPEN).writeInt(1));
        violates(
                TapViolation.MALFORMED,
                out -> out.writeInt(32).writeByte(TapFrames.MEDIA).writeZero(31));
        violates(TapViolation.WRONG_ROLE, out -> TapFrames.writeAck(out, 1, 1, 1));
        violates(TapViolation.OUT_OF_ORDER, out -> TapFrames.writeHello(out, LinkPair.nonce(3), "again"));
        violates(TapViolation.OUT_OF_ORDER, out -> TapFrames.writeProof(out, LinkPair.nonce(3)));
        violates(TapViolation.MEDIA_BEFORE_OPEN, out -> LinkPair.media(out, 1, 1, new byte[1]));
        violates(TapViolation.SEQUENCE_WENT_BACK, out -> {
            TapFrames.writeOpen(out, LinkPair.open(1, 1));
            LinkPair.media(out, 1, 1L << 41, new byte[1]);
            LinkPair.media(out, 1, 1L << 40, new byte[1]);
        });
        violates(TapViolation.SEQUENCE_WENT_BACK, out -> {
            TapFrames.writeOpen(out, LinkPair.open(1, 1));
            TapFrames.writeGone(out, 1, 9, 8);
        });
        violates(TapViolation.TOO_MANY_TAPS, out -> {
            for (int tap = 0; tap <= TapLink.TAPS_MAX; tap++) {
                TapFrames.writeOpen(out, LinkPair.open(tap, 1));
            }
        });
    }

    private static void violates(TapViolation expected, Consumer<ByteBuf> frames) {
        LinkPair pair = LinkPair.connected();
        frames.accept(pair.toRecorder);
        pair.exchange();
        assertThat(pair.recorder.violation()).isEqualTo(expected);
        assertThat(pair.recorder.isUp()).isFalse();
        int heard = pair.atRecorder.size();
        writeEverything(pair.toRecorder);
        assertThat(pair.recorder.onBytes(pair.toRecorder, 0)).isFalse();
        assertThat(pair.atRecorder).hasSize(heard);
    }

    @Test
    void strangersAreNoLink() {
        for (byte[] bytes : List.of("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), new byte[5])) {
            LinkPair pair = new LinkPair(LinkPair.SECRET);
            pair.recorder.onBytes(Unpooled.wrappedBuffer(bytes), 0);
            assertThat(pair.recorder.violation()).isEqualTo(TapViolation.NOT_A_LINK);
        }
        LinkPair pair = new LinkPair(LinkPair.SECRET);
        pair.toRecorder.setByte(5, 'X'); // The magic.
        pair.recorder.onBytes(pair.toRecorder, 0);
        assertThat(pair.recorder.violation()).isEqualTo(TapViolation.NOT_A_LINK);
    }

    @Test
    void mediaBeforeTheProofIsNotHeard() {
        LinkPair pair = new LinkPair(LinkPair.SECRET);
        writeEverything(pair.toRecorder);
        pair.recorder.onBytes(pair.toRecorder, 0);
        assertThat(pair.recorder.violation()).isEqualTo(TapViolation.OUT_OF_ORDER);
        assertThat(pair.atRecorder).isEmpty();
    }

    @Test
    void framesForATapThatIsClosedAreCounted() {
        LinkPair pair = LinkPair.connected();
        writeEverything(pair.toRecorder);
        LinkPair.media(pair.toRecorder, 7, 1_001, new byte[1]);
        TapFrames.writeClock(pair.toRecorder, 8, 1, 1, false);
        pair.exchange();
        assertThat(pair.recorder.violation()).isNull();
        assertThat(pair.recorder.unknownTapFrames()).isEqualTo(2);
        assertThat(pair.atRecorder).isEqualTo(EVERYTHING);
    }

    @Test
    void aSilentEndIsLost() {
        LinkPair pair = LinkPair.connected();
        long nanos = 0;
        for (int i = 0; i < 20; i++) { // As long as pings are answered, nothing happens.
            nanos = pair.recorder.nextDeadlineNanos();
            pair.recorder.onTimeout(nanos);
            pair.mediaNode.onBytes(pair.toMediaNode.readBytes(pair.toMediaNode.readableBytes()), nanos);
            pair.recorder.onBytes(pair.toRecorder.readBytes(pair.toRecorder.readableBytes()), nanos);
        }
        assertThat(pair.recorder.violation()).isNull();
        long lastNanos = nanos;
        while (pair.recorder.violation() == null) {
            nanos = pair.recorder.nextDeadlineNanos();
            pair.recorder.onTimeout(nanos);
        }
        assertThat(pair.recorder.violation()).isEqualTo(TapViolation.SILENCE);
        assertThat(nanos - lastNanos).isEqualTo(TapLink.SILENCE_NANOS);
    }
}
