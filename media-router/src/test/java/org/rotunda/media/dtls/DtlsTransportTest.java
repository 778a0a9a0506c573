package org.rotunda.media.dtls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rotunda.media.dtls.DtlsRecords.alert;
import static org.rotunda.media.dtls.DtlsRecords.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rotunda.media.dtls.LoopbackDtlsClient.Connected;
import org.rotunda.media.net.HandshakePool;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpProfile;
import org.rotunda.media.srtp.SrtpResult;
import org.rotunda.media.srtp.SrtpRole;
import org.rotunda.media.srtp.SrtpSession;

class DtlsTransportTest {
    private static final int HELLO_VERIFY_REQUEST = 3;
    private static final int CERTIFICATE_VERIFY = 15;
    private static final int HEADERS_LENGTH = DtlsAdmission.RECORD_HEADER_LENGTH + DtlsAdmission.FRAGMENT_HEADER_LENGTH;

    private static final List<SrtpProfile> BROWSER_ORDER =
            List.of(SrtpProfile.AES128_CM_HMAC_SHA1_80, SrtpProfile.AEAD_AES_128_GCM);
    private static final HandshakePool POOL = new HandshakePool();

    @ParameterizedTest
    @EnumSource
    void agreesOnKeysForEitherProfile(SrtpProfile profile) throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        Connected client = connect(link, List.of(profile));
        SrtpKeys keys = requireNonNull(link.keys);
        assertThat(keys.profile()).isEqualTo(profile);
        assertThat(DtlsLink.SERVER.fingerprint().matches(client.serverCertificate()))
                .isTrue();

        ByteBuf packet = Unpooled.buffer();
        ByteBuf plain = Unpooled.buffer().writeInt(0x806F_0001).writeLong(5).writeLong(9);
        new SrtpSession(client.keys(), SrtpRole.CLIENT).protectRtp(plain, packet);
        assertThat(new SrtpSession(keys).unprotectRtp(packet)).isEqualTo(SrtpResult.OK);
        assertThat(packet).isEqualTo(plain);
    }

    @Test
    void prefersGcmWhateverTheOrderOfTheClient() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        assertThat(connect(link, BROWSER_ORDER).keys().profile()).isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
    }

    @Test
    void carriesApplicationDataBothWays() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        DTLSTransport client = connect(link, BROWSER_ORDER).records();
        for (int i = 0; i < 20; i++) {
            client.send(new byte[] {(byte) i, 2, 3}, 0, 3);
        }
        assertThat(link.received).hasSize(20).allMatch(data -> data.length == 3);

        assertThat(link.server.send(Unpooled.wrappedBuffer("hello".getBytes(StandardCharsets.US_ASCII))))
                .isTrue();
        link.drain();
        byte[] buffer = new byte[2048];
        int length = client.receive(buffer, 0, buffer.length, 100);
        assertThat(new String(buffer, 0, length, StandardCharsets.US_ASCII)).isEqualTo("hello");
    }

    @Test
    void readsSeveralRecordsOfOneDatagram() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        DTLSTransport client = connect(link, BROWSER_ORDER).records();
        ByteBuf joined = Unpooled.buffer();
        link.toServer = (datagram, next) -> joined.writeBytes(datagram);
        client.send(new byte[] {1}, 0, 1);
        client.send(new byte[] {2}, 0, 1);
        client.send(new byte[] {3}, 0, 1);
        link.toServer = (datagram, next) -> next.accept(datagram);
        link.give(DtlsLink.bytes(joined));
        assertThat(link.received).containsExactly(new byte[] {1}, new byte[] {2}, new byte[] {3});
    }

    @Test
    void releasesNothingToAPeerWithAnotherCertificate() throws IOException {
        DtlsLink link = new DtlsLink(POOL);
        link.server.expectFingerprints(List.of(DtlsLink.SERVER.fingerprint()));
        new LoopbackDtlsClient(DtlsLink.CLIENT, DtlsLink.CLIENT, BROWSER_ORDER).connect(link);
        link.await(() -> link.closed != null);
        assertThat(link.closed).isEqualTo(DtlsCloseReason.FINGERPRINT_MISMATCH);
        assertThat(link.keys).isNull();
        assertThat(link.server.send(Unpooled.wrappedBuffer(new byte[1]))).isFalse();
    }

    @Test
    void acceptsAnyOneOfSeveralFingerprints() throws IOException {
        DtlsLink link = new DtlsLink(POOL);
        link.server.expectFingerprints(List.of(DtlsLink.SERVER.fingerprint(), DtlsLink.CLIENT.fingerprint()));
        connect(link, BROWSER_ORDER);
    }

    @Test
    void holdsDataUntilTheFingerprintIsKnown() throws IOException {
        DtlsLink link = new DtlsLink(POOL);
        Connected client = new LoopbackDtlsClient(DtlsLink.CLIENT, DtlsLink.CLIENT, BROWSER_ORDER).connect(link);
        for (int i = 0; i < DtlsTransport.HELD_DATAGRAMS_MAX + 4; i++) {
            client.records().send(new byte[] {(byte) i}, 0, 1);
        }
        // Repeated datagrams of the handshake can raise the count above 4.
        link.await(() -> link.server.drops(DtlsDrop.QUEUE_FULL) >= 4);
        assertThat(link.keys).isNull();
        assertThat(link.received).isEmpty();

        link.expectingTheClient();
        assertThat(link.keys).isNotNull();
        assertThat(link.received.get(0)).containsExactly(0);
        assertThat(link.received).hasSizeLessThanOrEqualTo(DtlsTransport.HELD_DATAGRAMS_MAX);
    }

    @Test
    void refusesAClientWithoutCertificate() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        LoopbackDtlsClient client = new LoopbackDtlsClient(DtlsLink.CLIENT, null, BROWSER_ORDER);
        assertThatThrownBy(() -> client.connect(link)).isInstanceOf(TlsFatalAlertReceived.class);
        link.await(() -> link.closed != null);
        assertThat(link.closed).isEqualTo(DtlsCloseReason.HANDSHAKE_FAILED);
    }

    @Test
    void refusesAClientWithoutSrtp() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        LoopbackDtlsClient client = new LoopbackDtlsClient(DtlsLink.CLIENT, DtlsLink.CLIENT, List.of());
        assertThatThrownBy(() -> client.connect(link)).isInstanceOf(TlsFatalAlertReceived.class);
        link.await(() -> link.closed != null);
        assertThat(link.closed).isEqualTo(DtlsCloseReason.HANDSHAKE_FAILED);
    }

    @Test
    void forgedRecordsDoNotEndTheSession() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        DTLSTransport client = connect(link, BROWSER_ORDER).records();
        link.give(alert(2, 40));
        link.give(alert(1, 0));
        assertThat(link.server.drops(DtlsDrop.ALERT_AFTER_KEYS)).isEqualTo(2);
        Random random = new Random(1);
        for (int length = 0; length < 80; length++) {
            for (int type = 20; type <= 23; type++) {
                for (int epoch = 0; epoch <= 2; epoch++) {
                    byte[] body = new byte[length];
                    random.nextBytes(body);
                    link.give(record(type, epoch, 100 + random.nextInt(1000), body));
                }
            }
        }
        assertThat(link.closed).isNull();
        assertThat(link.server.drops(DtlsDrop.NOTHING_READ)).isPositive();
        long unread = link.server.drops(DtlsDrop.NOTHING_READ);
        client.send(new byte[] {42}, 0, 1);
        assertThat(link.received).containsExactly(new byte[] {42});
        assertThat(link.server.drops(DtlsDrop.NOTHING_READ)).isEqualTo(unread);
    }

    @Test
    void reportsThatThePeerClosed() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        connect(link, BROWSER_ORDER).records().close();
        assertThat(link.closed).isEqualTo(DtlsCloseReason.CLOSED_BY_PEER);
        link.give(alert(1, 0));
        assertThat(link.server.drops(DtlsDrop.CLOSED)).isEqualTo(1);
    }

    @Test
    void closesSilentlyOrWithNotice() throws IOException {
        DtlsLink silent = new DtlsLink(POOL).expectingTheClient();
        connect(silent, BROWSER_ORDER);
        silent.sentByServer.clear();
        silent.server.send(Unpooled.wrappedBuffer(new byte[5])); // This datagram is never drained and must not leak.
        assertThat(silent.bytesInUse()).isPositive();
        silent.server.close(false);
        assertThat(silent.bytesInUse()).isZero();
        silent.drain();
        assertThat(silent.sentByServer).isEmpty();
        silent.server.close(true);
        silent.drain();
        assertThat(silent.sentByServer).isEmpty();

        DtlsLink noticed = new DtlsLink(POOL).expectingTheClient();
        connect(noticed, BROWSER_ORDER);
        noticed.sentByServer.clear();
        noticed.server.close(true);
        noticed.drain();
        assertThat(noticed.bytesInUse()).isZero();
        assertThat(noticed.sentByServer).hasSize(1);
        assertThat(noticed.sentByServer.get(0)[0]).isEqualTo((byte) DtlsAdmission.ALERT);
        assertThat(noticed.closed).isNull();
    }

    @Test
    void repeatsItsLastFlightWhenTheClientDoes() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        int[] lost = {0};
        link.toClient = (datagram, next) -> {
            if (datagram[0] == DtlsAdmission.CHANGE_CIPHER_SPEC && lost[0]++ == 0) {
                // Without this record the client cannot read our Finished, so it sends its last flight again. By then
                // the server has finished the handshake.
                return;
            }
            next.accept(datagram);
        };
        connect(link, BROWSER_ORDER);
        assertThat(lost[0]).isGreaterThan(1);
    }

    /**
     * Tests {@link CipherSpecOrder}. Without it, Bouncy Castle would switch to the new keys at the ChangeCipherSpec and
     * never read the late CertificateVerify.
     */
    @Test
    void survivesAChangeOfKeysThatOvertakesTheMessageBeforeIt() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        byte[][] late = {null};
        link.toServer = (datagram, next) -> {
            boolean isVerify = datagram[0] == DtlsAdmission.HANDSHAKE
                    && datagram[4] == 0
                    && datagram[DtlsAdmission.RECORD_HEADER_LENGTH] == CERTIFICATE_VERIFY;
            if (isVerify && late[0] == null) {
                late[0] = datagram;
                return;
            }
            next.accept(datagram);
            if (datagram[0] == DtlsAdmission.CHANGE_CIPHER_SPEC && late[0].length > 0) {
                next.accept(late[0]);
                late[0] = new byte[0];
            }
        };
        connect(link, BROWSER_ORDER);
        assertThat(link.server.drops(DtlsDrop.OUT_OF_ORDER)).isEqualTo(1);
    }

    @Test
    void survivesLostRepeatedAndReorderedDatagrams() throws IOException {
        for (int seed = 0; seed < 8; seed++) {
            DtlsLink link = new DtlsLink(POOL).expectingTheClient();
            // Each direction has its own filter, because the directions run on different threads.
            link.toServer = new Disorder(new Random(seed));
            link.toClient = new Disorder(new Random(~seed));
            connect(link, BROWSER_ORDER);
            assertThat(link.keys).as("seed %d", seed).isNotNull();
            assertThat(link.bytesInUse()).isZero();
        }
    }

    @Test
    void startsOnlyOnAClientHello() {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        link.give(record(DtlsAdmission.APPLICATION_DATA, 1, 900, new byte[100]));
        assertThat(link.server.drops(DtlsDrop.NOT_A_CLIENT_HELLO)).isEqualTo(1);
    }

    @Test
    void dropsAnOversizeClaimBeforeAHandshakeStarts() {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        link.give(record(DtlsAdmission.HANDSHAKE, 0, 0, DtlsRecords.fragment(1, 0xFFFFFF, 0, 100)));
        assertThat(link.server.drops(DtlsDrop.OVERSIZE_HANDSHAKE)).isEqualTo(1);
        link.give(record(DtlsAdmission.HANDSHAKE, 0, 0, DtlsRecords.fragment(2, 10, 0, 10)));
        // The transport still waits for a ClientHello.
        assertThat(link.server.drops(DtlsDrop.NOT_A_CLIENT_HELLO)).isEqualTo(1);
    }

    /** The first ClientHello goes to a node that has died. The client is asked for another one, and sends it at once. */
    @Test
    void anInvitedClientDoesNotWaitForItsTimer() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        int[] first = {0};
        link.toServer = (datagram, next) -> {
            if (helloNumber(datagram) == 0) {
                first[0]++;
                link.server.invite();
                link.server.invite(); // A check of ICE may come twice before the client answers.
            } else {
                next.accept(datagram);
            }
        };
        connect(link, BROWSER_ORDER);
        assertThat(first[0]).isEqualTo(1);
        assertThat(link.sentByServer.get(0)).isEqualTo(link.sentByServer.get(1));
    }

    @Test
    void anInvitationAndTheFirstClientHelloMayCross() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        link.server.invite();
        link.drain(); // The client finds the invitation as soon as it has sent its ClientHello.
        connect(link, BROWSER_ORDER);
        assertThat(link.sentByServer.get(0)[DtlsAdmission.RECORD_HEADER_LENGTH]).isEqualTo((byte) HELLO_VERIFY_REQUEST);
    }

    @Test
    void aLostInvitationIsRepeatedWhenTheClientHelloComes() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        boolean[] isLost = {false};
        link.toClient = (datagram, next) -> {
            if (isLost[0]) {
                next.accept(datagram);
            }
            isLost[0] = true;
        };
        link.server.invite();
        link.drain();
        connect(link, BROWSER_ORDER);
    }

    @Test
    void anInvitedClientHelloMayComeInPartsInAnyOrder() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        link.toServer = (datagram, next) -> {
            if (helloNumber(datagram) == 1) {
                next.accept(part(datagram, 40, datagram.length - HEADERS_LENGTH - 40));
                next.accept(part(datagram, 40, datagram.length - HEADERS_LENGTH - 40));
                next.accept(part(datagram, 0, 40));
            } else {
                next.accept(datagram);
            }
        };
        link.server.invite();
        link.drain();
        connect(link, BROWSER_ORDER);
    }

    @Test
    void survivesLossAndDisorderAlsoAfterAnInvitation() throws IOException {
        for (int seed = 0; seed < 8; seed++) {
            DtlsLink link = new DtlsLink(POOL).expectingTheClient();
            link.toServer = new Disorder(new Random(seed));
            link.toClient = new Disorder(new Random(~seed));
            link.server.invite();
            link.drain();
            connect(link, BROWSER_ORDER);
            assertThat(link.keys).as("seed %d", seed).isNotNull();
            assertThat(link.bytesInUse()).isZero();
        }
    }

    @Test
    void aClientHelloWithAnotherCookieStartsNothing() {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        link.server.invite();
        ByteBuf foreign = Unpooled.buffer()
                .writeByte(DtlsAdmission.CLIENT_HELLO)
                .writeMedium(60)
                .writeShort(1)
                .writeMedium(0)
                .writeMedium(60)
                .writeZero(60);
        link.give(record(DtlsAdmission.HANDSHAKE, 0, 1, DtlsLink.bytes(foreign)));
        assertThat(link.server.phase()).isEqualTo(DtlsTransport.Phase.WAITING);
    }

    @Test
    void invitationsAreBoundedAndEndWithTheHandshake() throws IOException {
        DtlsLink link = new DtlsLink(POOL).expectingTheClient();
        for (int i = 0; i < HelloInvitation.REQUESTS_MAX + 5; i++) {
            link.server.invite();
        }
        link.drain();
        assertThat(link.sentByServer).hasSize(HelloInvitation.REQUESTS_MAX);

        connect(link, BROWSER_ORDER);
        int sent = link.sentByServer.size();
        link.server.invite();
        link.drain();
        assertThat(link.sentByServer).hasSize(sent);
    }

    /** Returns the number of the ClientHello with which the datagram begins, or -1 if it begins with something else. */
    private static int helloNumber(byte[] datagram) {
        boolean isHello = datagram[0] == DtlsAdmission.HANDSHAKE
                && datagram[4] == 0
                && datagram[DtlsAdmission.RECORD_HEADER_LENGTH] == DtlsAdmission.CLIENT_HELLO;
        return isHello ? DtlsAdmission.handshakeMessage(datagram) : -1;
    }

    /** Returns a datagram with a part of the ClientHello that is alone in this datagram. */
    private static byte[] part(byte[] datagram, int offset, int length) {
        ByteBuf hello = Unpooled.wrappedBuffer(datagram);
        ByteBuf part = Unpooled.buffer()
                .writeBytes(hello, DtlsAdmission.RECORD_HEADER_LENGTH, 6)
                .writeMedium(offset)
                .writeMedium(length)
                .writeBytes(hello, HEADERS_LENGTH + offset, length);
        return record(DtlsAdmission.HANDSHAKE, 0, hello.getUnsignedInt(7), DtlsLink.bytes(part));
    }

    private static Connected connect(DtlsLink link, List<SrtpProfile> profiles) throws IOException {
        Connected client = new LoopbackDtlsClient(DtlsLink.CLIENT, DtlsLink.CLIENT, profiles).connect(link);
        link.await(() -> link.keys != null || link.closed != null);
        assertThat(link.closed).isNull();
        return client;
    }

    /**
     * Loses about an eighth of all datagrams, duplicates an eighth, and delays an eighth past the next datagram. Never
     * loses more than two in a row, because DTLS doubles its wait with each retransmission, and the handshake has only
     * ten seconds of real time.
     */
    private static final class Disorder implements DtlsLink.Filter {
        private static final int LOST_IN_A_ROW_MAX = 2;

        private final Random random;
        private byte[] late = {};
        private int lostInARow;

        Disorder(Random random) {
            this.random = random;
        }

        @Override
        public void onDatagram(byte[] datagram, Consumer<byte[]> next) {
            int fate = random.nextInt(8);
            if (fate == 0 && lostInARow < LOST_IN_A_ROW_MAX) {
                lostInARow++;
                return;
            }
            lostInARow = 0;
            if (fate == 1 && late.length == 0) {
                late = datagram;
                return;
            }
            next.accept(datagram);
            if (fate == 2) {
                next.accept(datagram);
            }
            if (late.length > 0) {
                next.accept(late);
                late = new byte[0];
            }
        }
    }
}
