package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;

/** Tests the status and the code of every request in {@code bad-requests.txt}. No request is answered with a 5xx. */
class BadRequestsTest extends HttpFixture {
    private static final Pattern LINE =
            Pattern.compile("(?:(anonymous|wrong|key|bearer) )?([A-Z]+) (\\S+) \\|(.*)\\| (\\d{3}) \\| (\\d{5})");
    private static final Pattern TYPED = Pattern.compile("\\(([^)]*)\\) (.*)");
    private static final Pattern LETTERS = Pattern.compile("\\{x(\\d+)(k?)}");
    private static final AccountSid OTHER = new AccountSid("AC00000000000000000000000000000002");
    private static final Instant CREATED = Instant.parse("2024-03-01T10:00:00Z");

    private static final AtomicBoolean running = new AtomicBoolean();
    private static Thread roomActor;
    private static Map<String, String> names;

    /** Makes the rooms of the table. Starts a thread that answers for all rooms: none of them knows any participant. */
    @BeforeAll
    static void makeRooms() {
        RoomView room = newRoom("taken", CREATED);
        RoomView over = completed("over");
        ParticipantView gone = gone(over);
        RoomView other = server.rooms.put(server.rooms.room(OTHER, "theirs", CREATED));
        RoomView bare = server.rooms.room(OTHER, "ended", CREATED);
        RoomView otherOver = server.rooms.put(new RoomView(
                bare.sid(), OTHER, "ended", RoomStatus.COMPLETED, bare.properties(), CREATED, CREATED, CREATED));
        ParticipantView otherGone = gone(otherOver);
        names = Map.of(
                "{room}", room.sid().value(),
                "{over}", over.sid().value(),
                "{gone}", gone.sid().value(),
                "{other}", other.sid().value(),
                "{otherOver}", otherOver.sid().value(),
                "{otherGone}", otherGone.sid().value());
        running.set(true);
        roomActor = new Thread(BadRequestsTest::refuseAll, "rooms");
        roomActor.start();
    }

    @AfterAll
    static void endRooms() throws InterruptedException {
        running.set(false);
        roomActor.join();
    }

    private static ParticipantView gone(RoomView room) {
        ParticipantView gone = participant(room, "carol", ParticipantStatus.DISCONNECTED, CREATED.plusSeconds(90));
        server.rooms.put(gone);
        return gone;
    }

    private static void refuseAll() {
        while (running.get()) {
            Object command;
            try {
                command = server.room.receiveMessage(Duration.ofMillis(100));
            } catch (AssertionError none) {
                continue;
            }
            if (command instanceof RoomCommand.Complete complete) {
                refuse(complete, RoomError.ROOM_STATUS_INVALID);
            } else if (command instanceof RoomCommand.Request<?> request) {
                refuse(request, RoomError.PARTICIPANT_NOT_FOUND);
            }
        }
    }

    private static <T> void refuse(RoomCommand.Request<T> request, RoomError error) {
        request.replyTo().tell(StatusReply.error(new RoomRefusal(error)));
    }

    static List<String> lines() {
        try (InputStream in = BadRequestsTest.class.getResourceAsStream("/bad-requests.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theTableIsLong() {
        assertThat(lines()).hasSizeGreaterThan(200).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void refuses(String line) {
        Matcher row = LINE.matcher(line);
        assertThat(row.matches()).as(line).isTrue();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + filled(encoded(row.group(3)))));
        String credentials = credentials(row.group(1));
        if (credentials != null) {
            request.header("Authorization", credentials);
        }
        String body = filled(row.group(4).strip());
        Matcher typed = TYPED.matcher(body);
        String type = typed.matches() ? typed.group(1) : FORM;
        String content = typed.matches() ? typed.group(2) : body;
        if (!content.isEmpty() && !type.equals("none")) {
            request.header("Content-Type", type);
        }
        request.method(
                row.group(2),
                content.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(content));

        HttpResponse<String> response = send(request);

        assertFails(response, Integer.parseInt(row.group(5)), Integer.parseInt(row.group(6)));
        String allowed = response.headers().firstValue("Allow").orElse("");
        if (response.statusCode() == 405) {
            assertThat(List.of(allowed.split(", "))).contains("OPTIONS").doesNotContain(row.group(2));
        } else {
            assertThat(allowed).isEmpty();
        }
    }

    /** Encodes the two characters that java.net.URI refuses, but other clients send. */
    private static String encoded(String path) {
        return path.replace("[", "%5B").replace("]", "%5D");
    }

    private static String filled(String template) {
        String text = template;
        for (Map.Entry<String, String> name : names.entrySet()) {
            text = text.replace(name.getKey(), name.getValue());
        }
        return LETTERS.matcher(text)
                .replaceAll(found -> "x"
                        .repeat(Integer.parseInt(found.group(1))
                                * (found.group(2).isEmpty() ? 1 : 1000)));
    }

    private static @Nullable String credentials(@Nullable String caller) {
        if (caller == null) {
            return GOOD;
        }
        return switch (caller) {
            case "wrong" -> basic(GatewayFixture.ACCOUNT.value(), "wrong");
            case "key" -> basic(GatewayFixture.KEY, "wrong");
            case "bearer" -> "Bearer " + GatewayFixture.AUTH_TOKEN;
            default -> null;
        };
    }
}
