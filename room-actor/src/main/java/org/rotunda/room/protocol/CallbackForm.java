package org.rotunda.room.protocol;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The parameters of a status callback in the encoding of HTML forms. The text is stored once, so that every attempt
 * sends the same bytes. Pure functions.
 */
public final class CallbackForm {
    private CallbackForm() {}

    /** Returns the encoded parameters in the order of the map. */
    public static String encode(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> encodeText(entry.getKey()) + "=" + encodeText(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Returns the parameters of a text that {@link #encode(Map)} has made, in the same order. */
    public static Map<String, String> decode(String form) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : form.isEmpty() ? new String[0] : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("a parameter without a value: " + pair);
            }
            parameters.put(decodeText(pair.substring(0, equals)), decodeText(pair.substring(equals + 1)));
        }
        return parameters;
    }

    private static String encodeText(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decodeText(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
