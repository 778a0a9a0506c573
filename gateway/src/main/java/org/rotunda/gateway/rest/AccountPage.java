package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;
import org.rotunda.room.protocol.RoomQueries.Page;

/**
 * Writes one page of a list in the form of the account API, whose links are paths.
 *
 * @param key the name of the array
 * @param path the path of the list
 * @param filters the names of the query parameters that the links keep
 */
record AccountPage<T>(
        String key, String path, List<String> filters, Function<T, ObjectNode> record, Function<T, PageToken> tokenOf) {
    AccountPage {
        filters = List.copyOf(filters);
    }

    ObjectNode write(Paging paging, Page<T> page, Parameters query) {
        StringBuilder base = new StringBuilder(path).append('?');
        for (String name : filters) {
            String value = query.text(name);
            if (value != null) {
                base.append(name).append('=').append(Paging.encode(value)).append('&');
            }
        }
        base.append("PageSize=").append(paging.size());
        List<T> records = page.records();
        String next = page.more() && !records.isEmpty()
                ? Paging.link(
                        base,
                        paging.number() + 1,
                        tokenOf.apply(records.get(records.size() - 1)).write())
                : null;
        long start = (long) paging.number() * paging.size();
        ObjectNode list = Json.object();
        ArrayNode array = list.putArray(key);
        records.forEach(item -> array.add(record.apply(item)));
        return list.put("page", paging.number())
                .put("page_size", paging.size())
                .put("start", start)
                .put("end", start + Math.max(0, records.size() - 1))
                .put("uri", Paging.link(base, paging.number(), paging.token()))
                .put("first_page_uri", Paging.link(base, 0, null))
                .put("next_page_uri", next)
                // Page tokens only lead forwards, so this link leads to the first page.
                .put("previous_page_uri", paging.number() == 0 ? null : Paging.link(base, 0, null));
    }
}
