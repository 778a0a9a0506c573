package org.rotunda.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.sdp.SdpParser;
import org.rotunda.media.sdp.SdpResult;
import org.rotunda.media.sdp.SessionDescription;
import org.rotunda.media.stun.StunIntegrity;
import org.rotunda.media.stun.StunMessage;
import org.rotunda.media.stun.StunWriter;
import org.rotunda.media.testkit.PeerIce;
import org.rotunda.media.testkit.PlainDescriptions;

/** The answers of bots to servers that send connectivity checks although they are ICE lite. */
class PeerIceTest {
    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.2", 10_000);
    private static final byte[] TRANSACTION = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    private static final SessionDescription OFFER = description("""
            v=0
            o=- 1 1 IN IP4 192.0.2.2
            s=-
            t=0 0
            m=video 9 UDP/TLS/RTP/SAVPF 96
            c=IN IP4 192.0.2.2
            a=mid:0
            a=ice-ufrag:server
            a=ice-pwd:0123456789012345678901
            a=candidate:1 1 udp 2015363327 192.0.2.2 10000 typ host
            """);

    private final List<byte[]> answers = new ArrayList<>();
    private final PeerIce ice = new PeerIce(new Random(1));

    private static SessionDescription description(String text) {
        assertThat(SdpParser.parse(text)).isInstanceOf(SdpResult.Parsed.class);
        return ((SdpResult.Parsed) SdpParser.parse(text)).description();
    }

    /** Returns the password that the peer tells the server. */
    private static String ownPassword() {
        MediaSection answer = description(PlainDescriptions.answer(OFFER, "me", "sha-256 01"))
                .media()
                .get(0);
        return String.valueOf(answer.attribute("ice-pwd"));
    }

    private void check(String password) {
        ByteBuf check = StunWriter.bindingRequest(
                UnpooledByteBufAllocator.DEFAULT,
                new StunWriter.BindingRequest(TRANSACTION, "me:server", 1, false, 1, false),
                new StunIntegrity(password));
        ice.onDatagram(check, SERVER, (answer, to) -> {
            assertThat(to).isEqualTo(SERVER);
            answers.add(answer);
        });
        check.release();
    }

    @Test
    void answersACheckThatIsProtectedByItsOwnPassword() {
        ice.onRemote(OFFER.media().get(0), "me");

        check(ownPassword());

        assertThat(answers).hasSize(1);
        StunMessage answer = new StunMessage();
        assertThat(answer.parse(Unpooled.wrappedBuffer(answers.get(0)))).isTrue();
        assertThat(answer.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
        assertThat(answer.hasTransactionId(TRANSACTION)).isTrue();
        assertThat(answer.isAuthentic(new StunIntegrity(ownPassword()))).isTrue();
        assertThat(answer.mappedAddress()).isEqualTo(SERVER);
        assertThat(ice.selected()).isNull(); // Only an answer to a check of its own selects an address.
    }

    @Test
    void ignoresAForgedCheckAndAnEarlyOne() {
        check(ownPassword()); // The peer has no description of the server yet.
        ice.onRemote(OFFER.media().get(0), "me");
        check("a-forged-password-of-24-letters");

        assertThat(answers).isEmpty();
    }
}
