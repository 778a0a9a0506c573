package org.rotunda.load.library;

import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.Domains;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The steps of the tour, in their order: each part begins where the part before it ended. Alice publishes a microphone,
 * a camera and a data track; Bob receives them.
 */
final class Tour {
    static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.000)?Z";
    private static final String NOTHING = "0".repeat(32);

    static final String ROOMS = "/v1/Rooms";
    static final String ROOM = ROOMS + "/{Room}";
    static final String PARTICIPANTS = ROOM + "/Participants";
    static final String PARTICIPANT = PARTICIPANTS + "/{Participant}";

    static final String NO_RULES = "[{\"type\":\"include\",\"all\":false}]";
    static final String NONE = "[{\"type\":\"exclude\",\"all\":true}]";

    private Tour() {}

    /** Returns the texts that are there before the first step. */
    static TourVars vars(String name, String account, String authToken) {
        TourVars vars = new TourVars();
        vars.put("name", name);
        vars.put("noRoom", "RM" + NOTHING);
        vars.put("noParticipant", "PA" + NOTHING);
        vars.put("noTrack", "MT" + NOTHING);
        vars.put("noRecording", "RT" + NOTHING);
        vars.put("noComposition", "CJ" + NOTHING);
        vars.put("noHook", "HK" + NOTHING);
        vars.put("noKey", "SK" + NOTHING);
        vars.put("noAccount", "AC" + NOTHING);
        vars.put(TourStep.ACCOUNT, account);
        vars.put(TourStep.ACCOUNT + "Token", authToken);
        vars.put("stranger", account);
        vars.put("strangerToken", "not the token");
        return vars;
    }

    /** Returns all steps. */
    static List<TourStep> steps() {
        return Stream.of(
                        RoomSteps.roomSteps(),
                        RoomSteps.participantSteps(),
                        TrackSteps.trackSteps(),
                        TrackSteps.ruleSteps(),
                        RoomSteps.departureSteps(),
                        EngineSteps.recordingSteps(),
                        EngineSteps.compositionSteps(),
                        EngineSteps.reportSteps(),
                        RoomSteps.endSteps(),
                        RoomSteps.typeSteps(),
                        AccountSteps.accountSteps(),
                        AccountSteps.keySteps(),
                        AccountSteps.tokenSteps())
                .flatMap(List::stream)
                .toList();
    }

    static TourStep step(String operation, String title) {
        return TourStep.of(operation, title);
    }

    /** Requests a path for which twilio-java has no method. */
    static Response raw(TwilioRestClient client, String path) {
        return Objects.requireNonNull(client.request(new Request(HttpMethod.GET, Domains.VIDEO.toString(), path)));
    }
}
