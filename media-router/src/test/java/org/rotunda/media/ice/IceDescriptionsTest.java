package org.rotunda.media.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.media.stun.IceCredentials;

class IceDescriptionsTest {
    @Test
    void hostCandidateReadsAsInTheStandard() {
        assertThat(IceCandidate.host("192.0.2.7", 10000, 0).sdpLine())
                .isEqualTo("a=candidate:1 1 udp 2130706431 192.0.2.7 10000 typ host");
        assertThat(IceCandidate.host("2001:db8::7", 10001, 1).attributeValue())
                .isEqualTo("candidate:2 1 udp 2130706175 2001:db8::7 10001 typ host");
    }

    @Test
    void tcpCandidateReadsAsInTheStandardAndRanksBelowEveryUdpCandidate() {
        IceCandidate tcp = IceCandidate.tcpPassive("192.0.2.7", 10000, 0);
        assertThat(tcp.sdpLine())
                .isEqualTo("a=candidate:tcp1 1 tcp 1520435199 192.0.2.7 10000 typ host tcptype passive");
        assertThat(IceCandidate.tcpPassive("2001:db8::7", 443, 1).priority()).isLessThan(tcp.priority());
        assertThat(tcp.priority())
                .isLessThan(IceCandidate.host("192.0.2.7", 10000, 65_535).priority());
        assertThatThrownBy(() -> IceCandidate.tcpPassive("192.0.2.7", 10000, 8192))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IceCandidate.tcpPassive("host.local", 10000, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host.local", "192.0.2.7\r\na=x", "fe80::1%eth0"})
    void candidateNeedsAnAddressLiteral(String address) {
        assertThatThrownBy(() -> IceCandidate.host(address, 10000, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void generatedCredentialsAreLongEnoughAndDiffer() {
        Random random = new Random(7);
        IceCredentials first = IceCredentials.generate(random);
        assertThat(first.ufrag()).matches("[A-Za-z0-9+/]{4,256}");
        assertThat(first.pwd()).matches("[A-Za-z0-9+/]{22,256}");
        assertThat(IceCredentials.generate(random)).isNotEqualTo(first);
        assertThat(first.toString()).doesNotContain(first.pwd());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with blank"})
    void emptyOrBlankCredentialsAreRefused(String text) {
        assertThatThrownBy(() -> new IceCredentials(text, "pwd")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IceCredentials("ufrag", text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void credentialsHaveAtMost256Characters() {
        assertThat(new IceCredentials("u".repeat(256), "p".repeat(256)).ufrag()).hasSize(256);
        assertThatThrownBy(() -> new IceCredentials("u".repeat(257), "p")).isInstanceOf(IllegalArgumentException.class);
    }
}
