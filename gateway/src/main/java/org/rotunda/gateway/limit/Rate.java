package org.rotunda.gateway.limit;

/**
 * A rate, and how much may come at once after a pause.
 *
 * @param perSecond the number of requests in a second; 0 if there is no limit
 * @param burst the number of requests at once; at least 1
 */
public record Rate(double perSecond, double burst) {
    static final Rate UNLIMITED = new Rate(0, 1);

    public Rate {
        if (!(perSecond >= 0) || !(burst >= 1)) {
            throw new IllegalArgumentException("not a rate: " + perSecond + " per second, " + burst + " at once");
        }
    }

    boolean isUnlimited() {
        return perSecond == 0;
    }

    /**
     * Returns the part of one of several nodes that share this rate equally. A node may always serve one request at
     * once, or it would serve none.
     */
    Rate share(int nodes) {
        return nodes == 1 ? this : new Rate(perSecond / nodes, Math.max(1, burst / nodes));
    }
}
