package org.rotunda.media.tap;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One end of the link between a media node and a recorder. Cuts the bytes of the connection into frames, checks them,
 * and tells a listener. Each end first sends HELLO with a nonce, and then a PROOF: an HMAC of both nonces and both node
 * ids with the cluster's secret. Media is heard only after the other end's proof.
 *
 * <p>What breaks the protocol ends the link: {@link #violation} says why, the owner closes the connection and counts
 * it. A frame for an unknown tap is counted and ignored, because a tap may have been closed while it was under way.
 *
 * <p>Sans-IO: bytes and time come in as arguments, bytes leave through a consumer. Holds at most one frame that is not
 * whole. Owned by one event loop.
 */
public final class TapLink {
    /** The maximum number of taps of one link; a recorder takes 600. */
    static final int TAPS_MAX = 4_096;

    /** The silence after which the other end is taken for lost. */
    public static final long SILENCE_NANOS = 2_000_000_000L;

    static final long PING_NANOS = 500_000_000L;

    /** How far a sequence number may be below the highest one of its tap: a second of late packets is far less. */
    static final long BACK_MAX = 1L << 16;

    private static final String HMAC = "HmacSHA256";

    public enum Role {
        MEDIA_NODE,
        RECORDER
    }

    private static final class Tap {
        private int generation;
        private long highest = -1;
    }

    private final Role role;
    private final String nodeId;
    private final byte[] secret;
    private final byte[] nonce;
    private final TapListener listener;
    private final Consumer<ByteBuf> output;
    private final Map<Integer, Tap> taps = new HashMap<>();
    private final ByteBuf pending = Unpooled.buffer(256, TapFrames.LENGTH_MAX + TapFrames.LENGTH_BYTES);

    private byte @Nullable [] peerNonce;
    private String peerId = "";
    private boolean proved; // The other end knows the secret.
    private @Nullable TapViolation violation;
    private long heardNanos;
    private long pingNanos;
    private boolean hasOpened;
    private long unknownTapFrames;

    /**
     * Begins a link: the first frame leaves at once.
     *
     * @param nonce 32 fresh random bytes
     * @param output takes frames to send; takes ownership
     */
    public TapLink(
            Role role,
            String nodeId,
            byte[] secret,
            byte[] nonce,
            TapListener listener,
            Consumer<ByteBuf> output,
            long nowNanos) {
        if (nonce.length != TapFrames.NONCE_BYTES
                || nodeId.getBytes(StandardCharsets.UTF_8).length > TapFrames.NODE_ID_BYTES_MAX) {
            throw new IllegalArgumentException("a nonce of 32 bytes and an id of at most 255");
        }
        this.role = role;
        this.nodeId = nodeId;
        this.secret = secret.clone();
        this.nonce = nonce.clone();
        this.listener = listener;
        this.output = output;
        heardNanos = nowNanos;
        pingNanos = nowNanos + PING_NANOS;
        ByteBuf hello = Unpooled.buffer();
        TapFrames.writeHello(hello, nonce, nodeId);
        output.accept(hello);
    }

    /** Handles bytes of the connection, which are borrowed. Returns false if the link must be closed. */
    public boolean onBytes(ByteBuf bytes, long nowNanos) {
        heardNanos = nowNanos;
        while (violation == null && bytes.isReadable()) {
            if (pending.isReadable() || bytes.readableBytes() < TapFrames.LENGTH_BYTES) {
                int wanted = pending.readableBytes() < TapFrames.LENGTH_BYTES
                        ? TapFrames.LENGTH_BYTES
                        : TapFrames.LENGTH_BYTES + pending.getInt(0);
                int count = Math.min(bytes.readableBytes(), wanted - pending.readableBytes());
                pending.writeBytes(bytes, count);
                if (pending.readableBytes() < wanted) {
                    break;
                }
                if (wanted == TapFrames.LENGTH_BYTES) {
                    checkLength(pending.getInt(0));
                } else {
                    onFrame(pending.slice(TapFrames.LENGTH_BYTES, wanted - TapFrames.LENGTH_BYTES));
                    pending.clear();
                }
                continue;
            }
            int length = bytes.getInt(bytes.readerIndex());
            if (!checkLength(length)) {
                break;
            }
            if (bytes.readableBytes() < TapFrames.LENGTH_BYTES + length) {
                pending.writeBytes(bytes, TapFrames.LENGTH_BYTES); // The rest follows through the branch above.
                continue;
            }
            bytes.skipBytes(TapFrames.LENGTH_BYTES);
            onFrame(bytes.readSlice(length)); // Most frames are whole and are not copied.
        }
        return violation == null;
    }

    private boolean checkLength(int length) {
        if (length < 1 || length > TapFrames.LENGTH_MAX) {
            violation = peerNonce == null ? TapViolation.NOT_A_LINK : TapViolation.TOO_LONG;
        }
        return violation == null;
    }

    private void onFrame(ByteBuf frame) {
        int type = frame.readUnsignedByte();
        int rest = frame.readableBytes();
        if (type == TapFrames.HELLO || type == TapFrames.PROOF) {
            onHandshake(type, frame, rest);
        } else if (type == 0 || type > TapFrames.PROOF) {
            violation = peerNonce == null ? TapViolation.NOT_A_LINK : TapViolation.UNKNOWN_TYPE;
        } else if (!proved) {
            violation = TapViolation.OUT_OF_ORDER;
        } else if (!isFromPeer(type)) {
            violation = TapViolation.WRONG_ROLE;
        } else if (!hasLength(type, rest)) {
            violation = TapViolation.MALFORMED;
        } else if (type == TapFrames.PING) {
            sendPing(true, frame.readLong());
        } else if (type == TapFrames.OPEN) {
            onOpen(frame);
        } else if (type != TapFrames.PONG) {
            onTapFrame(type, frame);
        }
    }

    private boolean isFromPeer(int type) {
        return switch (type) {
            case TapFrames.PING, TapFrames.PONG -> true;
            case TapFrames.ACK, TapFrames.KEYFRAME -> role == Role.MEDIA_NODE;
            default -> role == Role.RECORDER;
        };
    }

    private static boolean hasLength(int type, int bytes) {
        return switch (type) {
            case TapFrames.OPEN -> bytes == 30;
            case TapFrames.MEDIA -> bytes >= TapFrames.MEDIA_HEAD_BYTES - TapFrames.LENGTH_BYTES - 1;
            case TapFrames.CLOCK -> bytes == 17;
            case TapFrames.GONE -> bytes == 20;
            case TapFrames.CLOSE -> bytes == 5;
            case TapFrames.ACK -> bytes == 16;
            case TapFrames.KEYFRAME -> bytes == 4;
            default -> bytes == Long.BYTES;
        };
    }

    private void onHandshake(int type, ByteBuf frame, int rest) {
        byte[] peer = peerNonce;
        if (type == TapFrames.HELLO) {
            int fixed = 5 + TapFrames.NONCE_BYTES;
            if (peer != null || rest < fixed || rest > fixed + TapFrames.NODE_ID_BYTES_MAX) {
                violation = peer != null ? TapViolation.OUT_OF_ORDER : TapViolation.NOT_A_LINK;
            } else if (frame.readInt() != TapFrames.MAGIC || frame.readUnsignedByte() != TapFrames.VERSION) {
                violation = TapViolation.NOT_A_LINK;
            } else {
                byte[] theirs = new byte[TapFrames.NONCE_BYTES];
                frame.readBytes(theirs);
                peerNonce = theirs;
                peerId = frame.readCharSequence(frame.readableBytes(), StandardCharsets.UTF_8)
                        .toString();
                ByteBuf proof = Unpooled.buffer();
                TapFrames.writeProof(proof, proof(role, nonce, nodeId, theirs, peerId));
                output.accept(proof);
            }
        } else if (peer == null || proved || rest != TapFrames.PROOF_BYTES) {
            violation = peer == null ? TapViolation.NOT_A_LINK : TapViolation.OUT_OF_ORDER;
        } else {
            byte[] theirs = new byte[TapFrames.PROOF_BYTES];
            frame.readBytes(theirs);
            Role peerRole = role == Role.RECORDER ? Role.MEDIA_NODE : Role.RECORDER;
            proved = MessageDigest.isEqual(theirs, proof(peerRole, peer, peerId, nonce, nodeId));
            violation = proved ? null : TapViolation.WRONG_PROOF;
        }
    }

    /** Returns the proof of an end. The role is part of it, or an end could be shown its own proof. */
    private byte[] proof(Role of, byte[] own, String ownId, byte[] other, String otherId) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            mac.update(("rotunda tap " + of + '\n' + ownId + '\n' + otherId + '\n').getBytes(StandardCharsets.UTF_8));
            mac.update(own);
            return mac.doFinal(other);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Every JDK has HMAC-SHA256.
        }
    }

    private void onOpen(ByteBuf frame) {
        TapOpen open = new TapOpen(
                frame.readInt(),
                frame.readInt(),
                frame.readLong(),
                frame.readLong(),
                frame.readByte(),
                frame.readByte(),
                frame.readInt());
        Tap tap = taps.get(open.tap());
        if (tap == null) {
            if (taps.size() >= TAPS_MAX) {
                violation = TapViolation.TOO_MANY_TAPS;
                return;
            }
            tap = new Tap();
            taps.put(open.tap(), tap);
        }
        hasOpened = true;
        tap.generation = open.generation();
        tap.highest = -1;
        listener.open(open);
    }

    private void onTapFrame(int type, ByteBuf frame) {
        int id = frame.readInt();
        if (role == Role.MEDIA_NODE) {
            if (type == TapFrames.ACK) {
                listener.ack(id, frame.readInt(), frame.readLong());
            } else {
                listener.keyFrame(id);
            }
            return;
        }
        Tap tap = taps.get(id);
        if (tap == null) {
            unknownTapFrames++;
            if (!hasOpened && type == TapFrames.MEDIA) {
                violation = TapViolation.MEDIA_BEFORE_OPEN;
            }
        } else if (type == TapFrames.MEDIA) {
            onMedia(id, tap, frame);
        } else if (type == TapFrames.CLOCK) {
            listener.clock(id, frame.readInt(), frame.readLong(), frame.readByte() == 1);
        } else if (type == TapFrames.GONE) {
            onGone(id, tap, frame.readLong(), frame.readLong());
        } else {
            taps.remove(id);
            listener.close(id, frame.readUnsignedByte());
        }
    }

    private void onMedia(int id, Tap tap, ByteBuf frame) {
        long sequence = frame.readLong();
        if (sequence < 0 || sequence < tap.highest - BACK_MAX) {
            violation = TapViolation.SEQUENCE_WENT_BACK;
            return;
        }
        tap.highest = Math.max(tap.highest, sequence);
        listener.media(
                id,
                sequence,
                frame.readInt(),
                frame.readUnsignedByte(),
                frame.readUnsignedShort(),
                frame.readUnsignedByte(),
                frame.readUnsignedShort(),
                frame.readUnsignedShort(),
                frame.readLong(),
                frame);
    }

    private void onGone(int id, Tap tap, long first, long last) {
        if (first < 0 || last < first || last < tap.highest - BACK_MAX) {
            violation = TapViolation.SEQUENCE_WENT_BACK;
            return;
        }
        listener.gone(id, first, last);
    }

    public void onTimeout(long nowNanos) {
        if (violation == null && nowNanos - heardNanos >= SILENCE_NANOS) {
            violation = TapViolation.SILENCE;
        } else if (violation == null && nowNanos >= pingNanos) {
            pingNanos = nowNanos + PING_NANOS;
            if (proved) {
                sendPing(false, nowNanos);
            }
        }
    }

    private void sendPing(boolean pong, long value) {
        ByteBuf out = Unpooled.buffer(16);
        TapFrames.writePing(out, pong, value);
        output.accept(out);
    }

    /**
     * Returns whether the other end has proved that it knows the secret; before, nothing but the handshake may be sent.
     */
    public boolean isUp() {
        return proved && violation == null;
    }

    /** Returns the other end's node id; it counts only when {@link #isUp}. */
    public String peerId() {
        return peerId;
    }

    /** Returns why the link must be closed, or null. */
    public @Nullable TapViolation violation() {
        return violation;
    }

    /** Returns the generation of an open tap, or -1. */
    public int generation(int tap) {
        Tap open = taps.get(tap);
        return open == null ? -1 : open.generation;
    }

    /** Returns the number of frames for taps that are not open. */
    public long unknownTapFrames() {
        return unknownTapFrames;
    }

    /** Returns the bytes of a frame that is not whole yet. */
    public int heldBytes() {
        return pending.readableBytes();
    }

    public long nextDeadlineNanos() {
        return violation != null ? NO_DEADLINE : Math.min(pingNanos, heardNanos + SILENCE_NANOS);
    }
}
