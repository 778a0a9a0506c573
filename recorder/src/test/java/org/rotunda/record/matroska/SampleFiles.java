package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rotunda.record.testkit.MemoryFile;

/** Small files for the tests of this package. */
final class SampleFiles {
    static final String SID = "RT0123456789abcdef0123456789abcdef";
    static final long CREATED_UNIX_MS = 1_700_000_000_123L;

    /** A block as it was written or read. */
    record Block(long timestampMs, boolean key, String frame) {}

    private SampleFiles() {}

    static SegmentHead head(MediaTrack track) {
        return new SegmentHead(SID, CREATED_UNIX_MS, track, Map.of("ROOM_SID", "RM01", "TRACK_SID", "MTäöü"));
    }

    static MatroskaWriter writer(MediaTrack track, FileSink sink) {
        return new MatroskaWriter(head(track), sink, UnpooledByteBufAllocator.DEFAULT);
    }

    /** Writes frames of video: a key frame every {@code keyEach} frames, 100 ms apart, flushed after every fourth. */
    static List<Block> writeVideo(MatroskaWriter writer, int frames, int keyEach) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            byte[] frame = new byte[1 + i * 7 % 40];
            frame[0] = (byte) i;
            blocks.add(new Block(1_500 + 100L * i, i % keyEach == 0, ByteBufUtil.hexDump(frame)));
            writer.frame(1_500 + 100L * i, i % keyEach == 0, Unpooled.wrappedBuffer(frame));
            if (i % 4 == 3) {
                writer.flush();
            }
        }
        return blocks;
    }

    static List<Block> read(MediaFile file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        MatroskaReader reader = MatroskaReader.open(file);
        while (reader != null && reader.next()) {
            ByteBuf frame = Unpooled.buffer();
            reader.readFrame(frame, reader.frameBytes());
            blocks.add(new Block(reader.timestampMs(), reader.isKeyFrame(), ByteBufUtil.hexDump(frame)));
        }
        return blocks;
    }

    static MemoryFile copy(byte[] bytes) {
        return new MemoryFile(bytes);
    }
}
