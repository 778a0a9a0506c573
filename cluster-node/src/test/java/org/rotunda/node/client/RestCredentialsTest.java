package org.rotunda.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests where the commands for a running node find its address and their credentials. */
class RestCredentialsTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "ROTUNDA_URL", "https://env.example.com",
            "ROTUNDA_USER", "AC-env",
            "ROTUNDA_PASSWORD", "env-secret");

    private final Path home;

    RestCredentialsTest(@TempDir Path home) {
        this.home = home;
    }

    private static RestCredentials.Given given(@Nullable String url, @Nullable String user, @Nullable String password) {
        return new RestCredentials.Given(url, user, password);
    }

    private void write(String place, String permissions, String text) throws IOException {
        Path file = home.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void optionsComeBeforeTheEnvironmentAndTheEnvironmentBeforeTheFile() throws Exception {
        write(".config/rotunda/credentials", "rw-------", "url=http://file:1\nuser=AC-file\npassword=file-secret\n");

        assertThat(RestCredentials.find(given("http://option:2/", "AC-option", "option-secret"), ENVIRONMENT, home))
                .isEqualTo(new RestCredentials(URI.create("http://option:2"), "AC-option", "option-secret"));
        assertThat(RestCredentials.find(given(null, "AC-option", null), ENVIRONMENT, home))
                .isEqualTo(new RestCredentials(URI.create("https://env.example.com"), "AC-option", "env-secret"));
        assertThat(RestCredentials.find(given(null, null, null), Map.of(), home))
                .isEqualTo(new RestCredentials(URI.create("http://file:1"), "AC-file", "file-secret"));
    }

    @Test
    void theFileMayStandInPlaceOfTheDirectory() throws Exception {
        write(".config/rotunda", "rw-------", "user = AC-file\npassword = file-secret\n");

        assertThat(RestCredentials.find(given(null, null, null), Map.of(), home))
                .isEqualTo(new RestCredentials(URI.create("http://127.0.0.1:8080"), "AC-file", "file-secret"));
    }

    @Test
    void refusesAFileWithAPasswordThatOthersCanRead() throws Exception {
        write(".config/rotunda", "rw-r--r--", "user = AC-file\npassword = file-secret\n");

        assertThatThrownBy(() -> RestCredentials.find(given(null, null, null), Map.of(), home))
                .isInstanceOf(RestRefusal.class)
                .hasMessageContaining("chmod 600")
                .hasMessageNotContaining("file-secret");

        write(".config/rotunda", "rw-r--r--", "user = AC-file\n");
        assertThat(RestCredentials.find(given(null, null, "x"), Map.of(), home).user())
                .isEqualTo("AC-file");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> RestCredentials.find(given(null, null, null), Map.of(), home))
                .hasMessageContaining("--user")
                .hasMessageContaining("ROTUNDA_USER");
        assertThatThrownBy(() -> RestCredentials.find(given(null, "AC", null), Map.of(), home))
                .hasMessageContaining("--password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://example.com", "example.com", "http://", "http://a b"})
    void refusesAddressesThatAreNoHttpUrls(String url) {
        assertThatThrownBy(() -> RestCredentials.find(given(url, "AC", "x"), Map.of(), home))
                .isInstanceOf(RestRefusal.class);
    }

    @Test
    void printsNoPassword() {
        assertThat(new RestCredentials(URI.create("http://a"), "AC", "secret").toString())
                .doesNotContain("secret");
    }
}
