package org.rotunda.load.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A headless Firefox with a fake camera and a fake microphone. It is the stock browser, which Playwright drives by
 * WebDriver BiDi.
 */
final class Firefox implements AutoCloseable {
    private static final List<Path> EXECUTABLES = List.of(Path.of("/usr/bin/firefox-esr"), Path.of("/usr/bin/firefox"));

    private final Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final Browser browser = playwright
            .firefox()
            .launch(new BrowserType.LaunchOptions()
                    .setChannel("moz-firefox") // With another channel, Playwright expects a Firefox of its own making.
                    .setExecutablePath(EXECUTABLES.stream()
                            .filter(Files::isExecutable)
                            .findFirst()
                            .orElseThrow(() -> new IllegalStateException("the test needs one of " + EXECUTABLES)))
                    // No preference concerns ICE: calls must work with the candidates that users' browsers have.
                    .setFirefoxUserPrefs(Map.of(
                            "media.navigator.streams.fake", true,
                            "media.navigator.permission.disabled", true,
                            "media.autoplay.default", 0)));

    BrowserContext context() {
        return browser.newContext();
    }

    String version() {
        return browser.version();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
