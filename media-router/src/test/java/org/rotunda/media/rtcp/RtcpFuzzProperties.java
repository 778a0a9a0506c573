package org.rotunda.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Tests the reading of arbitrary bytes. No exception is thrown, and no byte outside the datagram is read. The array has
 * exactly the datagram's length, so a read past the end would throw.
 */
class RtcpFuzzProperties {

    @Property(tries = 2_000)
    void randomBytesNeverThrow(@ForAll @Size(max = 200) byte[] bytes) {
        read(bytes);
    }

    @Property(tries = 2_000)
    void randomContentUnderAValidHeaderNeverThrows(@ForAll @Size(max = 60) byte[] content, @ForAll Random random) {
        ByteBuf datagram = Unpooled.buffer(content.length + 8);
        datagram.writeByte(0x80 | random.nextInt(64)).writeByte(RtcpType.SR + random.nextInt(8));
        datagram.writeShort((content.length + 3) / 4).writeBytes(content).writeZero(-content.length & 3);
        byte[] bytes = new byte[datagram.readableBytes()];
        datagram.readBytes(bytes);
        read(bytes);
    }

    @Property(tries = 3_000)
    void mutatedValidCompoundsNeverThrow(@ForAll Random random) {
        byte[] bytes = validCompound(random);
        for (int mutations = random.nextInt(4); mutations >= 0; mutations--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        read(bytes);
        byte[] cut = new byte[random.nextInt(bytes.length)];
        System.arraycopy(bytes, 0, cut, 0, cut.length);
        read(cut);
    }

    @Property(tries = 500)
    void everythingWeWriteIsValid(@ForAll Random random) {
        assertThat(read(validCompound(random)).drops).isEmpty();
    }

    /** Tests that a CNAME is either refused or read as a text that we can write again. */
    @Property(tries = 1_000)
    void namesAreWrittenAsTheyWereRead(@ForAll @Size(max = 255) byte[] bytes, @ForAll boolean isText) {
        byte[] text = new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        byte[] name = isText && text.length <= 255 ? text : bytes;
        String read = cname(name);
        if (read != null) {
            assertThat(read.getBytes(StandardCharsets.UTF_8)).isEqualTo(name);
            assertThat(cname(read.getBytes(StandardCharsets.UTF_8))).isEqualTo(read);
        }
    }

    @Example
    void nameThatIsNotUtf8IsDropped() {
        assertThat(cname(new byte[] {'a', (byte) 0xFF})).isNull();
        assertThat(cname("é".getBytes(StandardCharsets.UTF_8))).isEqualTo("é");
    }

    /** Returns the CNAME of a source description with these bytes, or null if the CNAME is malformed. */
    private static @Nullable String cname(byte[] name) {
        ByteBuf out = Unpooled.buffer();
        RtcpWriter.cname(out, 1, name);
        RtcpCompound compound = new RtcpCompound();
        assertThat(compound.wrap(out)).isNull();
        assertThat(compound.next()).isTrue();
        return SourceDescription.isValid(compound) ? SourceDescription.cname(compound, 1) : null;
    }

    private static byte[] validCompound(Random random) {
        ByteBuf out = Unpooled.buffer(RtcpCompound.LENGTH_BYTES_MAX);
        int report = random.nextBoolean()
                ? RtcpWriter.beginSenderReport(out, random.nextInt(), random.nextLong(), random.nextInt(), 1, 2)
                : RtcpWriter.beginReceiverReport(out, random.nextInt());
        for (int blocks = random.nextInt(4); blocks > 0; blocks--) {
            RtcpWriter.reportBlock(
                    out,
                    random.nextInt(),
                    random.nextInt(256),
                    random.nextInt(),
                    random.nextInt(),
                    random.nextInt(),
                    random.nextInt(),
                    random.nextInt());
        }
        RtcpWriter.endReport(out, report);
        RtcpWriter.cname(out, 1, "c".repeat(random.nextInt(20)).getBytes(StandardCharsets.UTF_8));
        int[] lost = random.ints(1 + random.nextInt(20), 0, 0x10000).sorted().toArray();
        RtcpWriter.nack(out, 1, 2, lost, lost.length);
        RtcpWriter.pli(out, 1, 2);
        RtcpWriter.fir(out, 1, 2, random.nextInt(256));
        TransportFeedbackWriter writer = new TransportFeedbackWriter();
        long ticks = random.nextInt(1_000_000);
        long sequence = random.nextInt(0x10000);
        writer.begin(sequence, ticks);
        for (int packets = 1 + random.nextInt(30); packets > 0; packets--) {
            writer.addReceived(sequence, ticks);
            sequence += 1 + (random.nextInt(4) == 0 ? random.nextInt(30) : 0);
            ticks += random.nextInt(400) - 50;
        }
        writer.writeTo(out, 1, 2, random.nextInt(256));
        RtcpWriter.bye(out, 1);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private static RecordingRtcpSink read(byte[] bytes) {
        RecordingRtcpSink sink = new RecordingRtcpSink();
        ByteBuf datagram = Unpooled.wrappedBuffer(bytes);
        new RtcpReader(sink).read(datagram);
        RtcpCompound compound = new RtcpCompound();
        if (compound.wrap(datagram) == null) {
            while (compound.next()) {
                if (SourceDescription.isValid(compound)) {
                    SourceDescription.cname(compound, 1);
                }
            }
        }
        assertThat(datagram.readableBytes()).isEqualTo(bytes.length);
        return sink;
    }
}
