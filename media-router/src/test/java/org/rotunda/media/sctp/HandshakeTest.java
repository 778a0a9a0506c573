package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.sctp.SctpPair.Link;

class HandshakeTest {
    @Test
    void simultaneousOpenGivesOneAssociation() {
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        pair.client.start(pair.nowNanos);
        pair.server.start(pair.nowNanos);
        pair.runMs(5_000);
        assertThat(pair.serverEvents.ups).isOne();
        assertThat(pair.clientEvents.ups).isOne();
        assertThat(pair.server.statistics().restarts()
                        + pair.client.statistics().restarts())
                .isZero();
        assertThat(pair.server.association().localTag()).isNotZero();
    }

    @Test
    void aTamperedCookieIsDroppedAndTheGoodOneStillWorks() {
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        List<byte[]> echoes = capture(pair, ChunkType.COOKIE_ECHO);
        pair.client.start(pair.nowNanos);
        pair.runUntil(() -> !echoes.isEmpty(), 1_000);
        for (int at = 16; at < 16 + StateCookie.COOKIE_BYTES; at += 5) {
            byte[] tampered = echoes.get(0).clone();
            tampered[at] ^= 1;
            pair.toServer(Packets.mended(tampered));
        }
        assertThat(pair.server.isUp()).isFalse();
        assertThat(pair.server.statistics().dropped(SctpDrop.COOKIE_INVALID)).isEqualTo(16);
        pair.toServer(echoes.get(0));
        assertThat(pair.server.isUp()).isTrue();
    }

    @Test
    void aStaleCookieIsRefusedAndThePeerBeginsAgain() {
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        List<byte[]> echoes = capture(pair, ChunkType.COOKIE_ECHO);
        pair.client.start(pair.nowNanos);
        pair.runMs(65_000);
        pair.dropToServer = packet -> false;
        pair.toServer(echoes.get(0));
        assertThat(pair.server.statistics().dropped(SctpDrop.COOKIE_STALE)).isOne();
        assertThat(pair.server.isUp()).isFalse();
        pair.runMs(5_000);
        assertThat(pair.server.isUp()).isTrue();
        assertThat(pair.client.isUp()).isTrue();
    }

    @Test
    void initAndCookieEchoAreRepeatedUntilAnswered() {
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        int[] inits = {0};
        int[] acks = {0};
        pair.dropToServer = packet -> packet[12] == ChunkType.INIT && ++inits[0] <= 2;
        pair.dropToClient = packet -> packet[12] == ChunkType.COOKIE_ACK && ++acks[0] <= 2;
        pair.client.start(pair.nowNanos);
        assertThat(pair.runUntil(() -> pair.client.isUp() && pair.server.isUp(), 20_000))
                .isTrue();
        assertThat(inits[0]).isEqualTo(3);
        assertThat(acks[0]).isEqualTo(3);
        assertThat(pair.serverEvents.ups).isOne();
        assertThat(pair.server.statistics().restarts()).isZero();
    }

    @Test
    void aPeerThatForgotEverythingRestartsTheAssociation() {
        SctpPair pair = SctpPair.established();
        int before = pair.server.association().localTag();
        pair.replaceClient();
        pair.client.start(pair.nowNanos);
        pair.runMs(1_000);
        assertThat(pair.client.isUp()).isTrue();
        assertThat(pair.serverEvents.restarts).isOne();
        assertThat(pair.serverEvents.downs).isEmpty();
        assertThat(pair.server.association().localTag()).isNotEqualTo(before);
    }

    @Test
    void anAnswerWithoutARequestIsDropped() {
        SctpPair pair = SctpPair.established();
        int tag = pair.server.association().localTag();
        pair.toServer(Packets.of(tag, ChunkType.COOKIE_ACK, 0, new byte[0]));
        pair.toServer(Packets.of(tag, ChunkType.INIT_ACK, 0, new byte[16]));
        assertThat(pair.server.statistics().dropped(SctpDrop.CHUNK_UNEXPECTED)).isEqualTo(2);
        assertThat(pair.server.isUp()).isTrue();
    }

    private static List<byte[]> capture(SctpPair pair, int type) {
        List<byte[]> captured = new ArrayList<>();
        pair.dropToServer = packet -> {
            if (packet[12] == type) {
                captured.add(packet);
                return true;
            }
            return false;
        };
        return captured;
    }
}
