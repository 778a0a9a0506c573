package org.rotunda.node.drain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.management.javadsl.ManagementRouteProvider;
import org.apache.pekko.management.javadsl.ManagementRouteProviderSettings;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.node.config.DrainSettings;
import org.rotunda.node.management.JsonAnswers;
import org.rotunda.room.mediaplane.DrainStatus;
import org.rotunda.room.mediaplane.DrainView;
import org.rotunda.room.protocol.Failures;

/**
 * Serves the drain on the management port: {@code GET /drain} describes it, {@code POST /drain} begins it, and {@code
 * POST /undrain} takes it back. A POST must come from this machine, or with the token {@code rotunda.management.token}.
 * docs/operations.md explains the fields.
 */
public final class DrainRoutes extends AllDirectives implements ManagementRouteProvider {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final String BEARER = "Bearer ";
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private volatile @Nullable Door door; // Null until the node has started its parts.

    private record Door(ActorRef<NodeDrain.Command> drain, ActorSystem<?> system, Optional<String> token) {}

    /** A request that cannot be understood. */
    private static final class BadRequestException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadRequestException(String message) {
            super(message, null, false, false);
        }
    }

    public static DrainRoutes of(ClassicActorSystemProvider system) {
        return Id.INSTANCE.get(system);
    }

    /**
     * Begins to answer requests.
     *
     * @param token the token with which other machines may send orders; empty if they may not
     */
    public void serve(ActorRef<NodeDrain.Command> drain, ActorSystem<?> system, Optional<String> token) {
        door = new Door(drain, system, token);
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return concat(
                path("drain", () -> concat(get(() -> answer(NodeDrain.Look::new)), post(() -> order(this::begin)))),
                path("undrain", () -> post(() -> order(parameters -> answer(NodeDrain.End::new)))));
    }

    private Route order(java.util.function.Function<Map<String, String>, Route> accepted) {
        return extractRequest(request -> parameterMap(parameters -> {
            Door open = door;
            if (open == null) {
                return complete(JsonAnswers.error(StatusCodes.SERVICE_UNAVAILABLE, "the node is starting"));
            }
            if (!mayOrder(request, open.token())) {
                return complete(JsonAnswers.error(
                        StatusCodes.FORBIDDEN,
                        "orders are taken from this machine, or with the token rotunda.management.token"));
            }
            try {
                return accepted.apply(parameters);
            } catch (BadRequestException refused) {
                return complete(JsonAnswers.error(StatusCodes.BAD_REQUEST, String.valueOf(refused.getMessage())));
            }
        }));
    }

    private Route begin(Map<String, String> parameters) {
        DrainOrder order = new DrainOrder(
                Optional.ofNullable(parameters.get("within")).map(DrainRoutes::within),
                flag(parameters, "stop"),
                flag(parameters, "force"));
        return answer(replyTo -> new NodeDrain.Begin(order, replyTo));
    }

    private static Duration within(String text) {
        Duration within;
        try {
            within = ConfigFactory.parseMap(Map.of("within", text)).getDuration("within");
        } catch (ConfigException malformed) {
            throw new BadRequestException("within is no duration, such as 20s or 2m: " + text);
        }
        if (within.compareTo(DrainSettings.TIME_MIN) < 0 || within.compareTo(DrainSettings.TIME_MAX) > 0) {
            throw new BadRequestException("within must be from 1s to 1h: " + text);
        }
        return within;
    }

    private static boolean flag(Map<String, String> parameters, String name) {
        return switch (parameters.getOrDefault(name, "false")) {
            case "", "true" -> true;
            case "false" -> false;
            default -> throw new BadRequestException(name + " is true or false");
        };
    }

    /**
     * Returns whether the sender may give orders. A web page in a browser on this machine may not: browsers send the
     * origin of the page with each POST.
     */
    private static boolean mayOrder(HttpRequest request, Optional<String> token) {
        Optional<String> given = request.getHeader("Authorization")
                .map(HttpHeader::value)
                .filter(value -> value.startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()));
        if (given.isPresent()) {
            return token.isPresent() && isEqual(given.get(), token.get());
        }
        return request.getHeader("Origin").isEmpty()
                && request.getAttribute(AttributeKeys.remoteAddress)
                        .flatMap(RemoteAddress::getAddress)
                        .filter(DrainRoutes::isOfThisMachine)
                        .isPresent();
    }

    private static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** The management port may listen on one address alone; then a program on this machine comes from that address. */
    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return false;
        }
    }

    private Route answer(Function<ActorRef<StatusReply<DrainReport>>, NodeDrain.Command> question) {
        Door open = door;
        if (open == null) {
            return complete(JsonAnswers.error(StatusCodes.SERVICE_UNAVAILABLE, "the node is starting"));
        }
        CompletionStage<DrainReport> report = AskPattern.askWithStatus(
                open.drain(), question, ANSWER_MAX, open.system().scheduler());
        return completeWithFuture(
                report.thenApply(DrainRoutes::write).thenApply(JsonAnswers::ok).exceptionally(DrainRoutes::failure));
    }

    private static HttpResponse failure(Throwable failure) {
        Throwable cause = Failures.rootCause(failure);
        return cause instanceof StatusReply.ErrorMessage refused
                ? JsonAnswers.error(StatusCodes.CONFLICT, String.valueOf(refused.getMessage()))
                : JsonAnswers.error(StatusCodes.GATEWAY_TIMEOUT, "no answer in time");
    }

    private static String write(DrainReport report) {
        DrainStatus status = report.media().status();
        ObjectNode json = JSON.createObjectNode()
                .put("state", report.state().name().toLowerCase(Locale.ROOT))
                .put("stops", report.stops())
                .put("moved", status.moved())
                .put("leaving", status.leaving())
                .put("left", status.left())
                .put("blocked", status.blocked())
                .put("sessions", report.sessions())
                .put("rooms_total", status.rooms());
        ArrayNode others = json.putArray("waits_for");
        report.waitsFor().forEach(other -> others.add(other.host() + ":" + other.port()));
        ArrayNode rooms = json.putArray("rooms");
        for (DrainView.Room room : report.media().rooms()) {
            rooms.addObject()
                    .put("sid", room.sid())
                    .put("connections", room.connections())
                    .put("leaving", room.isLeaving());
        }
        return json.toString();
    }

    /** The extension id of these routes. Pekko Management finds the routes through this class's name. */
    public static final class Id extends AbstractExtensionId<DrainRoutes> implements ExtensionIdProvider {
        static final Id INSTANCE = new Id();

        @Override
        public DrainRoutes createExtension(ExtendedActorSystem system) {
            return new DrainRoutes();
        }

        @Override
        public Id lookup() {
            return INSTANCE;
        }
    }
}
