package org.rotunda.media.stun;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.text.Utf8;

/**
 * Reads a STUN message in place (RFC 8489 §5). A reusable view: {@link #parse} stores the offsets of the attributes.
 * The other methods may be called only after {@link #parse} returned true and while the datagram is alive.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |0 0|     STUN message type     |         message length        |
 * |                  magic cookie 0x2112A442                      |
 * |                 transaction ID (96 bits)                      |
 * </pre>
 *
 * <p>Not thread-safe: each owner has its own view. The view does not retain the datagram.
 */
public final class StunMessage {
    public static final int HEADER_LENGTH_BYTES = 20;
    public static final int TRANSACTION_ID_LENGTH_BYTES = 12;
    static final int MAGIC_COOKIE = 0x2112A442;

    /**
     * The longest message read, in bytes: an Ethernet MTU. A check has about 100 bytes, or 1,300 if it carries a DTLS
     * record.
     */
    public static final int LENGTH_BYTES_MAX = 1500;

    // The maximum number of attributes, to bound the work per message. Browsers send about ten attributes.
    static final int ATTRIBUTES_MAX = 64;
    // RFC 8489 §14.3 allows a USERNAME of at most 508 bytes. Its predecessor, RFC 5389 §15.3, allowed 512.
    static final int USERNAME_LENGTH_BYTES_MAX = 512;
    static final int UNKNOWN_ATTRIBUTES_MAX = 8; // A 420 answer names at most this many types.

    /**
     * The values of {@link #type}: class and method in one number, as in the first two bytes (RFC 8489 §5, method
     * Binding).
     */
    public static final int BINDING_REQUEST = 0x0001;

    public static final int BINDING_INDICATION = 0x0011;
    public static final int BINDING_SUCCESS = 0x0101;
    public static final int BINDING_ERROR = 0x0111;

    private static final int ABSENT = -1;

    private @Nullable ByteBuf datagram;
    // The offsets point to attribute headers, relative to the reader index.
    private int usernameOffset = ABSENT;
    private int priorityOffset = ABSENT;
    private int controlledOffset = ABSENT;
    private int controllingOffset = ABSENT;
    private int integrityOffset = ABSENT;
    private int fingerprintOffset = ABSENT;
    private int mappedAddressOffset = ABSENT;
    private int errorCodeOffset = ABSENT;
    private boolean useCandidate;
    private int attributeCount;
    private final short[] unknown = new short[UNKNOWN_ATTRIBUTES_MAX];
    private int unknownCount;

    /** Returns whether a datagram is STUN, by its first byte (RFC 7983 §7) and the magic cookie. */
    public static boolean isStun(ByteBuf datagram) {
        int start = datagram.readerIndex();
        return datagram.readableBytes() >= HEADER_LENGTH_BYTES
                && datagram.getUnsignedByte(start) <= 3
                && datagram.getInt(start + 4) == MAGIC_COOKIE;
    }

    /**
     * Reads the message in the whole datagram. Returns false if it is not well-formed. In that case no other method may
     * be called.
     */
    public boolean parse(ByteBuf message) {
        reset();
        int length = message.readableBytes();
        if (!isStun(message) || length > LENGTH_BYTES_MAX) {
            return false;
        }
        if (HEADER_LENGTH_BYTES + message.getUnsignedShort(message.readerIndex() + 2) != length || (length & 3) != 0) {
            return false;
        }
        if (!readAttributes(message, length) || !isUsernameText(message)) {
            reset();
            return false;
        }
        datagram = message;
        return true;
    }

    private boolean isUsernameText(ByteBuf message) {
        if (usernameOffset == ABSENT) {
            return true;
        }
        int attribute = message.readerIndex() + usernameOffset;
        return Utf8.isValid(
                message, attribute + StunAttribute.HEADER_LENGTH_BYTES, message.getUnsignedShort(attribute + 2));
    }

    private void reset() {
        datagram = null;
        usernameOffset = ABSENT;
        priorityOffset = ABSENT;
        controlledOffset = ABSENT;
        controllingOffset = ABSENT;
        integrityOffset = ABSENT;
        fingerprintOffset = ABSENT;
        mappedAddressOffset = ABSENT;
        errorCodeOffset = ABSENT;
        useCandidate = false;
        attributeCount = 0;
        unknownCount = 0;
    }

    private boolean readAttributes(ByteBuf message, int length) {
        int offset = HEADER_LENGTH_BYTES;
        while (offset < length) {
            if (fingerprintOffset != ABSENT || ++attributeCount > ATTRIBUTES_MAX) {
                return false; // FINGERPRINT must be the last attribute (RFC 8489 §14.7).
            }
            int type = message.getUnsignedShort(message.readerIndex() + offset);
            int valueLength = message.getUnsignedShort(message.readerIndex() + offset + 2);
            int end = offset + StunAttribute.HEADER_LENGTH_BYTES + StunAttribute.paddedLength(valueLength);
            if (end > length || !readAttribute(type, offset, valueLength)) {
                return false;
            }
            offset = end;
        }
        return true;
    }

    /**
     * Stores the offset of one attribute. A repeated attribute is ignored. After MESSAGE-INTEGRITY every attribute
     * except FINGERPRINT is ignored (RFC 8489 §14, §14.5).
     */
    private boolean readAttribute(int type, int offset, int length) {
        if (type == StunAttribute.FINGERPRINT) {
            fingerprintOffset = offset;
            return length == StunAttribute.FINGERPRINT_LENGTH_BYTES;
        }
        if (integrityOffset != ABSENT) {
            return true;
        }
        return switch (type) {
            case StunAttribute.USERNAME -> {
                usernameOffset = first(usernameOffset, offset);
                yield length <= USERNAME_LENGTH_BYTES_MAX;
            }
            case StunAttribute.PRIORITY -> {
                priorityOffset = first(priorityOffset, offset);
                yield length == Integer.BYTES;
            }
            case StunAttribute.USE_CANDIDATE -> {
                useCandidate = true;
                yield length == 0;
            }
            case StunAttribute.ICE_CONTROLLED -> {
                controlledOffset = first(controlledOffset, offset);
                yield length == Long.BYTES;
            }
            case StunAttribute.ICE_CONTROLLING -> {
                controllingOffset = first(controllingOffset, offset);
                yield length == Long.BYTES;
            }
            case StunAttribute.MESSAGE_INTEGRITY -> {
                integrityOffset = offset;
                yield length == StunAttribute.INTEGRITY_LENGTH_BYTES;
            }
            case StunAttribute.XOR_MAPPED_ADDRESS -> {
                mappedAddressOffset = first(mappedAddressOffset, offset);
                yield length == 8 || length == 20;
            }
            case StunAttribute.ERROR_CODE -> {
                errorCodeOffset = first(errorCodeOffset, offset);
                yield length >= 4;
            }
            default -> {
                if (!StunAttribute.isUnderstood(type) && unknownCount < UNKNOWN_ATTRIBUTES_MAX) {
                    unknown[unknownCount++] = (short) type;
                }
                yield true;
            }
        };
    }

    private static int first(int known, int offset) {
        return known == ABSENT ? offset : known;
    }

    private ByteBuf message() {
        ByteBuf parsed = datagram;
        if (parsed == null) {
            throw new IllegalStateException("no message: parse() has not answered true");
        }
        return parsed;
    }

    private int at(int offset) {
        return message().readerIndex() + offset;
    }

    private int valueLength(int attributeOffset) {
        return message().getUnsignedShort(at(attributeOffset + 2));
    }

    /** Returns the type, for example {@link #BINDING_REQUEST}. It may be a type without a constant here. */
    public int type() {
        return message().getUnsignedShort(at(0));
    }

    /** Appends the transaction id to a message that is being built. */
    void copyTransactionIdTo(ByteBuf target) {
        target.writeBytes(message(), at(8), TRANSACTION_ID_LENGTH_BYTES);
    }

    /** Returns whether this message has the given transaction id of twelve bytes. */
    public boolean hasTransactionId(byte[] transactionId) {
        ByteBuf message = message();
        for (int i = 0; i < TRANSACTION_ID_LENGTH_BYTES; i++) {
            if (message.getByte(at(8 + i)) != transactionId[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the whole USERNAME, or null if it is missing. */
    public @Nullable String username() {
        return usernameOffset == ABSENT ? null : usernamePart(0, valueLength(usernameOffset));
    }

    /**
     * Returns the part of USERNAME before the colon: the ufrag of the side that receives the request. The router uses
     * it to find the transport.
     */
    public @Nullable String localUfrag() {
        int colon = colon();
        return colon == ABSENT ? null : usernamePart(0, colon);
    }

    /** Returns the part of USERNAME after the colon: the ufrag of the side that sent the request. */
    public @Nullable String remoteUfrag() {
        int colon = colon();
        return colon == ABSENT ? null : usernamePart(colon + 1, valueLength(usernameOffset));
    }

    private int colon() {
        if (usernameOffset == ABSENT) {
            return ABSENT;
        }
        int start = at(usernameOffset + StunAttribute.HEADER_LENGTH_BYTES);
        int colon = message().indexOf(start, start + valueLength(usernameOffset), (byte) ':');
        return colon < 0 ? ABSENT : colon - start;
    }

    private @Nullable String usernamePart(int from, int to) {
        int start = at(usernameOffset + StunAttribute.HEADER_LENGTH_BYTES);
        return Utf8.read(message(), start + from, to - from);
    }

    public boolean hasUsername() {
        return usernameOffset != ABSENT;
    }

    public boolean hasPriority() {
        return priorityOffset != ABSENT;
    }

    /** Returns PRIORITY, unsigned (RFC 8445 §7.1.1); requires {@link #hasPriority}. */
    public long priority() {
        return message().getUnsignedInt(at(priorityOffset + StunAttribute.HEADER_LENGTH_BYTES));
    }

    /**
     * Returns whether USE-CANDIDATE is present. The controlling side uses it to nominate the pair (RFC 8445 §7.1.2).
     */
    public boolean isUseCandidate() {
        return useCandidate;
    }

    /**
     * Returns whether ICE-CONTROLLED is present. Its sender believes that it is the controlled side (RFC 8445 §7.1.3).
     */
    public boolean isFromControlled() {
        return controlledOffset != ABSENT;
    }

    public boolean isFromControlling() {
        return controllingOffset != ABSENT;
    }

    /** Returns the tie-breaker of ICE-CONTROLLED or ICE-CONTROLLING, or zero if both are missing. */
    public long tieBreaker() {
        int offset = controllingOffset != ABSENT ? controllingOffset : controlledOffset;
        return offset == ABSENT ? 0 : message().getLong(at(offset + StunAttribute.HEADER_LENGTH_BYTES));
    }

    public boolean hasIntegrity() {
        return integrityOffset != ABSENT;
    }

    /** Returns whether MESSAGE-INTEGRITY is present and was made with the password of {@code integrity}. */
    public boolean isAuthentic(StunIntegrity integrity) {
        return integrityOffset != ABSENT && integrity.matches(message(), integrityOffset);
    }

    /**
     * Returns whether FINGERPRINT is present and right. It is the CRC-32 of everything before it, XORed with a constant
     * (RFC 8489 §14.7).
     */
    public boolean isFingerprintRight() {
        return fingerprintOffset != ABSENT
                && message().getInt(at(fingerprintOffset + StunAttribute.HEADER_LENGTH_BYTES))
                        == fingerprint(message(), fingerprintOffset);
    }

    static int fingerprint(ByteBuf message, int lengthBytes) {
        CRC32 crc = new CRC32();
        crc.update(message.nioBuffer(message.readerIndex(), lengthBytes));
        return (int) crc.getValue() ^ StunAttribute.FINGERPRINT_XOR;
    }

    /** Returns the number of unknown attributes that a receiver must understand. At most eight are counted. */
    public int unknownAttributeCount() {
        return unknownCount;
    }

    /**
     * Returns the type of an attribute counted by {@link #unknownAttributeCount}. The index follows the order in the
     * message.
     */
    public int unknownAttribute(int index) {
        return unknown[index] & 0xFFFF;
    }

    /** Returns the code of ERROR-CODE (RFC 8489 §14.8), or zero if ERROR-CODE is missing. */
    public int errorCode() {
        if (errorCodeOffset == ABSENT) {
            return 0;
        }
        int value = at(errorCodeOffset + StunAttribute.HEADER_LENGTH_BYTES);
        return 100 * (message().getByte(value + 2) & 0x07) + message().getUnsignedByte(value + 3);
    }

    /** Returns XOR-MAPPED-ADDRESS (RFC 8489 §14.2), or null if it is missing or its address family is unknown. */
    public @Nullable InetSocketAddress mappedAddress() {
        if (mappedAddressOffset == ABSENT) {
            return null;
        }
        int value = at(mappedAddressOffset + StunAttribute.HEADER_LENGTH_BYTES);
        int family = message().getUnsignedByte(value + 1);
        int addressLength = valueLength(mappedAddressOffset) - 4;
        if (family != (addressLength == 4 ? StunWriter.FAMILY_IPV4 : StunWriter.FAMILY_IPV6)) {
            return null;
        }
        int port = message().getUnsignedShort(value + 2) ^ MAGIC_COOKIE >>> 16;
        byte[] address = new byte[addressLength];
        for (int i = 0; i < addressLength; i++) {
            // The address is XORed with the magic cookie, then with the transaction id.
            address[i] = (byte) (message().getByte(value + 4 + i) ^ message().getByte(at(4 + i)));
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address is 4 or 16 bytes: " + addressLength, e);
        }
    }
}
