package org.rotunda.media.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rotunda.media.stun.IceCredentials;
import org.rotunda.media.stun.StunIntegrity;
import org.rotunda.media.stun.StunMessage;
import org.rotunda.media.stun.StunWriter;
import org.rotunda.media.stun.StunWriter.BindingRequest;

class IceLiteAgentTest {
    private static final long SECOND = 1_000_000_000L;
    private static final InetSocketAddress HOME = new InetSocketAddress("192.0.2.1", 40000);
    private static final InetSocketAddress MOBILE = new InetSocketAddress("198.51.100.1", 50000);

    private final Random random = new Random(1);
    private final IceCredentials credentials = IceCredentials.generate(random);
    private final IceLiteAgent agent = new IceLiteAgent(UnpooledByteBufAllocator.DEFAULT, credentials);
    private final RecordingSink sink = new RecordingSink();

    private static final class RecordingSink implements IceLiteAgent.Sink {
        final List<String> events = new ArrayList<>();
        int answerType;
        int errorCode;

        @Override
        public void transmit(ByteBuf datagram, SocketAddress remote) {
            StunMessage answer = new StunMessage();
            assertThat(answer.parse(datagram)).isTrue();
            assertThat(answer.isFingerprintRight()).isTrue();
            answerType = answer.type();
            errorCode = answer.errorCode();
            datagram.release();
        }

        @Override
        public void addressValidated(SocketAddress remote) {
            events.add("validated " + name(remote));
        }

        @Override
        public void addressExpired(SocketAddress remote) {
            events.add("expired " + name(remote));
        }

        @Override
        public void selectedAddressChanged(SocketAddress remote) {
            events.add("selected " + name(remote));
        }

        @Override
        public void credentialsRetired(String localUfrag) {
            events.add("retired " + localUfrag);
        }

        @Override
        public void consentLost() {
            events.add("consent lost");
        }
    }

    /** Returns the name of a remote in {@link RecordingSink#events}: its port, after "tcp " for a TCP connection. */
    private static String name(SocketAddress remote) {
        return (remote instanceof TcpRemote ? "tcp " : "")
                + TcpRemote.addressOf(remote).getPort();
    }

    private void check(
            IceCredentials ours, String pwd, boolean controlling, boolean nominates, SocketAddress from, long now) {
        byte[] transactionId = new byte[12];
        random.nextBytes(transactionId);
        BindingRequest check =
                new BindingRequest(transactionId, ours.ufrag() + ":peer", 1, controlling, random.nextLong(), nominates);
        ByteBuf datagram = StunWriter.bindingRequest(UnpooledByteBufAllocator.DEFAULT, check, new StunIntegrity(pwd));
        agent.onBindingRequest(datagram, from, now, sink);
        datagram.release();
    }

    private void check(IceCredentials ours, boolean nominates, SocketAddress from, long now) {
        check(ours, ours.pwd(), true, nominates, from, now);
    }

    private void feed(ByteBuf datagram) {
        agent.onBindingRequest(datagram, HOME, 0, sink);
        datagram.release();
    }

    @Test
    void answersAnAuthenticCheckAndValidatesItsSource() {
        check(credentials, false, HOME, 0);
        assertThat(sink.answerType).isEqualTo(StunMessage.BINDING_SUCCESS);
        assertThat(sink.events).containsExactly("validated 40000");
        assertThat(agent.isValidated(HOME, SECOND)).isTrue();
        assertThat(agent.isValidated(MOBILE, SECOND)).isFalse();
        assertThat(agent.isConsentFresh(SECOND)).isFalse(); // The client has not nominated an address yet.
        assertThat(agent.remoteUfrag()).isEqualTo("peer");
        assertThat(agent.checks()).isEqualTo(1);
    }

    @Test
    void followsTheNewestNomination() {
        check(credentials, true, HOME, 0);
        check(credentials, true, MOBILE, SECOND);
        check(credentials, false, HOME, 2 * SECOND);
        assertThat(agent.selectedAddress()).isEqualTo(MOBILE);
        check(credentials, true, HOME, 3 * SECOND);
        check(credentials, true, HOME, 4 * SECOND);
        assertThat(sink.events)
                .containsExactly(
                        "validated 40000", "selected 40000", "validated 50000", "selected 50000", "selected 40000");
    }

    @Test
    void acceptsBothCredentialsUntilTheNewOnesNominate() {
        check(credentials, true, HOME, 0);
        IceCredentials next = IceCredentials.generate(random);
        agent.restart(next, sink);
        assertThat(agent.local()).isEqualTo(next);
        check(credentials, true, HOME, SECOND);
        assertThat(sink.answerType).isEqualTo(StunMessage.BINDING_SUCCESS);
        check(next, false, MOBILE, SECOND);
        check(credentials, false, HOME, 2 * SECOND);
        assertThat(sink.answerType).isEqualTo(StunMessage.BINDING_SUCCESS);
        check(next, true, MOBILE, 3 * SECOND);
        assertThat(sink.events).endsWith("retired " + credentials.ufrag(), "selected 50000");
        check(credentials, true, HOME, 4 * SECOND);
        assertThat(sink.errorCode).isEqualTo(401);
        assertThat(agent.drops(IceDrop.UNKNOWN_USERNAME)).isEqualTo(1);
        assertThat(agent.selectedAddress()).isEqualTo(MOBILE);
    }

    @Test
    void forgetsTheOldestCredentialsWhenRestartsPileUp() {
        for (int i = 0; i < IceLiteAgent.GENERATIONS_MAX; i++) {
            agent.restart(IceCredentials.generate(random), sink);
        }
        assertThat(sink.events).containsExactly("retired " + credentials.ufrag());
        check(agent.local(), true, HOME, 0);
        assertThat(sink.events)
                .hasSize(1 + IceLiteAgent.GENERATIONS_MAX - 1 + 2)
                .endsWith("selected 40000");
    }

    @Test
    void losesConsentAfterThirtySecondsWithoutACheckOnTheSelectedPair() {
        check(credentials, true, HOME, 0);
        check(credentials, true, HOME, 10 * SECOND);
        check(credentials, false, MOBILE, 20 * SECOND);
        assertThat(agent.nextDeadlineNanos()).isEqualTo(30 * SECOND);
        agent.onTimeout(30 * SECOND, sink);
        assertThat(agent.isConsentFresh(40 * SECOND - 1)).isTrue();
        assertThat(agent.nextDeadlineNanos()).isEqualTo(40 * SECOND);
        assertThat(agent.isConsentFresh(40 * SECOND)).isFalse();
        agent.onTimeout(40 * SECOND, sink);
        assertThat(sink.events).endsWith("expired 40000", "consent lost");
        assertThat(agent.selectedAddress()).isNull();
        assertThat(agent.nextDeadlineNanos()).isEqualTo(50 * SECOND);
        agent.onTimeout(50 * SECOND, sink);
        assertThat(sink.events).endsWith("consent lost", "expired 50000"); // Loss of consent is reported once.
        assertThat(agent.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
    }

    @Test
    void regainsConsentWithAFreshNomination() {
        check(credentials, true, HOME, 0);
        agent.onTimeout(30 * SECOND, sink);
        check(credentials, true, HOME, 31 * SECOND);
        assertThat(sink.events).endsWith("consent lost", "validated 40000", "selected 40000");
        assertThat(agent.isConsentFresh(32 * SECOND)).isTrue();
    }

    @Test
    void forgetsTheLeastRecentlyCheckedPairButNeverTheSelectedOne() {
        check(credentials, true, HOME, 0);
        for (int i = 1; i <= IceLiteAgent.PAIRS_MAX; i++) {
            check(credentials, false, new InetSocketAddress("192.0.2.1", i), i);
        }
        assertThat(sink.events).filteredOn(event -> event.startsWith("expired")).containsExactly("expired 1");
        assertThat(agent.isConsentFresh(SECOND)).isTrue();
    }

    @Test
    void holdsAnAddressForTenSecondsAfterACheck() {
        check(credentials, true, HOME, 0);
        assertThat(agent.holds(HOME, 10 * SECOND - 1)).isTrue();
        assertThat(agent.holds(HOME, 10 * SECOND)).isFalse();
        assertThat(agent.holds(MOBILE, SECOND)).isFalse();
        check(credentials, false, HOME, 15 * SECOND);
        assertThat(agent.holds(HOME, 20 * SECOND)).isTrue();
    }

    @Test
    void tellsAPeerThatClaimsToBeControlledToSwitch() {
        check(credentials, credentials.pwd(), false, true, HOME, 0);
        assertThat(sink.errorCode).isEqualTo(487);
        assertThat(agent.drops(IceDrop.ROLE_CONFLICT)).isEqualTo(1);
        assertThat(sink.events).isEmpty();
    }

    @Test
    void refusesAWrongPassword() {
        check(credentials, IceCredentials.generate(random).pwd(), true, true, HOME, 0);
        assertThat(sink.errorCode).isEqualTo(401);
        assertThat(agent.drops(IceDrop.BAD_INTEGRITY)).isEqualTo(1);
        assertThat(sink.events).isEmpty();
    }

    @Test
    void answersUnauthenticatedRequestsWith400AndIgnoresOtherMessages() {
        byte[] header = {0, 1, 0, 8, 0x21, 0x12, (byte) 0xA4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        ByteBuf request = fingerprinted(header);
        feed(request);
        assertThat(sink.errorCode).isEqualTo(400);
        assertThat(agent.drops(IceDrop.MISSING_CREDENTIALS)).isEqualTo(1);

        sink.answerType = 0;
        header[1] = 0x11;
        feed(fingerprinted(header));
        header[1] = 1;
        feed(fingerprinted(header).setByte(10, 7));
        feed(Unpooled.wrappedBuffer(new byte[] {0, 1, 2}));
        assertThat(sink.answerType).isZero();
        assertThat(agent.drops(IceDrop.NOT_A_REQUEST)).isEqualTo(1);
        assertThat(agent.drops(IceDrop.BAD_FINGERPRINT)).isEqualTo(1);
        assertThat(agent.drops(IceDrop.MALFORMED)).isEqualTo(1);
    }

    private static ByteBuf fingerprinted(byte[] header) {
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(header);
        return Unpooled.buffer()
                .writeBytes(header)
                .writeShort(0x8028)
                .writeShort(4)
                .writeInt((int) crc.getValue() ^ 0x5354554E);
    }

    @Test
    void remembersTheDescribedRemoteUfrag() {
        agent.setRemoteUfrag("described");
        // This check carries the client's previous ufrag, as checks do when a client has moved between nodes.
        check(credentials, true, HOME, 0);
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
        assertThat(agent.remoteUfrag()).isEqualTo("described");
    }

    @Test
    void tcpConnectionsAndAddressesAreDifferentPaths() {
        TcpRemote first = new TcpRemote(HOME);
        TcpRemote second = new TcpRemote(HOME);
        check(credentials, true, HOME, 0);
        check(credentials, true, first, SECOND);
        check(credentials, true, second, 2 * SECOND);
        assertThat(sink.events)
                .containsExactly(
                        "validated 40000",
                        "selected 40000",
                        "validated tcp 40000",
                        "selected tcp 40000",
                        "validated tcp 40000",
                        "selected tcp 40000");
        assertThat(agent.selectedAddress()).isSameAs(second);
        check(credentials, true, HOME, 3 * SECOND);
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
    }

    @Test
    void theEndOfTheSelectedConnectionEndsConsentAtOnce() {
        TcpRemote connection = new TcpRemote(HOME);
        check(credentials, true, connection, 0);
        agent.onClosed(connection, sink);
        assertThat(sink.events)
                .containsExactly("validated tcp 40000", "selected tcp 40000", "expired tcp 40000", "consent lost");
        assertThat(agent.selectedAddress()).isNull();
        assertThat(agent.isValidated(connection, 0)).isFalse();

        agent.onClosed(connection, sink);
        agent.onClosed(new TcpRemote(MOBILE), sink);
        assertThat(sink.events).hasSize(4);

        check(credentials, true, new TcpRemote(HOME), SECOND); // The client has connected again.
        assertThat(agent.isConsentFresh(SECOND)).isTrue();
    }

    @Test
    void theEndOfAnotherConnectionChangesNothing() {
        TcpRemote spare = new TcpRemote(MOBILE);
        check(credentials, true, HOME, 0);
        check(credentials, false, spare, SECOND);
        agent.onClosed(spare, sink);
        assertThat(sink.events)
                .containsExactly("validated 40000", "selected 40000", "validated tcp 50000", "expired tcp 50000");
        assertThat(agent.selectedAddress()).isEqualTo(HOME);
    }
}
