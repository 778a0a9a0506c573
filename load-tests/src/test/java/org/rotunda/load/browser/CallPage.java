package org.rotunda.load.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.client.Tokens;

/**
 * A simulated user: the test page in a browser context of its own. All waits have a deadline. When a deadline passes,
 * the test fails and the message contains everything that the page recorded.
 */
public final class CallPage implements AutoCloseable {
    public static final Duration PATIENCE =
            Duration.ofSeconds(30); // The limit is far longer than any step takes, even on a busy machine.

    private static final String POLL = """
        async ({ script, argument, patience }) => {
          const condition = eval(script);
          const end = performance.now() + patience;
          while (!await condition(argument)) {
            if (performance.now() > end) return false;
            await new Promise(resolve => setTimeout(resolve, 50));
          }
          return true;
        }
        """;

    private final String identity;
    private final BrowserContext context;
    private final Page page;
    private String signalingUrl;

    CallPage(String identity, String signalingUrl, BrowserContext context, String url) {
        this.identity = identity;
        this.context = context;
        this.signalingUrl = signalingUrl;
        this.page = context.newPage();
        page.navigate(url);
    }

    public String identity() {
        return identity;
    }

    /** Sets a signaling URL other than the node's, for instance the URL of a proxy. */
    public void via(String url) {
        signalingUrl = url;
    }

    public Page page() {
        return page;
    }

    /** Adds a script of the page server that only some tests need. */
    public void addScript(String path) {
        page.addScriptTag(new Page.AddScriptTagOptions().setUrl(path));
    }

    /** Joins a room with a valid token. Fails the test if the SDK reports an error. */
    public Map<String, Object> join(String room, List<Map<String, Object>> tracks, Map<String, Object> options) {
        Map<String, Object> outcome = tryJoin(Tokens.forAnyRoom(identity), room, tracks, options);
        if (outcome.containsKey("error")) {
            throw new AssertionError(identity + " could not join " + room + ": " + outcome.get("error"));
        }
        return outcome;
    }

    /**
     * Joins a room and returns details of the room. If the join fails, the result has only the key {@code error}, with
     * the code and class name of the error.
     */
    public Map<String, Object> tryJoin(
            String token, @Nullable String room, List<Map<String, Object>> tracks, Map<String, Object> options) {
        return cast(page.evaluate(
                "([token, options]) => call.join(token, options)", List.of(token, all(room, tracks, options))));
    }

    /** Begins to join a room with a valid token and does not wait for the outcome. */
    public void startJoin(String room, List<Map<String, Object>> tracks, Map<String, Object> options) {
        page.evaluate(
                "([token, options]) => { call.join(token, options).then(outcome => { window.joined = outcome; }); }",
                List.of(Tokens.forAnyRoom(identity), all(room, tracks, options)));
    }

    /** Waits for the outcome of {@link #startJoin}. Fails the test if the SDK reports an error. */
    public Map<String, Object> awaitJoined(Duration patience) {
        await("the join that was begun", "() => window.joined !== undefined", patience);
        Map<String, Object> outcome = cast(page.evaluate("() => window.joined"));
        if (outcome.containsKey("error")) {
            throw new AssertionError(identity + " could not join: " + outcome.get("error"));
        }
        return outcome;
    }

    private Map<String, Object> all(
            @Nullable String room, List<Map<String, Object>> tracks, Map<String, Object> options) {
        Map<String, Object> all = new HashMap<>(options);
        all.put("wsServer", signalingUrl);
        if (room != null) {
            all.put("name", room);
        }
        all.put("tracks", tracks);
        return all;
    }

    public Object evaluate(String script, Object... arguments) {
        return page.evaluate(script, arguments.length == 1 ? arguments[0] : List.of(arguments));
    }

    /** Waits until the script, a function without arguments, returns a true value. */
    public void await(String what, String script) {
        await(what, script, PATIENCE);
    }

    public void await(String what, String script, Duration patience) {
        awaitWith(what, script, null, patience);
    }

    /** Waits until the script, a function of one argument, returns a true value. */
    public void await(String what, String script, Object argument) {
        awaitWith(what, script, argument, PATIENCE);
    }

    public void await(String what, String script, Object argument, Duration patience) {
        awaitWith(what, script, argument, patience);
    }

    /**
     * Waits in the page itself, because Playwright's own wait treats the promise of an asynchronous condition as true.
     */
    private void awaitWith(String what, String script, @Nullable Object argument, Duration patience) {
        Map<String, Object> request = new HashMap<>();
        request.put("script", script);
        request.put("argument", argument);
        request.put("patience", (double) patience.toMillis());
        if (!Boolean.TRUE.equals(page.evaluate(POLL, request))) {
            throw new AssertionError(identity + " waited " + patience.toSeconds() + " s in vain for: " + what
                    + "\nparticipants " + evaluateQuietly("() => call.room && call.participants()") + "\nmedia "
                    + evaluateQuietly("() => call.mediaStats()") + "\nevents " + events() + "\nerrors " + errors()
                    + "\nframes\n" + String.join("\n", frames()));
        }
    }

    private Object evaluateQuietly(String script) {
        Object value = page.evaluate(script);
        return value == null ? "none" : value;
    }

    public List<Map<String, Object>> events() {
        return castList(page.evaluate("() => call.events"));
    }

    /** Returns the names of all events recorded so far, in order. */
    public List<String> eventNames() {
        List<String> names = new ArrayList<>();
        events().forEach(event -> names.add(String.valueOf(event.get("name"))));
        return names;
    }

    public long count(String event) {
        return eventNames().stream().filter(event::equals).count();
    }

    public void awaitEvents(String event, int count) {
        awaitEvents(event, count, PATIENCE);
    }

    public void awaitEvents(String event, int count, Duration patience) {
        await(
                count + " × " + event,
                "([name, count]) => call.events.filter(event => event.name === name).length >= count",
                List.of(event, count),
                patience);
    }

    /** Waits until the page has recorded an event of a track. */
    public void awaitTrackEvent(String event, String trackSid) {
        await(
                event + " of " + trackSid,
                "([name, track]) => call.events.some(event => event.name === name && event.track === track)",
                List.of(event, trackSid));
    }

    /** Returns the SID of a track that this page publishes under a name. */
    public String ownTrackSid(String name) {
        return (String) page.evaluate("name => call.local(name).trackSid", name);
    }

    public List<String> errors() {
        return castList(page.evaluate("() => call.errors"));
    }

    private List<String> frames() {
        return castList(page.evaluate("() => call.frames"));
    }

    /** Returns the browser's statistics of received media, one entry for each remote media track. */
    public List<Map<String, Object>> mediaStats() {
        return castList(page.evaluate("() => call.mediaStats()"));
    }

    /** Returns the value of a key that must exist, as text. */
    public static String text(Map<String, Object> map, String key) {
        return Objects.requireNonNull(map.get(key), key).toString();
    }

    /** Returns the object at a key that must exist. */
    public static Map<String, Object> object(Map<String, Object> map, String key) {
        return cast(Objects.requireNonNull(map.get(key), key));
    }

    @SuppressWarnings("unchecked") // Playwright returns JSON as maps and lists of Object.
    public static Map<String, Object> cast(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked") // Playwright returns JSON as maps and lists of Object.
    public static <T> List<T> castList(Object value) {
        return (List<T>) value;
    }

    /** Returns the list at a key that must exist. */
    public static <T> List<T> list(Map<String, Object> map, String key) {
        return castList(Objects.requireNonNull(map.get(key), key));
    }

    @SuppressWarnings("unchecked") // Playwright returns JSON as maps and lists of Object.
    public static Map<String, List<String>> castMessages(Object value) {
        return (Map<String, List<String>>) value;
    }

    @Override
    public void close() {
        context.close();
    }
}
