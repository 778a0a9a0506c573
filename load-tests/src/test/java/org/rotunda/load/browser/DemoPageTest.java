package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the demo page as a visitor uses it, with a call between two tabs. */
@Tag("browser")
@ExtendWith(RigExtension.class)
class DemoPageTest {
    private static final double PATIENCE_MS = 30_000;

    @Test
    void twoTabsHoldACallAndChat(Rig rig) {
        String room = rig.freshRoom();
        Page alice = rig.demoPage("alice", room);
        Page bob = rig.demoPage("bob", room);

        for (Page page : List.of(alice, bob)) {
            page.waitForFunction(
                    "() => window.rotunda && window.rotunda.room && window.rotunda.room.participants.size === 1",
                    null,
                    new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MS));
            // A remote video that plays has a size, and its time advances.
            page.waitForFunction(
                    "() => [...document.querySelectorAll('video')].filter(video => video.videoWidth > 0 &&"
                            + " video.currentTime > 1).length >= 2",
                    null,
                    new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MS));
        }
        alice.waitForFunction(
                "() => [...window.rotunda.room.participants.values()].every(other =>"
                        + " [...other.dataTracks.values()].some(one => one.track))",
                null,
                new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MS));
        bob.locator("#chat input").fill("good morning");
        bob.locator("#chat button").click();
        alice.getByText("good morning").waitFor();

        Path target = Path.of("target", "demo-page.png");
        alice.screenshot(new Page.ScreenshotOptions().setPath(target));
        assertThat(target).exists();
    }
}
