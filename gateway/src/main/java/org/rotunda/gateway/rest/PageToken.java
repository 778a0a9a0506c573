package org.rotunda.gateway.rest;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The place in a list after which a page begins. Opaque to clients.
 *
 * @param created the creation time of the last record on the previous page, in the precision of the database
 * @param sid the SID of that record
 */
record PageToken(Instant created, String sid) {
    private static final String PREFIX = "PT";
    private static final int LENGTH_MAX = 200;
    private static final Pattern CONTENT = Pattern.compile("(\\d{1,12})\\.(\\d{1,9})\\.([A-Z]{2}[0-9a-f]{32})");

    String write() {
        String content = created.getEpochSecond() + "." + created.getNano() + "." + sid;
        return PREFIX
                + Base64.getUrlEncoder().withoutPadding().encodeToString(content.getBytes(StandardCharsets.US_ASCII));
    }

    static PageToken read(String text) {
        if (!text.startsWith(PREFIX) || text.length() > LENGTH_MAX) {
            throw invalid();
        }
        try {
            var content = CONTENT.matcher(new String(
                    Base64.getUrlDecoder().decode(text.substring(PREFIX.length())), StandardCharsets.US_ASCII));
            if (!content.matches()) {
                throw invalid();
            }
            Instant created = Instant.ofEpochSecond(Long.parseLong(content.group(1)), Long.parseLong(content.group(2)));
            if (!Dates.isStorable(created)) {
                throw invalid();
            }
            return new PageToken(created, content.group(3));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw invalid();
        }
    }

    private static ApiFault invalid() {
        return ApiFault.badRequest(21481, "Invalid PageToken");
    }
}
