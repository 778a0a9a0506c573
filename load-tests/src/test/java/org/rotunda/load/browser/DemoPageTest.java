package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the demo page as a visitor uses it, with real calls of two or three tabs. */
@Tag("browser")
@ExtendWith(RigExtension.class)
class DemoPageTest {
    private static final double PATIENCE_MS = 30_000;

    private static void await(Page page, String condition, @Nullable Object argument) {
        page.waitForFunction(condition, argument, new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MS));
    }

    private static void await(Page page, String condition) {
        await(page, condition, null);
    }

    private static void awaitOthers(Page page, int count) {
        await(page, "count => window.rotunda.room && window.rotunda.room.participants.size === count", count);
    }

    /** Returns the tile of the person who joined with this name. */
    private static Locator tile(Page page, String name) {
        return page.locator("#tiles .tile")
                .filter(new Locator.FilterOptions().setHas(page.locator(".name[title='" + name + "']")));
    }

    private static void awaitVisible(Locator locator) {
        locator.waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE_MS));
    }

    private static void awaitGone(Locator locator) {
        locator.waitFor(new Locator.WaitForOptions()
                .setState(WaitForSelectorState.HIDDEN)
                .setTimeout(PATIENCE_MS));
    }

    /** Waits until the tile of a person shows a running video. */
    private static void awaitPicture(Page page, String name) {
        await(page, """
                name => [...document.querySelectorAll('#tiles .tile')].some(tile =>
                  tile.querySelector('.name').title === name
                  && [...tile.querySelectorAll('video')].some(video => !video.hidden && video.getVideoPlaybackQuality().totalVideoFrames > 5))
                """, name);
    }

    private static String focusedId(Page page) {
        return (String) page.evaluate("() => document.activeElement.id");
    }

    @Test
    void twoTabsHoldACallAndChat(Rig rig) {
        String room = rig.freshRoom();
        Page alice = rig.demoPage("alice", room);
        Page bob = rig.demoPage("bob", room);
        for (Page page : List.of(alice, bob)) {
            awaitOthers(page, 1);
            awaitPicture(page, "alice");
            awaitPicture(page, "bob");
        }
        await(
                alice,
                "() => [...window.rotunda.room.participants.values()].every(other => [...other.dataTracks.values()].some(one => one.track))");
        bob.locator("#toggle-panel").click();
        bob.locator("#say").fill("good morning");
        bob.locator("#chat button").click();

        awaitVisible(alice.locator("#notices").getByText("bob: good morning"));
        assertThat(alice.locator("#toggle-panel").textContent()).isEqualTo("People and chat, 1 unread");
        alice.locator("#toggle-panel").click();
        awaitVisible(alice.locator("#messages").getByText("good morning"));
        assertThat(alice.locator("#toggle-panel").textContent()).isEqualTo("People and chat");
    }

    @Test
    void talksToNoOtherHostAndBreaksNoSecurityPolicy(Rig rig) {
        Page page = rig.demoLobby("alice", rig.freshRoom());
        List<String> addresses = new ArrayList<>();
        page.onRequest(request -> addresses.add(request.url()));
        page.onWebSocket(socket -> addresses.add(socket.url()));
        page.addInitScript(
                "window.violations = [];"
                        + "document.addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective + ' ' + event.blockedURI));");
        page.reload();
        page.locator("#enter").click();
        awaitOthers(page, 0);
        awaitPicture(page, "alice");

        String host = URI.create(page.url()).getAuthority();
        assertThat(addresses).anyMatch(address -> address.equals("ws://" + host + "/signaling"));
        assertThat(addresses)
                .allMatch(address -> address.startsWith("blob:")
                        || host.equals(URI.create(address).getAuthority()));
        assertThat(CallPage.<String>castList(page.evaluate("() => window.violations")))
                .isEmpty();
    }

    @Test
    void showsMutedMicrophonesAndCamerasOnTheTiles(Rig rig) {
        String room = rig.freshRoom();
        Page alice = rig.demoPage("alice", room);
        Page bob = rig.demoPage("bob", room);
        awaitOthers(alice, 1);
        awaitPicture(bob, "alice");
        Locator own = tile(alice, "alice");
        Locator remote = tile(bob, "alice");
        awaitGone(remote.getByLabel("microphone off"));

        alice.locator("#microphone").click();
        for (Locator tile : List.of(own, remote)) {
            awaitVisible(tile.getByLabel("microphone off"));
        }
        assertThat(alice.locator("#microphone").textContent()).isEqualTo("Unmute");

        alice.locator("#camera").click();
        for (Locator tile : List.of(own, remote)) {
            awaitVisible(tile.getByLabel("camera off"));
            awaitVisible(tile.locator(".avatar"));
        }
        assertThat(remote.locator(".avatar").textContent()).isEqualTo("A");

        alice.locator("#microphone").click();
        alice.locator("#camera").click();
        for (Locator tile : List.of(own, remote)) {
            awaitGone(tile.getByLabel("microphone off"));
            awaitGone(tile.getByLabel("camera off"));
            awaitGone(tile.locator(".avatar"));
        }
    }

    @Test
    void showsWhoIsReconnecting(Rig rig) {
        String room = rig.freshRoom();
        Page alice = rig.demoPage("alice", room);
        Page bob = rig.demoPage("bob", room);
        awaitOthers(alice, 1);
        awaitOthers(bob, 1);
        // Alice's session resumes at once, so observers record who was shown as reconnecting.
        for (Page page : List.of(alice, bob)) {
            page.evaluate("""
                    () => {
                      window.away = [];
                      const look = ({ target }) => {
                        if (target.matches('.tile.reconnecting') && target.querySelector('.away').checkVisibility()) {
                          window.away.push(target.querySelector('.name').title);
                        }
                      };
                      new MutationObserver((changes) => changes.forEach(look))
                        .observe(document.getElementById('tiles'), { subtree: true, attributeFilter: ['class'] });
                    }
                    """);
        }
        rig.failSocket((String) alice.evaluate("() => window.rotunda.room.localParticipant.sid"));
        for (Page page : List.of(alice, bob)) {
            await(page, "() => window.away.includes('alice') && !document.querySelector('.tile.reconnecting')");
            awaitGone(tile(page, "alice").getByText("Reconnecting"));
            assertThat(page.evaluate("() => window.away.every(name => name === 'alice')"))
                    .isEqualTo(true);
        }
        await(alice, "() => document.getElementById('state').textContent === 'connected'");
    }

    @Test
    void someoneWithoutDevicesAddsThemLater(Rig rig) {
        String room = rig.freshRoom();
        Page alice = rig.demoPage("alice", room);
        Page bob = rig.demoLobby("bob", room);
        bob.locator("#with-microphone").uncheck();
        bob.locator("#with-camera").uncheck();
        bob.locator("#enter").click();
        awaitOthers(alice, 1);
        awaitOthers(bob, 1);
        awaitVisible(tile(alice, "bob").getByLabel("camera off"));
        awaitVisible(tile(alice, "bob").getByLabel("microphone off"));
        assertThat(bob.locator("#camera").textContent()).isEqualTo("Add camera");

        bob.locator("#camera").click();
        awaitPicture(alice, "bob");
        bob.locator("#microphone").click();
        awaitGone(tile(alice, "bob").getByLabel("microphone off"));
        // Alice may hear of the track before Bob's publishTrack() ends, and his page names the button only then.
        await(bob, "() => document.getElementById('microphone').textContent === 'Mute'");

        // If Bob selects no camera in the dialog, his page unpublishes the video track. If he then selects a camera,
        // the page publishes a track again.
        bob.locator("#devices").click();
        bob.locator("#choose-video").selectOption("");
        awaitVisible(tile(alice, "bob").getByLabel("camera off"));
        await(alice, "() => [...rotunda.room.participants.values()][0].videoTracks.size === 0");
        bob.locator("#choose-video").selectOption(new SelectOption().setIndex(1));
        awaitPicture(alice, "bob");
    }

    @Test
    void changesDevicesDuringTheCall(Rig rig) {
        String room = rig.freshRoom();
        Page alice = rig.demoPage("alice", room);
        Page bob = rig.demoPage("bob", room);
        awaitPicture(bob, "alice");
        awaitPicture(alice, "bob");
        String publication = "() => [...rotunda.room.localParticipant.%s.values()].map(one => one.trackSid).join()";
        String device =
                "() => [...rotunda.room.localParticipant.%s.values()][0].track.mediaStreamTrack.getSettings().deviceId";
        for (String[] kind : new String[][] {{"video", "videoTracks"}, {"audio", "audioTracks"}}) {
            Object sid = alice.evaluate(publication.formatted(kind[1]));
            alice.locator("#devices").click();
            Locator select = alice.locator("#choose-" + kind[0]);
            await(alice, "id => document.getElementById(id).options.length > 2", "choose-" + kind[0]);
            assertThat(select.inputValue()).isEqualTo(alice.evaluate(device.formatted(kind[1])));
            String other = (String) select.evaluate(
                    "select => [...select.options].map(option => option.value).find(id => id && id !== select.value)");
            select.selectOption(other);
            await(alice, "other => (" + device.formatted(kind[1]) + ")() === other", other);
            assertThat(alice.evaluate(publication.formatted(kind[1])))
                    .isEqualTo(sid); // The other participants keep the same track.
            alice.locator("#device-dialog button").click();
            assertThat(focusedId(alice)).isEqualTo("devices");
        }
        // The second fake camera gives the encoder no frames, so frames are counted after the change back to the first
        // camera.
        alice.locator("#devices").click();
        await(alice, "() => document.getElementById('choose-video').options.length > 2");
        alice.locator("#choose-video").selectOption(new SelectOption().setIndex(1));
        String first = alice.locator("#choose-video").inputValue();
        await(alice, "first => (" + device.formatted("videoTracks") + ")() === first", first);
        alice.locator("#device-dialog button").click();
        String frames =
                "() => document.querySelector('.tile:not(.mirrored) video').getVideoPlaybackQuality().totalVideoFrames";
        int before = (Integer) bob.evaluate(frames);
        await(bob, "before => (" + frames + ")() > before + 20", before);

        alice.locator("#devices").click();
        await(alice, "() => document.getElementById('choose-speaker').options.length > 1");
        String speaker = (String) alice.locator("#choose-speaker").evaluate("select => select.options[1].value");
        alice.locator("#choose-speaker").selectOption(speaker);
        await(
                alice,
                "speaker => [...document.querySelectorAll('audio')].every(one => one.sinkId === speaker)",
                speaker);
        assertThat(alice.locator("audio").count()).isEqualTo(1);
    }

    @Test
    void offersADeviceThatIsPluggedInAndMissesOneThatIsUnplugged(Rig rig) {
        Page alice = rig.demoPage("alice", rig.freshRoom());
        awaitPicture(alice, "alice");
        alice.locator("#devices").click();
        await(alice, "() => document.getElementById('choose-video').options.length === 3");

        alice.evaluate("""
                () => {
                  const native = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
                  navigator.mediaDevices.enumerateDevices = async () =>
                    [...await native(), { kind: 'videoinput', deviceId: 'usb', groupId: 'usb', label: 'USB camera' }];
                  navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
                }
                """);
        await(
                alice,
                "() => [...document.getElementById('choose-video').options].some(option => option.text === 'USB camera')");
        awaitVisible(alice.locator("#notices").getByText("New camera: USB camera"));
        alice.locator("#device-dialog button").click();

        // The test ends the track, as a browser does when the device is gone.
        alice.evaluate("""
                () => {
                  const [publication] = rotunda.room.localParticipant.videoTracks.values();
                  publication.track.mediaStreamTrack.stop();
                  publication.track.mediaStreamTrack.dispatchEvent(new Event('ended'));
                }
                """);
        awaitVisible(tile(alice, "alice").getByLabel("camera off"));
        awaitVisible(alice.locator("#notices").getByText("Your camera is no longer there."));
        assertThat(alice.locator("#camera").textContent()).isEqualTo("Add camera");
        assertThat(alice.evaluate("() => rotunda.room.localParticipant.videoTracks.size"))
                .isEqualTo(0);
    }

    @Test
    void showsWhoSpeaksTheQualityOfNetworksAndTheLayersOfPictures(Rig rig) {
        String room = rig.freshRoom();
        Page alice = rig.demoPage("alice", room);
        Page bob = rig.demoPage("bob", room);
        awaitPicture(alice, "bob");
        awaitPicture(bob, "alice");

        // Chromium's fake microphones beep.
        awaitVisible(alice.locator("#tiles .tile.speaking .name[title='bob']"));
        awaitVisible(bob.locator("#tiles .tile.speaking .name[title='alice']"));
        for (Page page : List.of(alice, bob)) {
            for (String name : List.of("alice", "bob")) {
                awaitVisible(tile(page, name).getByLabel(Pattern.compile("network quality [345] of 5")));
            }
        }
        awaitVisible(tile(alice, "bob").getByText(Pattern.compile("^(180|360|720)p$")));
        assertThat(tile(alice, "alice").locator(".layer").isVisible()).isFalse();
    }

    @Test
    void onASlowNetworkPicturesStandStillAndSaySo(Rig rig) {
        String room = rig.freshRoom();
        Page alice = rig.demoPage("alice", room);
        rig.demoPage("bob", room);
        Page carol = rig.demoPage("carol", room);
        awaitOthers(carol, 2);
        awaitPicture(carol, "alice");
        awaitPicture(carol, "bob");
        awaitOthers(alice, 2);
        carol.locator("#toggle-panel").click();
        carol.locator("#say").fill("soon slower");
        carol.locator("#chat button").click();
        carol.locator("#close-panel").click();

        chooseNetwork(carol, "hardly one picture");
        awaitOthers(carol, 2);
        await(carol, "() => document.querySelectorAll('#tiles .tile.saves').length === 1");
        awaitVisible(carol.locator(".tile.saves").getByText("switched off to save bandwidth"));
        assertThat(carol.locator("#quality").getAttribute("class")).contains("on");

        chooseNetwork(carol, "all that it can");
        awaitOthers(carol, 2);
        awaitPicture(carol, "alice");
        awaitPicture(carol, "bob");
        await(carol, "() => document.querySelectorAll('#tiles .tile.saves').length === 0");
        // The chat and the others have survived both changes.
        assertThat(carol.locator("#messages .line").count()).isEqualTo(1);
        awaitOthers(alice, 2);
        awaitPicture(alice, "carol");
        alice.locator("#toggle-panel").click();
        await(
                alice,
                "() => [...rotunda.room.participants.values()].every(other => [...other.dataTracks.values()].some(one => one.track))");
        alice.locator("#say").fill("welcome back");
        alice.locator("#chat button").click();
        carol.locator("#toggle-panel").click();
        awaitVisible(carol.locator("#messages").getByText("welcome back"));
    }

    private static void chooseNetwork(Page page, String label) {
        choose(page, "#choose-network", label);
    }

    private static void choose(Page page, String select, String label) {
        Object before = page.evaluate("() => rotunda.room.localParticipant.sid");
        page.locator("#quality").click();
        page.locator(select).selectOption(new SelectOption().setLabel(label));
        page.locator("#quality-dialog button").click();
        await(page, "before => rotunda.room && rotunda.room.localParticipant.sid !== before", before);
    }

    @Test
    void thePresentationViewGivesTheSpeakerTheLargePlace(Rig rig) {
        String room = rig.freshRoom();
        Page alice = rig.demoPage("alice", room);
        Page bob = rig.demoPage("bob", room);
        awaitOthers(bob, 1);
        awaitPicture(bob, "alice");
        choose(bob, "#choose-view", "Presentation: the large picture comes first");
        await(bob, """
                () => {
                  const [large, ...more] = document.querySelectorAll('#screens .tile');
                  return large && more.length === 0 && large.querySelector('.name').title === 'alice'
                    && large.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames > 5
                    && document.querySelectorAll('#tiles .tile').length === 1;
                }
                """);
        awaitOthers(alice, 1);

        choose(bob, "#choose-view", "Grid: all pictures share the network");
        await(bob, "() => document.querySelectorAll('#tiles .tile').length === 2");
        awaitPicture(bob, "alice");
    }

    @Test
    void copiesALinkThatInvitesIntoTheRoom(Rig rig) {
        String room = rig.freshRoom() + " für & alle";
        Page alice = rig.demoPage("alice", room);
        awaitOthers(alice, 0);
        alice.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        alice.locator("#invite").click();
        awaitVisible(alice.locator("#notices").getByText("The invite link is copied."));
        String link = (String) alice.evaluate("() => navigator.clipboard.readText()");

        Page bob = rig.demoLobby("bob", "another");
        bob.navigate(link);
        assertThat(bob.locator("#room").inputValue()).isEqualTo(room);

        alice.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }");
        alice.locator("#invite").click();
        assertThat(alice.locator("#invite-link").inputValue()).isEqualTo(link);
        alice.keyboard().press("Escape");
        assertThat(focusedId(alice)).isEqualTo("invite");
    }

    @Test
    void keepsTheFocusAndSaysWhoComesAndGoes(Rig rig) {
        String room = rig.freshRoom();
        Page alice = rig.demoLobby("alice", room);
        alice.locator("#room").press("Enter");
        awaitOthers(alice, 0);
        assertThat(focusedId(alice)).isEqualTo("title");
        assertThat(alice.title()).startsWith(room);

        // The focus follows the order on the screen: the invite button comes first, then the microphone.
        alice.keyboard().press("Tab");
        assertThat(focusedId(alice)).isEqualTo("invite");
        alice.keyboard().press("Tab");
        assertThat(focusedId(alice)).isEqualTo("microphone");

        Page bob = rig.demoPage("bob", room);
        awaitVisible(alice.locator("[aria-live=polite]").getByText("bob has joined."));
        assertThat(focusedId(alice)).isEqualTo("microphone");
        awaitOthers(bob, 1);
        bob.locator("#leave").click();
        awaitVisible(alice.locator("[aria-live=polite]").getByText("bob has left."));
        awaitVisible(bob.locator("#join"));
        assertThat(focusedId(bob)).isEqualTo("enter");

        alice.locator("#toggle-panel").press("Enter");
        assertThat(focusedId(alice)).isEqualTo("say");
        alice.keyboard().press("Escape");
        assertThat(focusedId(alice)).isEqualTo("toggle-panel");
        alice.locator("#devices").press("Enter");
        assertThat(focusedId(alice)).isEqualTo("choose-video");
        alice.keyboard().press("Escape");
        assertThat(focusedId(alice)).isEqualTo("devices");
    }
}
