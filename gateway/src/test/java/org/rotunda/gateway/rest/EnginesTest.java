package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.room.protocol.RoomView;

/** Tests the resources of engines that this version does not have. Their lists are empty and nothing can be created. */
class EnginesTest extends HttpFixture {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/Recordings | recordings | 50",
                "/v1/Recordings?PageSize=2500 | recordings | 100",
                "/v1/Recordings/?Status=completed&SourceSid=MT00112233445566778899aabbccddeeff | recordings | 50",
                "/v1/Rooms/ROOM/Recordings | recordings | 50",
                "/v1/Rooms/engines/Recordings?PageSize=2500 | recordings | 1000",
                "/v1/Rooms/ROOM/Transcriptions | transcriptions | 50",
                "/v1/Compositions?RoomSid=RM00112233445566778899aabbccddeeff&PageSize=101 | compositions | 100",
                "/v1/CompositionHooks?Enabled=TRUE&FriendlyName=*a* | composition_hooks | 50",
                "/v1/Video/Rooms?RoomType=group&RoomType=go&Codec=VP8&CreatedAfter=2024-01-01 | rooms | 50"
            })
    void aListIsEmpty(String path, String key, int size) {
        RoomView room = newRoom("engines", Instant.parse("2024-03-01T10:00:00Z"));
        HttpResponse<String> response = get(path.replace("ROOM", room.sid().value()));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode meta = json(response).path("meta");
        assertThat(json(response).path(key).isArray()).isTrue();
        assertThat(json(response).path(key)).isEmpty();
        assertThat(meta.path("key").asText()).isEqualTo(key);
        assertThat(meta.path("page_size").asInt()).isEqualTo(size);
        assertThat(meta.path("next_page_url").isNull()).isTrue();
        assertThat(meta.path("previous_page_url").isNull()).isTrue();
        server.rooms.remove(room.sid());
    }

    @Test
    void theLinksOfAListContainItsFiltersAndTheSidOfTheRoom() {
        RoomView room = newRoom("with filters", Instant.parse("2024-03-01T10:00:00Z"));

        assertThat(json(get("/v1/Rooms/with%20filters/Recordings?Status=completed&DateCreatedAfter=2024-01-01"))
                        .at("/meta/url")
                        .asText())
                .isEqualTo(base() + "/v1/Rooms/" + room.sid()
                        + "/Recordings?Status=completed&DateCreatedAfter=2024-01-01&PageSize=50&Page=0");
        assertThat(json(get("/v1/Recordings?GroupingSid=" + room.sid()
                                + "&GroupingSid=PA00112233445566778899aabbccddeeff"))
                        .at("/meta/first_page_url")
                        .asText())
                .isEqualTo(base() + "/v1/Recordings?GroupingSid=" + room.sid()
                        + "&GroupingSid=PA00112233445566778899aabbccddeeff&PageSize=50&Page=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RecordingSettings", "CompositionSettings"})
    void nothingIsSet(String settings) {
        assertThat(json(get("/v1/" + settings + "/Default/")))
                .isEqualTo(json("""
                {"account_sid":"AC00000000000000000000000000000001","friendly_name":null,"aws_credentials_sid":null,
                 "aws_s3_url":null,"aws_storage_enabled":false,"encryption_key_sid":null,"encryption_enabled":false,
                 "url":"BASE/v1/SETTINGS/Default"}\
                """.replace("BASE", base()).replace("SETTINGS", settings)));
    }

    @Test
    void theRefusalNamesTheResource() {
        HttpResponse<String> refused = post("/v1/Compositions", "RoomSid=RM00112233445566778899aabbccddeeff");

        assertFails(refused, 404, 20404);
        assertThat(json(refused).path("message").asText())
                .isEqualTo("Creating or changing /Compositions is not available in this version");
    }
}
