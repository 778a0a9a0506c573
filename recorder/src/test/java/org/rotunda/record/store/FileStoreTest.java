package org.rotunda.record.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the store in a directory, on the file system of this machine. */
class FileStoreTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final KeyPair RSA = Keys.pair("RSA", 2048);

    private Path directory;
    private Path root;
    private FileStore store;
    private final MediaUrls urls = new MediaUrls(URI.create("https://video.example.com/media/"), List.of(new byte[32]));

    @BeforeEach
    void openStore(@TempDir Path temporary) throws StoreException {
        directory = temporary;
        root = directory.resolve("media");
        store = open(0);
    }

    private FileStore open(long reserveBytes) throws StoreException {
        return FileStore.open(root, reserveBytes, urls, CLOCK, new SecureRandom());
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("spooled"), bytes);
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private byte[] stored(Optional<ByteRange> range) throws StoreException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.copy(Keys.RECORDING, range, out);
        return out.toByteArray();
    }

    private static StoreFailure failureOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(StoreException.class, call).failure();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !Files.isDirectory(path))
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 65_536, 1_000_003})
    void aFileIsStoredWhole(int length) throws Exception {
        byte[] media = bytes(length);
        StoredObject object = store.put(Keys.RECORDING, file(media), Optional.empty());

        assertThat(stored(Optional.empty())).isEqualTo(media);
        assertThat(object.lengthBytes()).isEqualTo(length);
        assertThat(object.sha256())
                .isEqualTo(HexFormat.of().formatHex(SpoolFile.sha256().digest(media)))
                .isEqualTo(object.plainSha256());
        assertThat(open(0).find(Keys.RECORDING)).contains(object);
        assertThat(files()).containsExactly(Keys.RECORDING.path(), Keys.RECORDING.path() + ".meta");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 1_000_003})
    void theVendorsDecrypterReadsAnEncryptedObject(int length) throws Exception {
        byte[] media = bytes(length);
        StoredObject object = store.put(Keys.RECORDING, file(media), Optional.of(Keys.customerKey(RSA)));

        byte[] body = stored(Optional.empty());
        var headers = object.encryption().orElseThrow().headers();
        assertThat(VendorDecrypter.decrypt(headers, body, RSA.getPrivate())).isEqualTo(media);
        assertThat(body).hasSize((int) ContentCipher.encryptedLength(length));
        HexFormat hex = HexFormat.of();
        assertThat(object.sha256()).isEqualTo(hex.formatHex(SpoolFile.sha256().digest(body)));
        assertThat(object.plainSha256())
                .isEqualTo(hex.formatHex(SpoolFile.sha256().digest(media)));
        assertThat(store.find(Keys.RECORDING)).contains(object);
    }

    @Test
    void eachObjectHasItsOwnContentKey() throws Exception {
        Path file = file(bytes(100));
        var customer = Optional.of(Keys.customerKey(RSA));
        StoredObject first = store.put(Keys.RECORDING, file, customer);
        byte[] firstBytes = stored(Optional.empty());
        StoredObject second = store.put(Keys.RECORDING, file, customer);

        assertThat(second.encryption()).isNotEqualTo(first.encryption());
        assertThat(stored(Optional.empty())).isNotEqualTo(firstBytes);
        assertThat(VendorDecrypter.decrypt(
                        second.encryption().orElseThrow().headers(), stored(Optional.empty()), RSA.getPrivate()))
                .isEqualTo(bytes(100));
    }

    @Test
    void anotherKeyDoesNotDecrypt() throws Exception {
        StoredObject object = store.put(Keys.RECORDING, file(bytes(100)), Optional.of(Keys.customerKey(RSA)));
        var headers = object.encryption().orElseThrow().headers();
        byte[] body = stored(Optional.empty());
        assertThatThrownBy(() -> VendorDecrypter.decrypt(
                        headers, body, Keys.pair("RSA", 2048).getPrivate()))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aPartIsRead() throws Exception {
        byte[] media = bytes(200_000);
        store.put(Keys.RECORDING, file(media), Optional.empty());

        assertThat(stored(Optional.of(new ByteRange(0, 1)))).isEqualTo(Arrays.copyOfRange(media, 0, 1));
        assertThat(stored(Optional.of(new ByteRange(65_535, 70_000))))
                .isEqualTo(Arrays.copyOfRange(media, 65_535, 135_535));
        assertThat(failureOf(() -> stored(Optional.of(new ByteRange(199_999, 2)))))
                .isEqualTo(StoreFailure.CORRUPT);
    }

    @Test
    void aDeletedObjectIsGoneAndMayBeDeletedAgain() throws Exception {
        store.put(Keys.RECORDING, file(bytes(10)), Optional.empty());
        store.delete(Keys.RECORDING);
        store.delete(Keys.RECORDING);

        assertThat(store.find(Keys.RECORDING)).isEmpty();
        assertThat(failureOf(() -> stored(Optional.empty()))).isEqualTo(StoreFailure.MISSING);
        assertThat(files()).isEmpty();
    }

    @Test
    void aSecondPutReplacesTheObject() throws Exception {
        store.put(Keys.RECORDING, file(bytes(10)), Optional.of(Keys.customerKey(RSA)));
        StoredObject second = store.put(Keys.RECORDING, file(bytes(20)), Optional.empty());

        assertThat(store.find(Keys.RECORDING)).contains(second);
        assertThat(stored(Optional.empty())).isEqualTo(bytes(20));
    }

    @Test
    void aFileThatIsNotThereIsMissing() {
        Path nothing = directory.resolve("nothing");
        assertThat(failureOf(() -> store.put(Keys.RECORDING, nothing, Optional.empty())))
                .isEqualTo(StoreFailure.MISSING);
    }

    @Test
    void aFileThatChangesBetweenThePassesIsCorrupt() throws Exception {
        Path file = file(bytes(1_000));
        SpoolFile spooled = SpoolFile.of(file, Optional.empty(), new SecureRandom());
        Files.write(file, bytes(1_001));
        try (var pass = spooled.open()) {
            pass.readAllBytes();
            assertThat(failureOf(() -> spooled.checkPass(pass))).isEqualTo(StoreFailure.CORRUPT);
        }
    }

    @Test
    void aLinkInPlaceOfADirectoryIsNotFollowed() throws Exception {
        Path outside = Files.createDirectories(directory.resolve("outside").resolve(Keys.RM));
        Files.write(outside.resolve(Keys.RECORDING.fileName()), bytes(5));
        Files.createSymbolicLink(root.resolve(Keys.AC), directory.resolve("outside"));
        Path file = file(bytes(10));

        assertThat(failureOf(() -> store.put(Keys.RECORDING, file, Optional.empty())))
                .isEqualTo(StoreFailure.REFUSED);
        assertThat(failureOf(() -> stored(Optional.empty()))).isEqualTo(StoreFailure.REFUSED);
        assertThat(failureOf(() -> store.delete(Keys.RECORDING))).isEqualTo(StoreFailure.REFUSED);
        assertThat(outside.resolve(Keys.RECORDING.fileName())).hasBinaryContent(bytes(5));
    }

    @Test
    void aLinkInPlaceOfAnObjectIsNotFollowed() throws Exception {
        Path secret = Files.write(directory.resolve("secret"), bytes(5));
        Path media = root.resolve(Keys.RECORDING.path());
        Files.createDirectories(media.getParent());
        Files.createSymbolicLink(media, secret);

        assertThat(failureOf(() -> stored(Optional.empty()))).isEqualTo(StoreFailure.MISSING);
        store.put(Keys.RECORDING, file(bytes(10)), Optional.empty());
        assertThat(secret).hasBinaryContent(bytes(5));
        assertThat(Files.isSymbolicLink(media)).isFalse();
    }

    @Test
    void aLinkIsNotStored() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file(bytes(10)));
        assertThatThrownBy(() -> store.put(Keys.RECORDING, link, Optional.empty()))
                .isInstanceOf(StoreException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void aDiskWithoutSpaceIsFull() throws Exception {
        FileStore full = open(Long.MAX_VALUE / 2);
        Path file = file(bytes(10));
        assertThat(failureOf(() -> full.put(Keys.RECORDING, file, Optional.empty())))
                .isEqualTo(StoreFailure.FULL);
        assertThat(files()).isEmpty();
    }

    @Test
    void theErrorOfAFullDeviceMeansFull() throws Exception {
        try (FileChannel device = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
            IOException noSpace =
                    catchThrowableOfType(IOException.class, () -> device.write(ByteBuffer.wrap(new byte[10])));
            assertThat(FileFailures.of("written", noSpace).failure()).isEqualTo(StoreFailure.FULL);
        }
    }

    @Test
    void anObjectThatLostBytesIsCorrupt() throws Exception {
        store.put(Keys.RECORDING, file(bytes(10)), Optional.empty());
        Files.write(root.resolve(Keys.RECORDING.path()), bytes(9));
        assertThat(failureOf(() -> store.find(Keys.RECORDING))).isEqualTo(StoreFailure.CORRUPT);
    }

    @Test
    void aSidecarWithoutUseIsCorrupt() throws Exception {
        store.put(Keys.RECORDING, file(bytes(10)), Optional.empty());
        Files.write(root.resolve(Keys.RECORDING.path() + ".meta"), bytes(100));
        assertThat(failureOf(() -> store.find(Keys.RECORDING))).isEqualTo(StoreFailure.CORRUPT);
    }

    @Test
    void theStartDeletesWhatADeadProcessLeftBehind() throws Exception {
        Path old = Files.write(root.resolve(".incoming").resolve("old"), bytes(10));
        Files.setLastModifiedTime(old, FileTime.from(NOW.minus(Duration.ofHours(25))));
        Path running = Files.write(root.resolve(".incoming").resolve("running"), bytes(10));
        Files.setLastModifiedTime(running, FileTime.from(NOW.minus(Duration.ofHours(23))));
        open(0);
        assertThat(files()).containsExactly(".incoming/running");
    }

    @Test
    void aTemporaryUrlOpensTheObjectUntilItExpires() {
        var disposition = ContentDisposition.attachmentOf(Keys.RECORDING);
        URI url = store.temporaryUrl(Keys.RECORDING, Duration.ofSeconds(10), disposition);
        assertThat(url.toString()).startsWith("https://video.example.com/media/");
        String token = url.getPath().substring("/media/".length());
        assertThat(urls.open(token, NOW.plusSeconds(9)).orElseThrow().key()).isEqualTo(Keys.RECORDING);
        assertThat(urls.open(token, NOW.plusSeconds(10))).isEmpty();
    }
}
