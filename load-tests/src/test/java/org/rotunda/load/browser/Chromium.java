package org.rotunda.load.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The headless Chromium that all tests of a JVM share, because its launch is slow. Each user gets a browser context,
 * because contexts are cheap.
 */
public final class Chromium implements AutoCloseable {
    private static final List<Path> EXECUTABLES =
            List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/google-chrome"));

    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            // The second camera lets tests change the camera.
            "--use-fake-device-for-media-stream=device-count=2",
            "--use-fake-ui-for-media-stream",
            "--autoplay-policy=no-user-gesture-required",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // The SDK's preflight test sends its token to a host of its vendor, whatever its options.
            "--host-resolver-rules=MAP *.twilio.com ~NOTFOUND",
            // Test pages are in the background, where throttled timers would stop their canvases.
            "--disable-background-timer-throttling",
            "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding");

    private final Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final Browser browser;

    public Chromium() {
        this(executable(), List.of());
    }

    /**
     * @param executable the browser, or a program that starts it
     * @param furtherArguments arguments in addition to those of all tests
     */
    Chromium(Path executable, List<String> furtherArguments) {
        List<String> arguments = new ArrayList<>(ARGUMENTS);
        arguments.addAll(furtherArguments);
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(arguments));
    }

    /** Returns the browser of this machine. */
    static Path executable() {
        return EXECUTABLES.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("browser tests need one of " + EXECUTABLES));
    }

    public BrowserContext context() {
        return browser.newContext();
    }

    /** Returns a context that takes every certificate, for servers whose authority the browser does not know. */
    public BrowserContext contextWithAnyCertificate() {
        return browser.newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
    }

    /** Opens a page in a context of its own. */
    public Page page() {
        return context().newPage();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
