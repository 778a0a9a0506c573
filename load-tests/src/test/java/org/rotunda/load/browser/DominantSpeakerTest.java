package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.MediaExpectations.number;
import static org.rotunda.load.browser.Tracks.microphone;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.bot.SpeechScript;
import org.rotunda.load.testkit.TimeLimit;

/** Tests the dominant speaker as pages of the stock SDK hear of it: of bots that speak in turns, and of a browser. */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DominantSpeakerTest {
    private static final Map<String, Object> OPTIONS = Map.of("dominantSpeaker", true);
    private static final int SPEAKERS = 3;
    private static final int TURN_MS = 4_000;
    private static final int TURNS = 6;
    /** The longest accepted time from the beginning of a turn to the event at a page, in ms. */
    private static final double DELAY_MS_MAX = 1_000;
    /** Chromium's fake microphone is silent between its beeps, so a turn may begin with half a second of silence. */
    private static final double BEEP_EVERY_MS = 500;

    private final BotNode node = new BotNode();

    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private Pages pages;

    @BeforeEach
    void openPages(Chromium chromium) throws IOException {
        pages = new Pages(chromium);
    }

    @AfterEach
    void closePages() {
        pages.close();
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void everyPageHearsOfEachTurnWithinASecond() {
        String room = node.freshRoom();
        for (int i = 0; i < SPEAKERS; i++) {
            node.join(node.settings(room, "speaker-" + i)
                    .withPublishing(Publishing.AUDIO)
                    .withSpeech(SpeechScript.turns(i, SPEAKERS, Duration.ofMillis(TURN_MS)))
                    .withoutSubscribing());
        }
        List<CallPage> listeners = List.of(
                pages.page("one", node.signaling().toString()),
                pages.page("two", node.signaling().toString()));
        for (CallPage page : listeners) {
            page.join(room, List.of(), OPTIONS);
        }
        double start = node.fleet().startUnixMillis();
        double firstTurn = Math.floor((System.currentTimeMillis() - start) / TURN_MS) + 2;
        for (CallPage page : listeners) {
            page.await(
                    TURNS + " turns",
                    "end => Date.now() >= end",
                    start + (firstTurn + TURNS) * TURN_MS,
                    Duration.ofMillis((TURNS + 5L) * TURN_MS));
        }

        for (CallPage page : listeners) {
            List<Double> delays = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            List<String> heard = new ArrayList<>();
            for (int turn = 0; turn < TURNS; turn++) {
                expected.add("speaker-" + (int) ((firstTurn + turn) % SPEAKERS));
            }
            for (Map<String, Object> event : page.events()) {
                double turn = (number(event, "epoch") - start) / TURN_MS;
                if ("dominantSpeakerChanged".equals(event.get("name"))
                        && turn >= firstTurn
                        && turn < firstTurn + TURNS) {
                    heard.add(String.valueOf(event.get("identity")));
                    delays.add((turn - Math.floor(turn)) * TURN_MS);
                }
            }
            System.out.printf(Locale.ROOT, "%s hears %s after %s ms%n", page.identity(), heard, delays);
            assertThat(heard).as(page.identity()).isEqualTo(expected);
            TimeLimit.holds("events at " + page.identity(), delays, DELAY_MS_MAX);
        }
    }

    @Test
    void theBeepsOfABrowsersFakeMicrophoneAreFound() {
        String room = node.freshRoom();
        CallPage listener = pages.page("listener", node.signaling().toString());
        listener.join(room, List.of(), OPTIONS);
        List<CallPage> speakers = List.of(
                pages.page("anna", node.signaling().toString()),
                pages.page("ben", node.signaling().toString()));
        for (CallPage speaker : speakers) {
            speaker.join(room, List.of(microphone("microphone")), OPTIONS);
            speaker.evaluate("name => call.enable(name, false)", "microphone");
        }
        listener.awaitEvents("trackSubscribed", 2);

        List<Double> delays = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
            CallPage speaker = speakers.get(turn % 2);
            CallPage silent = speakers.get((turn + 1) % 2);
            silent.evaluate("name => call.enable(name, false)", "microphone");
            double since = System.currentTimeMillis();
            speaker.evaluate("name => call.enable(name, true)", "microphone");
            for (CallPage page : List.of(listener, silent)) { // Nobody is told of the own voice.
                page.await(
                        speaker.identity() + " speaks",
                        "([identity, since]) => call.events.some(event => event.name === 'dominantSpeakerChanged'"
                                + " && event.identity === identity && event.epoch >= since)",
                        List.of(speaker.identity(), since),
                        CallPage.PATIENCE);
            }
            delays.add(number(
                            CallPage.cast(listener.evaluate(
                                    "([identity, since]) => call.events.find(event => event.name === 'dominantSpeakerChanged'"
                                            + " && event.identity === identity && event.epoch >= since)",
                                    speaker.identity(),
                                    since)),
                            "epoch")
                    - since);
        }
        System.out.printf(Locale.ROOT, "beeps are heard after %s ms%n", delays);
        TimeLimit.holds("events at the listener", delays, DELAY_MS_MAX + BEEP_EVERY_MS);
    }
}
