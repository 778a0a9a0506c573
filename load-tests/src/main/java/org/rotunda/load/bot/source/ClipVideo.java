package org.rotunda.load.bot.source;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A pre-encoded clip of three seconds in three layers, which real decoders accept. The files are in IVF format. The
 * README beside the files says how they were made.
 */
public final class ClipVideo implements VideoSource {
    private static final int[] HEIGHTS = {180, 360, 720};
    private static final int FILE_HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 12;

    private final byte[][][] frames; // The first index is the layer, and the second is the number of the frame.

    private ClipVideo(byte[][][] frames) {
        this.frames = frames;
    }

    /** Reads the clip from the class path. */
    public static ClipVideo load() {
        byte[][][] layers = new byte[HEIGHTS.length][][];
        for (int layer = 0; layer < HEIGHTS.length; layer++) {
            layers[layer] = read("clip-" + HEIGHTS[layer] + ".ivf");
        }
        return new ClipVideo(layers);
    }

    private static byte[][] read(String resource) {
        try (InputStream in = Resources.open(resource)) {
            ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            file.position(FILE_HEADER_BYTES);
            List<byte[]> found = new ArrayList<>();
            while (file.remaining() >= FRAME_HEADER_BYTES) {
                byte[] frame = new byte[file.getInt()];
                file.getLong(); // The presentation time is skipped, because frames have a fixed interval.
                file.get(frame);
                found.add(frame);
            }
            return found.toArray(byte[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int layers() {
        return frames.length;
    }

    @Override
    public int frames() {
        return frames[0].length;
    }

    @Override
    public int lengthBytes(int layer, int frame) {
        return frames[layer][frame].length;
    }

    @Override
    public void writeTo(ByteBuf out, int layer, int frame, int offset, int lengthBytes) {
        out.writeBytes(frames[layer][frame], offset, lengthBytes);
    }
}
