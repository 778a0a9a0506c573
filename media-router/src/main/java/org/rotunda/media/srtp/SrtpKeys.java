package org.rotunda.media.srtp;

/**
 * Master keys and salts of both directions of one DTLS association. They come from the DTLS exporter; simulations
 * invent them. Immutable; usable from any thread.
 */
public final class SrtpKeys {
    /** The label given to the exporter (RFC 5764 §4.2). */
    public static final String EXPORTER_LABEL = "EXTRACTOR-dtls_srtp";

    private final SrtpProfile profile;
    private final byte[] clientKey;
    private final byte[] serverKey;
    private final byte[] clientSalt;
    private final byte[] serverSalt;

    /** Copies the arguments. */
    public SrtpKeys(SrtpProfile profile, byte[] clientKey, byte[] serverKey, byte[] clientSalt, byte[] serverSalt) {
        requireLength(clientKey, SrtpProfile.KEY_LENGTH_BYTES);
        requireLength(serverKey, SrtpProfile.KEY_LENGTH_BYTES);
        requireLength(clientSalt, profile.saltLengthBytes());
        requireLength(serverSalt, profile.saltLengthBytes());
        this.profile = profile;
        this.clientKey = clientKey.clone();
        this.serverKey = serverKey.clone();
        this.clientSalt = clientSalt.clone();
        this.serverSalt = serverSalt.clone();
    }

    /** Splits the exporter's bytes: client key, server key, client salt, server salt (RFC 5764 §4.2). */
    public static SrtpKeys ofExporter(SrtpProfile profile, byte[] keyingMaterial) {
        requireLength(keyingMaterial, profile.keyingMaterialLengthBytes());
        int key = SrtpProfile.KEY_LENGTH_BYTES;
        int salt = profile.saltLengthBytes();
        return new SrtpKeys(
                profile,
                slice(keyingMaterial, 0, key),
                slice(keyingMaterial, key, key),
                slice(keyingMaterial, 2 * key, salt),
                slice(keyingMaterial, 2 * key + salt, salt));
    }

    public SrtpProfile profile() {
        return profile;
    }

    byte[] key(SrtpRole sender) {
        return sender == SrtpRole.CLIENT ? clientKey : serverKey;
    }

    byte[] salt(SrtpRole sender) {
        return sender == SrtpRole.CLIENT ? clientSalt : serverSalt;
    }

    private static byte[] slice(byte[] bytes, int offset, int length) {
        byte[] slice = new byte[length];
        System.arraycopy(bytes, offset, slice, 0, length);
        return slice;
    }

    private static void requireLength(byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException("expected " + length + " bytes, not " + bytes.length);
        }
    }

    /** Returns a text without the keys, so that no log contains them. */
    @Override
    public String toString() {
        return "SrtpKeys[" + profile + "]";
    }
}
