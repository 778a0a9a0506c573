package org.rotunda.media.ice;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.stun.IceCredentials;
import org.rotunda.media.stun.StunError;
import org.rotunda.media.stun.StunIntegrity;
import org.rotunda.media.stun.StunMessage;
import org.rotunda.media.stun.StunWriter;

/**
 * The ICE-lite agent of one transport (RFC 8445 §2.5): it answers connectivity checks, follows the nomination of the
 * controlling client and watches consent. It never sends a check of its own.
 *
 * <p>Checks are found by our own ufrag, never by address: a client may change its port at any moment, and after a move
 * between nodes its old socket checks too. So the remote half of the username is not compared either.
 *
 * <p>Sans-IO: checks and time come in as arguments, answers and events leave through {@link Sink}. Owned by one loop.
 */
public final class IceLiteAgent {
    /** Consent lasts 30 s from the last authenticated check on the pair (RFC 7675 §5.1). */
    public static final long CONSENT_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Restarts whose credentials still count. A client waits for the answer before it restarts again, so 2 do. */
    static final int GENERATIONS_MAX = 4;

    /** Client interfaces times address families, with room for ports that a NAT changes. */
    static final int PAIRS_MAX = 16;

    /** Hears what the agent decides, during the call that decides it. */
    public interface Sink {
        /** Takes ownership of the answer. */
        void transmit(ByteBuf datagram, InetSocketAddress remote);

        /** An authenticated check came from a new address: datagrams from it belong to this transport from now on. */
        void addressValidated(InetSocketAddress remote);

        /** Nothing authenticated came from there for 30 s, or too many newer addresses did. */
        void addressExpired(InetSocketAddress remote);

        /** The client nominated this address: everything is sent there from now on. */
        void selectedAddressChanged(InetSocketAddress remote);

        /** An older generation ended with the nomination of a newer one; its ufrag no longer leads here. */
        void credentialsRetired(String localUfrag);

        /** No check came on the selected pair for 30 s: nothing may be sent until the client nominates again. */
        void consentLost();
    }

    private record Generation(IceCredentials local, StunIntegrity integrity) {
        Generation(IceCredentials local) {
            this(local, new StunIntegrity(local.pwd()));
        }
    }

    private final ByteBufAllocator allocator;
    private final StunMessage message = new StunMessage();
    private final List<Generation> generations = new ArrayList<>(GENERATIONS_MAX); // Oldest first, never empty.
    private final @Nullable InetSocketAddress[] pairs = new @Nullable InetSocketAddress[PAIRS_MAX];
    private final long[] lastCheckNanos = new long[PAIRS_MAX];
    private int pairCount;
    private @Nullable InetSocketAddress selected;
    private @Nullable String remoteUfrag;
    private long deadlineNanos = NO_DEADLINE; // No later than the first pair's expiry; checks move that on.

    private final Map<IceDrop, Long> drops = new EnumMap<>(IceDrop.class); // Off the media path.
    private long checks;

    public IceLiteAgent(ByteBufAllocator allocator, IceCredentials local) {
        this.allocator = allocator;
        generations.add(new Generation(local));
    }

    /**
     * ICE restart (RFC 8445 §9): from now on checks under these credentials count too, and once one of them nominates,
     * the older ones no longer do. DTLS and SRTP are untouched.
     */
    public void restart(IceCredentials local, Sink sink) {
        if (generations.size() == GENERATIONS_MAX) {
            sink.credentialsRetired(generations.remove(0).local().ufrag());
        }
        generations.add(new Generation(local));
    }

    /** The client's ufrag from its description. It is only told: see above why checks are not held against it. */
    public void setRemoteUfrag(String ufrag) {
        remoteUfrag = ufrag;
    }

    /** The client's ufrag: as described, else as in its last authenticated check; null before either. */
    public @Nullable String remoteUfrag() {
        return remoteUfrag;
    }

    /** The newest credentials, which descriptions carry. */
    public IceCredentials local() {
        return generations.get(generations.size() - 1).local();
    }

    /** Handles a STUN datagram addressed to one of our ufrags. The datagram is borrowed for the call. */
    public void onBindingRequest(ByteBuf datagram, InetSocketAddress source, long nowNanos, Sink sink) {
        if (!message.parse(datagram)) {
            drop(IceDrop.MALFORMED);
        } else if (message.type() != StunMessage.BINDING_REQUEST) {
            drop(IceDrop.NOT_A_REQUEST);
        } else if (!message.isFingerprintRight()) {
            drop(IceDrop.BAD_FINGERPRINT);
        } else if (!message.hasIntegrity() || !message.hasUsername()) {
            refuse(IceDrop.MISSING_CREDENTIALS, StunError.BAD_REQUEST, null, source, sink);
        } else {
            authenticate(source, nowNanos, sink);
        }
    }

    /** The order of the refusals is that of RFC 8489 §9.1.3, then §6.3.1, then RFC 8445 §7.3.1.1. */
    private void authenticate(InetSocketAddress source, long nowNanos, Sink sink) {
        int addressed = generationOf(message.localUfrag());
        if (addressed < 0) {
            refuse(IceDrop.UNKNOWN_USERNAME, StunError.UNAUTHENTICATED, null, source, sink);
            return;
        }
        StunIntegrity integrity = generations.get(addressed).integrity();
        if (!message.isAuthentic(integrity)) {
            refuse(IceDrop.BAD_INTEGRITY, StunError.UNAUTHENTICATED, null, source, sink);
        } else if (message.unknownAttributeCount() > 0) {
            refuse(IceDrop.UNKNOWN_ATTRIBUTE, StunError.UNKNOWN_ATTRIBUTE, integrity, source, sink);
        } else if (message.isFromControlled()) {
            refuse(IceDrop.ROLE_CONFLICT, StunError.ROLE_CONFLICT, integrity, source, sink);
        } else {
            accept(addressed, source, nowNanos, sink);
        }
    }

    private int generationOf(@Nullable String localUfrag) {
        for (int i = generations.size() - 1; i >= 0; i--) {
            if (generations.get(i).local().ufrag().equals(localUfrag)) {
                return i;
            }
        }
        return -1;
    }

    private void accept(int generation, InetSocketAddress source, long nowNanos, Sink sink) {
        checks++;
        if (remoteUfrag == null) {
            remoteUfrag = message.remoteUfrag();
        }
        ByteBuf answer = StunWriter.bindingSuccess(
                allocator, message, source, generations.get(generation).integrity());
        sink.transmit(answer, source);
        InetSocketAddress pair = validate(source, nowNanos, sink);
        if (message.isUseCandidate()) {
            nominate(pair, generation, sink);
        }
    }

    /** The last authenticated USE-CANDIDATE wins: browsers keep setting it on the pair they use, and move it. */
    private void nominate(InetSocketAddress pair, int generation, Sink sink) {
        for (int older = 0; older < generation; older++) {
            sink.credentialsRetired(generations.remove(0).local().ufrag());
        }
        if (!pair.equals(selected)) {
            selected = pair;
            sink.selectedAddressChanged(pair);
        }
    }

    private InetSocketAddress validate(InetSocketAddress source, long nowNanos, Sink sink) {
        int known = indexOf(source);
        if (known >= 0) {
            lastCheckNanos[known] = nowNanos;
            return pair(known);
        }
        if (pairCount == PAIRS_MAX) {
            remove(leastRecentlyChecked(), sink);
        }
        pairs[pairCount] = source;
        lastCheckNanos[pairCount++] = nowNanos;
        deadlineNanos = Math.min(deadlineNanos, nowNanos + CONSENT_NANOS);
        sink.addressValidated(source);
        return source;
    }

    private int leastRecentlyChecked() {
        int oldest = -1;
        for (int i = 0; i < pairCount; i++) {
            if (!pair(i).equals(selected) && (oldest < 0 || lastCheckNanos[i] < lastCheckNanos[oldest])) {
                oldest = i;
            }
        }
        return oldest;
    }

    private void remove(int index, Sink sink) {
        InetSocketAddress removed = pair(index);
        pairCount--;
        pairs[index] = pairs[pairCount];
        lastCheckNanos[index] = lastCheckNanos[pairCount];
        pairs[pairCount] = null;
        sink.addressExpired(removed);
        if (removed.equals(selected)) {
            selected = null;
            sink.consentLost();
        }
    }

    private int indexOf(InetSocketAddress remote) {
        for (int i = 0; i < pairCount; i++) {
            if (pair(i).equals(remote)) {
                return i;
            }
        }
        return -1;
    }

    private InetSocketAddress pair(int index) {
        InetSocketAddress pair = pairs[index];
        if (pair == null) {
            throw new IllegalStateException("no pair at " + index + " of " + pairCount);
        }
        return pair;
    }

    /**
     * Expires the pairs without consent. Departing from RFC 7675 §5.1, a pair may be validated and nominated again
     * under the same credentials: a fresh check with our password shows as well as a restart does that someone wants
     * the media there.
     */
    public void onTimeout(long nowNanos, Sink sink) {
        if (nowNanos < deadlineNanos) {
            return;
        }
        deadlineNanos = NO_DEADLINE;
        for (int i = pairCount - 1; i >= 0; i--) {
            if (nowNanos - lastCheckNanos[i] >= CONSENT_NANOS) {
                remove(i, sink);
            }
        }
        for (int i = 0; i < pairCount; i++) {
            deadlineNanos = Math.min(deadlineNanos, lastCheckNanos[i] + CONSENT_NANOS);
        }
    }

    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    /** Where to send, or null before the first nomination and after consent was lost. */
    public @Nullable InetSocketAddress selectedAddress() {
        return selected;
    }

    /** Whether media may be sent to the selected address. */
    public boolean isConsentFresh(long nowNanos) {
        InetSocketAddress remote = selected;
        return remote != null && isValidated(remote, nowNanos);
    }

    /** Whether an authenticated check came from there within 30 s: DTLS may be answered there (RFC 8445 §12). */
    public boolean isValidated(InetSocketAddress remote, long nowNanos) {
        int index = indexOf(remote);
        return index >= 0 && nowNanos - lastCheckNanos[index] < CONSENT_NANOS;
    }

    /** Authenticated checks so far. */
    public long checks() {
        return checks;
    }

    public long drops(IceDrop reason) {
        return drops.getOrDefault(reason, 0L);
    }

    /** Adds the counts to a map by the names that metrics use. */
    public void addDropsTo(Map<String, Long> byName) {
        drops.forEach((reason, count) -> byName.merge(reason.metricName(), count, Long::sum));
    }

    private void drop(IceDrop reason) {
        drops.merge(reason, 1L, Long::sum);
    }

    private void refuse(
            IceDrop reason, StunError error, @Nullable StunIntegrity integrity, InetSocketAddress source, Sink sink) {
        drop(reason);
        sink.transmit(StunWriter.bindingError(allocator, message, error, integrity), source);
    }
}
