package org.rotunda.record.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.CipherInputStream;

/**
 * A file on its way into the store. It is read twice: the first pass computes the checksums, which the store must know
 * before the first byte arrives, and the second pass carries the bytes. A file that changes in between has other
 * checksums.
 */
final class SpoolFile {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path file;
    private final Optional<ContentCipher> cipher;
    private final StoredObject object;

    private SpoolFile(Path file, Optional<ContentCipher> cipher, StoredObject object) {
        this.file = file;
        this.cipher = cipher;
        this.object = object;
    }

    /** Reads the file once, and makes a content key if the object is to be encrypted. */
    static SpoolFile of(Path file, Optional<CustomerKey> encryption, SecureRandom random) throws StoreException {
        Optional<ContentCipher> cipher = encryption.map(key -> ContentCipher.fresh(key, random));
        MessageDigest plain = sha256();
        MessageDigest stored = sha256();
        long length = 0;
        try (InputStream in = open(file, cipher, plain, stored)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                length += read;
            }
        } catch (NoSuchFileException missing) {
            throw new StoreException(StoreFailure.MISSING, "the file to store does not exist", missing);
        } catch (IOException unreadable) {
            throw new StoreException(StoreFailure.CORRUPT, "the file to store cannot be read", unreadable);
        }
        HexFormat hex = HexFormat.of();
        String sha256 = hex.formatHex(stored.digest());
        String plainSha256 = cipher.isPresent() ? hex.formatHex(plain.digest()) : sha256;
        return new SpoolFile(
                file, cipher, new StoredObject(length, sha256, plainSha256, cipher.map(ContentCipher::headers)));
    }

    /** Describes the object that the store must have at the end. */
    StoredObject object() {
        return object;
    }

    /** Opens the second pass. The stream has a digest of the bytes that are to be stored, see {@link #checkPass}. */
    DigestInputStream open() throws IOException {
        return open(file, cipher, sha256(), sha256());
    }

    /** Checks, at the end of the second pass, that it had the bytes of the first one. */
    void checkPass(DigestInputStream pass) throws StoreException {
        if (!HexFormat.of().formatHex(pass.getMessageDigest().digest()).equals(object.sha256())) {
            throw new StoreException(StoreFailure.CORRUPT, "the file changed while it was being stored", null);
        }
    }

    private static DigestInputStream open(
            Path file, Optional<ContentCipher> cipher, MessageDigest plain, MessageDigest stored) throws IOException {
        InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        if (cipher.isEmpty()) {
            return new DigestInputStream(in, stored);
        }
        var encrypted = new CipherInputStream(
                new DigestInputStream(in, plain), cipher.orElseThrow().cipher());
        return new DigestInputStream(encrypted, stored);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this JVM has no SHA-256", impossible);
        }
    }
}
