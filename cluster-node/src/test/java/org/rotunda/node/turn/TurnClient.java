package org.rotunda.node.turn;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.rotunda.gateway.turn.TurnCredentials;

/** A TURN client over UDP and IPv4 (RFC 8656), with one allocation. Waits for each answer. */
final class TurnClient implements AutoCloseable {
    static final int TRANSPORT_UDP = 17;
    static final int TRANSPORT_TCP = 6;

    private static final int ALLOCATE = 0x0003;
    private static final int CREATE_PERMISSION = 0x0008;
    private static final int SEND_INDICATION = 0x0016;
    private static final int DATA_INDICATION = 0x0017;
    private static final int CLASS_SUCCESS = 0x0100;
    private static final int CLASS_ERROR = 0x0110;

    private static final int USERNAME = 0x0006;
    private static final int MESSAGE_INTEGRITY = 0x0008;
    private static final int ERROR_CODE = 0x0009;
    private static final int XOR_PEER_ADDRESS = 0x0012;
    private static final int DATA = 0x0013;
    private static final int REALM = 0x0014;
    private static final int NONCE = 0x0015;
    private static final int XOR_RELAYED_ADDRESS = 0x0016;
    private static final int REQUESTED_TRANSPORT = 0x0019;

    private static final int MAGIC_COOKIE = 0x2112A442;
    private static final int HEADER_BYTES = 20;
    private static final int INTEGRITY_BYTES = 20;
    private static final int MESSAGE_BYTES_MAX = 2048;
    private static final int PATIENCE_MILLISECONDS = 500;
    private static final int ATTEMPTS = 20;

    private final DatagramSocket socket = new DatagramSocket();
    private final SecureRandom random = new SecureRandom();
    private final TurnCredentials credentials;
    private byte[] realm = {};
    private byte[] nonce = {};

    TurnClient(InetSocketAddress server, TurnCredentials credentials) throws IOException {
        this.credentials = credentials;
        socket.setSoTimeout(PATIENCE_MILLISECONDS);
        socket.connect(server);
    }

    /** An answer: 0, or the code of the error, and the attributes. */
    record Answer(int error, Map<Integer, byte[]> attributes) {
        /** Returns the address of the relay. */
        InetSocketAddress relay() {
            return address(attribute(XOR_RELAYED_ADDRESS));
        }

        private byte[] attribute(int type) {
            byte[] value = attributes.get(type);
            if (value == null) {
                throw new AssertionError("no attribute " + type + " in " + this);
            }
            return value;
        }
    }

    /** Asks for a relay. The first request has no credentials, as those of all clients, and gets realm and nonce. */
    Answer allocate(int transport) throws IOException {
        byte[] requested = attribute(REQUESTED_TRANSPORT, (byte) transport, (byte) 0, (byte) 0, (byte) 0);
        Answer challenge = request(ALLOCATE, requested, false);
        if (challenge.error() != 401) {
            return challenge;
        }
        realm = challenge.attribute(REALM);
        nonce = challenge.attribute(NONCE);
        return request(ALLOCATE, requested, true);
    }

    /** Asks for the permission to send to an address and to receive from it. */
    Answer permit(InetSocketAddress peer) throws IOException {
        return request(CREATE_PERMISSION, attribute(XOR_PEER_ADDRESS, xored(peer)), true);
    }

    void send(InetSocketAddress peer, String text) throws IOException {
        byte[] body = joined(
                attribute(XOR_PEER_ADDRESS, xored(peer)), attribute(DATA, text.getBytes(StandardCharsets.UTF_8)));
        transmit(message(SEND_INDICATION, transactionId(), body));
    }

    /** Returns the next text from a peer. */
    String receive() throws IOException {
        while (true) {
            byte[] message = next();
            if (ByteBuffer.wrap(message).getShort() == DATA_INDICATION) {
                byte[] data = attributes(message).get(DATA);
                if (data != null) {
                    return new String(data, StandardCharsets.UTF_8);
                }
            }
        }
    }

    private Answer request(int method, byte[] attributes, boolean signed) throws IOException {
        byte[] transaction = transactionId();
        byte[] body = signed
                ? joined(
                        attributes,
                        attribute(USERNAME, credentials.username().getBytes(StandardCharsets.UTF_8)),
                        attribute(REALM, realm),
                        attribute(NONCE, nonce))
                : attributes;
        byte[] message = message(method, transaction, body);
        if (signed) {
            message = signed(message);
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            transmit(message); // It is sent again if the request or its answer is lost.
            Optional<byte[]> answer = answer(transaction);
            if (answer.isPresent()) {
                return answer(method, answer.get());
            }
        }
        throw new AssertionError("no answer to request " + method);
    }

    private Optional<byte[]> answer(byte[] transaction) throws IOException {
        try {
            byte[] answer = next();
            while (!Arrays.equals(answer, 8, HEADER_BYTES, transaction, 0, transaction.length)) {
                answer = next();
            }
            return Optional.of(answer);
        } catch (SocketTimeoutException | PortUnreachableException silent) {
            return Optional.empty();
        }
    }

    private static Answer answer(int method, byte[] message) {
        int type = ByteBuffer.wrap(message).getShort();
        Map<Integer, byte[]> attributes = attributes(message);
        if (type == (method | CLASS_SUCCESS)) {
            return new Answer(0, attributes);
        }
        byte[] error = attributes.get(ERROR_CODE);
        if (type != (method | CLASS_ERROR) || error == null) {
            throw new AssertionError("an answer of type " + type);
        }
        return new Answer(error[2] * 100 + error[3], attributes);
    }

    private byte[] signed(byte[] message) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5"); // RFC 8489 §9.2.2 prescribes it.
            String key = credentials.username() + ":" + new String(realm, StandardCharsets.UTF_8) + ":"
                    + credentials.password();
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(md5.digest(key.getBytes(StandardCharsets.UTF_8)), "HmacSHA1"));
            // The length that is signed includes the signature.
            ByteBuffer.wrap(message).putShort(2, (short) (message.length - HEADER_BYTES + 4 + INTEGRITY_BYTES));
            return joined(message, attribute(MESSAGE_INTEGRITY, mac.doFinal(message)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has MD5 and HMAC-SHA1", e);
        }
    }

    private byte[] transactionId() {
        byte[] id = new byte[12];
        random.nextBytes(id);
        return id;
    }

    private void transmit(byte[] message) throws IOException {
        socket.send(new DatagramPacket(message, message.length));
    }

    private byte[] next() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[MESSAGE_BYTES_MAX], MESSAGE_BYTES_MAX);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static byte[] message(int type, byte[] transaction, byte[] body) {
        return ByteBuffer.allocate(HEADER_BYTES + body.length)
                .putShort((short) type)
                .putShort((short) body.length)
                .putInt(MAGIC_COOKIE)
                .put(transaction)
                .put(body)
                .array();
    }

    private static byte[] attribute(int type, byte... value) {
        return ByteBuffer.allocate(4 + (value.length + 3) / 4 * 4)
                .putShort((short) type)
                .putShort((short) value.length)
                .put(value)
                .array();
    }

    private static Map<Integer, byte[]> attributes(byte[] message) {
        Map<Integer, byte[]> attributes = new HashMap<>();
        ByteBuffer rest = ByteBuffer.wrap(message).position(HEADER_BYTES);
        while (rest.remaining() >= 4) {
            int type = Short.toUnsignedInt(rest.getShort());
            byte[] value = new byte[Short.toUnsignedInt(rest.getShort())];
            rest.get(value);
            rest.position(Math.min(rest.limit(), rest.position() + (4 - value.length % 4) % 4));
            attributes.putIfAbsent(type, value);
        }
        return attributes;
    }

    private static byte[] xored(InetSocketAddress address) {
        int ip = ByteBuffer.wrap(address.getAddress().getAddress()).getInt();
        return ByteBuffer.allocate(8)
                .putShort((short) 1) // IPv4
                .putShort((short) (address.getPort() ^ MAGIC_COOKIE >>> 16))
                .putInt(ip ^ MAGIC_COOKIE)
                .array();
    }

    private static InetSocketAddress address(byte[] xored) {
        ByteBuffer value = ByteBuffer.wrap(xored);
        int port = Short.toUnsignedInt(value.getShort(2)) ^ MAGIC_COOKIE >>> 16;
        byte[] ip =
                ByteBuffer.allocate(4).putInt(value.getInt(4) ^ MAGIC_COOKIE).array();
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip), port);
        } catch (IOException e) {
            throw new IllegalStateException("an IPv4 address has four bytes", e);
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteBuffer joined = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }

    @Override
    public void close() {
        socket.close();
    }
}
