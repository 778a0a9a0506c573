package org.rotunda.record.store;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The text file beside an object in a directory, which holds what S3 holds as metadata: a name and a value a line. */
final class Sidecar {
    /** A sidecar with the key of {@link CustomerKey#BITS_MAX} bits has less than 2,000 bytes. */
    static final int BYTES_MAX = 4_096;

    private static final String LENGTH = "length";
    private static final String SHA256 = "sha256";
    private static final String PLAIN_SHA256 = "plain-sha256";

    private Sidecar() {}

    static byte[] write(StoredObject object) {
        StringBuilder text = new StringBuilder()
                .append(LENGTH + " ")
                .append(object.lengthBytes())
                .append("\n" + SHA256 + " ")
                .append(object.sha256())
                .append("\n" + PLAIN_SHA256 + " ")
                .append(object.plainSha256())
                .append('\n');
        object.encryption()
                .ifPresent(headers -> text.append(EncryptionHeaders.KEY_NAME + " ")
                        .append(headers.key())
                        .append("\n" + EncryptionHeaders.IV_NAME + " ")
                        .append(headers.iv())
                        .append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads a sidecar. Returns nothing if a line of it is missing. */
    static Optional<StoredObject> read(byte[] bytes) {
        Map<String, String> values = new HashMap<>();
        new String(bytes, StandardCharsets.US_ASCII).lines().forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                values.put(line.substring(0, space), line.substring(space + 1));
            }
        });
        String length = values.get(LENGTH);
        String sha256 = values.get(SHA256);
        String plainSha256 = values.get(PLAIN_SHA256);
        if (length == null || !length.matches("[0-9]{1,18}") || sha256 == null || plainSha256 == null) {
            return Optional.empty();
        }
        return Optional.of(new StoredObject(Long.parseLong(length), sha256, plainSha256, encryption(values)));
    }

    private static Optional<EncryptionHeaders> encryption(Map<String, String> values) {
        @Nullable String key = values.get(EncryptionHeaders.KEY_NAME);
        @Nullable String iv = values.get(EncryptionHeaders.IV_NAME);
        return key == null || iv == null ? Optional.empty() : Optional.of(new EncryptionHeaders(key, iv));
    }
}
