package org.rotunda.record.matroska;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.rotunda.record.testkit.MemoryFile;

class MatroskaProperties {
    @Property(tries = 300)
    void everyFlushLeavesAFileThatReadsAsWritten(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 40_000) Integer> gaps,
            @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 3_000) Integer> lengths,
            @ForAll int bits)
            throws IOException {
        MemoryFile file = new MemoryFile();
        MatroskaWriter writer = SampleFiles.writer(MediaTrack.vp8("camera", 640, 480), file);
        List<SampleFiles.Block> written = new ArrayList<>();
        long timestampMs = 0;
        for (int i = 0; i < gaps.size(); i++) {
            timestampMs += gaps.get(i);
            boolean key = (bits >>> i & 1) == 0;
            byte[] frame = new byte[lengths.get(i % lengths.size())];
            writer.frame(timestampMs, key, Unpooled.wrappedBuffer(frame));
            written.add(new SampleFiles.Block(timestampMs, key, ByteBufUtil.hexDump(frame)));
            if ((bits >>> i & 2) == 0) {
                writer.flush();
                assertThat(SampleFiles.read(file)).isEqualTo(written);
            }
        }
        writer.close();
        assertThat(SampleFiles.read(file)).isEqualTo(written);
        MatroskaRepairTest.isWhole(file);
    }
}
