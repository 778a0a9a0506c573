package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.room.protocol.AllocationView;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.TrackSid;

/** Tests the answer about what a participant is sent. Compares it byte for byte. */
class AllocationResourceTest extends HttpFixture {
    private static final Instant CREATED = Instant.parse("2024-03-01T10:02:00.5Z");
    private static final ParticipantSid ALICE = ParticipantSid.random(RANDOM);
    private static final ParticipantSid BOB = ParticipantSid.random(RANDOM);
    private static final TrackSid CAM = TrackSid.random(RANDOM);

    @Test
    void tellsTheReasonOfEachTrack() {
        RoomView room = newRoom("explained", CREATED);
        AllocationView.Layer half = new AllocationView.Layer(1, 2, 500_000);
        AllocationView view = view(
                room,
                BandwidthProfile.DEFAULT,
                1_000_000,
                List.of(new AllocationView.Track(
                        CAM,
                        BOB,
                        0,
                        half,
                        new AllocationView.Layer(2, 2, 2_500_000),
                        new AllocationView.Layer(2, 1, 1_500_000),
                        "BUDGET",
                        "The next layer does not fit.",
                        1_500,
                        List.of(new AllocationView.Change(
                                CREATED, null, half, "BUDGET", "NEW_TRACK", 930_000, 500_000)))));

        HttpResponse<String> response = answered("/v1/Rooms/explained/Participants/alice/Allocation", view);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo(("{'participant_sid':'" + ALICE + "','room_sid':'" + room.sid() + "','account_sid':'"
                                + GatewayFixture.ACCOUNT
                                + "','profile':{'mode':'grid','max_subscription_bitrate':0,'dominant_speaker_priority':"
                                + "'standard','track_switch_off_mode':'predicted','max_tracks':0,'render_dimensions':"
                                + "{'low':{'width':176,'height':144},'standard':{'width':640,'height':480},"
                                + "'high':{'width':1280,'height':720}}},'estimate':1000000,'reserve':70000,"
                                + "'cap':4000000,'sum':500000,'loss':0.25,'queue':12,'tracks':[{'track_sid':'" + CAM
                                + "','publisher_sid':'" + BOB
                                + "','on':true,'layer':{'spatial':1,'temporal':2,'bitrate':500000},"
                                + "'desired':{'spatial':2,'temporal':2,'bitrate':2500000},"
                                + "'next':{'spatial':2,'temporal':1,'bitrate':1500000},'reason':'budget',"
                                + "'text':'The next layer does not fit.','wait':1500,'changes':[{'date':"
                                + "'2024-03-01T10:02:00.500Z','from':null,'to':{'spatial':1,'temporal':2,'bitrate':"
                                + "500000},'reason':'budget','cause':'new_track','budget':930000,'sum':500000}]}],"
                                + "'url':'" + base() + "/v1/Rooms/" + room.sid() + "/Participants/" + ALICE
                                + "/Allocation'}")
                        .replace('\'', '"'));
    }

    @Test
    void tellsWhatIsNotKnown() {
        RoomView room = newRoom("unknown network", CREATED);

        String body = answered(
                        "/v1/Rooms/unknown%20network/Participants/alice/Allocation", view(room, null, -1, List.of()))
                .body();

        assertThat(body).contains("\"profile\":null", "\"estimate\":null", "\"tracks\":[]");
    }

    @Test
    void existsOnlyWhileTheParticipantIsThere() {
        newRoom("empty", CREATED);
        var answer = sendLater(request("/v1/Rooms/empty/Participants/nobody/Allocation"));
        server.room
                .expectMessageClass(RoomCommand.FetchAllocation.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));

        assertFails(GatewayFixture.await(answer), 404, 20404);
        assertFails(get("/v1/Rooms/" + completed("over").sid() + "/Participants/alice/Allocation"), 400, 53118);
    }

    private static AllocationView view(
            RoomView room, @Nullable BandwidthProfile profile, long estimate, List<AllocationView.Track> tracks) {
        return new AllocationView(
                ALICE,
                room.sid(),
                room.account(),
                profile,
                new AllocationView.Budget(estimate, 70_000, 4_000_000, 500_000, 0.25, 12),
                tracks);
    }

    /** Sends a GET request and answers for the room. */
    private static HttpResponse<String> answered(String path, AllocationView view) {
        CompletableFuture<HttpResponse<String>> response = sendLater(request(path));
        RoomCommand.FetchAllocation fetch = server.room.expectMessageClass(RoomCommand.FetchAllocation.class);
        assertThat(fetch.sidOrIdentity()).isEqualTo("alice");
        fetch.replyTo().tell(StatusReply.success(view));
        return GatewayFixture.await(response);
    }
}
