package org.rotunda.node.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.management.javadsl.ManagementRouteProvider;
import org.apache.pekko.management.javadsl.ManagementRouteProviderSettings;
import org.jspecify.annotations.Nullable;

/** Serves {@code /metrics} on the management port from this node's registry. */
public final class MetricsRoutes extends AllDirectives implements ManagementRouteProvider {
    /** The initial size of the buffer for the page. For the page of a node, the buffer grows at most twice. */
    private static final int INITIAL_BYTES = 64 * 1024;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();

    public static MetricsRoutes of(ClassicActorSystemProvider system) {
        return Id.INSTANCE.get(system);
    }

    public PrometheusRegistry registry() {
        return registry;
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return path(
                "metrics",
                () -> get(() -> optionalHeaderValueByName(
                        "Accept", accept -> encodeResponse(() -> complete(page(accept.orElse(null)))))));
    }

    /**
     * Writes the page in the format that the scraper accepts: OpenMetrics text, Prometheus protobuf, or Prometheus
     * text.
     */
    private HttpResponse page(@Nullable String accept) {
        ExpositionFormatWriter writer = formats.findWriter(accept);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
        try {
            writer.write(bytes, registry.scrape(), EscapingScheme.fromAcceptHeader(accept));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // A stream into a byte array never fails.
        }
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.parse(writer.getContentType()), bytes.toByteArray()));
    }

    /** The extension id of these routes. Pekko Management finds the routes through this class's name. */
    public static final class Id extends AbstractExtensionId<MetricsRoutes> implements ExtensionIdProvider {
        static final Id INSTANCE = new Id();

        @Override
        public MetricsRoutes createExtension(ExtendedActorSystem system) {
            return new MetricsRoutes();
        }

        @Override
        public Id lookup() {
            return INSTANCE;
        }
    }
}
