package org.rotunda.node.management;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;

/** The form of answers of the management port: a JSON object, which in an error has the field {@code message}. */
public final class JsonAnswers {
    private JsonAnswers() {}

    /** Returns an answer with this JSON text. */
    public static HttpResponse ok(String json) {
        return HttpResponse.create().withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json));
    }

    /** Returns an error that says what is wrong. */
    public static HttpResponse error(StatusCode status, String message) {
        String json =
                JsonNodeFactory.instance.objectNode().put("message", message).toString();
        return ok(json).withStatus(status);
    }
}
