package org.rotunda.room.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;

/** Compares the book of seats and the stored seats with plain sets. */
class SeatBookProperties {
    private static final int ROOMS = 4;
    private static final int PARTICIPANTS = 6;

    static RoomSid room(int number) {
        return new RoomSid("RM%032x".formatted(number));
    }

    static ParticipantSid participant(int number) {
        return new ParticipantSid("PA%032x".formatted(number));
    }

    /** The rooms with an odd number are go rooms. */
    private static RoomType type(int number) {
        return number % 2 == 1 ? RoomType.GO : RoomType.GROUP;
    }

    @Provide
    Arbitrary<SeatChange> changes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, ROOMS - 1),
                        Arbitraries.integers().between(-1, PARTICIPANTS - 1),
                        Arbitraries.of(true, false))
                .as((room, participant, taken) -> new SeatChange(
                        room(room), type(room), participant < 0 ? null : participant(participant), taken));
    }

    @Property
    void countsWhatIsTakenAndStoresIt(@ForAll @Size(max = 60) List<@From("changes") SeatChange> changes) {
        SeatBook book = SeatBook.of(SeatsHeld.NONE);
        SeatsHeld held = SeatsHeld.NONE;
        Map<RoomSid, Set<ParticipantSid>> model = new HashMap<>();
        Map<RoomSid, RoomType> types = new HashMap<>();
        for (SeatChange change : changes) {
            book.apply(change);
            held = held.apply(new SeatsChanged(List.of(change)));
            types.put(change.room(), type(Integer.parseInt(change.room().value().substring(2), 16)));
            ParticipantSid participant = change.participant();
            if (change.taken()) {
                Set<ParticipantSid> there = model.computeIfAbsent(change.room(), absent -> new HashSet<>());
                if (participant != null) {
                    there.add(participant);
                }
            } else if (participant == null) {
                model.remove(change.room());
            } else if (model.containsKey(change.room())) {
                model.get(change.room()).remove(participant);
            }

            assertThat(book.taken(SeatKind.ROOM)).isEqualTo(model.size());
            assertThat(book.taken(SeatKind.PARTICIPANT))
                    .isEqualTo(model.values().stream().mapToInt(Set::size).sum());
            assertThat(book.taken(SeatKind.GO_PARTICIPANT))
                    .isEqualTo(model.entrySet().stream()
                            .filter(entry -> types.get(entry.getKey()) == RoomType.GO)
                            .mapToInt(entry -> entry.getValue().size())
                            .sum());
        }

        SeatBook again = SeatBook.of(held);
        for (SeatKind kind : SeatKind.values()) {
            assertThat(again.taken(kind)).isEqualTo(book.taken(kind));
        }
        for (int i = 0; i < ROOMS; i++) {
            assertThat(again.has(room(i))).isEqualTo(model.containsKey(room(i)));
            assertThat(again.participants(room(i))).isEqualTo(book.participants(room(i)));
        }
    }

    @Property
    void manyChangesInOneEventAreLikeManyEvents(@ForAll @Size(max = 40) List<@From("changes") SeatChange> changes) {
        SeatsHeld oneByOne = SeatsHeld.NONE;
        for (SeatChange change : new ArrayList<>(changes)) {
            oneByOne = oneByOne.apply(new SeatsChanged(List.of(change)));
        }

        assertThat(SeatsHeld.NONE.apply(new SeatsChanged(changes))).isEqualTo(oneByOne);
    }
}
