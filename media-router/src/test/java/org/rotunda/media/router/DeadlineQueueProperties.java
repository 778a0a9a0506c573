package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.rotunda.media.time.Deadline;

/** Compares a {@link DeadlineQueue} with a plain map. After any operations both have the same earliest deadline. */
class DeadlineQueueProperties {
    private static final List<String> OWNERS = List.of("a", "b", "c", "d", "e", "f", "g", "h");

    @Property(tries = 500)
    void returnsTheEarliestDeadlineOfThoseSet(
            @ForAll @Size(max = 200) List<@IntRange(max = 9_999) Integer> operations) {
        DeadlineQueue<String> queue = new DeadlineQueue<>();
        Map<String, Long> model = new HashMap<>();
        for (int operation : operations) {
            String owner = OWNERS.get(operation % OWNERS.size());
            if (operation % 10 == 0) {
                queue.set(owner, Deadline.NO_DEADLINE);
                model.remove(owner);
            } else if (operation % 10 == 1) {
                long nowNanos = operation;
                List<String> due = new ArrayList<>();
                String next;
                while ((next = queue.pollDue(nowNanos)) != null) {
                    due.add(next);
                }
                assertThat(due)
                        .containsExactlyInAnyOrderElementsOf(model.entrySet().stream()
                                .filter(entry -> entry.getValue() <= nowNanos)
                                .map(Map.Entry::getKey)
                                .toList());
                model.values().removeIf(deadline -> deadline <= nowNanos);
            } else {
                queue.set(owner, operation);
                model.put(owner, (long) operation);
            }
            assertThat(queue.size()).isEqualTo(model.size());
            assertThat(queue.nextNanos())
                    .isEqualTo(model.values().stream()
                            .mapToLong(Long::longValue)
                            .min()
                            .orElse(Deadline.NO_DEADLINE));
        }
    }
}
