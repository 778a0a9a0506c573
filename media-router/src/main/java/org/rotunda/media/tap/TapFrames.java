package org.rotunda.media.tap;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Writes the frames of a tap link. A frame is its length in four bytes, which count what follows, its type in one byte,
 * and its fields; all numbers are big-endian.
 *
 * <pre>
 * HELLO      magic "RTAP", version u8, nonce 32 bytes, node id
 * PROOF      HMAC-SHA256, 32 bytes
 * OPEN       tap u32, generation u32, recording 16 bytes, kind u8, codec u8, clock rate u32
 * MEDIA      tap u32, sequence u64, timestamp u32, flags u8, picture id u16, temporal id u8, width u16, height u16,
 *            arrival u64 (microseconds since 1970), payload
 * CLOCK      tap u32, timestamp u32, unix u64 (microseconds since 1970), quality u8
 * GONE       tap u32, first u64, last u64 (inclusive)
 * CLOSE      tap u32, reason u8
 * ACK        tap u32, generation u32, sequence u64
 * KEYFRAME   tap u32
 * PING, PONG u64
 * </pre>
 */
public final class TapFrames {
    /** The maximum length of a frame: what its length field may say. */
    public static final int LENGTH_MAX = 64 * 1024;

    /** The length of a MEDIA frame without its payload, with its length field. */
    public static final int MEDIA_HEAD_BYTES = 37;

    public static final int FLAG_MARKER = 1;
    public static final int FLAG_KEY_FRAME_START = 2;
    public static final int FLAG_RECOVERED = 4;

    static final int MAGIC = 0x52544150; // "RTAP"
    static final int VERSION = 1;
    static final int NONCE_BYTES = 32;
    static final int PROOF_BYTES = 32;
    static final int SID_BYTES = 16;
    static final int NODE_ID_BYTES_MAX = 255;

    static final int LENGTH_BYTES = 4;

    static final int OPEN = 1;
    static final int MEDIA = 2;
    static final int CLOCK = 3;
    static final int GONE = 4;
    static final int CLOSE = 5;
    static final int ACK = 6;
    static final int KEYFRAME = 7;
    static final int PING = 8;
    static final int PONG = 9;
    static final int HELLO = 10;
    static final int PROOF = 11;

    private TapFrames() {}

    static void writeHello(ByteBuf out, byte[] nonce, String nodeId) {
        byte[] id = nodeId.getBytes(StandardCharsets.UTF_8);
        head(out, HELLO, 5 + NONCE_BYTES + id.length);
        out.writeInt(MAGIC).writeByte(VERSION).writeBytes(nonce).writeBytes(id);
    }

    static void writeProof(ByteBuf out, byte[] proof) {
        head(out, PROOF, PROOF_BYTES);
        out.writeBytes(proof);
    }

    public static void writeOpen(ByteBuf out, TapOpen open) {
        head(out, OPEN, 30);
        out.writeInt(open.tap()).writeInt(open.generation());
        out.writeLong(open.recordingHigh()).writeLong(open.recordingLow());
        out.writeByte(open.kind()).writeByte(open.codec()).writeInt(open.clockRateHz());
    }

    /** Writes the head of a MEDIA frame; {@code payloadBytes} bytes must follow. */
    public static void writeMediaHead(
            ByteBuf out,
            int tap,
            long sequence,
            int timestamp,
            int flags,
            int pictureId,
            int temporalId,
            int width,
            int height,
            long arrivalMicros,
            int payloadBytes) {
        head(out, MEDIA, MEDIA_HEAD_BYTES - LENGTH_BYTES - 1 + payloadBytes);
        out.writeInt(tap)
                .writeLong(sequence)
                .writeInt(timestamp)
                .writeByte(flags)
                .writeShort(pictureId);
        out.writeByte(temporalId).writeShort(width).writeShort(height).writeLong(arrivalMicros);
    }

    /** Writes a CLOCK frame; {@code bySenderReport} is false if only arrivals say the time. */
    public static void writeClock(ByteBuf out, int tap, int timestamp, long unixMicros, boolean bySenderReport) {
        head(out, CLOCK, 17);
        out.writeInt(tap).writeInt(timestamp).writeLong(unixMicros).writeByte(bySenderReport ? 1 : 0);
    }

    public static void writeGone(ByteBuf out, int tap, long first, long last) {
        head(out, GONE, 20);
        out.writeInt(tap).writeLong(first).writeLong(last);
    }

    public static void writeClose(ByteBuf out, int tap, int reason) {
        head(out, CLOSE, 5);
        out.writeInt(tap).writeByte(reason);
    }

    public static void writeAck(ByteBuf out, int tap, int generation, long sequence) {
        head(out, ACK, 16);
        out.writeInt(tap).writeInt(generation).writeLong(sequence);
    }

    public static void writeKeyFrame(ByteBuf out, int tap) {
        head(out, KEYFRAME, 4);
        out.writeInt(tap);
    }

    static void writePing(ByteBuf out, boolean pong, long value) {
        head(out, pong ? PONG : PING, 8);
        out.writeLong(value);
    }

    private static void head(ByteBuf out, int type, int fieldBytes) {
        out.writeInt(fieldBytes + 1).writeByte(type);
    }
}
