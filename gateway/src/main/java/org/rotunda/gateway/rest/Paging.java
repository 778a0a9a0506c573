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
 * The page of a list that a request asks for. Writes the answer with the page.
 *
 * @param size the maximum number of records on the page, after clamping
 * @param number the number of the page as the client counts; the answer repeats it
 * @param token the place where the page begins; null for the first page
 */
record Paging(int size, int number, @Nullable String token) {
    private static final int SIZE_DEFAULT = 50;
    private static final int SIZE_MAX = 1000;

    static Paging from(Parameters query) {
        return from(query, SIZE_MAX);
    }

    /**
     * Reads the page that a request asks for.
     *
     * @param sizeMax the maximum size of a page; a request for a larger page gets this size
     */
    static Paging from(Parameters query, int sizeMax) {
        int size = query.clamped("PageSize", SIZE_DEFAULT, 1, sizeMax);
        int number = query.number("Page", 0, 0, Integer.MAX_VALUE - 1, ApiFault.invalid("Page"));
        return new Paging(size, number, query.text("PageToken"));
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
     * @param key the name of the array
     * @param url the URL of the list, without a query
     * @param filters the names of the query parameters that the links keep
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
            for (String value : query.texts(name)) {
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
                // Page tokens only lead forwards, so this link leads to the first page.
                .put("previous_page_url", number == 0 ? null : link(base, 0, null))
                .put("url", link(base, number, token))
                .put("next_page_url", next)
                .put("key", key);
        return list;
    }

    static String link(StringBuilder base, int page, @Nullable String token) {
        String link = base + "&Page=" + page;
        return token == null ? link : link + "&PageToken=" + encode(token);
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
