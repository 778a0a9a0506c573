package org.rotunda.record.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps objects as files below a directory, which several nodes may share. A file is written under a temporary name,
 * forced to the disk and renamed, so an object is there whole or not at all. Beside each object is its {@link Sidecar}.
 *
 * <p>No symbolic link is followed below the directory. The directory belongs to the nodes: whoever else may write in it
 * could exchange a directory for a link between the check and the use. Safe for several threads. Two processes must not
 * store an object with the same key at once, because the sidecar of one could come to lie beside the media of the
 * other; a recording has one owner at a time.
 */
public final class FileStore implements ObjectStore {
    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

    static final String INCOMING = ".incoming";
    static final String SIDECAR = ".meta";

    /** No upload takes longer than this, so an older temporary file was left behind by a process that died. */
    static final Duration INCOMING_MAX = Duration.ofHours(24);

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int NAME_BYTES = 16;

    private final Path root;
    private final long reserveBytes;
    private final MediaUrls urls;
    private final Clock clock;
    private final SecureRandom random;

    private FileStore(Path root, long reserveBytes, MediaUrls urls, Clock clock, SecureRandom random) {
        this.root = root;
        this.reserveBytes = reserveBytes;
        this.urls = urls;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Opens a store, and deletes what an earlier process has left unfinished.
     *
     * @param directory the directory, which is created if it does not exist; it may be a symbolic link itself
     * @param reserveBytes the space that the store leaves free on its disk
     * @throws StoreException if the directory cannot be used
     */
    public static FileStore open(Path directory, long reserveBytes, MediaUrls urls, Clock clock, SecureRandom random)
            throws StoreException {
        try {
            Files.createDirectories(directory);
            Path root = directory.toRealPath();
            Path incoming = makeDirectory(root.resolve(INCOMING));
            deleteLeftovers(incoming, clock.instant().minus(INCOMING_MAX));
            return new FileStore(root, reserveBytes, urls, clock, random);
        } catch (IOException unusable) {
            throw FileFailures.of("the directory of the store cannot be used", unusable);
        }
    }

    private static void deleteLeftovers(Path incoming, Instant before) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(incoming)) {
            for (Path file : files) {
                var changed = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
                if (changed.toInstant().isBefore(before) && Files.deleteIfExists(file)) {
                    deleted++;
                }
            }
        }
        if (deleted > 0) {
            LOG.info("Deleted {} unfinished files of the store.", deleted);
        }
    }

    @Override
    public StoredObject put(ObjectKey key, Path file, Optional<CustomerKey> encryption) throws StoreException {
        SpoolFile spooled = SpoolFile.of(file, encryption, random);
        StoredObject object = spooled.object();
        Path media = temporaryFile();
        Path sidecar = temporaryFile();
        try {
            checkSpace(object.lengthBytes());
            writeMedia(spooled, media);
            writeAll(Sidecar.write(object), sidecar);
            commit(key, media, sidecar);
            return object;
        } catch (IOException failed) {
            throw FileFailures.of("the object could not be written", failed);
        } finally {
            discard(media);
            discard(sidecar);
        }
    }

    private void checkSpace(long lengthBytes) throws IOException, StoreException {
        long free = Files.getFileStore(root).getUsableSpace();
        if (free - reserveBytes < lengthBytes) {
            throw new StoreException(
                    StoreFailure.FULL,
                    "the disk of the store has " + free + " bytes left, of which " + reserveBytes + " stay free",
                    null);
        }
    }

    private static void writeMedia(SpoolFile spooled, Path target) throws IOException, StoreException {
        try (DigestInputStream in = spooled.open();
                FileChannel out = create(target)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                writeFully(out, ByteBuffer.wrap(buffer, 0, read));
            }
            spooled.checkPass(in);
            out.force(true);
        }
    }

    private static void writeAll(byte[] bytes, Path target) throws IOException {
        try (FileChannel out = create(target)) {
            writeFully(out, ByteBuffer.wrap(bytes));
            out.force(true);
        }
    }

    private static FileChannel create(Path target) throws IOException {
        return FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /**
     * Gives the files their names. An older object goes first, because its media does not belong to the new sidecar.
     * The object exists when its media has its name. One thread at a time, so that a sidecar and its media stay
     * together.
     */
    private synchronized void commit(ObjectKey key, Path media, Path sidecar) throws IOException {
        Path target = root;
        for (Path name : root.relativize(root.resolve(key.path()))) {
            if (!target.equals(root)) {
                makeDirectory(target);
            }
            target = target.resolve(name);
        }
        Path directory = parentOf(target);
        if (Files.deleteIfExists(target)) {
            force(directory);
        }
        Files.move(sidecar, sidecarOf(target), StandardCopyOption.ATOMIC_MOVE);
        Files.move(media, target, StandardCopyOption.ATOMIC_MOVE);
        for (Path changed = directory; changed.startsWith(root); changed = parentOf(changed)) {
            force(changed);
        }
    }

    @Override
    public Optional<StoredObject> find(ObjectKey key) throws StoreException {
        try {
            Path media = existing(key);
            Path sidecar = sidecarOf(media);
            StoredObject object;
            try (InputStream in = Files.newInputStream(sidecar, LinkOption.NOFOLLOW_LINKS)) {
                object = Sidecar.read(in.readNBytes(Sidecar.BYTES_MAX))
                        .orElseThrow(() -> new StoreException(StoreFailure.CORRUPT, "the sidecar has no use", null));
            }
            if (Files.size(media) != object.lengthBytes()) {
                throw new StoreException(StoreFailure.CORRUPT, "the object has another length than its sidecar", null);
            }
            return Optional.of(object);
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException failed) {
            throw FileFailures.of("the object could not be looked at", failed);
        }
    }

    @Override
    public long copy(ObjectKey key, Optional<ByteRange> range, OutputStream target) throws StoreException {
        try (SeekableByteChannel in =
                Files.newByteChannel(existing(key), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long length = range.isPresent() ? range.orElseThrow().lengthBytes() : in.size();
            long rest = length;
            in.position(range.map(ByteRange::first).orElse(0L));
            InputStream bytes = Channels.newInputStream(in);
            byte[] buffer = new byte[BUFFER_BYTES];
            while (rest > 0) {
                int read = bytes.read(buffer, 0, (int) Math.min(rest, buffer.length));
                if (read < 0) {
                    throw new StoreException(StoreFailure.CORRUPT, "the object ends before the range does", null);
                }
                target.write(buffer, 0, read);
                rest -= read;
            }
            return length;
        } catch (IOException failed) {
            throw FileFailures.of("the object could not be read", failed);
        }
    }

    @Override
    public synchronized void delete(ObjectKey key) throws StoreException {
        try {
            Path media = existing(key, false);
            boolean isDeleted = Files.deleteIfExists(media);
            isDeleted |= Files.deleteIfExists(sidecarOf(media));
            if (isDeleted) {
                force(parentOf(media));
            }
        } catch (NoSuchFileException missing) {
            LOG.debug("Nothing to delete at {}.", key.path());
        } catch (IOException failed) {
            throw FileFailures.of("the object could not be deleted", failed);
        }
    }

    @Override
    public URI temporaryUrl(ObjectKey key, Duration ttl, ContentDisposition disposition) {
        return urls.sign(key, clock.instant().plus(ttl), disposition);
    }

    @Override
    public void close() {
        // Nothing stays open between two requests.
    }

    private Path existing(ObjectKey key) throws IOException {
        return existing(key, true);
    }

    /** Returns the path of the object, after a look at each directory on the way. */
    private Path existing(ObjectKey key, boolean withFile) throws IOException {
        Path path = root.resolve(key.path());
        Path directory = root;
        for (Path name : root.relativize(parentOf(path))) {
            directory = directory.resolve(name);
            if (!directory.equals(root)) {
                checkDirectory(directory);
            }
        }
        if (withFile && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(path.toString());
        }
        return path;
    }

    private static void checkDirectory(Path directory) throws IOException {
        if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(directory.toString());
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileFailures.LinkException("not a directory of the store: " + directory);
        }
    }

    private static Path makeDirectory(Path directory) throws IOException {
        if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(directory); // Another thread may create it meanwhile, which is no failure here.
        }
        checkDirectory(directory);
        return directory;
    }

    private static Path parentOf(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException("a path below the store has a parent");
        }
        return parent;
    }

    private static Path sidecarOf(Path media) {
        return media.resolveSibling(media.getFileName() + SIDECAR);
    }

    private Path temporaryFile() {
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        return root.resolve(INCOMING).resolve(HexFormat.of().formatHex(name));
    }

    /** Makes the names in a directory durable. */
    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException kept) {
            LOG.warn("A temporary file of the store stays until the next start: {}", temporary, kept);
        }
    }
}
