package org.rotunda.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Authorization;
import org.apache.pekko.http.javadsl.model.headers.BasicHttpCredentials;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.Rooms;

/** The REST API for video: authenticates, finds the resource, answers in its forms. Safe to call from any thread. */
final class VideoApi {
    private static final String ROOMS = "Rooms";
    private static final String PARTICIPANTS = "Participants";

    /** First segments of resources that the public API has and this version has not. */
    private static final Set<String> NOT_YET = Set.of(
            "Recordings", "RecordingSettings", "Compositions", "CompositionHooks", "CompositionSettings", "Video");

    private static final Set<String> NOT_YET_OF_ROOMS =
            Set.of("Recordings", "RecordingRules", "Transcriptions", PARTICIPANTS);

    private final Accounts accounts;
    private final Forms forms;
    private final HttpSettings settings;
    private final RoomsApi rooms;
    private final ParticipantsApi participants;

    VideoApi(Accounts accounts, Rooms rooms, RoomQueries queries, Forms forms, HttpSettings settings) {
        this.accounts = accounts;
        this.forms = forms;
        this.settings = settings;
        this.rooms = new RoomsApi(rooms, queries, settings);
        this.participants = new ParticipantsApi(rooms, queries, settings);
    }

    @FunctionalInterface
    private interface Operation {
        CompletionStage<ApiAnswer> answer(ApiRequest request);
    }

    /** What can be done with a resource: read it, change it. */
    private record Resource(Operation get, Operation post) {}

    /** Answers a request under {@code /v1} or {@code /2010-04-01}; the segments do not hold this prefix. */
    CompletionStage<HttpResponse> handle(HttpRequest request, List<String> segments, String path) {
        AccountSid account = authenticate(request);
        Resource resource = resource(segments, path);
        String baseUrl = BaseUrl.of(request, settings.publicUrl());
        Parameters query = Forms.query(request);
        HttpMethod method = request.method();
        if (method.equals(HttpMethods.GET) || method.equals(HttpMethods.HEAD)) {
            return resource.get()
                    .answer(new ApiRequest(account, path, baseUrl, query, Parameters.NONE))
                    .thenApply(VideoApi::response);
        }
        if (method.equals(HttpMethods.POST)) {
            return forms.form(request)
                    .thenCompose(form -> resource.post().answer(new ApiRequest(account, path, baseUrl, query, form)))
                    .thenApply(VideoApi::response);
        }
        throw ApiFault.methodNotAllowed();
    }

    private static HttpResponse response(ApiAnswer answer) {
        return Responses.json(answer.status(), Json.write(answer.body()));
    }

    private AccountSid authenticate(HttpRequest request) {
        Optional<AccountSid> account = request.getHeader(Authorization.class)
                .map(Authorization::credentials)
                .filter(BasicHttpCredentials.class::isInstance)
                .map(BasicHttpCredentials.class::cast)
                .flatMap(basic -> accounts.authenticate(basic.username(), basic.password()));
        return account.orElseThrow(ApiFault::unauthenticated);
    }

    private Resource resource(List<String> segments, String path) {
        int depth = segments.size();
        if (depth == 0 || !segments.get(0).equals(ROOMS)) {
            throw depth > 0 && NOT_YET.contains(segments.get(0))
                    ? ApiFault.notAvailable(path)
                    : ApiFault.notFound(path);
        }
        if (depth == 1) {
            return new Resource(rooms::list, rooms::create);
        }
        String room = segments.get(1);
        if (depth == 2) {
            return new Resource(request -> rooms.fetch(request, room), request -> rooms.update(request, room));
        }
        if (depth == 3 && segments.get(2).equals(PARTICIPANTS)) {
            return new Resource(request -> participants.list(request, room), request -> {
                throw ApiFault.methodNotAllowed();
            });
        }
        if (depth == 4 && segments.get(2).equals(PARTICIPANTS)) {
            String participant = segments.get(3);
            return new Resource(
                    request -> participants.fetch(request, room, participant),
                    request -> participants.update(request, room, participant));
        }
        throw NOT_YET_OF_ROOMS.contains(segments.get(2)) ? ApiFault.notAvailable(path) : ApiFault.notFound(path);
    }

    /** The segments without the first one. */
    static List<String> tail(List<String> segments) {
        return new ArrayList<>(segments.subList(1, segments.size()));
    }
}
