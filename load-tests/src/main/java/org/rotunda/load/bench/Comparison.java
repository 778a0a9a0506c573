package org.rotunda.load.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The runs of the product and of another server beside each other, in figures that both have. Pure. */
final class Comparison {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "rotunda";

    private final String peer;
    private final Report ours;
    private final Report theirs;

    /** @param peer the name of the other server */
    Comparison(String peer, Report ours, Report theirs) {
        this.peer = peer;
        this.ours = ours;
        this.theirs = theirs;
    }

    /** Returns a line for each figure that both servers have: medians, extremes, and ours divided by theirs. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(line("figure", NAME, peer, "ratio"));
        for (Figure figure : Figure.values()) {
            Spread our = ours.spread(figure);
            Spread their = theirs.spread(figure);
            if (!Double.isNaN(our.median()) && !Double.isNaN(their.median())) {
                lines.add(line(
                        figure.unit().isEmpty() ? figure.label() : figure.label() + ", " + figure.unit(),
                        spread(figure, our),
                        spread(figure, their),
                        their.median() == 0 ? "" : String.format(Locale.ROOT, "%.2f", our.median() / their.median())));
            }
        }
        return lines;
    }

    private static String line(String label, String our, String their, String ratio) {
        return String.format(Locale.ROOT, "%-58s %34s %34s %7s", label, our, their, ratio)
                .stripTrailing();
    }

    private static String spread(Figure figure, Spread spread) {
        return Report.number(figure, spread.median()) + " [" + Report.number(figure, spread.min()) + " – "
                + Report.number(figure, spread.max()) + "]";
    }

    /** Returns a JSON object with the report of each server under its name. */
    String json() {
        try {
            ObjectNode object = JSON.createObjectNode();
            object.put("peer", peer);
            object.set(NAME, JSON.readTree(ours.json()));
            object.set(peer, JSON.readTree(theirs.json()));
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
