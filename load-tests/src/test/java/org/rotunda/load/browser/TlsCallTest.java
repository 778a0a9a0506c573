package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.data;
import static org.rotunda.load.browser.Tracks.microphone;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.gateway.testkit.TestCertificates;
import org.rotunda.load.bot.BotNode;

/** Tests that browsers join over https and wss, and that the demo page is a secure one with camera and microphone. */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class TlsCallTest {
    @Test
    void browsersJoinOverWss(Chromium chromium, @TempDir Path directory) throws Exception {
        Path certificate = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        new TestCertificates().issue("EC", "127.0.0.1").write(certificate, key);
        try (BotNode node = new BotNode(Map.of(
                        "rotunda.http.tls.port", "0",
                        "rotunda.http.tls.certificate", "\"" + certificate + "\"",
                        "rotunda.http.tls.key", "\"" + key + "\""));
                Pages pages = new Pages(chromium::contextWithAnyCertificate)) {
            String signaling = node.signaling().toString();
            assertThat(signaling).startsWith("wss://");
            String url = node.node().httpUrl();

            CallPage alice = pages.page("alice", signaling);
            alice.join("secure", List.of(microphone("my microphone"), data("chat")), Map.of());
            CallPage bob = pages.page("bob", signaling);
            bob.join("secure", List.of(), Map.of());
            bob.awaitEvents("trackSubscribed", 2);

            Page demo = pages.page("carol", signaling, url + "/?name=carol&room=secure")
                    .page();
            assertThat(demo.evaluate("() => window.isSecureContext && location.protocol"))
                    .isEqualTo("https:");
            demo.locator("#enter").click();
            bob.awaitEvents("participantConnected", 1);
        }
    }
}
