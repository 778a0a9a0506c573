package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.relay.LinkConditions;
import org.rotunda.load.relay.LinkSchedule;
import org.rotunda.load.relay.RelayedNode;

/** Tests the network quality level of a page whose network loses packets, as the page and another page hear of it. */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class NetworkQualityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double LOSS = 0.12;
    /** The highest level that a loss of 12 % can have. */
    private static final int BAD = 2;

    private static final int GOOD = 4;
    private static final Map<String, Object> OPTIONS = Map.of("networkQuality", Map.of("local", 1, "remote", 1));

    private final RelayedNode relayed = new RelayedNode(6, Map.of());

    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private Pages pages;

    @BeforeEach
    void openPages(Chromium chromium) throws IOException {
        pages = new Pages(chromium);
    }

    @AfterEach
    void stop() {
        pages.close();
        relayed.close();
    }

    @Test
    void theLevelFallsWithLossAndRecovers() {
        String room = relayed.node().freshRoom();
        relayed.node()
                .join(relayed.node()
                        .settings(room, "bot")
                        .withPublishing(Publishing.AUDIO.withVideo(Publishing.Video.CLIP)));
        CallPage near = pages.page("near", relayed.node().signaling().toString());
        near.join(room, List.of(Tracks.microphone("microphone")), OPTIONS);
        near.awaitEvents("trackSubscribed", 2);
        MediaExpectations.awaitFlowing(near, 2);
        relayed.relay().spareExistingClients();
        CallPage far = pages.page("far", relayed.node().signaling().toString());
        far.join(room, List.of(Tracks.microphone("microphone")), OPTIONS);
        far.awaitEvents("trackSubscribed", 3);
        awaitLevels(near, far, GOOD, 5);
        near.await(
                "a good level of its own",
                "good => call.room.localParticipant.networkQualityLevel >= good",
                GOOD,
                PATIENCE);
        int before =
                levels(near, "near").size(); // While the pages start, the machine may be too busy for a good level.

        lose(LOSS);
        awaitLevels(near, far, 0, BAD);
        lose(0);
        awaitLevels(near, far, GOOD, 5);

        List<?> levels = levels(near, "near");
        assertThat(levels.subList(before, levels.size()))
                .as("the levels of the near page, whose own network was never bad")
                .allMatch(level -> ((Number) level).intValue() >= GOOD);
        System.out.println("levels of the far page, at the far page " + levels(far, "far") + ", at the near page "
                + levels(near, "far") + "; of the near page " + levels);
    }

    private void lose(double share) {
        LinkSchedule lossy = LinkSchedule.always(LinkConditions.CLEAR.withLoss(share));
        relayed.relay().setSchedules(lossy, lossy);
    }

    /** Waits until both pages know a level of the far page in this range. */
    private static void awaitLevels(CallPage near, CallPage far, int min, int max) {
        far.await(
                "an own level from " + min + " to " + max,
                "([min, max]) => { const level = call.room.localParticipant.networkQualityLevel;"
                        + " return level !== null && level >= min && level <= max; }",
                List.of(min, max),
                PATIENCE);
        near.await(
                "a level of the far page from " + min + " to " + max,
                "([min, max]) => { const far = [...call.room.participants.values()].find(one => one.identity === 'far');"
                        + " return far && far.networkQualityLevel !== null && far.networkQualityLevel >= min"
                        + " && far.networkQualityLevel <= max; }",
                List.of(min, max),
                PATIENCE);
    }

    /** Returns the levels of the participant with this identity, in the order in which the page heard of them. */
    private static List<?> levels(CallPage page, String identity) {
        return (List<?>) page.evaluate(
                "identity => call.events.filter(event => event.name === 'networkQualityLevelChanged'"
                        + " && event.identity === identity).map(event => event.level)",
                identity);
    }
}
