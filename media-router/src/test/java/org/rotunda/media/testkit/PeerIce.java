package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.stun.StunIntegrity;
import org.rotunda.media.stun.StunMessage;
import org.rotunda.media.stun.StunWriter;

/**
 * The controlling ICE agent of a simulated peer. It has one candidate. It sends checks every 50 ms until one is
 * answered, and then every 2.5 s as Chromium does.
 */
public final class PeerIce {
    private static final long CHECK_NANOS = 50_000_000L;
    private static final long CONSENT_NANOS = 2_500_000_000L;
    private static final long PRIORITY = 1_853_824_767L;

    private final RandomGenerator random;
    private final StunMessage message = new StunMessage();
    private String username = "";
    private @Nullable StunIntegrity integrity;
    private @Nullable InetSocketAddress remote; // Checks go to this address.
    private @Nullable InetSocketAddress selected; // All datagrams except checks go to this address.
    private boolean answered;
    private boolean nominating = true;
    private long checkedNanos = Long.MIN_VALUE / 2;

    /** @param random the source of transaction ids */
    public PeerIce(RandomGenerator random) {
        this.random = random;
    }

    public void setNominating(boolean isNominating) {
        nominating = isNominating;
    }

    /** Returns the router's address from which a check was answered, or null if no check was answered. */
    public @Nullable InetSocketAddress selected() {
        return selected;
    }

    public void onRemote(MediaSection section, String localUfrag) {
        String next = section.attribute("ice-ufrag") + ":" + localUfrag;
        if (next.equals(username)) {
            return;
        }
        username = next;
        integrity = new StunIntegrity(Objects.requireNonNull(section.attribute("ice-pwd")));
        String[] candidate =
                Objects.requireNonNull(section.attribute("candidate")).split(" ", -1);
        try {
            remote = new InetSocketAddress(InetAddress.getByName(candidate[4]), Integer.parseInt(candidate[5]));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a literal address", e);
        }
        answered = false;
        checkedNanos = Long.MIN_VALUE / 2;
    }

    public void onTime(long nowNanos, BiConsumer<byte[], InetSocketAddress> out) {
        InetSocketAddress target = remote;
        if (target != null && nowNanos - checkedNanos >= (answered ? CONSENT_NANOS : CHECK_NANOS)) {
            checkedNanos = nowNanos;
            out.accept(check(), target);
        }
    }

    public byte[] check() {
        byte[] transaction = new byte[12];
        random.nextBytes(transaction);
        ByteBuf request = StunWriter.bindingRequest(
                UnpooledByteBufAllocator.DEFAULT,
                new StunWriter.BindingRequest(transaction, username, PRIORITY, true, 1, nominating),
                Objects.requireNonNull(integrity));
        byte[] bytes = ByteBufUtil.getBytes(request);
        request.release();
        return bytes;
    }

    /**
     * Returns the key that protects the checks, which is made from the router's ICE password. Returns null if the peer
     * has no description of the router yet.
     */
    public @Nullable StunIntegrity integrity() {
        return integrity;
    }

    public void onDatagram(ByteBuf datagram, InetSocketAddress source) {
        StunIntegrity key = integrity;
        if (message.parse(datagram)
                && message.type() == StunMessage.BINDING_SUCCESS
                && key != null
                && message.isAuthentic(key)
                && source.equals(remote)) {
            answered = true;
            selected = remote;
        }
    }
}
