package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;

/**
 * The page of a list that a request asks for; writes the envelope of the answer.
 *
 * @param size the most records on the page, after clamping
 * @param number the client's own count of pages, which the answer only echoes
 */
record Paging(int size, int number, @Nullable String token) {
    private static final int SIZE_DEFAULT = 50;
    private static final int SIZE_MAX = 1000;

    static Paging from(Parameters query) {
        int asked = query.number("PageSize", SIZE_DEFAULT, 1, Integer.MAX_VALUE, ApiFault.invalid("PageSize"));
        int number = query.number("Page", 0, 0, Integer.MAX_VALUE - 1, ApiFault.invalid("Page"));
        return new Paging(Math.min(asked, SIZE_MAX), number, query.text("PageToken"));
    }

    PageRequest request() {
        if (token == null) {
            return new PageRequest(size, null, null);
        }
        PageToken after = PageToken.read(token);
        return new PageRequest(size, after.created(), after.sid());
    }

    /**
     * Writes the answer.
     *
     * @param key name of the array
     * @param url address of the list, by SIDs, without query
     * @param filters names of the query parameters that the links keep
     */
    <T> ObjectNode envelope(
            String key,
            Page<T> page,
            Function<T, ObjectNode> record,
            Function<T, PageToken> tokenOf,
            String url,
            Parameters query,
            List<String> filters) {
        StringBuilder base = new StringBuilder(url).append('?');
        for (String name : filters) {
            String value = query.text(name);
            if (value != null) {
                base.append(name).append('=').append(encode(value)).append('&');
            }
        }
        base.append("PageSize=").append(size);
        List<T> records = page.records();
        String next = page.more() && !records.isEmpty()
                ? link(
                        base,
                        number + 1,
                        tokenOf.apply(records.get(records.size() - 1)).write())
                : null;
        ObjectNode list = Json.object();
        ArrayNode array = list.putArray(key);
        records.forEach(item -> array.add(record.apply(item)));
        list.putObject("meta")
                .put("page", number)
                .put("page_size", size)
                .put("first_page_url", link(base, 0, null))
                // Page tokens lead forwards only, so the link back leads to the first page.
                .put("previous_page_url", number == 0 ? null : link(base, 0, null))
                .put("url", link(base, number, token))
                .put("next_page_url", next)
                .put("key", key);
        return list;
    }

    private static String link(StringBuilder base, int page, @Nullable String token) {
        String link = base + "&Page=" + page;
        return token == null ? link : link + "&PageToken=" + encode(token);
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
