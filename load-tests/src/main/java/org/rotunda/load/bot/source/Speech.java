package org.rotunda.load.bot.source;

import io.netty.buffer.ByteBuf;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two seconds of a voice-like sound in Opus packets of 20 ms. Each packet is written with padding (code 3, RFC 6716
 * §3.2.5). The padding holds a {@link FrameStamp}, which decoders skip.
 */
public final class Speech {
    public static final int SAMPLES_PER_PACKET = 960;

    /** The length of a packet that DTX sends in silence: a TOC byte without audio data. */
    public static final int DTX_LENGTH_BYTES = 1;

    private static final int CODE_MASK = 0x03;
    private static final int CODE_3 = 0x03;
    private static final int ONE_PADDED_FRAME = 0x40 | 1;

    private final byte[][] packets;

    private Speech(byte[][] packets) {
        this.packets = packets;
    }

    public static Speech load() {
        List<byte[]> found = new ArrayList<>();
        try (InputStream resource = Resources.open("speech.opus");
                DataInputStream in = new DataInputStream(resource)) {
            while (true) {
                byte[] packet = new byte[in.readUnsignedShort()];
                in.readFully(packet);
                if ((packet[0] & CODE_MASK) != 0) {
                    throw new IllegalStateException("packets of one frame are expected");
                }
                found.add(packet);
            }
        } catch (EOFException end) {
            return new Speech(found.toArray(byte[][]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the number of packets after which the sound repeats. */
    public int packets() {
        return packets.length;
    }

    /** Appends one packet with a stamp in its padding. */
    public void writeTo(ByteBuf out, int packet, int source, int frame, long nanos) {
        byte[] encoded = packets[packet];
        out.writeByte((encoded[0] & ~CODE_MASK) | CODE_3);
        out.writeByte(ONE_PADDED_FRAME);
        out.writeByte(FrameStamp.LENGTH_BYTES);
        out.writeBytes(encoded, 1, encoded.length - 1);
        FrameStamp.write(out, source, 0, false, frame, nanos);
    }

    /** Appends the packet that DTX sends in silence. */
    public void writeSilenceTo(ByteBuf out) {
        out.writeByte(packets[0][0]);
    }

    /** Returns the RFC 6464 level of a packet in -dBov. The level varies with the syllables. */
    public int levelOf(int packet) {
        // A syllable takes twelve packets, so there are about four syllables in a second.
        return 22 + Math.abs(packet % 12 - 6);
    }
}
