package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks state cookies (RFC 9260 §5.1.3). A cookie holds the association's parameters and the time, protected
 * by an HMAC, so that an INIT needs no memory here. Each transport has its own random key.
 */
final class StateCookie {
    static final int CONTENT_BYTES = 48;
    static final int MAC_BYTES = 32;
    static final int COOKIE_BYTES = CONTENT_BYTES + MAC_BYTES;

    private static final int FLAG_FORWARD_TSN = 1;
    private static final int FLAG_RECONFIG = 2;

    private final Mac mac;

    StateCookie(RandomGenerator random) {
        byte[] key = new byte[MAC_BYTES];
        random.nextBytes(key);
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    byte[] seal(AssociationParameters parameters, long nowNanos) {
        byte[] cookie = new byte[COOKIE_BYTES];
        ByteBuf out = Unpooled.wrappedBuffer(cookie).writerIndex(0);
        out.writeLong(nowNanos);
        out.writeInt(parameters.localTag()).writeInt(parameters.peerTag());
        out.writeInt(parameters.localInitialTsn()).writeInt(parameters.peerInitialTsn());
        out.writeInt((int) parameters.peerWindowBytes()).writeInt(parameters.peerInboundStreams());
        out.writeInt(
                (parameters.peerForwardTsn() ? FLAG_FORWARD_TSN : 0) | (parameters.peerReconfig() ? FLAG_RECONFIG : 0));
        out.writeInt(parameters.tieLocalTag()).writeInt(parameters.tiePeerTag());
        out.writeInt(0);
        mac.update(cookie, 0, CONTENT_BYTES);
        System.arraycopy(mac.doFinal(), 0, cookie, CONTENT_BYTES, MAC_BYTES);
        return cookie;
    }

    /** Returns the content of a cookie that we made, or null. The caller checks the cookie's age. */
    @Nullable
    AssociationParameters open(byte[] cookie) {
        if (cookie.length != COOKIE_BYTES) {
            return null;
        }
        mac.update(cookie, 0, CONTENT_BYTES);
        if (!MessageDigest.isEqual(mac.doFinal(), Arrays.copyOfRange(cookie, CONTENT_BYTES, COOKIE_BYTES))) {
            return null;
        }
        ByteBuf in = Unpooled.wrappedBuffer(cookie);
        int flags = in.getInt(32);
        return new AssociationParameters(
                in.getInt(8),
                in.getInt(12),
                in.getInt(16),
                in.getInt(20),
                in.getUnsignedInt(24),
                in.getInt(28),
                (flags & FLAG_FORWARD_TSN) != 0,
                (flags & FLAG_RECONFIG) != 0,
                in.getInt(36),
                in.getInt(40));
    }

    static long madeAtNanos(byte[] cookie) {
        return Unpooled.wrappedBuffer(cookie).getLong(0);
    }
}
