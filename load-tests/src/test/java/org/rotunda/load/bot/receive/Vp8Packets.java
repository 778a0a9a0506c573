package org.rotunda.load.bot.receive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.rotunda.load.bot.source.FrameStamp;
import org.rotunda.load.bot.source.Vp8Packetizer;
import org.rotunda.media.rtp.RtpHeader;

/**
 * A simulated VP8 encoder with two packets per frame and the temporal layers 0, 2, 1, 2. The numbers in the packets are
 * correct unless a test changes the fields.
 */
final class Vp8Packets {
    static final int PACKETS_PER_FRAME = 2;

    private static final int TICKS = 3_000;

    int sequence = 65_530; // The sequence number and the picture id wrap around soon.
    int timestamp = -5_000;
    int pictureId = 0x7FFE;
    int tl0PicIdx = 254;
    int source = 7;
    int layer;
    int frameNumber;
    private int position;

    /** Returns the packets of the next frame, which is a key frame if {@code key} is true. */
    List<ByteBuf> frame(boolean key) {
        position = key ? 0 : position + 1;
        int temporalId = (position & 1) == 1 ? 2 : (position & 3) == 2 ? 1 : 0;
        pictureId = pictureId + 1 & 0x7FFF;
        tl0PicIdx = temporalId == 0 ? tl0PicIdx + 1 & 0xFF : tl0PicIdx;
        timestamp += TICKS;
        List<ByteBuf> packets = new ArrayList<>();
        for (int i = 0; i < PACKETS_PER_FRAME; i++) {
            boolean last = i == PACKETS_PER_FRAME - 1;
            ByteBuf packet = Unpooled.buffer();
            RtpHeader.write(packet, false, last, 96, sequence, timestamp, 1);
            Vp8Packetizer.writeDescriptor(packet, i == 0, pictureId, tl0PicIdx, temporalId, false);
            if (i == 0 && key) {
                packet.writeBytes(new byte[] {0x10, 0, 0, (byte) 0x9D, 1, 0x2A})
                        .writeShortLE(640)
                        .writeShortLE(360);
            } else {
                packet.writeByte(i == 0 ? 0x11 : 0).writeZero(20);
            }
            if (last) {
                FrameStamp.write(packet, source, layer, key, frameNumber++, 0);
            }
            packets.add(packet);
            sequence = sequence + 1 & 0xFFFF;
        }
        return packets;
    }

    /** Returns the packets of this many frames. The first frame is a key frame. */
    List<ByteBuf> frames(int count) {
        List<ByteBuf> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            packets.addAll(frame(i == 0));
        }
        return packets;
    }
}
