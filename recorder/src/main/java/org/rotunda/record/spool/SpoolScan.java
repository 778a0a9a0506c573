package org.rotunda.record.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.rotunda.record.matroska.MatroskaRepair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through a spool when its recorder starts: parts are repaired, finished segments are reported, stored ones are
 * deleted. What belongs to nothing we know goes to {@code lost+found}, and is never deleted; symbolic links are never
 * followed. One file is looked at after the other, so memory does not grow with their number.
 */
public final class SpoolScan {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolScan.class);

    /** Hears what a scan finds. */
    public interface Listener {
        /** A segment is whole, repaired if it was not; it must be stored. */
        void finished(FinishedSegment segment);

        /** A segment has no media. Its files are gone; the recording must be told. */
        void empty(Sidecar sidecar);
    }

    /** How many files a scan has seen, by what it did. */
    public record Result(int repaired, int finished, int empty, int deleted, int lost) {}

    private final Spool spool;
    private final Listener listener;
    private int repaired;
    private int finished;
    private int empty;
    private int deleted;
    private int lost;

    private SpoolScan(Spool spool, Listener listener) {
        this.spool = spool;
        this.listener = listener;
    }

    /** Scans the spool. Nothing may write there meanwhile. Blocks. */
    public static Result scan(Spool spool, Listener listener) throws IOException {
        SpoolScan scan = new SpoolScan(spool, listener);
        scan.eachSidecar();
        scan.eachOther();
        return new Result(scan.repaired, scan.finished, scan.empty, scan.deleted, scan.lost);
    }

    private void eachSidecar() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(spool.directory(), "*" + Spool.SIDECAR)) {
            for (Path file : files) {
                Sidecar sidecar = read(file);
                if (sidecar != null && file.getFileName().toString().equals(sidecar.name() + Spool.SIDECAR)) {
                    onSegment(sidecar);
                } else {
                    lose(file);
                }
            }
        }
    }

    private static @Nullable Sidecar read(Path file) throws IOException {
        if (!Spool.isFile(file) || Files.size(file) > Sidecar.BYTES_MAX) {
            return null;
        }
        return Sidecar.read(Files.readAllBytes(file));
    }

    private void onSegment(Sidecar sidecar) throws IOException {
        Path part = spool.file(sidecar, Spool.PART);
        Path whole = spool.file(sidecar, "." + sidecar.extension());
        if (Spool.isFile(spool.file(sidecar, Spool.DONE))) {
            Files.deleteIfExists(whole);
            Files.deleteIfExists(part);
            Files.delete(spool.file(sidecar, Spool.SIDECAR));
            Files.delete(spool.file(sidecar, Spool.DONE));
            deleted++;
        } else if (Spool.isFile(whole)) {
            finished++;
            listener.finished(SegmentFile.finish(spool, sidecar));
        } else if (Spool.isFile(part)) {
            repair(sidecar, part);
        } else {
            reportEmpty(sidecar);
        }
    }

    private void repair(Sidecar sidecar, Path part) throws IOException {
        MatroskaRepair.Result result;
        try (FileChannel channel =
                FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            result = MatroskaRepair.repair(new ChannelFile(channel));
            channel.force(true);
        }
        boolean isIts = result.head() != null && result.head().recordingSid().equals(sidecar.recordingSid());
        if (isIts) {
            repaired++;
            LOG.info("repaired {}: {} frames, {} bytes cut off", sidecar.name(), result.frames(), result.cutBytes());
            listener.finished(SegmentFile.finish(spool, sidecar));
            return;
        }
        if (Files.size(part) > 0) {
            lose(part); // It is not what the sidecar says, or its head is damaged.
        } else {
            Files.delete(part);
        }
        reportEmpty(sidecar);
    }

    /** Reports before it deletes: after a crash in between, the next scan reports once more. */
    private void reportEmpty(Sidecar sidecar) throws IOException {
        empty++;
        listener.empty(sidecar);
        Files.delete(spool.file(sidecar, Spool.SIDECAR));
    }

    /** Moves away what has no sidecar. */
    private void eachOther() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(spool.directory())) {
            for (Path file : files) {
                if (!isOurs(file)) {
                    lose(file);
                }
            }
        }
        spool.syncDirectory();
    }

    private boolean isOurs(Path file) {
        String name = file.getFileName().toString();
        if (name.equals(Spool.LOST_AND_FOUND)) {
            return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        }
        if (name.equals("reserve")) {
            return Spool.isFile(file);
        }
        int dot = name.lastIndexOf('.');
        return dot > 0
                && Spool.isFile(file)
                && Spool.isFile(spool.directory().resolve(name.substring(0, dot) + Spool.SIDECAR));
    }

    private void lose(Path file) throws IOException {
        LOG.warn("{} belongs to no recording that this spool knows; it was moved to {}", file, Spool.LOST_AND_FOUND);
        spool.moveToLostAndFound(file);
        lost++;
    }
}
