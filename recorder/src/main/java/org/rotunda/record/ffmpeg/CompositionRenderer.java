package org.rotunda.record.ffmpeg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.rotunda.record.plan.CompositionPlan;
import org.rotunda.record.plan.Piece;

/**
 * Renders a plan in a directory that holds its sources. Each step makes a file with a fixed name, which appears when it
 * is whole; so a step whose file is there need not be done again, also by another process. Steps are independent and may
 * run side by side; {@link #join} needs all others. Calls block.
 */
public final class CompositionRenderer {
    private static final String LIST = "pieces.txt";

    private final FfmpegRunner runner;
    private final Encoding encoding;

    public CompositionRenderer(FfmpegRunner runner, Encoding encoding) {
        this.runner = runner;
        this.encoding = encoding;
    }

    /**
     * Does all steps that have not been done, one after another.
     *
     * @return the finished file
     */
    public Path render(CompositionPlan plan, Path directory) throws FfmpegException, IOException, InterruptedException {
        for (int i = 0; i < plan.pieces().size(); i++) {
            renderPiece(plan, i, directory, frames -> {});
        }
        if (plan.hasAudio()) {
            renderAudio(plan, directory);
        }
        return join(plan, directory);
    }

    /**
     * Renders a piece of the picture.
     *
     * @param progress is told how many frames of the piece are done, by another thread
     */
    public void renderPiece(CompositionPlan plan, int index, Path directory, LongConsumer progress)
            throws FfmpegException, IOException, InterruptedException {
        Piece piece = plan.pieces().get(index);
        Path file = directory.resolve(pieceName(plan, index));
        if (Files.exists(file)) {
            return;
        }
        Path part = partOf(file);
        List<String> arguments = Commands.piece(
                plan, piece, encoding.video(plan), part.getFileName().toString());
        RunLimits limits = RunLimits.forOutput(piece.frames() * 1_000 / plan.framesPerSecond());
        long frames = runner.run(arguments, directory, limits, progress);
        if (frames != piece.frames()) {
            throw new FfmpegException(
                    FfmpegFailure.BAD_MEDIA, "ffmpeg rendered " + frames + " frames of " + piece.frames());
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Mixes the sound of a composition that has sound. */
    public void renderAudio(CompositionPlan plan, Path directory)
            throws FfmpegException, IOException, InterruptedException {
        Path file = directory.resolve(audioName(plan));
        if (Files.exists(file)) {
            return;
        }
        Path part = partOf(file);
        List<String> arguments = Commands.audio(
                plan, Encoding.audio(plan.format()), part.getFileName().toString());
        runner.run(arguments, directory, RunLimits.forOutput(plan.lengthMs()), frames -> {});
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Puts all pieces and the sound into the finished file.
     *
     * @return the finished file
     */
    public Path join(CompositionPlan plan, Path directory) throws FfmpegException, IOException, InterruptedException {
        Files.writeString(directory.resolve(LIST), list(plan));
        Path file = directory.resolve("composition." + plan.format().word());
        Path part = partOf(file);
        List<String> arguments =
                Commands.join(plan, LIST, audioName(plan), part.getFileName().toString());
        runner.run(arguments, directory, RunLimits.forOutput(plan.lengthMs()), frames -> {});
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return file;
    }

    /** Returns the list of pieces for ffmpeg. Lengths are said, because a file's own one is rounded. */
    private static String list(CompositionPlan plan) {
        return IntStream.range(0, plan.pieces().size())
                .mapToObj(i -> "file '" + pieceName(plan, i) + "'\nduration "
                        + VideoGraph.seconds(plan.pieces().get(i).frames() * 1_000_000 / plan.framesPerSecond()) + "\n")
                .collect(Collectors.joining("", "ffconcat version 1.0\n", ""));
    }

    private static String pieceName(CompositionPlan plan, int index) {
        return String.format(Locale.ROOT, "piece-%05d.%s", index, plan.format().word());
    }

    private static String audioName(CompositionPlan plan) {
        return "audio." + plan.format().word();
    }

    private static Path partOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }
}
