package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.rotunda.media.control.Description;

/** Records the results of a {@link Negotiation}. */
final class RecordingSink implements NegotiationSink {
    final List<Description> descriptions = new ArrayList<>();
    final List<MediaPlan> plans = new ArrayList<>();
    final List<NegotiationFault> faults = new ArrayList<>();
    final List<Long> overdue = new ArrayList<>();

    @Override
    public void localDescription(Description description) {
        descriptions.add(description);
    }

    @Override
    public void plan(MediaPlan plan) {
        plans.add(plan);
    }

    @Override
    public void refused(NegotiationFault fault, long revision, String detail) {
        faults.add(fault);
    }

    @Override
    public void answerOverdue(long revision) {
        overdue.add(revision);
    }

    Description last() {
        return descriptions.get(descriptions.size() - 1);
    }

    SessionDescription lastSdp() {
        return Goldens.parse(last().sdp());
    }

    MediaPlan plan() {
        return plans.get(plans.size() - 1);
    }
}
