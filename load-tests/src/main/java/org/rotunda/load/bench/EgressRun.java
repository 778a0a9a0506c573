package org.rotunda.load.bench;

import org.jspecify.annotations.Nullable;
import org.rotunda.load.egress.EgressSample;
import org.rotunda.load.egress.FloorSample;

/**
 * One measurement of the router and, right after it, of the floor, with the same pace.
 *
 * @param floor null if the floor is missing
 */
record EgressRun(EgressSample router, @Nullable FloorSample floor) {
    double loopMicros() {
        return router.cpuNanos() / 1e3 / router.packets();
    }

    double floorMicros() {
        return floor == null ? Double.NaN : floor.cpuNanos() / 1e3 / floor.packets();
    }
}
