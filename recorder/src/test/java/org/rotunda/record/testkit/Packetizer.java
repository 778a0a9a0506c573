package org.rotunda.record.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Cuts frames into the payloads that a browser sends. */
public final class Packetizer {
    private static final int PAYLOAD_BYTES_MAX = 1_100;

    private Packetizer() {}

    /**
     * Cuts a frame of VP8 (RFC 7741 §4.2), with all ids in the descriptor.
     *
     * @param discardable the N bit
     * @param sync the Y bit
     */
    public static List<ByteBuf> vp8(
            byte[] frame, int pictureId, int tl0PicIdx, int temporalId, boolean sync, boolean discardable) {
        List<ByteBuf> result = new ArrayList<>();
        for (int at = 0; at < frame.length; at += PAYLOAD_BYTES_MAX) {
            int length = Math.min(PAYLOAD_BYTES_MAX, frame.length - at);
            ByteBuf payload = Unpooled.buffer(6 + length);
            payload.writeByte(0x80 | (discardable ? 0x20 : 0) | (at == 0 ? 0x10 : 0));
            payload.writeByte(0xE0); // I, L and T.
            payload.writeShort(0x8000 | (pictureId & 0x7FFF));
            payload.writeByte(tl0PicIdx);
            payload.writeByte(temporalId << 6 | (sync ? 0x20 : 0));
            result.add(payload.writeBytes(frame, at, length));
        }
        return result;
    }

    public static List<ByteBuf> vp8(byte[] frame, int pictureId) {
        return vp8(frame, pictureId, pictureId & 0xFF, 0, false, false);
    }

    /**
     * Cuts an access unit in byte stream format (RFC 6184 §5.6–5.8): small NAL units first, in one STAP-A; slices in
     * FU-As.
     */
    public static List<ByteBuf> h264(byte[] unit) {
        List<ByteBuf> result = new ArrayList<>();
        ByteBuf stap = Unpooled.buffer().writeByte(24 | 0x60);
        for (byte[] nal : Material.nals(unit)) {
            int type = nal[0] & 0x1F;
            if (type >= 6) {
                stap.writeShort(nal.length).writeBytes(nal);
                continue;
            }
            if (stap.readableBytes() > 1) {
                result.add(stap);
                stap = Unpooled.buffer().writeByte(24 | 0x60);
            }
            if (nal.length <= PAYLOAD_BYTES_MAX) {
                result.add(Unpooled.wrappedBuffer(nal));
                continue;
            }
            for (int at = 1; at < nal.length; at += PAYLOAD_BYTES_MAX) {
                int length = Math.min(PAYLOAD_BYTES_MAX, nal.length - at);
                int flags = (at == 1 ? 0x80 : 0) | (at + length == nal.length ? 0x40 : 0);
                ByteBuf payload =
                        Unpooled.buffer().writeByte((nal[0] & 0xE0) | 28).writeByte(flags | type);
                result.add(payload.writeBytes(nal, at, length));
            }
        }
        return result;
    }
}
