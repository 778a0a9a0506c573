package org.rotunda.load.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.bot.SpeechScript;

/**
 * The participants of a bench, their rooms and their tracks. Pure.
 *
 * @param description a description for people, with the size of the scenario
 * @param seats the participants that join before the warm-up, in this order
 * @param joins the participants that come and go during the measurement; empty in most scenarios
 */
record Scenario(String description, List<Seat> seats, Optional<JoinStream> joins) {
    /** The scenarios that the command line offers. */
    enum Kind {
        FANOUT("viewers", 20, "one bot publishes simulcast of three layers, the viewers watch it"),
        MESH("participants", 10, "each participant publishes sound and simulcast, and sees all others"),
        AUDIO("listeners", 200, "ten bots speak at the same time, the listeners hear them"),
        JOIN("joins a second", 50, "bots join rooms of four at a fixed rate, speak for 5 s and leave"),
        ROOMS("rooms", 500, "each room has four bots with sound, who speak by turns"),
        SATURATE("viewers", 400, "rooms of one publisher of simulcast and up to 50 viewers, who only count packets"),
        IDLE("participants", 0, "no bots: what a node costs without a call, by groups of threads");

        private final String counted;
        private final int sizeDefault;
        private final String summary;

        Kind(String counted, int sizeDefault, String summary) {
            this.counted = counted;
            this.sizeDefault = sizeDefault;
            this.summary = summary;
        }

        /** Returns what the bots do, for the help. */
        String summary() {
            return summary;
        }

        /** Returns the unit of {@code --participants} in this scenario. */
        String counted() {
            return counted;
        }

        int sizeDefault() {
            return sizeDefault;
        }
    }

    /**
     * An endless sequence of participants. Four participants share a room.
     *
     * @param perSecond the number of joins that begin each second, even if earlier joins are not complete
     * @param stay the time that each participant stays in its room
     */
    record JoinStream(double perSecond, Duration stay) {
        /**
         * Returns the time from the first join to the join with this number. The join rate rises evenly from 0 to
         * {@code perSecond}. Without this rise, a cold node would build up a queue that lasts into the measurement.
         *
         * @param ordinal the number of the join, from 0
         * @param rise the time in which the join rate rises
         */
        long dueNanos(long ordinal, Duration rise) {
            double riseSeconds = rise.toNanos() / 1e9;
            double joinsOfRise = perSecond * riseSeconds / 2;
            double seconds = ordinal < joinsOfRise
                    ? Math.sqrt(2 * ordinal * riseSeconds / perSecond)
                    : riseSeconds / 2 + ordinal / perSecond;
            return (long) (seconds * 1e9);
        }

        Seat seat(long ordinal) {
            return new Seat(
                    "join-" + ordinal / ROOM_OF_STRANGERS,
                    "joiner-" + ordinal,
                    Publishing.AUDIO,
                    SpeechScript.always());
        }
    }

    /** The maximum number of participants in a room that is created by the first join (rotunda.rooms.default). */
    static final int ROOM_DEFAULT_MAX = 50;

    static final int SPEAKERS = 10;

    /** The maximum number of viewers in each room of {@link Kind#SATURATE}. */
    static final int ROOM_VIEWERS_MAX = 50;

    private static final int ROOM_OF_STRANGERS = 4;
    private static final Duration TURN = Duration.ofSeconds(5);
    private static final Duration STAY = Duration.ofSeconds(5);

    Scenario {
        seats = List.copyOf(seats);
    }

    /** Returns the scenario of this kind. The unit of {@code size} is {@link Kind#counted}. */
    static Scenario of(Kind kind, int size) {
        if (kind != Kind.IDLE && size < 1) {
            throw new IllegalArgumentException("the number of " + kind.counted() + " must be at least 1: " + size);
        }
        if (kind == Kind.IDLE && size != 0) {
            throw new IllegalArgumentException("an idle node has no participants: " + size);
        }
        return switch (kind) {
            case FANOUT -> fanout(size);
            case MESH -> mesh(size);
            case AUDIO -> audio(size);
            case JOIN -> join(size);
            case ROOMS -> rooms(size);
            case SATURATE -> saturate(size);
            case IDLE -> new Scenario("0 participants, what a node costs without a call", List.of(), Optional.empty());
        };
    }

    private static Scenario fanout(int viewers) {
        List<Seat> seats = new ArrayList<>();
        seats.add(new Seat("fanout", "publisher", Publishing.SIMULCAST, SpeechScript.never()));
        for (int i = 0; i < viewers; i++) {
            seats.add(new Seat("fanout", "viewer-" + i, Publishing.NOTHING, SpeechScript.never()));
        }
        return new Scenario("1 publisher of simulcast, " + viewers + " viewers", seats, Optional.empty());
    }

    private static Scenario mesh(int participants) {
        List<Seat> seats = new ArrayList<>();
        for (int i = 0; i < participants; i++) {
            SpeechScript speech = SpeechScript.turns(i, participants, TURN);
            seats.add(new Seat("mesh", "participant-" + i, Publishing.AUDIO_AND_SIMULCAST, speech));
        }
        return new Scenario(
                participants + " participants with sound and simulcast, each sees all others", seats, Optional.empty());
    }

    private static Scenario audio(int listeners) {
        List<Seat> seats = new ArrayList<>();
        for (int i = 0; i < SPEAKERS; i++) {
            seats.add(new Seat("audio", "speaker-" + i, Publishing.AUDIO, SpeechScript.always()));
        }
        for (int i = 0; i < listeners; i++) {
            seats.add(new Seat("audio", "listener-" + i, Publishing.NOTHING, SpeechScript.never()));
        }
        return new Scenario(SPEAKERS + " speak at the same time, " + listeners + " listen", seats, Optional.empty());
    }

    private static Scenario join(int perSecond) {
        return new Scenario(
                perSecond + " joins a second into rooms of " + ROOM_OF_STRANGERS + ", each stays " + STAY.toSeconds()
                        + " s and speaks",
                List.of(),
                Optional.of(new JoinStream(perSecond, STAY)));
    }

    private static Scenario rooms(int rooms) {
        List<Seat> seats = new ArrayList<>();
        for (int room = 0; room < rooms; room++) {
            for (int i = 0; i < ROOM_OF_STRANGERS; i++) {
                SpeechScript speech = SpeechScript.turns(i, ROOM_OF_STRANGERS, TURN);
                seats.add(new Seat("room-" + room, "participant-" + room + "-" + i, Publishing.AUDIO, speech));
            }
        }
        return new Scenario(
                rooms + " rooms of " + ROOM_OF_STRANGERS + " with sound, who speak by turns", seats, Optional.empty());
    }

    /** All publishers join first, so the node can spread the rooms over its loops before they are busy. */
    private static Scenario saturate(int viewers) {
        int rooms = (viewers + ROOM_VIEWERS_MAX - 1) / ROOM_VIEWERS_MAX;
        List<Seat> seats = new ArrayList<>();
        for (int room = 0; room < rooms; room++) {
            seats.add(new Seat("saturate-" + room, "publisher", Publishing.SIMULCAST, SpeechScript.never()));
        }
        for (int i = 0; i < viewers; i++) {
            String room = "saturate-" + i % rooms;
            seats.add(new Seat(room, "viewer-" + i, Publishing.NOTHING, SpeechScript.never(), true));
        }
        return new Scenario(
                viewers + " viewers who only count packets, in " + rooms + " rooms of one publisher of simulcast",
                seats,
                Optional.empty());
    }

    /**
     * Returns the names and sizes of the rooms that exceed the default limit of participants. These rooms must be
     * created before the joins.
     */
    Map<String, Integer> largeRooms() {
        return seats.stream()
                .collect(Collectors.groupingBy(Seat::room, TreeMap::new, Collectors.summingInt(seat -> 1)))
                .entrySet()
                .stream()
                .filter(room -> room.getValue() > ROOM_DEFAULT_MAX)
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
