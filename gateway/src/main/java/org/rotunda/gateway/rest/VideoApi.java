package org.rotunda.gateway.rest;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Authorization;
import org.apache.pekko.http.javadsl.model.headers.BasicHttpCredentials;
import org.apache.pekko.stream.Materializer;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.rest.RouteTable.Operation;
import org.rotunda.gateway.rest.RouteTable.Row;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackLog;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.Rooms;

/**
 * The REST API for video. Authenticates the caller, finds the resource, and writes the answer. Safe to call from any
 * thread.
 */
public final class VideoApi {
    private final Accounts accounts;
    private final Forms forms;
    private final RestSettings settings;
    private final RouteTable routes;

    public VideoApi(
            Accounts accounts,
            Rooms rooms,
            RoomQueries queries,
            CallbackLog callbacks,
            RestSettings settings,
            Clock clock,
            Materializer materializer) {
        this.accounts = accounts;
        this.forms = new Forms(settings.formBytesMax(), materializer);
        this.settings = settings;
        ParticipantsApi participants = new ParticipantsApi(rooms, queries, settings, clock);
        this.routes = routes(
                new RoomsApi(rooms, queries, settings),
                participants,
                new TracksApi(rooms, participants, settings),
                new RulesApi(rooms, settings),
                new StatusCallbacksApi(callbacks));
    }

    private static RouteTable routes(
            RoomsApi rooms,
            ParticipantsApi participants,
            TracksApi tracks,
            RulesApi rules,
            StatusCallbacksApi callbacks) {
        return new RouteTable(
                Row.of("/v1/Rooms", rooms::list, rooms::create),
                Row.of("/v1/Rooms/{room}", rooms::fetch, rooms::update),
                Row.of("/v1/Rooms/{room}/Participants", participants::list, null),
                Row.of("/v1/Rooms/{room}/Participants/{participant}", participants::fetch, participants::update),
                Row.of("/v1/Rooms/{room}/Participants/{participant}/Anonymize", null, participants::anonymize),
                Row.of("/v1/Rooms/{room}/Participants/{participant}/PublishedTracks", tracks::listPublished, null),
                Row.of(
                        "/v1/Rooms/{room}/Participants/{participant}/PublishedTracks/{track}",
                        tracks::fetchPublished,
                        null),
                Row.of("/v1/Rooms/{room}/Participants/{participant}/SubscribedTracks", tracks::listSubscribed, null),
                Row.of(
                        "/v1/Rooms/{room}/Participants/{participant}/SubscribedTracks/{track}",
                        tracks::fetchSubscribed,
                        null),
                Row.of(
                        "/v1/Rooms/{room}/Participants/{participant}/SubscribeRules",
                        rules::fetchSubscribeRules,
                        rules::changeSubscribeRules),
                Row.of("/v1/Rooms/{room}/RecordingRules", rules::fetchRecordingRules, rules::changeRecordingRules),
                // Not part of Twilio's API.
                Row.of("/v1/StatusCallbacks", callbacks::list, null),
                Row.of("/v1/StatusCallbacks/{callback}", callbacks::fetch, callbacks::update),
                Row.absent("/v1/Rooms/{room}/Recordings/**"),
                Row.absent("/v1/Rooms/{room}/Transcriptions/**"),
                Row.absent("/v1/Recordings/**"),
                Row.absent("/v1/RecordingSettings/**"),
                Row.absent("/v1/Compositions/**"),
                Row.absent("/v1/CompositionHooks/**"),
                Row.absent("/v1/CompositionSettings/**"),
                Row.absent("/v1/Video/**"), // The resources of Video Insights.
                Row.absent("/2010-04-01/**")); // The resources of accounts and their keys.
    }

    /** Returns whether the first segment of a path names a version of the public API. */
    public static boolean isVersion(String segment) {
        return segment.equals("v1") || segment.equals("2010-04-01");
    }

    /**
     * Answers a request to the public API.
     *
     * @param segments the segments of the whole path
     * @param path the path for error texts
     * @param exchange receives the route and the account
     */
    public CompletionStage<HttpResponse> handle(
            HttpRequest request, List<String> segments, String path, HttpExchange exchange) {
        Optional<RouteTable.Match> found = routes.find(segments);
        found.ifPresent(match -> exchange.route(match.row().pattern()));
        AccountSid account = authenticate(request);
        exchange.account(account);
        RouteTable.Match match = found.orElseThrow(() -> ApiFault.notFound(path));
        if (!match.row().isAvailable()) {
            throw ApiFault.notAvailable(path);
        }
        boolean isPost = request.method().equals(HttpMethods.POST);
        Operation operation = isPost
                ? match.row().post()
                : isRead(request.method()) ? match.row().get() : null;
        if (operation == null) {
            throw ApiFault.methodNotAllowed();
        }
        String baseUrl = BaseUrl.of(request, settings.publicUrl());
        Parameters query = Forms.query(request);
        return (isPost ? forms.form(request) : Forms.NO_FORM)
                .thenCompose(form ->
                        operation.answer(new ApiRequest(account, path, match.variables(), baseUrl, query, form)))
                .thenApply(answer -> Responses.json(answer.status(), Json.write(answer.body())));
    }

    private static boolean isRead(HttpMethod method) {
        return method.equals(HttpMethods.GET) || method.equals(HttpMethods.HEAD);
    }

    private AccountSid authenticate(HttpRequest request) {
        Optional<AccountSid> account = request.getHeader(Authorization.class)
                .map(Authorization::credentials)
                .filter(BasicHttpCredentials.class::isInstance)
                .map(BasicHttpCredentials.class::cast)
                .flatMap(basic -> accounts.authenticate(basic.username(), basic.password()));
        return account.orElseThrow(ApiFault::unauthenticated);
    }
}
