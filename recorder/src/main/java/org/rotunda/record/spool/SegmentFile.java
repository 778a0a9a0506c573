package org.rotunda.record.spool;

import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The file of one segment while it is written. Every method blocks; a segment belongs to one thread.
 *
 * <p>When the disk is full, the reserve is given up, and what has failed is tried once more: then the owner must
 * complete the file.
 */
final class SegmentFile {
    private static final int HASH_BUFFER_BYTES = 64 * 1024;

    private final Spool spool;
    private final Sidecar sidecar;
    private final FileChannel channel;
    private long length;
    private boolean reserveTaken;

    private SegmentFile(Spool spool, Sidecar sidecar, FileChannel channel) {
        this.spool = spool;
        this.sidecar = sidecar;
        this.channel = channel;
    }

    /**
     * Begins a segment: its sidecar is on the disk before its file is there. A segment that is there already is an
     * error.
     */
    static SegmentFile create(Spool spool, Sidecar sidecar) throws IOException {
        Path json = spool.file(sidecar, Spool.SIDECAR);
        try (FileChannel out = FileChannel.open(json, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Spool.writeAll(out, 0, ByteBuffer.wrap(sidecar.toJson()));
            out.force(true);
        }
        spool.syncDirectory();
        FileChannel channel = FileChannel.open(
                spool.file(sidecar, Spool.PART),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        return new SegmentFile(spool, sidecar, channel);
    }

    /** Appends all bytes, or none. Returns false if the disk is full: then the file must be completed. */
    boolean append(ByteBuffer bytes) throws IOException {
        int start = bytes.position();
        try {
            Spool.writeAll(channel, length, bytes);
        } catch (IOException e) {
            channel.truncate(length); // The part of an element at the end would be cut off by a repair anyway.
            if (reserveTaken || !spool.releaseReserve()) {
                throw e;
            }
            reserveTaken = true;
            bytes.position(start);
            Spool.writeAll(channel, length, bytes);
        }
        length += bytes.position() - start;
        return !reserveTaken;
    }

    void patch(long position, ByteBuffer bytes) throws IOException {
        Spool.writeAll(channel, position, bytes);
    }

    /** Makes what is written survive a crash of the machine. */
    void sync() throws IOException {
        channel.force(false);
    }

    long lengthBytes() {
        return length;
    }

    /** Makes a finished file of a whole one. */
    FinishedSegment finish() throws IOException {
        channel.force(true);
        channel.close();
        return finish(spool, sidecar);
    }

    /** Gives the file of a segment its final name, and hashes it. Can be repeated. */
    static FinishedSegment finish(Spool spool, Sidecar sidecar) throws IOException {
        Path part = spool.file(sidecar, Spool.PART);
        Path file = spool.file(sidecar, "." + sidecar.extension());
        if (Spool.isFile(part)) {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
        spool.syncDirectory();
        return new FinishedSegment(sidecar, file, Files.size(file), sha256(file));
    }

    /** Closes the file as it is; a scan will repair it. */
    void abandon() throws IOException {
        channel.close();
    }

    private static String sha256(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer buffer = ByteBuffer.allocate(HASH_BUFFER_BYTES);
            while (in.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
            return ByteBufUtil.hexDump(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has SHA-256.
        }
    }
}
