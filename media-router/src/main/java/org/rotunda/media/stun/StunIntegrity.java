package org.rotunda.media.stun;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * MESSAGE-INTEGRITY under one short-term password (RFC 8489 §9.1, §14.5): HMAC-SHA1 over the message up to the
 * attribute. For the computation the header's length field must include the attribute.
 *
 * <p>The object keeps the keyed MAC and its buffers, so a check allocates nothing. Not thread-safe: owned by one event
 * loop.
 */
public final class StunIntegrity {
    private static final int TYPE_LENGTH_BYTES = 2;

    private final Mac mac;
    private final byte[] scratch = new byte[StunMessage.LENGTH_BYTES_MAX];
    private final byte[] expected = new byte[StunAttribute.INTEGRITY_LENGTH_BYTES];
    private final byte[] received = new byte[StunAttribute.INTEGRITY_LENGTH_BYTES];

    /** Prepares the MAC. The password is the ICE pwd of the side that receives the request (RFC 8445 §7.2.2). */
    public StunIntegrity(String password) {
        try {
            mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this runtime lacks HMAC-SHA1", e);
        }
    }

    /**
     * Returns whether the attribute at this offset from the reader index has the right MAC. The comparison takes
     * constant time.
     */
    boolean matches(ByteBuf message, int attributeOffset) {
        compute(message, attributeOffset);
        message.getBytes(
                message.readerIndex() + attributeOffset + StunAttribute.HEADER_LENGTH_BYTES,
                received,
                0,
                received.length);
        return MessageDigest.isEqual(expected, received);
    }

    /** Appends the attribute. After this call only FINGERPRINT may be appended. */
    void appendTo(ByteBuf message) {
        compute(message, message.readableBytes());
        message.writeShort(StunAttribute.MESSAGE_INTEGRITY);
        message.writeShort(StunAttribute.INTEGRITY_LENGTH_BYTES);
        message.writeBytes(expected);
    }

    private void compute(ByteBuf message, int attributeOffset) {
        message.getBytes(message.readerIndex(), scratch, 0, attributeOffset);
        int coveredLength = attributeOffset
                + StunAttribute.HEADER_LENGTH_BYTES
                + StunAttribute.INTEGRITY_LENGTH_BYTES
                - StunMessage.HEADER_LENGTH_BYTES;
        scratch[TYPE_LENGTH_BYTES] = (byte) (coveredLength >>> 8);
        scratch[TYPE_LENGTH_BYTES + 1] = (byte) coveredLength;
        try {
            mac.update(scratch, 0, attributeOffset);
            mac.doFinal(expected, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a MAC of 20 bytes did not fit in 20 bytes", e);
        }
    }
}
