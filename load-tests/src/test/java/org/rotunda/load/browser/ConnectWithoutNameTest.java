package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.microphone;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.client.Tokens;

/** Tests the stock SDK when it connects without a room name, as the vendor's reference application does. */
@Tag("browser")
@ExtendWith(RigExtension.class)
class ConnectWithoutNameTest {
    @Test
    void theRoomOfTheGrantIsCreatedAndSharedAndFoundBySid(Rig rig) {
        String name = rig.freshRoom();
        CallPage alice = rig.page("alice");
        Map<String, Object> first =
                alice.tryJoin(Tokens.forRoom("alice", name), null, List.of(microphone("microphone")), Map.of());
        assertThat(first.get("name")).as("%s", first).isEqualTo(name);

        CallPage bob = rig.page("bob");
        Map<String, Object> second = bob.tryJoin(Tokens.forRoom("bob", name), null, List.of(), Map.of());
        String sid = CallPage.text(first, "room");
        Map<String, Object> third = rig.page("carol").tryJoin(Tokens.forRoom("carol", sid), null, List.of(), Map.of());

        assertThat(List.of(second, third))
                .allSatisfy(outcome ->
                        assertThat(outcome).containsEntry("room", sid).containsEntry("name", name));
        bob.awaitEvents("trackSubscribed", 1);
        alice.awaitEvents("participantConnected", 2);
    }

    @Test
    void aGrantWithoutARoomMakesARoomThatIsNamedByItsSid(Rig rig) {
        Map<String, Object> outcome = rig.page("alice").tryJoin(Tokens.forAnyRoom("alice"), null, List.of(), Map.of());

        assertThat(outcome.get("name")).as("%s", outcome).isEqualTo(outcome.get("room"));
    }
}
