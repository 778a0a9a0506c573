package org.rotunda.gateway.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts the secrets of accounts and keys for the database, and decrypts them. The secrets must be readable again,
 * because they sign callbacks and verify access tokens (ADR 11). Safe to call from any thread.
 *
 * <p>A sealed text is {@code g1:KEY:DATA}. KEY is the first 8 hex digits of the SHA-256 of the key, and DATA is the
 * Base64 of the nonce, the ciphertext and the tag of AES-256-GCM. The associated data is the SID that owns the secret,
 * so a sealed text that is moved to another row does not open. Without a key a secret is written as {@code p1:TEXT}.
 */
public final class SecretBox {
    private static final String PLAIN = "p1:";
    private static final String SEALED = "g1:";
    private static final int KEY_ID_CHARS = 8;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern KEY_FORM = Pattern.compile("[0-9a-fA-F]{64}");

    private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
    private final SecureRandom random;

    /** @param hexKeys keys of 64 hex digits; the first one encrypts, and all of them decrypt */
    public SecretBox(List<String> hexKeys, SecureRandom random) {
        this.random = random;
        for (String hex : hexKeys) {
            if (!KEY_FORM.matcher(hex).matches()) {
                throw new IllegalArgumentException("rotunda.account-store.secrets-keys must have 64 hex digits each");
            }
            byte[] key = HexFormat.of().parseHex(hex);
            keys.put(idOf(key), new SecretKeySpec(key, "AES"));
        }
    }

    /** A sealed text that does not open: its key is not configured, or the text was changed. */
    public static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String reason) {
            super(reason);
        }
    }

    /** Encrypts the secret of the account or key with this SID. */
    public String seal(String owner, String secret) {
        if (keys.isEmpty()) {
            return PLAIN + secret;
        }
        Map.Entry<String, SecretKeySpec> key = keys.entrySet().iterator().next();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, key.getValue(), nonce, owner)
                    .doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] data = ByteBuffer.allocate(NONCE_BYTES + ciphertext.length)
                    .put(nonce)
                    .put(ciphertext)
                    .array();
            return SEALED + key.getKey() + ":" + Base64.getEncoder().encodeToString(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no AES-GCM", e);
        }
    }

    /** Decrypts the secret of the account or key with this SID. */
    public Secret open(String owner, String sealed) throws UnreadableException {
        String secret = sealed.startsWith(PLAIN) ? sealed.substring(PLAIN.length()) : decrypt(owner, sealed);
        if (secret.isEmpty()) {
            throw new UnreadableException("it is empty");
        }
        return Secret.of(secret);
    }

    private String decrypt(String owner, String sealed) throws UnreadableException {
        int colon = SEALED.length() + KEY_ID_CHARS;
        if (!sealed.startsWith(SEALED) || sealed.length() <= colon || sealed.charAt(colon) != ':') {
            throw new UnreadableException("it has an unknown form");
        }
        String id = sealed.substring(SEALED.length(), colon);
        SecretKeySpec key = keys.get(id);
        if (key == null) {
            throw new UnreadableException("its key " + id + " is not in rotunda.account-store.secrets-keys");
        }
        try {
            byte[] data = Base64.getDecoder().decode(sealed.substring(colon + 1));
            if (data.length < NONCE_BYTES) {
                throw new UnreadableException("it is too short");
            }
            byte[] text = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(data, NONCE_BYTES), owner)
                    .doFinal(data, NONCE_BYTES, data.length - NONCE_BYTES);
            return new String(text, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnreadableException("it was changed: " + e.getMessage());
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String owner)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static String idOf(byte[] key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return HexFormat.of().formatHex(hash).substring(0, KEY_ID_CHARS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }
}
