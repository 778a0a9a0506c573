package org.rotunda.load.capacity;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a mix from HOCON: a file, in which the keys of {@code mix.conf} may stand, and settings of the command line. A
 * key that is given nowhere has the value of {@code mix.conf}. All faults are reported together.
 */
final class MixReader {
    private static final String DEFAULTS = "org/rotunda/load/capacity/mix.conf";
    private static final String KINDS = "kinds";

    /** The most kinds of a mix. The bound only keeps a wrong file from being read as a mix. */
    private static final int KINDS_MAX = 100;

    /** Shares are decimal fractions, so their sum is not exactly 100. */
    private static final double SHARES_TOLERANCE = 0.01;

    private static final double SHARES_SUM = 100;

    /** The range of a number. The least value may be excluded, the greatest never is. */
    private record Range(double min, boolean minExcluded, double max) {
        private static final Range POSITIVE = new Range(0, true, 1e12);
        private static final Range NOT_NEGATIVE = new Range(0, false, 1e12);
        private static final Range AT_LEAST_ONE = new Range(1, false, 1e12);
        private static final Range PART = new Range(0, true, 1);
        private static final Range PER_CENT = new Range(0, false, 100);

        boolean has(double value) {
            return (minExcluded ? value > min : value >= min) && value <= max;
        }

        String describe() {
            String least = (minExcluded ? "above " : "at least ") + text(min);
            return max == POSITIVE.max ? least : least + " and at most " + text(max);
        }
    }

    private static final Map<String, Range> KEYS = Map.ofEntries(
            Map.entry("participants", Range.AT_LEAST_ONE),
            Map.entry("media-node.cores", Range.POSITIVE),
            Map.entry("media-node.gbit", Range.POSITIVE),
            Map.entry("media-node.utilisation", Range.PART),
            Map.entry("media-node.transports-max", Range.AT_LEAST_ONE),
            Map.entry("gateway.sessions-max", Range.AT_LEAST_ONE),
            Map.entry("room-node.rooms-max", Range.AT_LEAST_ONE),
            Map.entry("spare", new Range(0, false, 1_000)),
            Map.entry("visits.minutes", Range.POSITIVE),
            Map.entry("visits.peak", Range.AT_LEAST_ONE),
            Map.entry("visits.journal-events", Range.POSITIVE),
            Map.entry("visits.journal-row-bytes", Range.POSITIVE),
            Map.entry("visits.journal-days", Range.NOT_NEGATIVE),
            Map.entry("cell.nodes-max", Range.AT_LEAST_ONE),
            Map.entry("cell.room-nodes-max", Range.AT_LEAST_ONE),
            Map.entry("cell.journal-events-max", Range.AT_LEAST_ONE),
            Map.entry("costs.packet-micros", Range.POSITIVE),
            Map.entry("costs.in-packet-ratio", Range.NOT_NEGATIVE),
            Map.entry("costs.join-millis", Range.POSITIVE),
            Map.entry("costs.heap-kib", Range.POSITIVE));

    private static final Map<String, Range> KIND_KEYS = Map.of(
            "share", Range.PER_CENT,
            "per-room", Range.AT_LEAST_ONE,
            "out-mbit", Range.POSITIVE,
            "out-packets", Range.POSITIVE,
            "in-mbit", Range.NOT_NEGATIVE,
            "in-packets", Range.NOT_NEGATIVE);

    private final String source;
    private final Config given;
    private final Config all;
    private final List<String> faults = new ArrayList<>();

    private MixReader(String source, Config given) {
        this.source = source;
        this.given = given;
        this.all = given.withFallback(ConfigFactory.parseResources(MixReader.class.getClassLoader(), DEFAULTS))
                .resolve();
    }

    /** A mix and its costs. */
    static final class Read {
        private final MixReader reader;
        private final Map<String, String> settings;
        private final Plan plan;

        private Read(MixReader reader, Map<String, String> settings) {
            this.reader = reader;
            this.settings = Map.copyOf(settings);
            this.plan = reader.plan();
        }

        Plan plan() {
            return plan;
        }

        /** Returns a cost with its origin, or nothing if neither the file nor the command line gives it. */
        Optional<UnitCosts.Cost> cost(String name) {
            String key = "costs." + name;
            if (!reader.all.hasPath(key)) {
                return Optional.empty();
            }
            String origin =
                    settings.containsKey(key) ? "--set" : reader.given.hasPath(key) ? reader.source : "the default mix";
            return Optional.of(new UnitCosts.Cost(reader.all.getDouble(key), key + " of " + origin));
        }
    }

    /**
     * Reads a mix.
     *
     * @param file null for the default mix
     * @param settings keys with their values, which take the place of those in the file
     * @throws MixFaults if the mix cannot be used
     */
    static Read read(@Nullable Path file, Map<String, String> settings) {
        String source = file == null ? "--set" : file.toString();
        try {
            Config config = settings.isEmpty() ? ConfigFactory.empty() : ConfigFactory.parseMap(settings, "--set");
            if (file != null) {
                config = config.withFallback(ConfigFactory.parseFile(
                        file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)));
            }
            return new Read(new MixReader(source, config), settings);
        } catch (ConfigException unusable) {
            throw new MixFaults(source, List.of(String.valueOf(unusable.getMessage())));
        }
    }

    private Plan plan() {
        given.entrySet().forEach(entry -> requireKnown(entry.getKey()));
        KEYS.forEach((key, range) -> {
            if (all.hasPathOrNull(key)) {
                number(all, key, "", range);
            }
        });
        List<RoomKind> kinds = kinds();
        if (faults.isEmpty()) {
            double sum = kinds.stream().mapToDouble(RoomKind::share).sum();
            if (Math.abs(sum - SHARES_SUM) > SHARES_TOLERANCE) {
                faults.add("the shares of kinds sum to " + text(sum) + " and not to 100");
            }
        }
        if (!faults.isEmpty()) {
            throw new MixFaults(source, faults.stream().sorted().toList());
        }
        return new Plan(
                new Mix(all.getDouble("participants"), kinds),
                new Plan.MediaNodeShape(
                        all.getDouble("media-node.cores"),
                        all.getDouble("media-node.gbit"),
                        all.getDouble("media-node.utilisation"),
                        all.getDouble("media-node.transports-max")),
                new Plan.Control(all.getDouble("gateway.sessions-max"), all.getDouble("room-node.rooms-max")),
                new Plan.Visits(
                        all.getDouble("visits.minutes"),
                        all.getDouble("visits.peak"),
                        all.getDouble("visits.journal-events"),
                        all.getDouble("visits.journal-row-bytes"),
                        all.getDouble("visits.journal-days")),
                new Plan.Cell(
                        all.getDouble("cell.nodes-max"),
                        all.getDouble("cell.room-nodes-max"),
                        all.getDouble("cell.journal-events-max")),
                all.getDouble("spare"));
    }

    private void requireKnown(String quoted) {
        String key = String.join(".", ConfigUtil.splitPath(quoted));
        if (!KEYS.containsKey(key) && !key.equals(KINDS)) {
            faults.add(key + " is no key of a mix");
        }
    }

    private List<RoomKind> kinds() {
        if (all.getValue(KINDS).valueType() != ConfigValueType.LIST
                || all.getList(KINDS).stream().anyMatch(each -> each.valueType() != ConfigValueType.OBJECT)) {
            faults.add("kinds must be a list of objects");
            return List.of();
        }
        List<? extends Config> list = all.getConfigList(KINDS);
        if (list.isEmpty() || list.size() > KINDS_MAX) {
            faults.add("kinds must have 1 to " + KINDS_MAX + " entries: " + list.size());
            return List.of();
        }
        List<RoomKind> kinds = new ArrayList<>();
        for (int index = 0; index < list.size(); index++) {
            kinds.add(kind(list.get(index), KINDS + "[" + index + "]."));
        }
        return kinds;
    }

    private RoomKind kind(Config kind, String prefix) {
        kind.entrySet().stream()
                .map(entry -> String.join(".", ConfigUtil.splitPath(entry.getKey())))
                .filter(key -> !KIND_KEYS.containsKey(key) && !key.equals("name"))
                .forEach(key -> faults.add(prefix + key + " is no key of a kind"));
        if (!kind.hasPath("name")) {
            faults.add(prefix + "name is missing");
        }
        return new RoomKind(
                kind.hasPath("name") ? String.valueOf(kind.getAnyRef("name")) : "",
                kindNumber(kind, "share", prefix),
                kindNumber(kind, "per-room", prefix),
                new Flow(kindNumber(kind, "out-mbit", prefix), kindNumber(kind, "out-packets", prefix)),
                new Flow(kindNumber(kind, "in-mbit", prefix), kindNumber(kind, "in-packets", prefix)));
    }

    private double kindNumber(Config kind, String key, String prefix) {
        Range range = KIND_KEYS.get(key);
        if (!kind.hasPathOrNull(key)) {
            faults.add(prefix + key + " is missing");
            return Double.NaN;
        }
        return number(kind, key, prefix, range == null ? Range.NOT_NEGATIVE : range);
    }

    /** Returns the number at a key. Notes a fault if there is no number, or one outside of the range. */
    private double number(Config config, String key, String prefix, Range range) {
        double value = config.getIsNull(key) ? Double.NaN : parsed(config.getValue(key));
        if (!range.has(value)) {
            String shown = config.getIsNull(key) ? "null" : config.getValue(key).render(ConfigRenderOptions.concise());
            faults.add(prefix + key + " must be a number " + range.describe() + ": " + shown);
        }
        return value;
    }

    /** Returns the number of a value; NaN if it is none. The command line gives numbers as text. */
    private static double parsed(ConfigValue value) {
        return switch (value.valueType()) {
            case NUMBER, STRING -> {
                try {
                    yield Double.parseDouble(String.valueOf(value.unwrapped()));
                } catch (NumberFormatException noNumber) {
                    yield Double.NaN;
                }
            }
            default -> Double.NaN;
        };
    }

    private static String text(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
