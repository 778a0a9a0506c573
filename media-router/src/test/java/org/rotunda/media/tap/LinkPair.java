package org.rotunda.media.tap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A media node's end and a recorder's end, and what both heard. */
final class LinkPair {
    static final byte[] SECRET = {1, 2, 3};

    final List<String> atRecorder = new ArrayList<>();
    final List<String> atMediaNode = new ArrayList<>();
    final ByteBuf toRecorder = Unpooled.buffer();
    final ByteBuf toMediaNode = Unpooled.buffer();
    final TapLink mediaNode;
    final TapLink recorder;

    LinkPair(byte[] recorderSecret) {
        mediaNode = new TapLink(
                TapLink.Role.MEDIA_NODE, "media-1", SECRET, nonce(1), listener(atMediaNode), toRecorder::writeBytes, 0);
        recorder = new TapLink(
                TapLink.Role.RECORDER,
                "recorder-1",
                recorderSecret,
                nonce(2),
                listener(atRecorder),
                toMediaNode::writeBytes,
                0);
    }

    static LinkPair connected() {
        LinkPair pair = new LinkPair(SECRET);
        pair.exchange();
        return pair;
    }

    void exchange() {
        while (toRecorder.isReadable() || toMediaNode.isReadable()) {
            recorder.onBytes(toRecorder.readBytes(toRecorder.readableBytes()), 0);
            mediaNode.onBytes(toMediaNode.readBytes(toMediaNode.readableBytes()), 0);
        }
    }

    static byte[] nonce(int value) {
        byte[] nonce = new byte[32];
        Arrays.fill(nonce, (byte) value);
        return nonce;
    }

    static void media(ByteBuf out, int tap, long sequence, byte[] payload) {
        TapFrames.writeMediaHead(
                out, tap, sequence, 5, TapFrames.FLAG_MARKER, 6, 1, 640, 480, 1_700_000_000_000_000L, payload.length);
        out.writeBytes(payload);
    }

    static TapOpen open(int tap, int generation) {
        return new TapOpen(tap, generation, 0x0123456789ABCDEFL, -2L, 1, 0, 90_000);
    }

    static TapListener listener(List<String> heard) {
        return new TapListener() {
            @Override
            public void open(TapOpen open) {
                heard.add(open.toString());
            }

            @Override
            public void media(
                    int tap,
                    long sequence,
                    int timestamp,
                    int flags,
                    int pictureId,
                    int temporalId,
                    int width,
                    int height,
                    long arrivalMicros,
                    ByteBuf payload) {
                heard.add("media " + tap + " " + sequence + " " + timestamp + " " + flags + " " + pictureId + " "
                        + temporalId + " " + width + "x" + height + " " + arrivalMicros + " "
                        + ByteBufUtil.hexDump(payload));
            }

            @Override
            public void clock(int tap, int timestamp, long unixMicros, boolean bySenderReport) {
                heard.add("clock " + tap + " " + timestamp + " " + unixMicros + " " + bySenderReport);
            }

            @Override
            public void gone(int tap, long first, long last) {
                heard.add("gone " + tap + " " + first + "-" + last);
            }

            @Override
            public void close(int tap, int reason) {
                heard.add("close " + tap + " " + reason);
            }

            @Override
            public void ack(int tap, int generation, long sequence) {
                heard.add("ack " + tap + " " + generation + " " + sequence);
            }

            @Override
            public void keyFrame(int tap) {
                heard.add("key frame " + tap);
            }
        };
    }
}
