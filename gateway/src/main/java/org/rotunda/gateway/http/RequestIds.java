package org.rotunda.gateway.http;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Makes request ids: {@code RQ} and 32 hex digits. Answers and log lines contain the id of their request. */
final class RequestIds {
    static final String HEADER = "Twilio-Request-Id";
    private static final int BYTES = 16;

    private RequestIds() {}

    static String next(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return "RQ" + HexFormat.of().formatHex(bytes);
    }
}
