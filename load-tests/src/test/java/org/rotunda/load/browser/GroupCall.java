package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.data;
import static org.rotunda.load.browser.Tracks.microphone;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A call in which every page publishes a microphone, a camera and a data track. The assertions check what the other
 * pages receive.
 */
public final class GroupCall {
    private static final int TRACKS_EACH = 3;
    private static final int MEDIA_EACH = 2;
    private static final int MESSAGES = 50;

    private final List<CallPage> pages;
    private final String roomName;
    private final String roomSid;

    private GroupCall(List<CallPage> pages, String roomName, String roomSid) {
        this.pages = List.copyOf(pages);
        this.roomName = roomName;
        this.roomSid = roomSid;
    }

    /** Lets the pages join a room one after the other. */
    public static GroupCall join(
            List<CallPage> pages, String room, int width, int height, int frameRate, Map<String, Object> options) {
        List<Map<String, Object>> outcomes = new ArrayList<>();
        for (CallPage page : pages) {
            outcomes.add(page.join(room, everything(page.identity(), width, height, frameRate), options));
        }
        assertThat(outcomes)
                .extracting(outcome -> outcome.get("room"))
                .containsOnly(outcomes.get(0).get("room"));
        return new GroupCall(pages, room, CallPage.text(outcomes.get(0), "room"));
    }

    /** Returns the tracks that one user publishes; {@link #dataTrack} is the name of the data track. */
    public static List<Map<String, Object>> everything(String identity, int width, int height, int frameRate) {
        return List.of(microphone("microphone"), camera("camera", width, height, frameRate), data(dataTrack(identity)));
    }

    public static String dataTrack(String identity) {
        return "data of " + identity;
    }

    public List<CallPage> pages() {
        return pages;
    }

    public String roomName() {
        return roomName;
    }

    /** Returns the SID of the room. */
    public String room() {
        return roomSid;
    }

    /** Waits until every page is subscribed to all tracks of the other pages and receives their media. */
    public void awaitFlowing() {
        int others = pages.size() - 1;
        pages.forEach(page -> page.awaitEvents("trackSubscribed", TRACKS_EACH * others));
        pages.forEach(page -> MediaExpectations.awaitFlowing(page, MEDIA_EACH * others));
    }

    /**
     * Asserts that for ten seconds every page sees, hears and reads all other pages, without errors or unusual events.
     */
    public void assertEverybodySeesHearsAndReadsEverybody(int framesPerSecondMin) {
        MediaExpectations.assertDecodingOverTenSeconds(pages, pages.size() - 1, framesPerSecondMin);
        assertMessagesArriveInOrder();
        for (CallPage page : pages) {
            assertThat(page.errors()).as("%s's page", page.identity()).isEmpty();
            assertThat(page.eventNames()).doesNotContain("reconnecting", "disconnected", "trackSubscriptionFailed");
        }
    }

    /**
     * Asserts that text and binary messages of every page reach all other pages in order and exactly once. Clears
     * earlier messages.
     */
    public void assertMessagesArriveInOrder() {
        pages.forEach(
                page -> page.evaluate("() => { Object.values(call.messages).forEach(list => list.length = 0); }"));
        for (CallPage page : pages) {
            page.evaluate(
                    "([name, count]) => { for (let i = 0; i < count; i++) call.send(name, name + '#' + i);"
                            + " call.sendBinary(name, [1, 2, 255]); }",
                    dataTrack(page.identity()),
                    MESSAGES);
        }
        for (CallPage page : pages) {
            page.await(
                    "all messages of all others",
                    "([count, others]) => Object.values(call.messages).filter(list => list.length === count +"
                            + " 1).length === others",
                    List.of(MESSAGES, pages.size() - 1));
            Map<String, List<String>> messages = CallPage.castMessages(page.evaluate("() => call.messages"));
            messages.values().stream().filter(list -> !list.isEmpty()).forEach(list -> {
                String sender = list.get(0).replaceAll("#.*", "");
                for (int i = 0; i < MESSAGES; i++) {
                    assertThat(list.get(i)).isEqualTo(sender + "#" + i);
                }
                assertThat(list.get(MESSAGES)).isEqualTo("binary:1,2,255");
            });
        }
    }
}
