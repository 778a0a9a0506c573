package org.rotunda.gateway.rest;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.model.Query;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.stream.Materializer;
import org.rotunda.room.protocol.Failures;

/** Reads the parameters of requests from queries, and from bodies in the two encodings of HTML forms. */
public final class Forms {
    /** The empty form of a request without a body. */
    static final CompletionStage<Parameters> NO_FORM = CompletableFuture.completedFuture(Parameters.NONE);

    private static final long BODY_TIMEOUT_MS = 10_000;

    private final long bytesMax;
    private final Materializer materializer;

    Forms(long bytesMax, Materializer materializer) {
        this.bytesMax = bytesMax;
        this.materializer = materializer;
    }

    public static Parameters query(HttpRequest request) {
        try {
            return parameters(request.getUri().query(StandardCharsets.UTF_8, Uri.RELAXED));
        } catch (IllegalUriException e) {
            throw ApiFault.badRequest(20001, "Invalid query");
        }
    }

    CompletionStage<Parameters> form(HttpRequest request) {
        return request.entity()
                // A body over this limit fails with EntityStreamSizeException. A body that arrives too late fails with
                // another exception.
                .withSizeLimit(bytesMax)
                .toStrict(BODY_TIMEOUT_MS, Long.MAX_VALUE, materializer)
                .handle((entity, failure) -> {
                    if (failure != null) {
                        throw Failures.rootCause(failure) instanceof EntityStreamSizeException
                                ? ApiFault.tooLarge()
                                : ApiFault.badRequest(20001, "Invalid body");
                    }
                    return entity;
                })
                .thenCompose(this::parse);
    }

    private CompletionStage<Parameters> parse(HttpEntity.Strict entity) {
        if (entity.getData().isEmpty()) {
            return CompletableFuture.completedFuture(Parameters.NONE);
        }
        if (entity.getContentType().mediaType().equals(MediaTypes.APPLICATION_X_WWW_FORM_URLENCODED)) {
            try {
                return CompletableFuture.completedFuture(
                        parameters(Query.create(entity.getData().utf8String(), StandardCharsets.UTF_8, Uri.RELAXED)));
            } catch (IllegalUriException e) {
                throw ApiFault.badRequest(20001, "Invalid form");
            }
        }
        if (entity.getContentType().mediaType().isMultipart()) {
            return Unmarshaller.entityToMultipartFormData()
                    .unmarshal(entity, materializer)
                    .thenCompose(form -> form.toStrict(BODY_TIMEOUT_MS, materializer))
                    .handle((form, failure) -> {
                        if (failure != null) {
                            throw ApiFault.badRequest(20001, "Invalid form");
                        }
                        return parameters(form);
                    });
        }
        throw ApiFault.badRequest(20001, "Invalid Content-Type");
    }

    private static Parameters parameters(Query query) {
        Parameters parameters = new Parameters();
        query.toList().forEach(pair -> parameters.add(pair.first(), pair.second()));
        return parameters;
    }

    private static Parameters parameters(Multipart.FormData.Strict form) {
        Parameters parameters = new Parameters();
        form.getStrictParts()
                .forEach(part -> parameters.add(
                        part.getName(), part.getEntity().getData().utf8String()));
        return parameters;
    }
}
