package org.rotunda.record.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which endpoints an account may name (recording.md, row 31 of the bad input). */
class EndpointGuardTest {
    private static final EndpointGuard STRICT = new EndpointGuard(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bucket",
                "/path",
                "https://",
                "https:///path",
                "https:bucket",
                "ftp://bucket.example.com/",
                "file:///etc/passwd",
                "http://169.254.169.254/",
                "https://169.254.169.254/latest",
                "https://127.0.0.1/",
                "https://10.1.2.3:9000/bucket",
                "https://[::1]/",
                "https://[::ffff:169.254.169.254]/",
                "https://[fe80::1%25eth0]/",
                "https://[64:ff9b::a00:1]/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://127.1/",
                "https://0177.0.0.1/",
                "https://user:pw@host/",
                "https://user@bucket.example.com/",
                "https://bucket.example.com/?x=y",
                "https://bucket.example.com/#x",
                "https://bucket.example.com:0/",
                "https://bucket.example.com:70000/",
                "https://a b/"
            })
    void anEndpointIsRefused(String url) {
        assertThat(STRICT.refusal(url)).as(url).isPresent();
    }

    @Test
    void aLongUrlIsRefused() {
        assertThat(STRICT.refusal("https://bucket.example.com/" + "a".repeat(3_000)))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://bucket.s3.amazonaws.com/path/",
                "https://bucket.s3.eu-central-1.amazonaws.com",
                "http://bucket.example.com:9000/recordings",
                "https://8.8.8.8/bucket",
                "https://[2a00:1450:4001:80b::200e]/bucket"
            })
    void aPublicEndpointIsAccepted(String url) {
        assertThat(STRICT.refusal(url)).as(url).isEmpty();
    }

    @Test
    void theOperatorAllowsMore() {
        EndpointGuard guard = new EndpointGuard(List.of("10.1.0.0/16", "minio.internal", "::1"));
        assertThat(guard.refusal("http://10.1.2.3:9000/bucket")).isEmpty();
        assertThat(guard.refusal("http://[::1]:9000/bucket")).isEmpty();
        assertThat(guard.refusal("http://10.2.2.3:9000/bucket")).isPresent();
        assertThat(guard.refusal("http://user:pw@10.1.2.3/bucket")).isPresent();
    }

    @Test
    void aNameIsJudgedByItsAddresses() throws Exception {
        InetAddress open = InetAddress.getByName("8.8.8.8");
        InetAddress local = InetAddress.getByName("10.2.3.4");
        EndpointGuard guard = new EndpointGuard(List.of("minio.internal", "10.1.0.0/16"));
        assertThat(guard.forbids("bucket.example.com", List.of(open))).isFalse();
        assertThat(guard.forbids("bucket.example.com", List.of(open, local))).isTrue();
        assertThat(guard.forbids("Minio.Internal.", List.of(local))).isFalse();
        assertThat(guard.forbids("bucket.example.com", List.of(InetAddress.getByName("10.1.3.4"))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "127.1", "10.0.0.0/33", "x/8", "-a"})
    void aListWithSomethingElseIsRefused(String entry) {
        assertThatThrownBy(() -> new EndpointGuard(List.of(entry))).isInstanceOf(IllegalArgumentException.class);
    }
}
