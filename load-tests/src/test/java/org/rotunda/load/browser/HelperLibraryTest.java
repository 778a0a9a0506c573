package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.exception.ApiException;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.video.v1.Room;
import com.twilio.rest.video.v1.room.Participant;
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
        TwilioRestClient client = new TwilioRestClient.Builder(Tokens.ACCOUNT, Tokens.AUTH_TOKEN)
                .httpClient(new AddressChanged(rig.node().httpUrl()))
                .build();
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
