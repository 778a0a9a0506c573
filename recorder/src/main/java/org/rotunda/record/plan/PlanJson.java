package org.rotunda.record.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Plans as JSON, as they are stored and shown. */
public final class PlanJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS) // Answers such as hasVideo are no part of a plan.
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private PlanJson() {}

    public static String write(CompositionPlan plan) {
        try {
            return JSON.writeValueAsString(plan);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A plan has no JSON", e);
        }
    }

    /**
     * Reads a plan that was stored. Keys that this release does not know are an error: they would change the result.
     *
     * @throws IllegalArgumentException if the text is no plan
     */
    public static CompositionPlan read(String json) {
        try {
            return JSON.readValue(json, CompositionPlan.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("No plan of a composition", e);
        }
    }
}
