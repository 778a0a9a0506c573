package org.rotunda.load.bench;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/** An account of the node, which the bench writes into the node's configuration. */
record BenchAccount(String sid, String authToken) {
    /** Returns accounts with different SIDs and tokens. */
    static List<BenchAccount> numbered(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new BenchAccount("AC%032x".formatted(i), "bench-auth-token-%032x".formatted(i)))
                .toList();
    }

    /** Returns the value of the header {@code Authorization}. */
    String authorization() {
        return "Basic " + Base64.getEncoder().encodeToString((sid + ":" + authToken).getBytes(StandardCharsets.UTF_8));
    }
}
