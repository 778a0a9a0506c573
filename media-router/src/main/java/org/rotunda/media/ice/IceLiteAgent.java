package org.rotunda.media.ice;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.SocketAddress;
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
 * The ICE-lite agent of one transport (RFC 8445 §2.5). It answers connectivity checks, follows the nomination of the
 * controlling client and watches consent. It never sends a check.
 *
 * <p>A check belongs to this agent if it carries one of our ufrags. The source address does not matter, because a
 * client may change its port at any moment. The client's ufrag is not compared: after a move between nodes the client's
 * old socket still sends checks with its old ufrag.
 *
 * <p>An address is an {@link java.net.InetSocketAddress} for UDP, or a {@link TcpRemote}. The agent treats both alike.
 *
 * <p>Sans-IO: checks and time come in as arguments, answers and events leave through {@link Sink}. Owned by one event
 * loop.
 */
public final class IceLiteAgent {
    /** Consent lasts 30 s from the last authenticated check on the pair (RFC 7675 §5.1). */
    public static final long CONSENT_NANOS = TimeUnit.SECONDS.toNanos(30);

    /**
     * The time for which an address belongs only to the client that last sent an authenticated check from it. Browsers
     * check their pair every 2.5 to 5 s. If a client leaves its address, a NAT may give the address to a second client.
     * The second client can use the address after this time.
     */
    static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * The maximum number of generations of credentials that are valid at once. Normally there are at most two, because
     * a client waits for our answer before it restarts ICE again.
     */
    static final int GENERATIONS_MAX = 4;

    /**
     * The maximum number of remote addresses kept. A client has one address per interface and address family. The
     * remaining places are for the new ports that a NAT gives the client later.
     */
    static final int PAIRS_MAX = 16;

    /** Receives the decisions of the agent. Every method is called during the input that causes it. */
    public interface Sink {
        /** Sends an answer and takes ownership of the datagram. */
        void transmit(ByteBuf datagram, SocketAddress remote);

        /**
         * Called when an authenticated check came from a new address. From now on datagrams from this address belong to
         * this transport.
         */
        void addressValidated(SocketAddress remote);

        /**
         * Called when no authenticated check came from this address for 30 s, when its TCP connection has ended, or when
         * too many newer addresses were validated.
         */
        void addressExpired(SocketAddress remote);

        /** Called when the client nominated this address. From now on all packets go to this address. */
        void selectedAddressChanged(SocketAddress remote);

        /**
         * Called when newer credentials replaced this older ufrag. From now on the ufrag no longer leads to this agent.
         */
        void credentialsRetired(String localUfrag);

        /**
         * Called when no check came on the selected pair for 30 s, or when its TCP connection has ended. Nothing may be
         * sent until the client nominates again.
         */
        void consentLost();
    }

    private record Generation(IceCredentials local, StunIntegrity integrity) {
        Generation(IceCredentials local) {
            this(local, new StunIntegrity(local.pwd()));
        }
    }

    private final ByteBufAllocator allocator;
    private final StunMessage message = new StunMessage();
    // The oldest generation is first. The list is never empty.
    private final List<Generation> generations = new ArrayList<>(GENERATIONS_MAX);
    private final @Nullable SocketAddress[] pairs = new @Nullable SocketAddress[PAIRS_MAX];
    private final long[] lastCheckNanos = new long[PAIRS_MAX];
    private int pairCount;
    private @Nullable SocketAddress selected;
    private @Nullable String remoteUfrag;
    // The deadline is never later than the first expiry of a pair. It can be earlier, because a check postpones the
    // expiry but not the deadline.
    private long deadlineNanos = NO_DEADLINE;

    // STUN is not on the media path, so boxed counts are fast enough.
    private final Map<IceDrop, Long> drops = new EnumMap<>(IceDrop.class);
    private long checks;

    public IceLiteAgent(ByteBufAllocator allocator, IceCredentials local) {
        this.allocator = allocator;
        generations.add(new Generation(local));
    }

    /**
     * Starts an ICE restart (RFC 8445 §9). From now on checks with these credentials are valid too. The first
     * nomination with these credentials retires the older credentials. DTLS and SRTP continue unchanged.
     */
    public void restart(IceCredentials local, Sink sink) {
        if (generations.size() == GENERATIONS_MAX) {
            sink.credentialsRetired(generations.remove(0).local().ufrag());
        }
        generations.add(new Generation(local));
    }

    /**
     * Stores the client's ufrag from its description. The ufrag is for information only and is not compared with
     * checks.
     */
    public void setRemoteUfrag(String ufrag) {
        remoteUfrag = ufrag;
    }

    /**
     * Returns the client's ufrag from its description or from its first authenticated check. Returns null if neither
     * the description nor a check has come.
     */
    public @Nullable String remoteUfrag() {
        return remoteUfrag;
    }

    /** Returns the newest credentials. Our descriptions carry them. */
    public IceCredentials local() {
        return generations.get(generations.size() - 1).local();
    }

    /** Handles a STUN datagram addressed to one of our ufrags. The datagram is borrowed for the call. */
    public void onBindingRequest(ByteBuf datagram, SocketAddress source, long nowNanos, Sink sink) {
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

    /**
     * Authenticates a request and refuses it at the first fault. The order follows RFC 8489 §9.1.3 and §6.3.1, then RFC
     * 8445 §7.3.1.1.
     */
    private void authenticate(SocketAddress source, long nowNanos, Sink sink) {
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

    private void accept(int generation, SocketAddress source, long nowNanos, Sink sink) {
        checks++;
        if (remoteUfrag == null) {
            remoteUfrag = message.remoteUfrag();
        }
        ByteBuf answer = StunWriter.bindingSuccess(
                allocator,
                message,
                TcpRemote.addressOf(source),
                generations.get(generation).integrity());
        sink.transmit(answer, source);
        SocketAddress pair = validate(source, nowNanos, sink);
        if (message.isUseCandidate()) {
            nominate(pair, generation, sink);
        }
    }

    /**
     * Selects a pair after an authenticated check with USE-CANDIDATE. Browsers set this attribute in every check on the
     * pair that they use. When they change to another pair, they set it in the checks on that pair.
     */
    private void nominate(SocketAddress pair, int generation, Sink sink) {
        for (int older = 0; older < generation; older++) {
            sink.credentialsRetired(generations.remove(0).local().ufrag());
        }
        if (!pair.equals(selected)) {
            selected = pair;
            sink.selectedAddressChanged(pair);
        }
    }

    private SocketAddress validate(SocketAddress source, long nowNanos, Sink sink) {
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
        SocketAddress removed = pair(index);
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

    private int indexOf(SocketAddress remote) {
        for (int i = 0; i < pairCount; i++) {
            if (pair(i).equals(remote)) {
                return i;
            }
        }
        return -1;
    }

    private SocketAddress pair(int index) {
        SocketAddress pair = pairs[index];
        if (pair == null) {
            throw new IllegalStateException("no pair at " + index + " of " + pairCount);
        }
        return pair;
    }

    /**
     * Expires the pairs without consent. We depart from RFC 7675 §5.1: a client may validate and nominate an expired
     * pair again under the same credentials. A fresh check with our password from the address of the pair proves that
     * the client wants the media at that address.
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

    /**
     * Forgets an address whose TCP connection has ended. Nothing happens if no authenticated check came from it. If the
     * address was selected, consent is lost until the client nominates another one.
     */
    public void onClosed(SocketAddress remote, Sink sink) {
        int index = indexOf(remote);
        if (index >= 0) {
            remove(index, sink);
        }
    }

    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    /** Returns the address to send to, or null before the first nomination and after consent was lost. */
    public @Nullable SocketAddress selectedAddress() {
        return selected;
    }

    /** Returns whether media may be sent to the selected address. */
    public boolean isConsentFresh(long nowNanos) {
        SocketAddress remote = selected;
        return remote != null && isValidated(remote, nowNanos);
    }

    /**
     * Returns whether an authenticated check came from this address within 30 s. Only then may DTLS be answered there
     * (RFC 8445 §12).
     */
    public boolean isValidated(SocketAddress remote, long nowNanos) {
        int index = indexOf(remote);
        return index >= 0 && nowNanos - lastCheckNanos[index] < CONSENT_NANOS;
    }

    /** Returns whether an authenticated check came from this address within the last 10 s. */
    public boolean holds(SocketAddress remote, long nowNanos) {
        int index = indexOf(remote);
        return index >= 0 && nowNanos - lastCheckNanos[index] < HOLD_NANOS;
    }

    /** Returns the number of authenticated checks so far. */
    public long checks() {
        return checks;
    }

    public long drops(IceDrop reason) {
        return drops.getOrDefault(reason, 0L);
    }

    /** Adds the counts of dropped datagrams to the map. The keys are the names in metrics. */
    public void addDropsTo(Map<String, Long> byName) {
        drops.forEach((reason, count) -> byName.merge(reason.metricName(), count, Long::sum));
    }

    private void drop(IceDrop reason) {
        drops.merge(reason, 1L, Long::sum);
    }

    private void refuse(
            IceDrop reason, StunError error, @Nullable StunIntegrity integrity, SocketAddress source, Sink sink) {
        drop(reason);
        sink.transmit(StunWriter.bindingError(allocator, message, error, integrity), source);
    }
}
