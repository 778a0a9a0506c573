package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The places where a player may enter a file: the timestamps and positions of clusters. When the list is full, every
 * second place is forgotten, and from then on fewer places are taken, so that its memory is bounded and the places stay
 * evenly spread.
 */
final class CueList {
    /** The maximum number of places; a day of key frames, one each five seconds, fills a quarter of it. */
    static final int CUES_MAX = 1 << 16;

    private long[] timestampsMs = new long[16];
    private long[] positions = new long[16];
    private int count;
    private int step = 1; // Every step-th place is taken.
    private int skipped;

    void add(long timestampMs, long position) {
        if (++skipped < step && count > 0) {
            return;
        }
        skipped = 0;
        if (count == CUES_MAX) {
            halve();
        }
        if (count == timestampsMs.length) {
            timestampsMs = Arrays.copyOf(timestampsMs, 2 * count);
            positions = Arrays.copyOf(positions, 2 * count);
        }
        timestampsMs[count] = timestampMs;
        positions[count] = position;
        count++;
    }

    private void halve() {
        for (int i = 0; i < count / 2; i++) {
            timestampsMs[i] = timestampsMs[2 * i];
            positions[i] = positions[2 * i];
        }
        count /= 2;
        step *= 2;
    }

    int count() {
        return count;
    }

    /** Writes the element Cues. Positions are relative to {@code data}, the start of the segment's content. */
    void writeTo(ByteBuf out, long data) {
        ByteBuf cues = Ebml.buffer();
        for (int i = 0; i < count; i++) {
            ByteBuf place = Ebml.buffer();
            Ebml.writeUnsigned(place, Ebml.CUE_TRACK, HeadWriter.TRACK_NUMBER);
            Ebml.writeUnsigned(place, Ebml.CUE_CLUSTER_POSITION, positions[i] - data);
            ByteBuf point = Ebml.buffer();
            Ebml.writeUnsigned(point, Ebml.CUE_TIME, timestampsMs[i]);
            Ebml.writeMaster(point, Ebml.CUE_TRACK_POSITIONS, place);
            Ebml.writeMaster(cues, Ebml.CUE_POINT, point);
        }
        Ebml.writeMaster(out, Ebml.CUES, cues);
    }
}
