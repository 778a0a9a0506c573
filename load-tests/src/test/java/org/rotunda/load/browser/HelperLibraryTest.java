package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rotunda.load.browser.Tracks.data;
import static org.rotunda.load.browser.Tracks.microphone;

import com.twilio.exception.ApiException;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.video.v1.Room;
import com.twilio.rest.video.v1.room.Participant;
import com.twilio.rest.video.v1.room.RecordingRules;
import com.twilio.rest.video.v1.room.participant.Anonymize;
import com.twilio.rest.video.v1.room.participant.PublishedTrack;
import com.twilio.rest.video.v1.room.participant.SubscribeRules;
import com.twilio.rest.video.v1.room.participant.SubscribedTrack;
import com.twilio.type.RecordingRule;
import com.twilio.type.Rule;
import com.twilio.type.SubscribeRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.client.Tokens;

/** Tests room management with the stock helper library for Java while real clients are in the room. */
@Tag("browser")
@ExtendWith(RigExtension.class)
class HelperLibraryTest {

    @Test
    void theHelperLibraryManagesRoomsAndParticipants(Rig rig) {
        TwilioRestClient client = client(rig);
        String name = rig.freshRoom();

        Room created = Room.creator().setUniqueName(name).setMaxParticipants(3).create(client);
        assertThat(created.getStatus()).isEqualTo(Room.RoomStatus.IN_PROGRESS);
        assertThat(Room.fetcher(name).fetch(client).getSid()).isEqualTo(created.getSid());
        assertThat(Room.reader().setUniqueName(name).read(client))
                .extracting(Room::getSid)
                .containsExactly(created.getSid());
        assertThatThrownBy(() -> Room.creator().setUniqueName(name).create(client))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(53113));

        CallPage alice = rig.page("alice");
        String aliceSid = CallPage.text(alice.join(name, List.of(), Map.of()), "participant");
        CallPage bob = rig.page("bob");
        bob.join(name, List.of(), Map.of());
        assertThat(Participant.reader(name).read(client))
                .extracting(Participant::getIdentity)
                .containsExactlyInAnyOrder("alice", "bob");
        assertThat(Participant.fetcher(name, "alice").fetch(client).getSid()).isEqualTo(aliceSid);

        Participant removed = Participant.updater(name, aliceSid)
                .setStatus(Participant.Status.DISCONNECTED)
                .update(client);
        assertThat(removed.getStatus()).isEqualTo(Participant.Status.DISCONNECTED);
        alice.awaitEvents("disconnected", 1);
        bob.awaitEvents("participantDisconnected", 1);

        Room completed = Room.updater(name, Room.RoomStatus.COMPLETED).update(client);
        assertThat(completed.getStatus()).isEqualTo(Room.RoomStatus.COMPLETED);
        bob.await(
                "the end of the room",
                "() => call.events.some(event => event.name === 'disconnected' && event.code === 53118)");
        assertThatThrownBy(() -> Room.fetcher(name).fetch(client))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(20404));
        assertThat(Room.fetcher(created.getSid()).fetch(client).getStatus()).isEqualTo(Room.RoomStatus.COMPLETED);
    }

    @Test
    void theHelperLibraryReadsTracksAndChangesRules(Rig rig) {
        TwilioRestClient client = client(rig);
        String name = rig.freshRoom();
        Room room = Room.creator().setUniqueName(name).create(client);
        CallPage alice = rig.page("alice");
        String aliceSid = CallPage.text(
                alice.join(name, List.of(microphone("my microphone"), data("chat")), Map.of()), "participant");
        CallPage bob = rig.page("bob");
        bob.join(name, List.of(), Map.of());
        bob.awaitEvents("trackSubscribed", 2);
        String microphone = alice.ownTrackSid("my microphone");

        assertThat(PublishedTrack.reader(name, "alice").read(client))
                .extracting(PublishedTrack::getName)
                .containsExactlyInAnyOrder("my microphone", "chat");
        PublishedTrack published =
                PublishedTrack.fetcher(name, aliceSid, "my microphone").fetch(client);
        assertThat(published.getSid()).isEqualTo(microphone);
        assertThat(published.getKind()).isEqualTo(PublishedTrack.Kind.AUDIO);
        assertThat(published.getEnabled()).isTrue();
        assertThat(published.getDateCreated()).isNotNull();
        assertThat(published.getDateUpdated()).isNull();
        assertThat(SubscribedTrack.fetcher(name, "bob", microphone)
                        .fetch(client)
                        .getPublisherSid())
                .isEqualTo(aliceSid);

        SubscribeRules before = SubscribeRules.fetcher(name, "bob").fetch(client);
        assertThat(before.getRules()).containsExactly(SubscribeRule.all());
        assertThat(before.getDateCreated()).isNull();
        SubscribeRules changed = SubscribeRules.updater(name, "bob")
                .setRules("[{\"type\":\"include\",\"kind\":\"data\"}]")
                .update(client);
        assertThat(changed.getRules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.getKind()).isEqualTo(Rule.Kind.DATA));
        assertThat(changed.getDateUpdated()).isNotNull();
        bob.awaitTrackEvent("trackUnsubscribed", microphone);
        assertThat(SubscribedTrack.reader(name, "bob").read(client))
                .extracting(SubscribedTrack::getName)
                .containsExactly("chat");
        // The library does not send a list of its own rules as JSON.
        assertThatThrownBy(() -> SubscribeRules.updater(name, "bob")
                        .setRules(List.of(SubscribeRule.all()))
                        .update(client))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(53215));

        assertThat(RecordingRules.fetcher(name).fetch(client).getRules()).containsExactly(RecordingRule.none());
        assertThat(RecordingRules.updater(name)
                        .setRules("[{\"type\":\"include\",\"kind\":\"audio\"}]")
                        .update(client)
                        .getRules())
                .hasSize(1);

        assertThatThrownBy(() -> Anonymize.updater(name, "alice").update(client))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(53209));
        Room.updater(name, Room.RoomStatus.COMPLETED).update(client);
        assertThat(Anonymize.updater(room.getSid(), aliceSid).update(client).getIdentity())
                .isEqualTo(aliceSid);
        assertThat(Participant.fetcher(room.getSid(), aliceSid).fetch(client).getIdentity())
                .isEqualTo(aliceSid);
    }

    private static TwilioRestClient client(Rig rig) {
        return new TwilioRestClient.Builder(Tokens.ACCOUNT, Tokens.AUTH_TOKEN)
                .httpClient(new AddressChanged(rig.node().httpUrl()))
                .build();
    }

    /**
     * Sends requests to the product instead of the public host that is built into the library. An integrator has to
     * change nothing else.
     */
    private static final class AddressChanged extends NetworkHttpClient {
        private final String base;

        private AddressChanged(String base) {
            this.base = base;
        }

        @Override
        public Response makeRequest(Request request) {
            Request ours = new Request(request.getMethod(), request.getUrl().replaceFirst("https?://[^/]+", base));
            request.getQueryParams()
                    .forEach((name, values) -> values.forEach(value -> ours.addQueryParam(name, value)));
            request.getPostParams().forEach((name, values) -> values.forEach(value -> ours.addPostParam(name, value)));
            request.getHeaderParams()
                    .forEach((name, values) -> values.forEach(value -> ours.addHeaderParam(name, value)));
            ours.setContentType(request.getContentType());
            ours.setAuth(Tokens.ACCOUNT, Tokens.AUTH_TOKEN);
            return Objects.requireNonNull(super.makeRequest(ours));
        }
    }
}
