package org.rotunda.gateway.rest;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Authorization;
import org.apache.pekko.http.javadsl.model.headers.BasicHttpCredentials;
import org.apache.pekko.stream.Materializer;
import org.rotunda.gateway.account.AccountAdmin;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.limit.RequestLimits;
import org.rotunda.gateway.rest.RouteTable.Operation;
import org.rotunda.gateway.rest.RouteTable.Row;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackLog;
import org.rotunda.room.protocol.IdentityErasure;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.Rooms;

/**
 * The REST API for video and for accounts. Authenticates the caller, finds the resource, and writes the answer. Safe to
 * call from any thread.
 */
public final class VideoApi {
    private final Supplier<Accounts> accounts;
    private final RequestLimits limits;
    private final Forms forms;
    private final RestSettings settings;
    private final RouteTable routes;
    private final Materializer materializer;

    /** @param accounts returns the accounts at the moment of a request */
    public VideoApi(
            Supplier<Accounts> accounts,
            AccountAdmin admin,
            RoomDefaults defaults,
            Rooms rooms,
            RoomQueries queries,
            CallbackLog callbacks,
            IdentityErasure erasure,
            RequestLimits limits,
            RestSettings settings,
            Clock clock,
            Materializer materializer) {
        this.accounts = accounts;
        this.limits = limits;
        this.forms = new Forms(settings.formBytesMax(), materializer);
        this.settings = settings;
        this.materializer = materializer;
        ParticipantsApi participants = new ParticipantsApi(rooms, queries, settings, clock);
        this.routes = routes(
                        new RoomsApi(rooms, queries, settings, defaults, new UnansweredCreates(clock)),
                        participants,
                        new TracksApi(rooms, participants, settings),
                        new RulesApi(rooms, settings),
                        new AllocationApi(rooms, settings),
                        new StatusCallbacksApi(callbacks),
                        new ErasuresApi(erasure),
                        new EnginesApi(rooms))
                .precededBy(AccountRoutes.rows(admin, defaults, clock));
    }

    /** Returns the routes besides those of accounts. The document {@code openapi.yaml} describes all routes. */
    private static RouteTable routes(
            RoomsApi rooms,
            ParticipantsApi participants,
            TracksApi tracks,
            RulesApi rules,
            AllocationApi allocations,
            StatusCallbacksApi callbacks,
            ErasuresApi erasures,
            EnginesApi engines) {
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
                Row.of("/v1/Rooms/{room}/Recordings", engines::listRoomRecordings, null),
                Row.of("/v1/Rooms/{room}/Recordings/{recording}", engines::notFound, null, engines::notFound),
                Row.of("/v1/Rooms/{room}/Recordings/{recording}/Media", engines::notFound, null),
                Row.of("/v1/Rooms/{room}/Transcriptions", engines::listTranscriptions, engines::refuseInRoom),
                Row.of("/v1/Rooms/{room}/Transcriptions/{transcription}", engines::notFound, engines::notFound),
                Row.of("/v1/Recordings", engines::listRecordings, null),
                Row.of("/v1/Recordings/{recording}", engines::notFound, null, engines::notFound),
                Row.of("/v1/Recordings/{recording}/Media", engines::notFound, null),
                Row.of("/v1/RecordingSettings/Default", engines::fetchSettings, engines::refuse),
                Row.of("/v1/Compositions", engines::listCompositions, engines::refuse),
                Row.of("/v1/Compositions/{composition}", engines::notFound, null, engines::notFound),
                Row.of("/v1/Compositions/{composition}/Media", engines::notFound, null),
                Row.of("/v1/CompositionHooks", engines::listHooks, engines::refuse),
                Row.of("/v1/CompositionHooks/{hook}", engines::notFound, engines::notFound, engines::notFound),
                Row.of("/v1/CompositionSettings/Default", engines::fetchSettings, engines::refuse),
                Row.of("/v1/Video/Rooms", engines::listRoomSummaries, null),
                Row.of("/v1/Video/Rooms/{room}", engines::notFound, null),
                Row.of("/v1/Video/Rooms/{room}/Participants", engines::notFound, null),
                Row.of("/v1/Video/Rooms/{room}/Participants/{participant}", engines::notFound, null),
                // Not part of Twilio's API.
                Row.of("/v1/Rooms/{room}/Participants/{participant}/Allocation", allocations::fetch, null),
                Row.of("/v1/StatusCallbacks", callbacks::list, null),
                Row.of("/v1/StatusCallbacks/{callback}", callbacks::fetch, callbacks::update),
                Row.of(ErasuresApi.PATH, null, erasures::create).withAuthToken(),
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
        // The segments lack empty ones, so without this check an empty name would make a path of another resource.
        boolean hasEmptyName = request.getUri().path().contains("//");
        Optional<RouteTable.Match> found = hasEmptyName ? Optional.empty() : routes.find(segments);
        found.ifPresent(match -> exchange.route(match.row().pattern()));
        Accounts.Caller caller = authenticate(request, exchange);
        AccountSid account = caller.account();
        exchange.account(account);
        exchange.concurrent(limits.begin(account));
        CompletionStage<HttpResponse> answer;
        try {
            answer = answer(request, found, caller, path, exchange.origin().baseUrl(settings.publicUrl()));
        } catch (RuntimeException refused) {
            limits.end(account);
            throw refused;
        }
        return answer.whenComplete((response, failure) -> limits.end(account));
    }

    private CompletionStage<HttpResponse> answer(
            HttpRequest request,
            Optional<RouteTable.Match> found,
            Accounts.Caller caller,
            String path,
            String baseUrl) {
        AccountSid account = caller.account();
        Duration wait = limits.request(account, isWrite(request));
        if (!wait.isZero()) {
            throw ApiFault.tooManyRequests(wait);
        }
        if (!caller.isActive()) {
            throw ApiFault.accountNotActive();
        }
        RouteTable.Match match = found.orElseThrow(() -> ApiFault.notFound(path));
        if (caller.byKey() && match.row().needsAuthToken()) {
            throw ApiFault.accessDenied();
        }
        if (!match.row().isAvailable()) {
            throw ApiFault.notAvailable(path);
        }
        Operation operation = match.row().operation(request.method().name());
        if (operation == null) {
            throw ApiFault.methodNotAllowed(match.row().allowed());
        }
        Parameters query = Forms.query(request);
        return form(request)
                .thenCompose(form ->
                        operation.answer(new ApiRequest(account, path, match.variables(), baseUrl, query, form)))
                .toCompletableFuture()
                .copy()
                .orTimeout(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(VideoApi::response);
    }

    private static boolean isWrite(HttpRequest request) {
        return !request.method().equals(HttpMethods.GET) && !request.method().equals(HttpMethods.HEAD);
    }

    private CompletionStage<Parameters> form(HttpRequest request) {
        if (request.method().equals(HttpMethods.POST)) {
            return forms.form(request);
        }
        request.discardEntityBytes(materializer); // An unread body would block the connection.
        return Forms.NO_FORM;
    }

    private static HttpResponse response(ApiAnswer answer) {
        return answer.body() == null
                ? Responses.empty(answer.status())
                : Responses.json(answer.status(), Json.write(answer.body()));
    }

    /**
     * Finds the caller. Valid credentials are always accepted: behind a proxy that is not trusted all clients have the
     * proxy's address, and one of them must not be able to shut out the others.
     */
    private Accounts.Caller authenticate(HttpRequest request, HttpExchange exchange) {
        Optional<Accounts.Caller> caller = request.getHeader(Authorization.class)
                .map(Authorization::credentials)
                .filter(BasicHttpCredentials.class::isInstance)
                .map(BasicHttpCredentials.class::cast)
                .flatMap(basic -> accounts.get().authenticate(basic.username(), basic.password()));
        return caller.orElseThrow(() -> {
            Duration wait = limits.failure(exchange.origin().client());
            return wait.isZero() ? ApiFault.unauthenticated() : ApiFault.tooManyRequests(wait);
        });
    }

    /** Returns all operations that this version has. */
    public List<ApiOperation> operations() {
        return routes.rows().stream()
                .flatMap(row -> row.methods().stream().map(method -> new ApiOperation(method, row.pattern())))
                .toList();
    }
}
