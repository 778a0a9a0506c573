package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the demo page against the rules of axe-core for names, roles, landmarks, headings and contrast. */
@Tag("browser")
@ExtendWith(RigExtension.class)
class DemoPageAccessibilityTest {
    private static final double PATIENCE_MS = 30_000;
    private static final Path AXE =
            Path.of("..", "gateway", "src", "main", "frontend", "node_modules", "axe-core", "axe.min.js");

    /**
     * A script that runs all rules of axe and returns the violations with their elements, and the number of rules that
     * passed.
     */
    private static final String VIOLATIONS = """
            () => axe.run(document, { resultTypes: ['violations'] }).then(({ violations, passes }) => ({
              passes: passes.length,
              violations: violations.map(({ id, help, nodes }) =>
                `${id}: ${help}: ` + nodes.map(({ html, failureSummary }) => html.slice(0, 200) + ' ' + failureSummary).join(' | ')),
            }))
            """;

    private static void check(Page page, String when) {
        var result = CallPage.cast(page.evaluate(VIOLATIONS));
        assertThat(CallPage.<String>list(result, "violations")).as(when).isEmpty();
        assertThat((Integer) result.get("passes")).as(when).isGreaterThan(15);
        assertThat(page.locator("h1").count()).as("main headings %s", when).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"LIGHT, 1280, 800", "DARK, 1280, 800", "LIGHT, 390, 844", "DARK, 390, 844"})
    void breaksNoRule(ColorScheme scheme, int width, int height, Rig rig) throws IOException {
        Page page = rig.demoLobby("alice", rig.freshRoom());
        page.setViewportSize(width, height);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.evaluate(Files.readString(AXE));
        assertThat(page.evaluate(
                        "dark => matchMedia('(prefers-color-scheme: dark)').matches === dark",
                        scheme == ColorScheme.DARK))
                .isEqualTo(true);
        check(page, "before joining");
        page.evaluate(
                "() => { for (const id of ['lobby-message', 'token-field']) document.getElementById(id).hidden = false;"
                        + " document.getElementById('lobby-message').textContent = 'The room is full.'; }");
        check(page, "with an error before joining");

        page.locator("#enter").click();
        page.waitForFunction(
                "() => window.rotunda.room", null, new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MS));
        check(page, "alone in the call");
        page.evaluate("""
                () => {
                  for (let i = 0; i < 40; i++)
                    rotunda.people.put({ key: 'P' + i, name: 'person ' + i, isAudioOn: i % 2 === 0, isVideoOn: false,
                      isReconnecting: i === 3, video: null, level: i % 6 });
                  rotunda.people.setSpeaker('P1');
                }
                """);
        check(page, "among many");
        page.locator("#microphone").click();
        page.locator("#camera").click();
        check(page, "muted");
        page.locator("#toggle-panel").click();
        page.locator("#say").fill("hello");
        page.locator("#say").press("Enter");
        page.locator("#messages .line").waitFor();
        check(page, "with people and chat");
        page.locator("#close-panel").click();
        page.locator("#devices").click();
        page.waitForFunction("() => document.getElementById('choose-video').options.length > 1");
        check(page, "with the devices open");
        page.keyboard().press("Escape");
        page.locator("#quality").click();
        page.locator("#choose-view").waitFor();
        check(page, "with view and network open");
        page.keyboard().press("Escape");
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }");
        page.locator("#invite").click();
        page.locator("#invite-link").waitFor();
        check(page, "with the invite link open");
    }
}
