package org.rotunda.room.allocation;

import java.util.Arrays;
import org.rotunda.room.allocation.BandwidthProfile.Mode;

/**
 * The allocation itself: ranks the tracks, gives each its lowest layer in the order of rank, and then raises the layers
 * in the order of their cost by weight. All arrays are kept and reused, so that a run makes no garbage.
 *
 * <p>Use: {@link #begin}, {@link #add} for each track, {@link #rank}, then {@link #allocate} as often as needed with
 * different budgets. Tracks are named by the order in which they were added.
 */
final class Engine {
    /** The point of a track that is off. */
    static final int OFF = -1;

    /** The point of a track that is on although its publisher sends nothing, which costs nothing. */
    static final int SILENT = -2;

    /** The most important track stays on down to this part, in per cent, of the rate of its lowest layer. */
    static final int GRACE_PERCENT = 70;

    private static final int TRACKS_AT_FIRST = 16;

    private BandwidthProfile profile = BandwidthProfile.NONE;
    private int size;
    private int first; // The most important track that may cost anything; -1 if there is none.
    private TrackInput[] tracks = new TrackInput[TRACKS_AT_FIRST];
    private boolean[] preferred = new boolean[TRACKS_AT_FIRST];
    private boolean[] on = new boolean[TRACKS_AT_FIRST];
    private boolean[] held = new boolean[TRACKS_AT_FIRST];
    private boolean[] outside = new boolean[TRACKS_AT_FIRST];
    private int[] top = new int[TRACKS_AT_FIRST];
    private int[] area = new int[TRACKS_AT_FIRST];
    private int[] order = new int[TRACKS_AT_FIRST];
    private int[] rankOf = new int[TRACKS_AT_FIRST];
    private int[] point = new int[TRACKS_AT_FIRST];
    private int[] heap = new int[TRACKS_AT_FIRST];
    private int heapSize;

    /** Starts a run without tracks. */
    void begin(BandwidthProfile rules) {
        profile = rules;
        size = 0;
    }

    /**
     * Adds a track.
     *
     * @param isOn true if the track is on now, which decides between equals
     */
    void add(TrackInput track, boolean isOn) {
        if (size == tracks.length) {
            grow();
        }
        RenderSize tile = track.renderSize() != null ? track.renderSize() : profile.assumedSize(track.priority());
        tracks[size] = track;
        on[size] = isOn;
        preferred[size] = false;
        held[size] = false;
        outside[size] = false;
        top[size] = track.ladder().topFor(tile);
        area[size] = tile == null ? BandwidthProfile.HIGH_DEFAULT.area() : tile.area();
        size++;
    }

    private void grow() {
        int longer = tracks.length * 2;
        tracks = Arrays.copyOf(tracks, longer);
        preferred = Arrays.copyOf(preferred, longer);
        on = Arrays.copyOf(on, longer);
        held = Arrays.copyOf(held, longer);
        outside = Arrays.copyOf(outside, longer);
        top = Arrays.copyOf(top, longer);
        area = Arrays.copyOf(area, longer);
        order = Arrays.copyOf(order, longer);
        rankOf = Arrays.copyOf(rankOf, longer);
        point = Arrays.copyOf(point, longer);
        heap = Arrays.copyOf(heap, longer);
    }

    /** Lets a track rank above others of its priority that are louder and not preferred. */
    void prefer(int track) {
        preferred[track] = true;
    }

    /** Ranks the tracks that have been added, and finds those outside of the profile's largest number of tracks. */
    void rank() {
        for (int i = 0; i < size; i++) {
            int place = i;
            while (place > 0 && isBefore(i, order[place - 1])) {
                order[place] = order[place - 1];
                place--;
            }
            order[place] = i;
        }
        int inside = 0;
        first = -1;
        for (int rank = 0; rank < size; rank++) {
            int track = order[rank];
            rankOf[track] = rank;
            if (tracks[track].clientEnabled()) {
                outside[track] = profile.maxTracks() > 0 && inside >= profile.maxTracks();
                inside++;
                if (first < 0 && top[track] >= 0) {
                    first = track;
                }
            }
        }
    }

    private boolean isBefore(int one, int other) {
        int byPriority = tracks[other].priority().compareTo(tracks[one].priority());
        if (byPriority != 0) {
            return byPriority < 0;
        }
        if (profile.mode() == Mode.PRESENTATION && area[one] != area[other]) {
            return area[one] > area[other];
        }
        if (preferred[one] != preferred[other]) {
            return preferred[one];
        }
        if (tracks[one].loudRank() != tracks[other].loudRank()) {
            return tracks[one].loudRank() < tracks[other].loudRank();
        }
        if (on[one] != on[other]) {
            return on[one];
        }
        if (tracks[one].joinOrder() != tracks[other].joinOrder()) {
            return tracks[one].joinOrder() < tracks[other].joinOrder();
        }
        return tracks[one].track().value().compareTo(tracks[other].track().value()) < 0;
    }

    /** Excludes a track from the allocations that follow, or includes it again. */
    void hold(int track, boolean isHeld) {
        held[track] = isHeld;
    }

    /** Returns the track with this rank. */
    int atRank(int rank) {
        return order[rank];
    }

    /** Returns the rank of this track, 0 for the most important one. */
    int rankOf(int track) {
        return rankOf[track];
    }

    /** Returns the most important track whose publisher sends something; -1 if there is none. */
    int first() {
        return first;
    }

    /** Returns whether more important tracks fill the profile's largest number of tracks. */
    boolean isOutside(int track) {
        return outside[track];
    }

    /** Returns the index of the best point that the tile of this track can use; -1 if its publisher sends nothing. */
    int top(int track) {
        return top[track];
    }

    /** Returns the point that the last allocation gave this track, {@link #OFF} or {@link #SILENT}. */
    int point(int track) {
        return point[track];
    }

    /** Returns the weight of a track: tracks with twice the weight may have twice the rate. */
    int weight(int track) {
        return profile.mode() == Mode.GRID ? 1 : area[track];
    }

    /** Returns the area of the track's tile in pixels. */
    int area(int track) {
        return area[track];
    }

    /**
     * Returns the budget of all tracks: what is available, but not more than the cap. The cap never turns the most
     * important track off.
     */
    long budget(long availableBps, long capBps) {
        return Math.min(availableBps, cap(capBps));
    }

    /** Returns the cap that counts: at least the lowest layer of the most important track. */
    long cap(long capBps) {
        return first < 0 ? capBps : Math.max(capBps, tracks[first].ladder().bps(0));
    }

    /** Returns whether the most important track may stay on although the budget is below its lowest layer. */
    boolean isGraceful(long budgetBps) {
        return first >= 0
                && tracks[first].ladder().isScalable()
                && budgetBps * 100
                        >= (long) GRACE_PERCENT * tracks[first].ladder().bps(0);
    }

    /**
     * Shares the budget.
     *
     * @param neverOff true if every track keeps at least its lowest layer, even if that is more than the budget
     * @param grace true if the most important track keeps its lowest layer however low the budget is
     */
    void allocate(long budgetBps, boolean neverOff, boolean grace) {
        long left = budgetBps;
        for (int track = 0; track < size; track++) {
            point[track] = OFF;
        }
        if (neverOff) {
            for (int track = 0; track < size; track++) {
                if (isEligible(track)) {
                    point[track] = top[track] < 0 ? SILENT : 0;
                    left -= costOf(track, point[track]);
                }
            }
        }
        boolean stopped = false;
        int end;
        for (int start = 0; start < size; start = end) {
            end = endOfClass(start);
            if (!neverOff) {
                for (int rank = start; rank < end; rank++) {
                    int track = order[rank];
                    if (!isEligible(track)) {
                        continue;
                    }
                    if (top[track] < 0) {
                        point[track] = SILENT;
                        continue;
                    }
                    long least = tracks[track].ladder().bps(0);
                    boolean isGranted =
                            track == first && tracks[track].ladder().isScalable() && (grace || isGraceful(budgetBps));
                    if (!stopped && (least <= left || isGranted)) {
                        point[track] = 0;
                        left -= least;
                    } else {
                        stopped |= tracks[track].ladder().isScalable();
                    }
                }
            }
            left = fill(start, end, left);
        }
    }

    private boolean isEligible(int track) {
        return tracks[track].clientEnabled() && !outside[track] && !held[track];
    }

    /** Returns the rank after the last track of the class that begins at this rank. */
    private int endOfClass(int start) {
        if (profile.mode() != Mode.PRESENTATION) {
            return size;
        }
        int leader = order[start];
        boolean isUpper = start == 0 || tracks[order[start - 1]].priority() != tracks[leader].priority();
        int end = start + 1;
        while (end < size
                && tracks[order[end]].priority() == tracks[leader].priority()
                && (!isUpper || 2L * area[order[end]] >= area[leader])) {
            end++;
        }
        return end;
    }

    /** Raises the tracks of a class while something is left, and returns what is left then. */
    private long fill(int start, int end, long budgetBps) {
        long left = budgetBps;
        heapSize = 0;
        for (int rank = start; rank < end; rank++) {
            int track = order[rank];
            if (point[track] >= 0 && point[track] < top[track]) {
                heap[heapSize++] = track;
            }
        }
        for (int place = heapSize / 2 - 1; place >= 0; place--) {
            sink(place);
        }
        while (heapSize > 0 && left > 0) {
            int track = heap[0];
            Ladder ladder = tracks[track].ladder();
            int step = ladder.bps(point[track] + 1) - ladder.bps(point[track]);
            boolean fits = step <= left;
            if (fits) {
                left -= step;
                point[track]++;
            }
            if (!fits || point[track] == top[track]) {
                heap[0] = heap[--heapSize];
            }
            sink(0);
        }
        return left;
    }

    /** Moves the track at this place of the heap down until no track below it has a cheaper next step. */
    private void sink(int from) {
        int place = from;
        while (true) {
            int least = place;
            for (int below = 2 * place + 1; below <= 2 * place + 2 && below < heapSize; below++) {
                if (isCheaper(heap[below], heap[least])) {
                    least = below;
                }
            }
            if (least == place) {
                return;
            }
            int track = heap[place];
            heap[place] = heap[least];
            heap[least] = track;
            place = least;
        }
    }

    private boolean isCheaper(int one, int other) {
        return isCheaper(one, point[one] + 1, other, point[other] + 1);
    }

    /** Returns whether this step of one track is taken before that of the other. A step is named by its new point. */
    boolean isCheaper(int one, int stepOfOne, int other, int stepOfOther) {
        long mine = (long) tracks[one].ladder().bps(stepOfOne) * weight(other);
        long its = (long) tracks[other].ladder().bps(stepOfOther) * weight(one);
        return mine != its ? mine < its : rankOf[one] < rankOf[other];
    }

    private int costOf(int track, int at) {
        return at < 0 ? 0 : tracks[track].ladder().bps(at);
    }

    /** Returns what the points of the last allocation cost together. */
    long sumBps() {
        long sum = 0;
        for (int track = 0; track < size; track++) {
            sum += costOf(track, point[track]);
        }
        return sum;
    }

    /**
     * Returns the class of a track, 0 for the highest. A class is served before the next one; only presentation has
     * several classes.
     */
    int classOf(int track) {
        int number = 0;
        for (int end = endOfClass(0); end <= rankOf[track]; end = endOfClass(end)) {
            number++;
        }
        return number;
    }
}
