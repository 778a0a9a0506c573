package org.rotunda.media.stun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the binding messages of ICE (RFC 8489 §6, RFC 8445 §7). Every message ends with FINGERPRINT. If a key is
 * given, MESSAGE-INTEGRITY precedes FINGERPRINT. The caller owns the returned buffer.
 */
public final class StunWriter {
    static final int FAMILY_IPV4 = 1;
    static final int FAMILY_IPV6 = 2;

    // The longest answer, a 420 with eight types, needs 112 bytes.
    private static final int RESPONSE_CAPACITY_BYTES = 128;
    private static final int REQUEST_CAPACITY_BYTES = 256;

    private StunWriter() {}

    /** Writes the success answer to a request. XOR-MAPPED-ADDRESS holds the source address of the request. */
    public static ByteBuf bindingSuccess(
            ByteBufAllocator allocator, StunMessage request, InetSocketAddress source, StunIntegrity integrity) {
        ByteBuf response = response(allocator, StunMessage.BINDING_SUCCESS, request);
        writeXorMappedAddress(response, source);
        return finish(response, integrity);
    }

    /**
     * Writes an error answer. If the username is unknown there is no key, and the answer has no MESSAGE-INTEGRITY (RFC
     * 8489 §9.1.3).
     */
    public static ByteBuf bindingError(
            ByteBufAllocator allocator, StunMessage request, StunError error, @Nullable StunIntegrity integrity) {
        ByteBuf response = response(allocator, StunMessage.BINDING_ERROR, request);
        byte[] reason = error.reason();
        response.writeShort(StunAttribute.ERROR_CODE);
        response.writeShort(4 + reason.length);
        response.writeShort(0);
        response.writeByte(error.code() / 100);
        response.writeByte(error.code() % 100);
        response.writeBytes(reason);
        pad(response, reason.length);
        if (error == StunError.UNKNOWN_ATTRIBUTE) {
            writeUnknownAttributes(response, request);
        }
        return finish(response, integrity);
    }

    /**
     * Writes a connectivity check of a controlling or controlled agent, for tests and bots. The server sends no checks.
     */
    public static ByteBuf bindingRequest(ByteBufAllocator allocator, BindingRequest check, StunIntegrity integrity) {
        byte[] username = check.username().getBytes(StandardCharsets.UTF_8);
        ByteBuf request = allocator.buffer(REQUEST_CAPACITY_BYTES);
        request.writeShort(StunMessage.BINDING_REQUEST);
        request.writeShort(0);
        request.writeInt(StunMessage.MAGIC_COOKIE);
        request.writeBytes(check.transactionId());
        request.writeShort(StunAttribute.USERNAME);
        request.writeShort(username.length);
        request.writeBytes(username);
        pad(request, username.length);
        request.writeShort(StunAttribute.PRIORITY);
        request.writeShort(Integer.BYTES);
        request.writeInt((int) check.priority());
        request.writeShort(check.controlling() ? StunAttribute.ICE_CONTROLLING : StunAttribute.ICE_CONTROLLED);
        request.writeShort(Long.BYTES);
        request.writeLong(check.tieBreaker());
        if (check.useCandidate()) {
            request.writeShort(StunAttribute.USE_CANDIDATE);
            request.writeShort(0);
        }
        return finish(request, integrity);
    }

    /**
     * The content of a connectivity check (RFC 8445 §7.1). The username is {@code receiverUfrag:senderUfrag}. The
     * transaction id has twelve random bytes. The priority is unsigned.
     */
    @SuppressWarnings("ArrayRecordComponent") // The record is never compared.
    public record BindingRequest(
            byte[] transactionId,
            String username,
            long priority,
            boolean controlling,
            long tieBreaker,
            boolean useCandidate) {
        public BindingRequest {
            if (transactionId.length != StunMessage.TRANSACTION_ID_LENGTH_BYTES) {
                throw new IllegalArgumentException("a transaction id has 12 bytes, not " + transactionId.length);
            }
        }
    }

    /**
     * Returns the message with a right MESSAGE-INTEGRITY and FINGERPRINT appended, for tests and bots. A hostile peer
     * with valid credentials can send such a message.
     *
     * @param message header and attributes, at most {@link StunMessage#LENGTH_BYTES_MAX} less 32 bytes; returned
     *     unchanged if it is longer or has no whole header
     */
    public static byte[] signed(byte[] message, StunIntegrity integrity) {
        int added = 2 * StunAttribute.HEADER_LENGTH_BYTES
                + StunAttribute.INTEGRITY_LENGTH_BYTES
                + StunAttribute.FINGERPRINT_LENGTH_BYTES;
        if (message.length < StunMessage.HEADER_LENGTH_BYTES || message.length + added > StunMessage.LENGTH_BYTES_MAX) {
            return message;
        }
        ByteBuf signed = finish(Unpooled.buffer(message.length + added).writeBytes(message), integrity);
        return ByteBufUtil.getBytes(signed);
    }

    private static ByteBuf response(ByteBufAllocator allocator, int type, StunMessage request) {
        ByteBuf response = allocator.buffer(RESPONSE_CAPACITY_BYTES);
        response.writeShort(type);
        response.writeShort(0); // The length is filled in at the end.
        response.writeInt(StunMessage.MAGIC_COOKIE);
        request.copyTransactionIdTo(response);
        return response;
    }

    private static void writeXorMappedAddress(ByteBuf response, InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        response.writeShort(StunAttribute.XOR_MAPPED_ADDRESS);
        response.writeShort(4 + ip.length);
        response.writeByte(0);
        response.writeByte(ip.length == 4 ? FAMILY_IPV4 : FAMILY_IPV6);
        response.writeShort(address.getPort() ^ StunMessage.MAGIC_COOKIE >>> 16);
        for (int i = 0; i < ip.length; i++) {
            // The address is XORed with the magic cookie, then with the transaction id.
            response.writeByte(ip[i] ^ response.getByte(response.readerIndex() + 4 + i));
        }
    }

    private static void writeUnknownAttributes(ByteBuf response, StunMessage request) {
        int count = request.unknownAttributeCount();
        response.writeShort(StunAttribute.UNKNOWN_ATTRIBUTES);
        response.writeShort(2 * count);
        for (int i = 0; i < count; i++) {
            response.writeShort(request.unknownAttribute(i));
        }
        pad(response, 2 * count);
    }

    private static void pad(ByteBuf message, int valueLength) {
        message.writeZero(StunAttribute.paddedLength(valueLength) - valueLength);
    }

    private static ByteBuf finish(ByteBuf message, @Nullable StunIntegrity integrity) {
        if (integrity != null) {
            integrity.appendTo(message);
        }
        int fingerprintLength = StunAttribute.HEADER_LENGTH_BYTES + StunAttribute.FINGERPRINT_LENGTH_BYTES;
        int length = message.readableBytes();
        message.setShort(message.readerIndex() + 2, length + fingerprintLength - StunMessage.HEADER_LENGTH_BYTES);
        int fingerprint = StunMessage.fingerprint(message, length);
        message.writeShort(StunAttribute.FINGERPRINT);
        message.writeShort(StunAttribute.FINGERPRINT_LENGTH_BYTES);
        message.writeInt(fingerprint);
        return message;
    }
}
