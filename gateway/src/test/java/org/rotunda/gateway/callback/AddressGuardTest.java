package org.rotunda.gateway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which addresses and which notations of addresses callbacks must not have. */
class AddressGuardTest {
    private static final AddressGuard STRICT = new AddressGuard(AllowedTargets.of(List.of()));

    private static boolean forbids(AddressGuard guard, String host, String... addresses) {
        return guard.forbids(
                host,
                Stream.of(addresses)
                        .map(address -> {
                            try {
                                return InetAddress.getByName(address);
                            } catch (UnknownHostException e) {
                                throw new AssertionError(e);
                            }
                        })
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.1",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "168.63.129.16",
                "169.254.0.1",
                "169.254.169.254",
                "169.254.170.2",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "192.168.255.255",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::2",
                "::7f00:1",
                "::127.0.0.1",
                "::a9fe:a9fe",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254",
                "::ffff:0a00:0001",
                "::ffff:0:127.0.0.1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:20::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:a9fe:a9fe::1",
                "3fff::1",
                "4000::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fd12:3456:789a::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1",
                "ff0e::1"
            })
    void forbidsAddressesThatAreNotPublic(String address) {
        assertThat(forbids(STRICT, "name.example", address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "126.255.255.255",
                "128.0.0.1",
                "168.63.129.15",
                "169.253.255.255",
                "169.255.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.0.1.1",
                "192.167.255.255",
                "192.169.0.1",
                "198.17.255.255",
                "198.20.0.1",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2a00:1450:4001::200e",
                "2001:4860:4860::8888",
                "64:ff9b::808:808",
                "::ffff:8.8.8.8"
            })
    void letsPublicAddressesPass(String address) {
        assertThat(forbids(STRICT, "name.example", address)).isFalse();
    }

    @Test
    void oneForbiddenAddressAmongOthersIsEnough() {
        assertThat(forbids(STRICT, "name.example", "8.8.8.8", "127.0.0.1", "1.1.1.1"))
                .isTrue();
        assertThat(forbids(STRICT, "name.example", "8.8.8.8", "1.1.1.1")).isFalse();
    }

    /** The bytes of such an address do not come from the name service, but a resolver could be made to give them. */
    @Test
    void aMappedAddressIsJudgedAsTheAddressThatItHides() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        mapped[12] = 127;
        mapped[15] = 1;

        assertThat(STRICT.forbids("name.example", List.of(InetAddress.getByAddress("name.example", mapped))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "017700000001",
                "0x7f000001",
                "0X7F000001",
                "127.1",
                "127.0.1",
                "0x7f.1",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "127.0.0.01",
                "127.0.0.1.",
                "00000000177.1",
                "0",
                "0x",
                "256.1.1.1",
                "1.2.3.4.5",
                "name.example.1",
                "169.254.43518",
                "2852039166",
                "0xa9fea9fe",
                "0251.0376.0251.0376",
                "::ffff:127.0.0.1"
            })
    void refusesUnusualNotationsOfAddresses(String host) {
        assertThat(AddressGuard.isAmbiguous(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "8.8.8.8",
                "0.0.0.0",
                "255.255.255.255",
                "localhost",
                "1.example",
                "0x7f.example",
                "example.com.",
                "a-1",
                "::1",
                "2001:db8::1"
            })
    void takesUsualNotationsAndNames(String host) {
        assertThat(AddressGuard.isAmbiguous(host)).isFalse();
    }

    @Test
    void allowedRangesAddressesAndHostsAreLetPass() {
        AddressGuard guard = new AddressGuard(AllowedTargets.of(
                List.of("127.0.0.0/8", "::1", "10.1.0.0/16", "fd00::/8", "Receiver.internal", "192.168.7.9")));

        assertThat(forbids(guard, "localhost", "127.0.0.1", "::1")).isFalse();
        assertThat(forbids(guard, "name.example", "10.1.255.255")).isFalse();
        assertThat(forbids(guard, "name.example", "10.2.0.0")).isTrue();
        assertThat(forbids(guard, "name.example", "fd12::1")).isFalse();
        assertThat(forbids(guard, "name.example", "fc00::1")).isTrue();
        assertThat(forbids(guard, "name.example", "192.168.7.9")).isFalse();
        assertThat(forbids(guard, "name.example", "192.168.7.10")).isTrue();
        assertThat(forbids(guard, "receiver.internal", "172.16.0.1")).isFalse();
        assertThat(forbids(guard, "RECEIVER.internal.", "172.16.0.1")).isFalse();
        assertThat(forbids(guard, "other.internal", "172.16.0.1")).isTrue();
        assertThat(forbids(guard, "name.example", "127.0.0.1", "172.16.0.1")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/x",
                "10.0.0/8",
                "::1/129",
                "name.example/8",
                "",
                "*",
                "a b",
                "127.1",
                "0x7f000001",
                "256.1.1.1"
            })
    void refusesAllowedTargetsThatAreNeitherRangesNorHosts(String text) {
        assertThatThrownBy(() -> AllowedTargets.of(List.of(text))).isInstanceOf(IllegalArgumentException.class);
    }
}
