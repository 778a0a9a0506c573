package org.rotunda.media.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;

/** The client's side of an SRTP session, computed by jitsi-srtp. Our SRTP is compared with this implementation. */
final class JitsiPeer {
    private final SrtpContextFactory sending;
    private final SrtpContextFactory receiving;
    private final Map<Integer, SrtpCryptoContext> sendingRtp = new HashMap<>();
    private final Map<Integer, SrtpCryptoContext> receivingRtp = new HashMap<>();
    private final Map<Integer, SrtcpCryptoContext> sendingRtcp = new HashMap<>();
    private final Map<Integer, SrtcpCryptoContext> receivingRtcp = new HashMap<>();

    JitsiPeer(SrtpKeys keys) {
        sending = factory(true, keys, SrtpRole.CLIENT);
        receiving = factory(false, keys, SrtpRole.SERVER);
    }

    byte[] protectRtp(int ssrc, byte[] packet) throws GeneralSecurityException {
        Packet buffer = new Packet(packet);
        if (!sendingRtp.containsKey(ssrc)) {
            sendingRtp.put(ssrc, sending.deriveContext(ssrc, 0));
        }
        requireOk(sendingRtp.get(ssrc).transformPacket(buffer));
        return buffer.bytes();
    }

    byte[] unprotectRtp(int ssrc, byte[] packet) throws GeneralSecurityException {
        Packet buffer = new Packet(packet);
        if (!receivingRtp.containsKey(ssrc)) {
            receivingRtp.put(ssrc, receiving.deriveContext(ssrc, 0));
        }
        requireOk(receivingRtp.get(ssrc).reverseTransformPacket(buffer, false));
        return buffer.bytes();
    }

    byte[] protectRtcp(int ssrc, byte[] packet) throws GeneralSecurityException {
        Packet buffer = new Packet(packet);
        if (!sendingRtcp.containsKey(ssrc)) {
            sendingRtcp.put(ssrc, sending.deriveControlContext(ssrc));
        }
        requireOk(sendingRtcp.get(ssrc).transformPacket(buffer));
        return buffer.bytes();
    }

    byte[] unprotectRtcp(int ssrc, byte[] packet) throws GeneralSecurityException {
        Packet buffer = new Packet(packet);
        if (!receivingRtcp.containsKey(ssrc)) {
            receivingRtcp.put(ssrc, receiving.deriveControlContext(ssrc));
        }
        requireOk(receivingRtcp.get(ssrc).reverseTransformPacket(buffer));
        return buffer.bytes();
    }

    private static SrtpContextFactory factory(boolean sender, SrtpKeys keys, SrtpRole from) {
        SrtpPolicy policy = policy(keys.profile());
        return new SrtpContextFactory(
                sender, keys.key(from), keys.salt(from), policy, policy, new LoggerImpl(JitsiPeer.class.getName()));
    }

    private static SrtpPolicy policy(SrtpProfile profile) {
        return switch (profile) {
            case AEAD_AES_128_GCM ->
                new SrtpPolicy(SrtpPolicy.AESGCM_ENCRYPTION, 16, SrtpPolicy.NULL_AUTHENTICATION, 0, 16, 12);
            case AES128_CM_HMAC_SHA1_80 ->
                new SrtpPolicy(SrtpPolicy.AESCM_ENCRYPTION, 16, SrtpPolicy.HMACSHA1_AUTHENTICATION, 20, 10, 14);
        };
    }

    private static void requireOk(SrtpErrorStatus status) {
        if (status != SrtpErrorStatus.OK) {
            throw new AssertionError(status);
        }
    }

    private static final class Packet implements ByteArrayBuffer {
        private final byte[] buffer;
        private int offset;
        private int length;

        Packet(byte[] packet) {
            buffer = Arrays.copyOf(packet, packet.length + 64);
            length = packet.length;
        }

        byte[] bytes() {
            return Arrays.copyOfRange(buffer, offset, offset + length);
        }

        @Override
        public byte[] getBuffer() {
            return buffer;
        }

        @Override
        public int getOffset() {
            return offset;
        }

        @Override
        public int getLength() {
            return length;
        }

        @Override
        public void setLength(int length) {
            this.length = length;
        }

        @Override
        public void setOffset(int offset) {
            this.offset = offset;
        }

        @Override
        public boolean isInvalid() {
            return false;
        }

        @Override
        public void readRegionToBuff(int from, int count, byte[] target) {
            System.arraycopy(buffer, offset + from, target, 0, count);
        }

        @Override
        public void grow(int count) {
            if (offset + length + count > buffer.length) {
                throw new AssertionError("test packet too large");
            }
        }

        @Override
        public void append(byte[] data, int count) {
            System.arraycopy(data, 0, buffer, offset + length, count);
            length += count;
        }

        @Override
        public void shrink(int count) {
            length -= count;
        }
    }
}
