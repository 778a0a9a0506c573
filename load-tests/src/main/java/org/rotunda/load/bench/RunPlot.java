package org.rotunda.load.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.rotunda.load.bench.SvgPlot.Line;
import org.rotunda.load.bench.SvgPlot.Panel;
import org.rotunda.load.bench.SvgPlot.Point;

/**
 * Draws a run as a picture. Each point shows the change between two samples. The counters of the node are up to half a
 * second old, so samples closer to each other than {@link #SECONDS_MIN} would show jumps that were not there. Pure.
 */
final class RunPlot {
    /** The least time between two samples of a point. */
    static final double SECONDS_MIN = 1;

    private RunPlot() {}

    static String draw(String title, RunResult run) {
        List<NodeSample> samples = run.samples();
        List<Panel> panels = new ArrayList<>();
        // Another server has no metrics of the product. Its panels come from the process and from the bots.
        if (samples.stream().anyMatch(sample -> sample.forwarded() > 0)) {
            panels.addAll(ofMetrics(samples));
        }
        panels.add(new Panel(
                "CPU of the server, cores",
                List.of(
                        line("all threads", samples, (before, now) -> now.cpuSeconds(before) / now.seconds(before)),
                        line(
                                "media loops",
                                samples,
                                (before, now) -> now.loopCpuSeconds(before) / now.seconds(before)))));
        panels.add(new Panel(
                "memory of the server in RAM, MiB",
                List.of(line("resident", samples, (before, now) -> now.usage().residentBytes() / 1024.0 / 1024.0))));
        panels.addAll(ofBots(run.bots(), samples.get(0).nanos()));
        return SvgPlot.draw(title, panels, run.warmUpSeconds());
    }

    private static List<Panel> ofMetrics(List<NodeSample> samples) {
        return List.of(
                new Panel(
                        "packets a second",
                        List.of(
                                line(
                                        "forwarded",
                                        samples,
                                        (before, now) -> (now.forwarded() - before.forwarded()) / now.seconds(before)),
                                line(
                                        "datagrams sent",
                                        samples,
                                        (before, now) ->
                                                (now.datagramsOut() - before.datagramsOut()) / now.seconds(before)))),
                new Panel(
                        "delay in the router, ms",
                        List.of(
                                line("median", samples, (before, now) -> delayMillis(before, now, 0.5)),
                                line("99th percentile", samples, (before, now) -> delayMillis(before, now, 0.99)))),
                new Panel(
                        "longest lag of a media loop in 15 to 30 s, ms",
                        List.of(line("lag", samples, (before, now) -> now.loopLagSeconds() * 1e3))));
    }

    private static double delayMillis(NodeSample before, NodeSample now, double share) {
        return now.routerDelays().since(before.routerDelays()).percentile(share) * 1e3;
    }

    private static Line line(
            String name, List<NodeSample> samples, ToDoubleBiFunction<NodeSample, NodeSample> between) {
        List<Point> points = new ArrayList<>();
        NodeSample first = samples.get(0);
        NodeSample before = first;
        for (NodeSample now : samples) {
            if (now.seconds(before) >= SECONDS_MIN) {
                points.add(new Point(now.seconds(first), between.applyAsDouble(before, now)));
                before = now;
            }
        }
        return new Line(name, points);
    }

    /** Returns the panels of what the bots saw, without joins if nobody joined in this time. */
    private static List<Panel> ofBots(List<BotsSample> bots, long beginNanos) {
        List<Panel> panels = new ArrayList<>();
        if (bots.size() > 1) {
            panels.add(new Panel(
                    "packets that arrived at bots, a second",
                    List.of(botsLine(
                            "arrived",
                            bots,
                            beginNanos,
                            (before, now) -> (now.received() - before.received()) / now.seconds(before)))));
            panels.add(new Panel("packets lost for good, per thousand", List.of(lostLine(bots, beginNanos))));
            BotsSample first = bots.get(0);
            BotsSample last = bots.get(bots.size() - 1);
            if (last.joined() + last.failed() > first.joined() + first.failed()) {
                panels.add(new Panel("joins a second", joinLines(bots, beginNanos)));
            }
        }
        return panels;
    }

    private static Line lostLine(List<BotsSample> bots, long beginNanos) {
        return botsLine("lost", bots, beginNanos, (before, now) -> {
            long lost = now.lost() - before.lost();
            long expected = now.received() - before.received() + lost;
            return expected > 0 ? 1e3 * lost / expected : Double.NaN;
        });
    }

    private static List<Line> joinLines(List<BotsSample> bots, long beginNanos) {
        return List.of(
                botsLine(
                        "joined",
                        bots,
                        beginNanos,
                        (before, now) -> (now.joined() - before.joined()) / now.seconds(before)),
                botsLine(
                        "failed",
                        bots,
                        beginNanos,
                        (before, now) -> (now.failed() - before.failed()) / now.seconds(before)));
    }

    private static Line botsLine(
            String name, List<BotsSample> bots, long beginNanos, ToDoubleBiFunction<BotsSample, BotsSample> between) {
        List<Point> points = new ArrayList<>();
        for (int i = 1; i < bots.size(); i++) {
            BotsSample now = bots.get(i);
            points.add(new Point((now.nanos() - beginNanos) / 1e9, between.applyAsDouble(bots.get(i - 1), now)));
        }
        return new Line(name, points);
    }
}
