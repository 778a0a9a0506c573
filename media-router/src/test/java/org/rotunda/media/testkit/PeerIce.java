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
 * answered, and then every 2.5 s as Chromium does. It answers the checks of servers that send some; ours sends none.
 */
public final class PeerIce {
    private static final long CHECK_NANOS = 50_000_000L;
    private static final long CONSENT_NANOS = 2_500_000_000L;
    private static final long PRIORITY = 1_853_824_767L;

    private final RandomGenerator random;
    private final StunMessage message = new StunMessage();
    private String username = "";
    private @Nullable StunIntegrity integrity; // The key of the router's password.
    private @Nullable StunIntegrity ownIntegrity;
    private @Nullable InetSocketAddress remote; // Checks go to this address.
    private @Nullable InetSocketAddress selected; // All datagrams except checks go to this address.
    private boolean answered;
    private boolean nominating = true;
    private long checkedNanos = Long.MIN_VALUE / 2;

    /** @param random the source of transaction ids */
    public PeerIce(RandomGenerator random) {
        this.random = random;
    }

    /** Returns the password that goes with a user name fragment of a peer. */
    static String password(String ufrag) {
        return "0123456789abcdef-password-of-" + ufrag;
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
        ownIntegrity = new StunIntegrity(password(localUfrag));
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

    /** Processes a STUN datagram. A check of the server is answered through {@code out}. */
    public void onDatagram(ByteBuf datagram, InetSocketAddress source, BiConsumer<byte[], InetSocketAddress> out) {
        StunIntegrity key = integrity;
        StunIntegrity ownKey = ownIntegrity;
        if (!message.parse(datagram) || key == null || ownKey == null) {
            return;
        }
        if (message.type() == StunMessage.BINDING_SUCCESS && message.isAuthentic(key) && source.equals(remote)) {
            answered = true;
            selected = remote;
        } else if (message.type() == StunMessage.BINDING_REQUEST && message.isAuthentic(ownKey)) {
            ByteBuf answer = StunWriter.bindingSuccess(UnpooledByteBufAllocator.DEFAULT, message, source, ownKey);
            byte[] bytes = ByteBufUtil.getBytes(answer);
            answer.release();
            out.accept(bytes, source);
        }
    }
}
