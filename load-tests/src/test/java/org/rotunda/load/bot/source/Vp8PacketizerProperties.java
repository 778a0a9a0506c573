package org.rotunda.load.bot.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.codec.Vp8Descriptor;

class Vp8PacketizerProperties {
    @Property(tries = 500)
    void packetsOfAFrameDifferByAByteAtMostAndTheLargerComeLast(
            @ForAll @IntRange(min = 1, max = 200_000) int frameBytes) {
        int packets = Vp8Packetizer.packets(frameBytes);
        int offset = 0;
        int smallest = Integer.MAX_VALUE;
        int previous = 0;
        for (int i = 0; i < packets; i++) {
            int length = Vp8Packetizer.lengthBytes(frameBytes, i);
            assertThat(Vp8Packetizer.offset(frameBytes, i)).isEqualTo(offset);
            assertThat(length).isBetween(1, Vp8Packetizer.FRAGMENT_BYTES_MAX);
            assertThat(length).isGreaterThanOrEqualTo(previous);
            previous = length;
            smallest = Math.min(smallest, length);
            offset += length;
        }
        assertThat(offset).isEqualTo(frameBytes);
        assertThat(previous - smallest).isLessThanOrEqualTo(1);
        assertThat((long) (packets - 1) * Vp8Packetizer.FRAGMENT_BYTES_MAX)
                .isLessThan(frameBytes); // One packet fewer could not hold the frame.
    }

    @Property(tries = 200)
    void theRouterReadsTheDescriptor(
            @ForAll boolean start,
            @ForAll @IntRange(max = 0x7FFF) int pictureId,
            @ForAll @IntRange(max = 255) int tl0PicIdx,
            @ForAll @IntRange(max = 2) int temporalId,
            @ForAll boolean sync) {
        ByteBuf payload = Unpooled.buffer();
        Vp8Packetizer.writeDescriptor(payload, start, pictureId, tl0PicIdx, temporalId, sync);
        payload.writeByte(1);
        Vp8Descriptor descriptor = new Vp8Descriptor();

        assertThat(descriptor.parse(payload, 0, payload.readableBytes())).isTrue();
        assertThat(descriptor.isFrameStart()).isEqualTo(start);
        assertThat(descriptor.pictureId()).isEqualTo(pictureId);
        assertThat(descriptor.isPictureIdLong()).isTrue();
        assertThat(descriptor.tl0PicIdx()).isEqualTo(tl0PicIdx);
        assertThat(descriptor.temporalId()).isEqualTo(temporalId);
        assertThat(descriptor.isLayerSync()).isEqualTo(sync);
        assertThat(descriptor.isDiscardable()).isEqualTo(temporalId == 2);
    }
}
