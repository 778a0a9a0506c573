package org.rotunda.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rotunda.room.testkit.ManyRooms;

/**
 * Paths of pages of the list of completed rooms. The tokens of the pages come from the node: a list that ends before a
 * date names its next page, and the token in that link leads to the same place in the list without a date.
 */
final class ListPages {
    /** The number of rooms on a page, which is the default of the API. */
    static final int SIZE = 50;

    /** The number of different pages that are read as any page. */
    private static final int ANY = 200;

    /** The time between two rooms. A million rooms are as many as 70 days make, fewer than the node keeps. */
    private static final Duration APART_MAX = Duration.ofSeconds(6);

    /** The longest time that the rooms are spread over. The node keeps completed rooms for 90 days. */
    private static final Duration SPREAD_MAX = Duration.ofDays(80);

    private static final long SEED = 4;
    private static final Pattern TOKEN = Pattern.compile("[?&]PageToken=([^&]+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RestCalls calls;
    private final BenchAccount account;
    private final ManyRooms rooms;

    ListPages(RestCalls calls, BenchAccount account, ManyRooms rooms) {
        this.calls = calls;
        this.account = account;
        this.rooms = rooms;
    }

    /** Returns completed rooms of an account, the last of which was created just before {@code now}. */
    static ManyRooms rooms(BenchAccount account, int count, Instant now) {
        Duration even = SPREAD_MAX.dividedBy(count);
        Duration apart = even.compareTo(APART_MAX) < 0 ? even.truncatedTo(ChronoUnit.MILLIS) : APART_MAX;
        Instant start = now.truncatedTo(ChronoUnit.SECONDS).minus(apart.multipliedBy(count + 1L));
        return ManyRooms.completed(account.sid(), count, start, apart);
    }

    /** Returns the path of the page with the newest rooms. */
    static String first() {
        return "/v1/Rooms?Status=completed&PageSize=" + SIZE;
    }

    /** Returns the paths of pages at random places of the list. */
    List<String> any() throws IOException, InterruptedException {
        Random random = new Random(SEED);
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < ANY; i++) {
            paths.add(after(2 * SIZE + random.nextInt(rooms.count() - 2 * SIZE)));
        }
        return paths;
    }

    /** Returns the path of the page with the oldest rooms. */
    String last() throws IOException, InterruptedException {
        String path = after(2 * SIZE - 1);
        JsonNode page = JSON.readTree(calls.get(account, path));
        if (!page.at("/meta/next_page_url").isNull() || page.path("rooms").isEmpty()) {
            throw new IllegalStateException("not the last page of the list: " + path);
        }
        return path;
    }

    /** Returns the path of the page that follows the page of the rooms before this one. */
    private String after(int number) throws IOException, InterruptedException {
        String path = first() + "&DateCreatedBefore="
                + RestCalls.encode(rooms.created(number).toString());
        String next = JSON.readTree(calls.get(account, path))
                .at("/meta/next_page_url")
                .asText();
        return first() + "&Page=1&PageToken=" + token(next);
    }

    /** Returns the token in the link to a next page, as the link has it. */
    static String token(String link) {
        Matcher token = TOKEN.matcher(link);
        if (!token.find()) {
            throw new IllegalStateException("no token in the link to the next page: " + link);
        }
        return token.group(1);
    }
}
