package org.rotunda.record.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.rotunda.record.layout.CompositionSpec;
import org.rotunda.record.layout.Region;
import org.rotunda.record.layout.Resolution;

/** Makes the plan of one composition. */
public final class Planner {
    public static final int SOURCES_MAX = 200;
    public static final long BYTES_MAX = 40L << 30;

    private final CompositionSpec spec;
    private final PlanSettings settings;
    private final List<Source> sounding;
    private final Map<Region, List<Source>> seen = new LinkedHashMap<>();
    private final List<SourceRecording> recordings;
    private final Timeline timeline;
    private final long frames;

    private Planner(CompositionSpec spec, List<SourceRecording> room, PlanSettings settings) throws PlanException {
        this.spec = spec;
        this.settings = settings;
        List<SourceRecording> audio = ofKind(room, each -> !each.codec().isVideo());
        List<SourceRecording> video = ofKind(room, each -> each.codec().isVideo());
        sounding = Source.select(audio, spec.audioSources(), spec.audioSourcesExcluded());
        spec.videoLayout()
                .regions()
                .forEach(region ->
                        seen.put(region, Source.select(video, region.videoSources(), region.videoSourcesExcluded())));
        recordings = checkedRecordings();
        timeline = Timeline.of(recordings, spec.trim());
        frames = spec.videoLayout().isEmpty() ? 0 : Math.max(1, frameAt(timeline.lengthMs()));
    }

    /**
     * Makes the plan.
     *
     * @param room all completed recordings of the room, in any order
     * @throws PlanException if nothing or too much is selected
     */
    public static CompositionPlan plan(CompositionSpec spec, List<SourceRecording> room, PlanSettings settings)
            throws PlanException {
        return new Planner(spec, room, settings).plan();
    }

    private static List<SourceRecording> ofKind(List<SourceRecording> room, Predicate<SourceRecording> kind) {
        return room.stream().filter(kind).toList();
    }

    /** Returns the selected recordings, each once, in order of time. */
    private List<SourceRecording> checkedRecordings() throws PlanException {
        Set<Source> sources = new LinkedHashSet<>(sounding);
        seen.values().forEach(sources::addAll);
        List<SourceRecording> selected = sources.stream()
                .flatMap(each -> each.recordings().stream())
                .distinct()
                .sorted(Comparator.comparingLong(SourceRecording::startMs).thenComparing(SourceRecording::recordingSid))
                .toList();
        if (selected.isEmpty()) {
            throw new PlanException(
                    PlanException.Reason.NO_SOURCES, "The composition selects no completed recording of the room");
        }
        long tracks =
                selected.stream().map(SourceRecording::trackSid).distinct().count();
        if (tracks > SOURCES_MAX) {
            throw new PlanException(
                    PlanException.Reason.TOO_LARGE,
                    "The composition selects " + tracks + " tracks; at most " + SOURCES_MAX + " are possible");
        }
        long bytes = selected.stream().mapToLong(SourceRecording::bytes).sum();
        if (bytes > BYTES_MAX) {
            throw new PlanException(
                    PlanException.Reason.TOO_LARGE,
                    "The composition selects " + bytes + " bytes; at most " + BYTES_MAX + " are possible");
        }
        return selected;
    }

    private CompositionPlan plan() {
        List<RegionPlan> regions = new ArrayList<>();
        List<Picture> pictures = new ArrayList<>();
        seen.entrySet().stream()
                .sorted(Comparator.comparingInt(each -> each.getKey().zPos())) // Stable: equal ones as in the JSON.
                .forEach(each -> planRegion(each.getKey(), each.getValue(), regions, pictures));
        Resolution resolution = spec.resolution();
        boolean hasVideo = frames > 0;
        return new CompositionPlan(
                spec.format(),
                hasVideo ? Box.evenDown(resolution.width()) : 0,
                hasVideo ? Box.evenDown(resolution.height()) : 0,
                settings.framesPerSecond(),
                timeline.lengthMs(),
                frames,
                timeline.kept(),
                recordings,
                regions,
                pictures,
                sounds(),
                Pieces.cut(frames, (long) settings.framesPerSecond() * settings.pieceSeconds(), pictures));
    }

    private void planRegion(Region region, List<Source> sources, List<RegionPlan> regions, List<Picture> pictures) {
        Resolution resolution = spec.resolution();
        Box box = Box.even(region.xPos(), region.yPos(), region.widthIn(resolution), region.heightIn(resolution));
        Grid grid = Grid.forUsableCells(
                Cells.needed(sources, region.reuse()), region.maxColumns(), region.maxRows(), region.cellsExcluded());
        List<Picture> found = new ArrayList<>();
        for (Showing showing : Cells.place(sources, grid, Set.copyOf(region.cellsExcluded()), region.reuse())) {
            Box cell = box.cell(grid, showing.cell());
            if (cell.isVisible()) {
                addPictures(region.name(), showing, cell, found);
            }
        }
        found.sort(Comparator.comparingLong(Picture::firstFrame).thenComparingInt(Picture::cell));
        pictures.addAll(found);
        Set<String> hidden = new LinkedHashSet<>();
        sources.forEach(each -> hidden.add(each.trackSid()));
        List<String> all = List.copyOf(hidden);
        hidden.removeAll(new HashSet<>(found.stream().map(Picture::trackSid).toList()));
        Box first = grid.cells() == 0 ? Box.even(0, 0, 0, 0) : box.cell(grid, 0);
        regions.add(new RegionPlan(
                region.name(), region.zPos(), box, grid, first.width(), first.height(), all, List.copyOf(hidden)));
    }

    /** Adds the recordings of a source while it has its cell. Between two of them the cell is empty. */
    private void addPictures(String region, Showing showing, Box cell, List<Picture> pictures) {
        for (SourceRecording each : showing.source().recordings()) {
            long offsetMs = timeline.offsetMs(each);
            long first = frameAt(Math.max(showing.startMs(), each.startMs()) - offsetMs);
            long end = Math.min(frames, frameAt(Math.min(showing.endMs(), each.endMs()) - offsetMs));
            if (first < end) {
                pictures.add(new Picture(
                        region, showing.cell(), cell, each.trackSid(), each.recordingSid(), offsetMs, first, end));
            }
        }
    }

    private List<Sound> sounds() {
        List<Sound> sounds = new ArrayList<>();
        for (Source source : sounding) {
            for (SourceRecording each : source.recordings()) {
                long offsetMs = timeline.offsetMs(each);
                sounds.add(new Sound(
                        each.trackSid(), each.recordingSid(), each.startMs() - offsetMs, each.endMs() - offsetMs));
            }
        }
        return sounds;
    }

    /**
     * Returns the frame whose time is nearest to this one. Pictures begin and end with frames, an error of half a frame
     * at most; otherwise pieces would not be, frame by frame, what one process renders.
     */
    private long frameAt(long outputMs) {
        return (2 * outputMs * settings.framesPerSecond() + 1_000) / 2_000;
    }
}
