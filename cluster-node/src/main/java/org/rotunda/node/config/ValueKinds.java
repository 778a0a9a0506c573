package org.rotunda.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rotunda.node.config.ValueKind.ListOf;
import org.rotunda.node.config.ValueKind.Scalar;

/** Makes the kinds of values that the keys of a node have. */
final class ValueKinds {
    private static final String KEY = Scalar.KEY;

    /** The value of a port that takes the number of another port. */
    static final String SAME = "same";

    private static final String DURATION = "duration (ms, s, m, h or d)";

    private ValueKinds() {}

    static ValueKind text() {
        return new Scalar("text", false, config -> !config.getString(KEY).isBlank());
    }

    static ValueKind textOrEmpty() {
        return new Scalar("text, or empty", false, config -> config.getString(KEY) != null);
    }

    static ValueKind secret() {
        return new Scalar("text", true, config -> !config.getString(KEY).isEmpty());
    }

    static ValueKind secretOrEmpty() {
        return new Scalar("text, or empty", true, config -> config.getString(KEY) != null);
    }

    /** @param accepts tells whether a text is allowed */
    static ValueKind accepted(String allowed, Predicate<String> accepts) {
        return new Scalar(allowed, false, config -> accepts.test(config.getString(KEY)));
    }

    static ValueKind matching(String allowed, String pattern) {
        return new Scalar(allowed, false, matches(pattern));
    }

    static ValueKind secretMatching(String allowed, String pattern) {
        return new Scalar(allowed, true, matches(pattern));
    }

    private static Predicate<Config> matches(String pattern) {
        Pattern form = Pattern.compile(pattern);
        return config -> form.matcher(config.getString(KEY)).matches();
    }

    static ValueKind address() {
        return matching("host name or IP address", "[A-Za-z0-9._:%\\[\\]-]+");
    }

    static ValueKind addressOrEmpty() {
        return matching("host name or IP address, or empty", "[A-Za-z0-9._:%\\[\\]-]*");
    }

    /** The value {@code own} has the form of a host name, so the pattern includes it. */
    static ValueKind addressOrOwn() {
        return matching("own, host name or IP address", "[A-Za-z0-9._:%\\[\\]-]+");
    }

    static ValueKind addressAndPort() {
        return new Scalar("address:port", false, config -> isAddressAndPort(config.getString(KEY)));
    }

    static ValueKind addressAndPortOrEmpty() {
        return new Scalar("address:port, or empty", false, config -> {
            String text = config.getString(KEY);
            return text.isEmpty() || isAddressAndPort(text);
        });
    }

    private static boolean isAddressAndPort(String text) {
        try {
            return Endpoint.parse(text).port() > 0;
        } catch (IllegalArgumentException otherForm) {
            return false;
        }
    }

    static ValueKind port() {
        return whole("port", 0, Endpoint.PORT_MAX);
    }

    static ValueKind portOrEmpty() {
        return new Scalar(
                "port from 0 to " + Endpoint.PORT_MAX + ", or empty",
                false,
                config -> config.getString(KEY).isEmpty() || isWhole(config, 0, Endpoint.PORT_MAX));
    }

    static ValueKind portOrSame() {
        return new Scalar(
                SAME + ", or port from 0 to " + Endpoint.PORT_MAX,
                false,
                config -> config.getString(KEY).equals(SAME) || isWhole(config, 0, Endpoint.PORT_MAX));
    }

    static ValueKind number(int min) {
        return new Scalar(
                "whole number, " + min + " or more", false, config -> isWhole(config, min, Integer.MAX_VALUE));
    }

    static ValueKind number(int min, int max) {
        return whole("whole number", min, max);
    }

    private static ValueKind whole(String what, int min, int max) {
        return new Scalar(what + " from " + min + " to " + max, false, config -> isWhole(config, min, max));
    }

    private static boolean isWhole(Config config, int min, int max) {
        double number = config.getDouble(KEY);
        return number == Math.rint(number) && number >= min && number <= max;
    }

    static ValueKind onOrOff() {
        return new Scalar("on or off", false, config -> List.of(true, false).contains(config.getBoolean(KEY)));
    }

    static ValueKind durationAboveZero() {
        return new Scalar(DURATION + " above 0", false, config -> {
            Duration duration = config.getDuration(KEY);
            return !duration.isNegative() && !duration.isZero();
        });
    }

    /** @param min the shortest allowed duration in HOCON, such as {@code 500 ms} */
    static ValueKind duration(String min) {
        Duration least = ConfigFactory.parseMap(Map.of(KEY, min)).getDuration(KEY);
        return new Scalar(
                DURATION + " of " + min + " or more",
                false,
                config -> config.getDuration(KEY).compareTo(least) >= 0);
    }

    static ValueKind bytes(int minKib) {
        return new Scalar("size, " + minKib + " KiB or more, below 2 GiB", false, config -> {
            long bytes = config.getBytes(KEY);
            return bytes >= minKib * 1024L && bytes <= Integer.MAX_VALUE;
        });
    }

    static ValueKind oneOf(String... names) {
        Set<String> known = Set.of(names);
        return new Scalar(inWords(names), false, config -> known.contains(config.getString(KEY)));
    }

    /** Returns the same kind as {@link #oneOf}, except that the case of letters does not matter. */
    static ValueKind oneOfInAnyCase(String... names) {
        return new Scalar(
                inWords(names), false, config -> Stream.of(names).anyMatch(config.getString(KEY)::equalsIgnoreCase));
    }

    static ValueKind listOf(ValueKind element) {
        return new ListOf("list of " + element.allowed(), element);
    }

    private static String inWords(String... names) {
        return String.join(", ", List.of(names).subList(0, names.length - 1)) + " or " + names[names.length - 1];
    }
}
