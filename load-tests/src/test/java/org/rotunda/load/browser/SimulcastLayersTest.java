package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.testkit.TimeLimit;
import org.rotunda.media.control.LayerLimit;

/**
 * Tests that viewers of a 720p simulcast track get the top layer by default, and that a layer limit changes the layer
 * of one viewer only.
 */
@Tag("browser")
@ExtendWith(RigExtension.class)
class SimulcastLayersTest {
    private static final Map<String, Object> SIMULCAST = Map.of("preferredVideoCodecs", "auto");
    /**
     * The time that Chromium may need until it sends its top layer. Chromium sends this layer only above an estimated
     * bandwidth of 1.25 Mbit/s. From 300 kbit/s the estimate grows by only 8 % a second if probes fail, as they do on
     * an overloaded machine.
     */
    private static final Duration RAMP_UP = Duration.ofSeconds(60);

    private static final int COMFORTABLE_BPS = 2_000_000;
    private static final double SWITCH_MS_MAX = 2_000;
    private static final double PAUSE_MS_MAX = 1_000;

    @Test
    void bothViewersGetTheTopLayerAndALayerLimitAffectsOnlyOne(Rig rig) {
        String room = rig.freshRoom();
        CallPage publisher = rig.page("publisher");
        Map<String, Object> joined = publisher.join(room, List.of(camera("camera", 1280, 720, 24)), SIMULCAST);
        CallPage moved = rig.page("moved");
        String movedSid = CallPage.text(moved.join(room, List.of(), Map.of()), "participant");
        CallPage steady = rig.page("steady");
        steady.join(room, List.of(), Map.of());
        String camera = publisher.ownTrackSid("camera");

        // Until the SDK has set the scaling, only the first stream is sent, at 720p; after that all three layers are
        // sent.
        publisher.await(
                "three layers, and an estimate well above the start of the top one", """
                async bps => {
                  const out = await call.outbound();
                  return [180, 360, 720].every(height => out.some(one => one.frameHeight === height && one.framesSent > 30))
                      && out.some(one => one.available >= bps);
                }
                """, COMFORTABLE_BPS, RAMP_UP);
        awaitHeight(moved, 720, RAMP_UP);
        awaitHeight(steady, 720, RAMP_UP);
        watch(moved);
        watch(steady);

        for (int spatial : new int[] {0, 2, 0}) {
            int height = spatial == 0 ? 180 : 720;
            moved.evaluate("() => { window.requestedAt = performance.now(); }");
            rig.limitLayers(
                    CallPage.text(joined, "room"),
                    movedSid,
                    camera,
                    new LayerLimit(spatial, LayerLimit.NONE.temporalMax()));
            moved.await(
                    "a picture " + height + " high",
                    "height => window.samples.some(one => one.at >= window.requestedAt && one.height === height)",
                    height);
            // The page samples the height every 50 ms. The measured time ends with the first sample of the new height
            // after the request for the limit.
            double milliseconds = number(
                    moved,
                    "height => window.samples.find(one => one.at >= window.requestedAt && one.height === height).at"
                            + " - window.requestedAt",
                    height);
            System.out.printf("layer limit %d: %dp after %.0f ms%n", spatial, height, milliseconds);
            TimeLimit.holds("the change to " + height + "p", milliseconds, SWITCH_MS_MAX);
        }
        System.out.printf(
                "longest pause of decoding: moved %.0f ms, steady %.0f ms%n",
                number(moved, "() => window.longestPause"), number(steady, "() => window.longestPause"));

        TimeLimit.holds(
                "the longest pause of the moved picture", number(moved, "() => window.longestPause"), PAUSE_MS_MAX);
        TimeLimit.holds(
                "the longest pause of the other one", number(steady, "() => window.longestPause"), PAUSE_MS_MAX);
        // A busy machine may cost the steady page its top layer for a while, but the limit of the other page is not its
        // own: it never shows the lowest layer.
        assertThat(CallPage.<Number>castList(
                        steady.page().evaluate("() => [...new Set(window.samples.map(one => one.height))]")))
                .contains(720)
                .doesNotContain(180);
        awaitHeight(steady, 720, RAMP_UP);
    }

    private static void awaitHeight(CallPage page, int height, Duration patience) {
        page.await(
                "a picture " + height + " high",
                "async height => (await call.mediaStats()).some(one => one.kind === 'video' && one.frameHeight === height)",
                height,
                patience);
    }

    /** Begins to record the decoded height and the longest time without a new frame, from the browser's statistics. */
    private static void watch(CallPage page) {
        page.evaluate("""
                () => {
                  window.samples = [];
                  window.longestPause = 0;
                  let frames = -1, since = performance.now();
                  const look = async () => {
                    const one = (await call.mediaStats()).find(stats => stats.kind === 'video');
                    const now = performance.now();
                    if (one.framesDecoded !== frames) { frames = one.framesDecoded; since = now; }
                    window.longestPause = Math.max(window.longestPause, now - since);
                    window.samples.push({ at: now, height: one.frameHeight });
                    setTimeout(look, 50);
                  };
                  look();
                }
                """);
    }

    private static double number(CallPage page, String script, Object... arguments) {
        return ((Number) (arguments.length == 0 ? page.page().evaluate(script) : page.evaluate(script, arguments)))
                .doubleValue();
    }
}
