package org.rotunda.record.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.record.matroska.FileSink;
import org.rotunda.record.matroska.MatroskaRepair;
import org.rotunda.record.matroska.MatroskaWriter;
import org.rotunda.record.matroska.MediaTrack;
import org.rotunda.record.matroska.SegmentHead;
import org.rotunda.record.testkit.MemoryFile;
import org.rotunda.record.testkit.Program;

/** Segments on a real disk: written, cut off, full, and whatever else may lie in a spool. */
class SpoolTest {
    private static final long RESERVE_BYTES = 4 * 1024 * 1024;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private Path folder;

    private final List<FinishedSegment> finished = new ArrayList<>();
    private final List<Sidecar> empty = new ArrayList<>();

    private Spool open() throws IOException {
        return Spool.open(folder.resolve("spool"), RESERVE_BYTES);
    }

    private static Sidecar sidecar(int number) {
        return new Sidecar(sid(number), 1, "mkv", Map.of("room_sid", "RM01", "track_name", "camera \"1\""));
    }

    private static String sid(int number) {
        return "RT" + String.format("%032x", number);
    }

    private SpoolScan.Result scan(Spool spool) throws IOException {
        finished.clear();
        empty.clear();
        return SpoolScan.scan(spool, new SpoolScan.Listener() {
            @Override
            public void finished(FinishedSegment segment) {
                finished.add(segment);
            }

            @Override
            public void empty(Sidecar sidecar) {
                empty.add(sidecar);
            }
        });
    }

    private static byte[] media(int recording, boolean closed) {
        MemoryFile file = new MemoryFile();
        MatroskaWriter writer = writer(recording, file);
        for (int i = 0; i < 100; i++) {
            writer.frame(40L * i, i % 25 == 0, Unpooled.wrappedBuffer(new byte[500]));
        }
        writer.flush();
        if (closed) {
            writer.close();
        } else {
            writer.abandon();
        }
        return file.bytes();
    }

    private static MatroskaWriter writer(int recording, FileSink sink) {
        SegmentHead head = new SegmentHead(sid(recording), 0, MediaTrack.vp8("camera", 640, 480), Map.of());
        return new MatroskaWriter(head, sink, UnpooledByteBufAllocator.DEFAULT);
    }

    private static void put(Spool spool, int recording, String ending, byte[] bytes) throws IOException {
        Files.write(spool.directory().resolve(sid(recording) + ".1" + ending), bytes);
    }

    /** What a segment's owner hears, on the writer's thread. */
    private static final class Heard implements SpoolWriter.Listener {
        private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

        @Override
        public void written(int bytes, long sequence) {
            events.add(sequence);
        }

        @Override
        public void diskFull() {
            events.add("full");
        }

        @Override
        public void failed(IOException cause) {
            events.add(cause);
        }

        @Override
        public void finished(FinishedSegment segment) {
            events.add(segment);
        }

        private Object next() throws InterruptedException {
            Object event = events.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("an answer of the writer").isNotNull();
            return event;
        }
    }

    private static FileSink sinkOf(SpoolWriter.Segment segment) {
        return new FileSink() {
            @Override
            public void append(ByteBuf bytes) {
                segment.append(bytes, 7);
            }

            @Override
            public void patch(long position, ByteBuf bytes) {
                segment.patch(position, bytes);
            }
        };
    }

    @Test
    void aSegmentIsWrittenByItsThreadAndFinished() throws Exception {
        Spool spool = open();
        Heard heard = new Heard();
        try (SpoolWriter thread = new SpoolWriter(spool, Duration.ZERO, "spool-test")) {
            SpoolWriter.Segment segment = thread.open(sidecar(1), Runnable::run, heard);
            MatroskaWriter writer = writer(1, sinkOf(segment));
            writer.frame(0, true, Unpooled.wrappedBuffer(new byte[500]));
            writer.flush();
            writer.frame(40, false, Unpooled.wrappedBuffer(new byte[500]));
            writer.close();
            segment.finish();
            assertThat(heard.next()).isEqualTo(7L);
            assertThat(heard.next()).isEqualTo(7L);
            assertThat(heard.next()).isEqualTo(7L); // Cues.
            FinishedSegment whole = (FinishedSegment) heard.next();
            assertThat(whole.file()).hasFileName(sid(1) + ".1.mkv").hasSize(writer.lengthBytes());
            assertThat(whole.sha256())
                    .isEqualTo(Program.run("sha256sum", whole.file().toString())
                            .output()
                            .substring(0, 64));
            byte[] bytes = Files.readAllBytes(whole.file());
            MemoryFile copy = new MemoryFile(bytes);
            assertThat(MatroskaRepair.repair(copy).frames()).isEqualTo(2);
            assertThat(copy.bytes()).isEqualTo(bytes);

            assertThat(scan(spool).finished()).isOne();
            assertThat(finished).containsExactly(whole);
            spool.markDone(whole.sidecar());
            assertThat(scan(spool).deleted()).isOne();
            assertThat(names(spool)).containsExactlyInAnyOrder("reserve", Spool.LOST_AND_FOUND);
        }
    }

    @Test
    void aSegmentThatIsThereIsNotOverwritten() throws Exception {
        Spool spool = open();
        put(spool, 1, Spool.SIDECAR, sidecar(1).toJson());
        Heard heard = new Heard();
        try (SpoolWriter thread = new SpoolWriter(spool, Duration.ZERO, "spool-test")) {
            SpoolWriter.Segment segment = thread.open(sidecar(1), Runnable::run, heard);
            assertThat(heard.next()).isInstanceOf(IOException.class);
            segment.append(Unpooled.buffer(4).writeInt(1), 1);
        }
        assertThat(heard.events).isEmpty();
    }

    @Test
    void partsAreRepairedAtStart() throws IOException {
        Spool spool = open();
        byte[] whole = media(1, true);
        put(spool, 1, Spool.SIDECAR, sidecar(1).toJson());
        put(spool, 1, Spool.PART, Arrays.copyOf(media(1, false), whole.length - 2_000));
        SpoolScan.Result result = scan(spool);
        assertThat(result.repaired()).isOne();
        assertThat(finished).hasSize(1);
        assertThat(finished.get(0).sidecar()).isEqualTo(sidecar(1));
        assertThat(scan(spool).finished()).as("a second scan finds it finished").isOne();
    }

    @Test
    void whateverLiesInASpoolIsRepairedReportedOrMovedAway() throws IOException {
        Spool spool = open();
        Path outside = Files.write(folder.resolve("outside"), "precious".getBytes(StandardCharsets.UTF_8));
        put(spool, 1, Spool.SIDECAR, sidecar(1).toJson());
        put(spool, 1, Spool.PART, new byte[0]);
        put(spool, 2, Spool.SIDECAR, sidecar(2).toJson());
        put(spool, 2, Spool.PART, "random bytes that are no file of ours".getBytes(StandardCharsets.UTF_8));
        put(spool, 3, Spool.SIDECAR, sidecar(3).toJson());
        byte[] wrongSize = media(3, true);
        int cluster = indexOf(wrongSize, new byte[] {0x1F, 0x43, (byte) 0xB6, 0x75});
        Arrays.fill(wrongSize, cluster + 5, cluster + 9, (byte) 0x7F); // The cluster claims to be larger than the disk.
        put(spool, 3, Spool.PART, wrongSize);
        put(spool, 4, Spool.SIDECAR, sidecar(4).toJson()); // No file.
        put(spool, 5, Spool.PART, media(5, false)); // No sidecar.
        put(spool, 6, Spool.SIDECAR, "{\"recording_sid\":\"RT6\"}".getBytes(StandardCharsets.UTF_8));
        put(spool, 7, Spool.SIDECAR, sidecar(8).toJson()); // Says that it is another's.
        put(spool, 9, Spool.SIDECAR, sidecar(9).toJson());
        Files.createSymbolicLink(spool.directory().resolve(sid(9) + ".1" + Spool.PART), outside);
        Files.createSymbolicLink(spool.directory().resolve("link.json"), outside);
        put(spool, 10, Spool.SIDECAR, sidecar(10).toJson());
        put(spool, 10, Spool.PART, media(11, false)); // Another recording's media.
        put(spool, 12, Spool.SIDECAR, new byte[Sidecar.BYTES_MAX + 1]);
        Files.createDirectory(spool.directory().resolve("directory.part"));

        SpoolScan.Result result = scan(spool);

        assertThat(finished)
                .extracting(segment -> segment.sidecar().recordingSid())
                .containsExactly(sid(3));
        assertThat(empty)
                .extracting(Sidecar::recordingSid)
                .containsExactlyInAnyOrder(sid(1), sid(2), sid(4), sid(9), sid(10));
        assertThat(outside).hasContent("precious");
        assertThat(names(spool))
                .containsExactlyInAnyOrder("reserve", Spool.LOST_AND_FOUND, sid(3) + ".1.json", sid(3) + ".1.mkv");
        assertThat(result.lost()).isEqualTo(9);
        try (var lost = Files.list(spool.directory().resolve(Spool.LOST_AND_FOUND))) {
            assertThat(lost.filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS)))
                    .hasSize(9);
        }
    }

    @Test
    void manyFilesAreLookedAtOneAfterTheOther() throws IOException {
        Spool spool = open();
        byte[] part = Arrays.copyOf(media(1, false), 600);
        for (int i = 0; i < 2_000; i++) {
            put(spool, i, Spool.PART, part);
        }
        assertThat(scan(spool).lost()).isEqualTo(2_000);
    }

    @Test
    void aFileOnAFullDiskIsCompletedFromTheReserve() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("disk"));
        assumeThat(Program.run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", mount.toString())
                        .exitCode())
                .as("only root can make a small disk")
                .isZero();
        try {
            Spool spool = Spool.open(mount.resolve("spool"), RESERVE_BYTES);
            Heard heard = new Heard();
            try (SpoolWriter thread = new SpoolWriter(spool, Duration.ofSeconds(5), "spool-test")) {
                SpoolWriter.Segment segment = thread.open(sidecar(1), Runnable::run, heard);
                MatroskaWriter writer = writer(1, sinkOf(segment));
                long frames = 0;
                Object event = "";
                while (!"full".equals(event)) {
                    writer.frame(40 * frames, true, Unpooled.wrappedBuffer(new byte[1_000_000]));
                    writer.flush();
                    frames++;
                    event = heard.next();
                }
                writer.close();
                segment.finish();
                while (!(event instanceof FinishedSegment)) {
                    event = heard.next();
                    assertThat(event).isNotInstanceOf(IOException.class);
                }
                MemoryFile copy = new MemoryFile(Files.readAllBytes(((FinishedSegment) event).file()));
                assertThat(MatroskaRepair.repair(copy).frames()).isEqualTo(frames);
            }
        } finally {
            assertThat(Program.run("umount", mount.toString()).exitCode()).isZero();
        }
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(Arrays.copyOfRange(bytes, i, i + part.length), part)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }

    private static List<String> names(Spool spool) throws IOException {
        try (var files = Files.list(spool.directory())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
