package org.rotunda.record.layout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Writes a layout as answers of the REST API show it: every region with all keys, and null for sizes and limits that
 * were not given.
 */
public final class LayoutWriter {
    private LayoutWriter() {}

    public static ObjectNode write(VideoLayout layout) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Region region : layout.regions()) {
            ObjectNode node = json.putObject(region.name())
                    .put("x_pos", region.xPos())
                    .put("y_pos", region.yPos())
                    .put("z_pos", region.zPos())
                    .put("width", region.width())
                    .put("height", region.height())
                    .put("max_columns", region.maxColumns())
                    .put("max_rows", region.maxRows());
            ArrayNode cells = node.putArray("cells_excluded");
            region.cellsExcluded().forEach(cells::add);
            node.put("reuse", region.reuse().word());
            writeTo(node.putArray("video_sources"), region.videoSources());
            writeTo(node.putArray("video_sources_excluded"), region.videoSourcesExcluded());
        }
        return json;
    }

    private static void writeTo(ArrayNode list, List<SourcePattern> patterns) {
        patterns.forEach(each -> list.add(each.text()));
    }
}
