package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.rest.RouteTable.Match;
import org.rotunda.gateway.rest.RouteTable.Operation;
import org.rotunda.gateway.rest.RouteTable.Row;

class RouteTableTest {
    private static final Operation NOTHING = request -> new CompletableFuture<>();
    private static final RouteTable TABLE = new RouteTable(
            Row.of("/v1/Rooms", NOTHING, NOTHING),
            Row.of("/v1/Rooms/{room}", NOTHING, null, NOTHING),
            Row.of("/v1/Rooms/{room}/Participants/{participant}", NOTHING, NOTHING),
            Row.of("/a/Accounts/{account}.json", NOTHING, null, NOTHING).withAuthToken(),
            Row.absent("/v1/Rooms/{room}/Recordings/**"));

    private static Match find(String... path) {
        return TABLE.find(List.of(path)).orElseThrow();
    }

    @Test
    void findsTheRowThatHasThePatternOfThePath() {
        assertThat(find("v1", "Rooms").row().pattern()).isEqualTo("/v1/Rooms");
        assertThat(find("v1", "Rooms", "daily").row().pattern()).isEqualTo("/v1/Rooms/{room}");
        assertThat(find("v1", "Rooms", "daily").row().post()).isNull();
    }

    @Test
    void findsTheOperationOfAMethod() {
        Row room = find("v1", "Rooms", "daily").row();
        for (String method : List.of("GET", "HEAD", "DELETE")) {
            assertThat(room.operation(method)).as(method).isNotNull();
        }
        for (String method : List.of("POST", "PUT", "PATCH", "get", "OPTIONS")) {
            assertThat(room.operation(method)).as(method).isNull();
        }
        assertThat(room.methods()).containsExactly("GET", "DELETE");
        assertThat(room.allowed()).containsExactlyInAnyOrder("GET", "HEAD", "DELETE", "OPTIONS");
        assertThat(find("v1", "Rooms").row().methods()).containsExactly("GET", "POST");
        assertThat(find("v1", "Rooms", "daily", "Recordings").row().methods()).isEmpty();
    }

    @Test
    void readsTheVariablesOfThePath() {
        assertThat(find("v1", "Rooms").variables()).isEmpty();
        assertThat(find("v1", "Rooms", "a/b", "Participants", "{room}").variables())
                .isEqualTo(Map.of("room", "a/b", "participant", "{room}"));
    }

    @Test
    void anOpenPatternTakesAnyNumberOfFurtherSegments() {
        assertThat(find("v1", "Rooms", "daily", "Recordings").row().isAvailable())
                .isFalse();
        assertThat(find("v1", "Rooms", "daily", "Recordings", "RT1", "Media")
                        .row()
                        .isAvailable())
                .isFalse();
    }

    @Test
    void aVariableMayHaveASuffix() {
        assertThat(find("a", "Accounts", "AC1.json").variables()).isEqualTo(Map.of("account", "AC1"));
        assertThat(find("a", "Accounts", ".json").variables()).isEqualTo(Map.of("account", ""));
        assertThat(TABLE.find(List.of("a", "Accounts", "AC1"))).isEmpty();
        assertThat(TABLE.find(List.of("a", "Accounts", "AC1.xml"))).isEmpty();
    }

    @Test
    void rowsNameTheirMethods() {
        assertThat(find("v1", "Rooms").row().methods()).containsExactly("GET", "POST");
        assertThat(find("v1", "Rooms").row().needsAuthToken()).isFalse();
        assertThat(find("a", "Accounts", "x.json").row().methods()).containsExactly("GET", "DELETE");
        assertThat(find("a", "Accounts", "x.json").row().needsAuthToken()).isTrue();
        assertThat(find("v1", "Rooms").row().operation("HEAD")).isSameAs(NOTHING);
        assertThat(find("v1", "Rooms").row().operation("PATCH")).isNull();
    }

    @Test
    void doesNotFindOtherPaths() {
        for (List<String> path : List.of(
                List.<String>of(),
                List.of("v1"),
                List.of("v1", "rooms"),
                List.of("v2", "Rooms"),
                List.of("v1", "Rooms", "daily", "Participants"),
                List.of("v1", "Rooms", "daily", "Participants", "alice", "Tracks"))) {
            assertThat(TABLE.find(path)).as(path.toString()).isEmpty();
        }
    }
}
