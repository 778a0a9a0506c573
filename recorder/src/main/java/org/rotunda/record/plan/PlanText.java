package org.rotunda.record.plan;

import java.util.Locale;

/** A plan as a text for people: what is kept, where each source is and when, and why one is not there. */
public final class PlanText {
    private final StringBuilder text = new StringBuilder();
    private final CompositionPlan plan;

    private PlanText(CompositionPlan plan) {
        this.plan = plan;
    }

    /** Returns the text. Times are seconds; output time unless room time is named. */
    public static String of(CompositionPlan plan) {
        PlanText writer = new PlanText(plan);
        writer.writeHead();
        writer.writeKept();
        plan.regions().forEach(writer::writeRegion);
        writer.writeSounds();
        writer.writePieces();
        return writer.text.toString();
    }

    private void writeHead() {
        line("%s, %s s, %s, %s", plan.format().word(), seconds(plan.lengthMs()), picture(), sound());
    }

    private String picture() {
        return plan.hasVideo()
                ? plan.width() + "x" + plan.height() + " with " + plan.frames() + " frames, " + plan.framesPerSecond()
                        + " a second"
                : "no picture";
    }

    private String sound() {
        return plan.hasAudio() ? "sound" : "no sound";
    }

    private void writeKept() {
        line("kept of the room's time:");
        for (Timeline.Kept each : plan.kept()) {
            line("  %s to %s, at %s", seconds(each.startMs()), seconds(each.endMs()), seconds(each.outputMs()));
        }
    }

    private void writeRegion(RegionPlan region) {
        line(
                "region \"%s\" at %s, z %d: %d columns, %d rows, cells %dx%d, %d sources",
                printable(region.name()),
                region.box(),
                region.zPos(),
                region.grid().columns(),
                region.grid().rows(),
                region.cellWidth(),
                region.cellHeight(),
                region.trackSids().size());
        for (Picture each : plan.pictures()) {
            if (each.region().equals(region.name())) {
                line(
                        "  cell %d (%s): %s to %s, frames %d to %d, %s \"%s\" of %s, recording %s",
                        each.cell(),
                        each.box(),
                        secondsOfFrame(each.firstFrame()),
                        secondsOfFrame(each.endFrame()),
                        each.firstFrame(),
                        each.endFrame(),
                        each.trackSid(),
                        trackName(each.recordingSid()),
                        plan.recording(each.recordingSid()).participantSid(),
                        each.recordingSid());
            }
        }
        for (String hidden : region.hiddenTrackSids()) {
            line("  never seen, because no cell was free or the cells are too small: %s", hidden);
        }
    }

    private void writeSounds() {
        for (Sound each : plan.sounds()) {
            line(
                    "sound: %s to %s, %s \"%s\" of %s, recording %s",
                    seconds(each.startMs()),
                    seconds(each.endMs()),
                    each.trackSid(),
                    trackName(each.recordingSid()),
                    plan.recording(each.recordingSid()).participantSid(),
                    each.recordingSid());
        }
    }

    private void writePieces() {
        for (int i = 0; i < plan.pieces().size(); i++) {
            Piece piece = plan.pieces().get(i);
            line(
                    "piece %d: frames %d to %d, %d pictures",
                    i,
                    piece.firstFrame(),
                    piece.endFrame(),
                    plan.picturesOf(piece).size());
        }
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private String trackName(String recordingSid) {
        return printable(plan.recording(recordingSid).trackName());
    }

    /** Returns the text without characters that a terminal obeys; clients choose these names. */
    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%d.%03d", millis / 1_000, millis % 1_000);
    }

    private String secondsOfFrame(long frame) {
        return seconds(frame * 1_000 / plan.framesPerSecond());
    }
}
