package org.rotunda.record.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Real frames of VP8, H.264 and Opus, made by ffmpeg from its test sources. A frame is a byte array; it must not be
 * changed.
 */
public final class Material {
    private Material() {}

    /** Returns frames of VP8 with a key frame every {@code keyInterval} frames. */
    public static List<byte[]> vp8(int width, int height, int frameRate, int frames, int keyInterval) {
        byte[] ivf = make(
                "ivf",
                List.of("-f", "lavfi", "-i", "testsrc2=size=" + width + "x" + height + ":rate=" + frameRate),
                List.of(
                        "-frames:v",
                        "" + frames,
                        "-c:v",
                        "libvpx",
                        "-deadline",
                        "realtime",
                        "-cpu-used",
                        "8",
                        "-b:v",
                        "500k",
                        "-g",
                        "" + keyInterval,
                        "-auto-alt-ref",
                        "0"));
        ByteBuf in = Unpooled.wrappedBuffer(ivf).skipBytes(32);
        List<byte[]> result = new ArrayList<>();
        while (in.readableBytes() >= 12) {
            int length = in.readIntLE();
            in.skipBytes(8); // The timestamp.
            result.add(bytes(in, length));
        }
        return result;
    }

    /** Returns access units of H.264 baseline in the byte stream format (ITU-T H.264 annex B), without AUDs. */
    public static List<byte[]> h264(int width, int height, int frameRate, int frames, int keyInterval) {
        byte[] stream = make(
                "h264",
                List.of("-f", "lavfi", "-i", "testsrc2=size=" + width + "x" + height + ":rate=" + frameRate),
                List.of(
                        "-frames:v",
                        "" + frames,
                        "-c:v",
                        "libx264",
                        "-profile:v",
                        "baseline",
                        "-preset",
                        "ultrafast",
                        "-pix_fmt",
                        "yuv420p",
                        "-g",
                        "" + keyInterval,
                        "-x264-params",
                        "aud=1:scenecut=0:slices=1"));
        List<byte[]> result = new ArrayList<>();
        ByteArrayOutputStream unit = new ByteArrayOutputStream();
        for (byte[] nal : nals(stream)) {
            if ((nal[0] & 0x1F) == 9) { // An access unit delimiter.
                if (unit.size() > 0) {
                    result.add(unit.toByteArray());
                    unit.reset();
                }
                continue;
            }
            unit.writeBytes(new byte[] {0, 0, 0, 1});
            unit.writeBytes(nal);
        }
        result.add(unit.toByteArray());
        return result;
    }

    /** Returns the NAL units of a byte stream. */
    public static List<byte[]> nals(byte[] stream) {
        List<byte[]> result = new ArrayList<>();
        int start = -1;
        for (int i = 0; i + 2 < stream.length; i++) {
            if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
                if (start >= 0) {
                    result.add(nal(stream, start, i));
                }
                start = i + 3;
                i += 2;
            }
        }
        result.add(nal(stream, start, stream.length));
        return result;
    }

    private static byte[] nal(byte[] stream, int from, int to) {
        int end = to;
        while (end > from && stream[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOfRange(stream, from, end);
    }

    /** Returns packets of 20 ms of Opus in mono: a tone that is broken by silence if {@code metronome}. */
    public static List<byte[]> opus(int milliseconds, boolean metronome) {
        String tone = "sine=frequency=440:sample_rate=48000" + (metronome ? ":beep_factor=4" : "");
        byte[] ogg = make(
                "opus",
                List.of("-f", "lavfi", "-i", tone),
                List.of("-t", milliseconds / 1000.0 + "", "-c:a", "libopus", "-b:a", "32k", "-frame_duration", "20"));
        List<byte[]> packets = oggPackets(ogg);
        return packets.subList(2, Math.min(packets.size(), 2 + milliseconds / 20)); // Without OpusHead and OpusTags.
    }

    private static List<byte[]> oggPackets(byte[] ogg) {
        ByteBuf in = Unpooled.wrappedBuffer(ogg);
        List<byte[]> result = new ArrayList<>();
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        while (in.readableBytes() >= 27) {
            int segments = in.getUnsignedByte(in.readerIndex() + 26);
            ByteBuf lacing = in.skipBytes(27).readSlice(segments);
            while (lacing.isReadable()) {
                int length = lacing.readUnsignedByte();
                packet.writeBytes(bytes(in, length));
                if (length < 255) {
                    result.add(packet.toByteArray());
                    packet.reset();
                }
            }
        }
        return result;
    }

    private static byte[] bytes(ByteBuf in, int length) {
        return ByteBufUtil.getBytes(in.readSlice(length));
    }

    private static byte[] make(String ending, List<String> input, List<String> options) {
        try {
            Path file = Files.createTempFile("material", "." + ending);
            try {
                List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y", "-threads", "1"));
                command.addAll(input);
                command.addAll(options);
                command.add(file.toString());
                Program.Result result = Program.run(command);
                if (result.exitCode() != 0) {
                    throw new AssertionError(result.errors());
                }
                return Files.readAllBytes(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
