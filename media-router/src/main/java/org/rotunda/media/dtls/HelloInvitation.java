package org.rotunda.media.dtls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.BitSet;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.DatagramSender;
import org.bouncycastle.tls.crypto.TlsHMAC;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * Makes a client send its ClientHello again at once. A client that moves here from a node that has died sends its first
 * ClientHello to that node, and repeats it only after 50, 150 and 350 ms. A HelloVerifyRequest (RFC 6347 §4.2.1) is the
 * one message to which a client in that state answers immediately. A client has no way to tell a request that answers
 * its ClientHello from one that does not.
 *
 * <p>The request is message 0 of this side, whatever becomes of it. A client that has read it sends a second ClientHello
 * as its message 1, with our cookie. A client that has not read it still sends message 0, and gets the same request as
 * its answer. So both sides always agree on the numbers of messages, even if datagrams cross. Repeated requests are
 * ignored by the client.
 *
 * <p>The cookie proves nothing, and is the same for all. The address of the client was proved by its check of ICE.
 *
 * <p>One instance per association; owned by one event loop. No clock, no I/O.
 */
final class HelloInvitation {
    /**
     * The maximum number of unasked requests for one association, enough for two seconds. A client that has not begun
     * DTLS by then begins it by itself.
     */
    static final int REQUESTS_MAX = 40;

    private static final byte[] COOKIE = "rotunda hello".getBytes(StandardCharsets.US_ASCII);
    private static final int HELLO_VERIFY_REQUEST = 3;
    private static final int DTLS_1_0 = 0xFEFF; // The version of the message, whatever is negotiated (RFC 6347 §4.2.1).
    private static final int INVITED = 1; // The number of the ClientHello that answers our request.
    private static final DTLSVerifier VERIFIER = new DTLSVerifier(new OneCookie());
    private static final DatagramSender NOWHERE = new Nowhere();

    private int requests;
    private byte @Nullable [] hello; // The body of the ClientHello with the number 1, as far as it has come.
    private final BitSet come = new BitSet(); // The bytes of that body that have come.
    private long recordNumber;
    private int version;

    /** Returns whether the client has been sent a request, so that its next ClientHello must answer one. */
    boolean isSent() {
        return requests > 0;
    }

    /** Returns a datagram with a request that the client did not ask for, or null if there were enough. */
    byte @Nullable [] unasked() {
        if (requests == REQUESTS_MAX) {
            return null;
        }
        requests++;
        return request(0);
    }

    /** Returns the datagram with the request that answers this datagram, which begins with the ClientHello 0. */
    byte[] answerTo(ByteBuf datagram) {
        return request(recordNumber(datagram, datagram.readerIndex()));
    }

    /** Returns whether a datagram that begins with a ClientHello, or a part of one, answers our request. */
    static boolean isInvited(ByteBuf datagram) {
        return messageNumber(datagram, datagram.readerIndex() + DtlsAdmission.RECORD_HEADER_LENGTH) == INVITED;
    }

    /**
     * Takes the parts of the invited ClientHello in this datagram, which has passed {@link DtlsAdmission}. Returns the
     * whole ClientHello when its last part has come. Returns null while parts are missing, or if the cookie is wrong.
     */
    @Nullable
    DTLSRequest add(ByteBuf datagram) {
        int record = datagram.readerIndex();
        while (record < datagram.writerIndex()) {
            int body = record + DtlsAdmission.RECORD_HEADER_LENGTH;
            int end = body + datagram.getUnsignedShort(record + 11);
            if (datagram.getUnsignedByte(record) == DtlsAdmission.HANDSHAKE
                    && datagram.getUnsignedShort(record + 3) == 0) {
                version = datagram.getUnsignedShort(record + 1);
                // Bouncy Castle numbers its records from this one on, above every record that we have sent.
                recordNumber = Math.max(recordNumber, recordNumber(datagram, record));
                addFragments(datagram, body, end);
            }
            record = end;
        }
        byte[] whole = hello;
        if (whole == null || come.cardinality() < whole.length) {
            return null;
        }
        byte[] one = asOneRecord(whole);
        hello = null;
        come.clear();
        return VERIFIER.verifyRequest(new byte[0], one, 0, one.length, NOWHERE);
    }

    private void addFragments(ByteBuf datagram, int from, int end) {
        int fragment = from;
        while (fragment < end) {
            int content = fragment + DtlsAdmission.FRAGMENT_HEADER_LENGTH;
            int length = datagram.getUnsignedMedium(fragment + 1);
            int offset = datagram.getUnsignedMedium(fragment + 6);
            int contentLength = datagram.getUnsignedMedium(fragment + 9);
            if (datagram.getUnsignedByte(fragment) == DtlsAdmission.CLIENT_HELLO
                    && messageNumber(datagram, fragment) == INVITED) {
                byte[] body = hello;
                if (body == null || body.length != length) {
                    body = new byte[length]; // At most DtlsAdmission.HANDSHAKE_LENGTH_MAX bytes.
                    hello = body;
                    come.clear();
                }
                datagram.getBytes(content, body, offset, contentLength);
                come.set(offset, offset + contentLength);
            }
            fragment = content + contentLength;
        }
    }

    /** Returns the ClientHello as Bouncy Castle takes it: one message in one record. */
    private byte[] asOneRecord(byte[] body) {
        byte[] record = recordOf(
                DtlsAdmission.HANDSHAKE, version, recordNumber, DtlsAdmission.FRAGMENT_HEADER_LENGTH + body.length);
        message(record, DtlsAdmission.CLIENT_HELLO, INVITED, body.length);
        System.arraycopy(body, 0, record, record.length - body.length, body.length);
        return record;
    }

    private static byte[] request(long recordNumber) {
        int length = 3 + COOKIE.length; // version, length of the cookie, cookie
        byte[] record = recordOf(
                DtlsAdmission.HANDSHAKE, DTLS_1_0, recordNumber, DtlsAdmission.FRAGMENT_HEADER_LENGTH + length);
        message(record, HELLO_VERIFY_REQUEST, 0, length);
        int body = record.length - length;
        write(record, body, 2, DTLS_1_0);
        write(record, body + 2, 1, COOKIE.length);
        System.arraycopy(COOKIE, 0, record, body + 3, COOKIE.length);
        return record;
    }

    private static byte[] recordOf(int type, int version, long number, int length) {
        byte[] record = new byte[DtlsAdmission.RECORD_HEADER_LENGTH + length];
        write(record, 0, 1, type);
        write(record, 1, 2, version);
        write(record, 5, 6, number);
        write(record, 11, 2, length);
        return record;
    }

    private static void message(byte[] record, int type, int number, int length) {
        int header = DtlsAdmission.RECORD_HEADER_LENGTH;
        write(record, header, 1, type);
        write(record, header + 1, 3, length);
        write(record, header + 4, 2, number);
        write(record, header + 9, 3, length); // The only fragment is the whole message.
    }

    private static void write(byte[] bytes, int offset, int count, long value) {
        for (int i = 0; i < count; i++) {
            bytes[offset + i] = (byte) (value >>> (8 * (count - 1 - i)));
        }
    }

    private static int messageNumber(ByteBuf datagram, int fragment) {
        return datagram.getUnsignedShort(fragment + 4);
    }

    private static long recordNumber(ByteBuf datagram, int record) {
        return (long) datagram.getUnsignedShort(record + 5) << 32 | datagram.getUnsignedInt(record + 7);
    }

    /** Lets Bouncy Castle expect our cookie, which it otherwise computes from the ClientHello. */
    private static final class OneCookie extends JcaTlsCrypto {
        OneCookie() {
            super(new DefaultJcaJceHelper(), new SecureRandom(), new SecureRandom());
        }

        @Override
        public TlsHMAC createHMAC(int algorithm) {
            return new CookieMac();
        }
    }

    private static final class CookieMac implements TlsHMAC {
        @Override
        public void setKey(byte[] key, int offset, int length) {}

        @Override
        public void update(byte[] input, int offset, int length) {}

        @Override
        public byte[] calculateMAC() {
            return COOKIE.clone();
        }

        @Override
        public void calculateMAC(byte[] output, int offset) {
            System.arraycopy(COOKIE, 0, output, offset, COOKIE.length);
        }

        @Override
        public int getMacLength() {
            return COOKIE.length;
        }

        @Override
        public int getInternalBlockSize() {
            return COOKIE.length;
        }

        @Override
        public void reset() {}
    }

    /** Takes the answer of Bouncy Castle to a wrong cookie. The client gets our own request when it repeats itself. */
    private static final class Nowhere implements DatagramSender {
        @Override
        public int getSendLimit() {
            return RecordDatagrams.HANDSHAKE_MTU;
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {}
    }
}
