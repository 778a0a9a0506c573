package org.rotunda.record.store;

import java.util.Optional;

/**
 * Describes an object as the store has it. Immutable.
 *
 * @param lengthBytes the number of stored bytes; an encrypted object is up to 16 bytes longer than its media
 * @param sha256 the SHA-256 of the stored bytes, 64 hex digits
 * @param plainSha256 the SHA-256 of the media before encryption, 64 hex digits; the same as {@code sha256} without it
 * @param encryption the headers that the owner needs to decrypt the object; empty for plain media
 */
public record StoredObject(
        long lengthBytes, String sha256, String plainSha256, Optional<EncryptionHeaders> encryption) {}
