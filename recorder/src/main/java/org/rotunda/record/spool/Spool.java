package org.rotunda.record.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The directory of a recorder's segments. It holds {@code RT….<segment>.json} (the sidecar), {@code .part} (being
 * written), {@code .mka} or {@code .mkv} (finished) and {@code .done} (in the store); {@code reserve}, which is given
 * up when the disk is full so that files can be completed; and {@code lost+found}. Safe to use from several threads;
 * every method may block.
 */
public final class Spool {
    static final String PART = ".part";
    static final String SIDECAR = ".json";
    static final String DONE = ".done";
    static final String LOST_AND_FOUND = "lost+found";

    private static final String RESERVE = "reserve";
    private static final int RESERVE_CHUNK_BYTES = 1024 * 1024;

    private final Path directory;
    private final long reserveBytes;

    private Spool(Path directory, long reserveBytes) {
        this.directory = directory;
        this.reserveBytes = reserveBytes;
    }

    /**
     * Opens a spool; the directory is made if it is not there.
     *
     * @param reserveBytes the length of the reserve, 64 MiB by default: enough to complete every file of a recorder
     * @throws IOException if the directory cannot be written
     */
    public static Spool open(Path directory, long reserveBytes) throws IOException {
        Files.createDirectories(directory.resolve(LOST_AND_FOUND));
        Spool spool = new Spool(directory.toRealPath(), reserveBytes);
        spool.fillReserve();
        return spool;
    }

    /** Writes the reserve, if it is not there. On a disk without room for it the recorder goes on without one. */
    public void fillReserve() throws IOException {
        Path reserve = directory.resolve(RESERVE);
        if (freeBytes() < 2 * reserveBytes || (isFile(reserve) && Files.size(reserve) == reserveBytes)) {
            return;
        }
        Files.deleteIfExists(reserve);
        try (FileChannel out = FileChannel.open(reserve, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < reserveBytes; at += RESERVE_CHUNK_BYTES) { // Written, because a hole takes no room.
                int length = (int) Math.min(RESERVE_CHUNK_BYTES, reserveBytes - at);
                writeAll(out, at, ByteBuffer.allocate(length));
            }
            out.force(true);
        }
    }

    /** Gives up the reserve. Returns false if there was none. */
    boolean releaseReserve() throws IOException {
        return Files.deleteIfExists(directory.resolve(RESERVE));
    }

    /** Returns the bytes that files may still take, for this process. */
    public long freeBytes() throws IOException {
        FileStore store = Files.getFileStore(directory);
        return store.getUsableSpace();
    }

    Path file(Sidecar sidecar, String ending) {
        return directory.resolve(sidecar.name() + ending);
    }

    public Path directory() {
        return directory;
    }

    /** Marks a finished segment as stored; the next scan deletes its files. */
    public void markDone(Sidecar sidecar) throws IOException {
        Path done = file(sidecar, DONE);
        if (!Files.exists(done, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(done);
            syncDirectory();
        }
    }

    /** Moves a file that belongs to nothing we know out of the way. Nothing is deleted or overwritten there. */
    void moveToLostAndFound(Path file) throws IOException {
        Path target = directory.resolve(LOST_AND_FOUND).resolve(file.getFileName());
        for (int copy = 1; Files.exists(target, LinkOption.NOFOLLOW_LINKS); copy++) {
            target = directory.resolve(LOST_AND_FOUND).resolve(file.getFileName() + "." + copy);
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE); // A symbolic link is moved itself, never followed.
    }

    /** Makes names that were given or taken away survive a crash of the machine. */
    void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    static void writeAll(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
