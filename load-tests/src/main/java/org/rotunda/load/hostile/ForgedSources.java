package org.rotunda.load.hostile;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.bot.WireTap;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.stun.StunIntegrity;
import org.rotunda.media.stun.StunWriter;

/**
 * Sends packets that claim a source or a stream of somebody else. A process cannot forge a source address without the
 * rights of root. Therefore the victim's own bot sends such a datagram from its socket; the router sees no difference.
 * An object must be used by one thread only.
 */
public final class ForgedSources implements AutoCloseable {
    private static final int PORTS = 32;
    private static final int STUN_TAIL_BYTES = 32; // The tail consists of MESSAGE-INTEGRITY and FINGERPRINT.
    private static final int RTP_HEADER_BYTES = 12;
    private static final int PAYLOAD_BYTES = 100;

    private final List<DatagramChannel> ports = new ArrayList<>();

    public ForgedSources() {
        try {
            for (int i = 0; i < PORTS; i++) {
                ports.add(DatagramChannel.open());
            }
        } catch (IOException failure) {
            close();
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends valid checks of the attacker, with the attacker's own ufrag, from the address of the victim. */
    public void takeOver(Bot attacker, Bot victim, int count) {
        for (int i = 0; i < count; i++) {
            victim.wire().sendDatagram(attacker.wire().connectivityCheck());
        }
    }

    /**
     * Sends checks with the victim's ufrag and a wrong password, from {@value #PORTS} unknown ports and from the
     * attacker's address in turn.
     */
    public void guessPassword(Bot attacker, Bot victim, int count) {
        InetSocketAddress router = Objects.requireNonNull(victim.wire().router(), "the victim has no router");
        StunIntegrity wrong = new StunIntegrity("a wrong password of 32 letters..");
        for (int i = 0; i < count; i++) {
            byte[] check = victim.wire().connectivityCheck();
            byte[] forged = StunWriter.signed(Arrays.copyOf(check, check.length - STUN_TAIL_BYTES), wrong);
            if (i % 2 == 0) {
                attacker.wire().sendDatagram(forged);
            } else {
                send(forged, router, ports.get(i / 2 % PORTS));
            }
        }
    }

    private static void send(byte[] datagram, InetSocketAddress router, DatagramChannel port) {
        try {
            port.send(ByteBuffer.wrap(datagram), router);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Begins to collect the SSRCs of the streams that a bot sends. Replaces the tap of the bot. */
    public static Set<Integer> ssrcsOf(Bot victim) {
        Set<Integer> ssrcs = ConcurrentHashMap.newKeySet();
        victim.wire().setTap(new WireTap() {
            @Override
            public void onRtp(ByteBuf packet) {
                ssrcs.add(RtpHeader.ssrc(packet));
            }
        });
        return ssrcs;
    }

    /**
     * Sends RTP packets with the victim's SSRCs under the attacker's keys, and RTCP packets that say goodbye in the
     * victim's name. The RTP packets have no header extensions, because a MID would give their SSRCs to the attacker's
     * own tracks.
     *
     * @param payloadType a payload type that the attacker may send
     */
    public static void useStreams(Bot attacker, Set<Integer> ssrcs, int payloadType, int countOfEach) {
        for (int ssrc : ssrcs) {
            for (int i = 0; i < countOfEach; i++) {
                attacker.wire().sendRtp(packet(ssrc, payloadType, i));
                attacker.wire().sendRtcp(goodbye(ssrc));
            }
        }
    }

    private static byte[] packet(int ssrc, int payloadType, int number) {
        return ByteBuffer.allocate(RTP_HEADER_BYTES + PAYLOAD_BYTES)
                .put((byte) 0x80)
                .put((byte) payloadType)
                .putShort((short) number)
                .putInt(number)
                .putInt(ssrc)
                .array();
    }

    /** Returns an empty receiver report and a BYE (RFC 3550 §6.4.2, §6.6), both in the name of this SSRC. */
    private static byte[] goodbye(int ssrc) {
        return ByteBuffer.allocate(16)
                .putInt(0x80C90001)
                .putInt(ssrc)
                .putInt(0x81CB0001)
                .putInt(ssrc)
                .array();
    }

    @Override
    public void close() {
        for (DatagramChannel port : ports) {
            try {
                port.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
