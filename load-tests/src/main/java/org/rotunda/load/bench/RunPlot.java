package org.rotunda.load.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.rotunda.load.bench.SvgPlot.Line;
import org.rotunda.load.bench.SvgPlot.Panel;
import org.rotunda.load.bench.SvgPlot.Point;

/** Draws a run as a picture. Each point shows the change between two samples. Pure. */
final class RunPlot {
    private RunPlot() {}

    static String draw(String title, RunResult run) {
        List<NodeSample> samples = run.samples();
        List<Panel> panels = List.of(
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
                        "CPU of the node, cores",
                        List.of(
                                line(
                                        "all threads",
                                        samples,
                                        (before, now) -> now.cpuSeconds(before) / now.seconds(before)),
                                line(
                                        "media loops",
                                        samples,
                                        (before, now) -> now.loopCpuSeconds(before) / now.seconds(before)))),
                new Panel(
                        "delay in the router, µs",
                        List.of(
                                line("median", samples, (before, now) -> delayMicros(before, now, 0.5)),
                                line("99th percentile", samples, (before, now) -> delayMicros(before, now, 0.99)))),
                new Panel(
                        "memory of the node in RAM, MiB",
                        List.of(line(
                                "resident",
                                samples,
                                (before, now) -> now.usage().residentBytes() / 1024.0 / 1024.0))));
        return SvgPlot.draw(title, panels, run.warmUpSeconds());
    }

    private static double delayMicros(NodeSample before, NodeSample now, double share) {
        return now.routerDelays().since(before.routerDelays()).percentile(share) * 1e6;
    }

    private static Line line(
            String name, List<NodeSample> samples, ToDoubleBiFunction<NodeSample, NodeSample> between) {
        List<Point> points = new ArrayList<>();
        for (int i = 1; i < samples.size(); i++) {
            NodeSample now = samples.get(i);
            points.add(new Point(now.seconds(samples.get(0)), between.applyAsDouble(samples.get(i - 1), now)));
        }
        return new Line(name, points);
    }
}
