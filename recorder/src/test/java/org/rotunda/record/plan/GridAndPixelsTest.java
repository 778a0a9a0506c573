package org.rotunda.record.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of layouts in {@code docs/compositions.md}, row by row: grids, cells, and pictures in them. */
class GridAndPixelsTest {
    /**
     * A row.
     *
     * @param sizes the sizes of the sources in order; the last one is that of all further ones
     * @param pictures the cell and the box of some sources, as {@code source>cell: box}
     */
    record Row(
            int number,
            String keys,
            String resolution,
            int sources,
            List<String> sizes,
            String grid,
            String cell,
            String firstCell,
            String lastCell,
            List<String> pictures) {}

    static Stream<Row> rows() {
        return Stream.of(
                row(1, "", "640x480", 1, "1280x720", "1x1", "640x480", "0,0", "0,0", "0>0: 0,60 640x360"),
                row(
                        2,
                        "",
                        "640x480",
                        2,
                        "640x480",
                        "2x1",
                        "320x480",
                        "0,0",
                        "320,0",
                        "0>0: 0,120 320x240",
                        "1>1: 320,120 320x240"),
                row(
                        3,
                        "",
                        "640x480",
                        3,
                        "640x480",
                        "2x2",
                        "320x240",
                        "0,0",
                        "320,240",
                        "0>0: 0,0 320x240",
                        "1>1: 320,0 320x240",
                        "2>2: 0,240 320x240"),
                row(
                        4,
                        "",
                        "1280x720",
                        4,
                        "1920x1080 640x480 480x640 640x360",
                        "2x2",
                        "640x360",
                        "0,0",
                        "640,360",
                        "0>0: 0,0 640x360",
                        "1>1: 720,0 480x360",
                        "2>2: 184,360 270x360",
                        "3>3: 640,360 640x360"),
                row(
                        5,
                        "",
                        "1280x720",
                        5,
                        "1280x720",
                        "3x2",
                        "426x360",
                        "0,0",
                        "852,360",
                        "0>0: 0,60 426x240",
                        "1>1: 426,60 426x240",
                        "2>2: 852,60 426x240",
                        "3>3: 0,420 426x240",
                        "4>4: 426,420 426x240"),
                row(
                        6,
                        "",
                        "1280x720",
                        6,
                        "640x480",
                        "3x2",
                        "426x360",
                        "0,0",
                        "852,360",
                        "0>0: 0,20 426x320",
                        "5>5: 852,380 426x320"),
                row(
                        7,
                        "",
                        "640x480",
                        7,
                        "1280x720",
                        "3x3",
                        "212x160",
                        "2,0",
                        "426,320",
                        "0>0: 2,20 212x118",
                        "6>6: 2,340 212x118"),
                row(
                        8,
                        "",
                        "1280x720",
                        9,
                        "640x360",
                        "3x3",
                        "426x240",
                        "0,0",
                        "852,480",
                        "0>0: 0,0 426x240",
                        "8>8: 852,480 426x240"),
                row(
                        9,
                        "",
                        "1280x720",
                        10,
                        "640x480",
                        "4x3",
                        "320x240",
                        "0,0",
                        "960,480",
                        "0>0: 0,0 320x240",
                        "9>9: 320,480 320x240"),
                row(
                        10,
                        "",
                        "1280x720",
                        17,
                        "640x480",
                        "5x4",
                        "256x180",
                        "0,0",
                        "1024,540",
                        "0>0: 8,0 240x180",
                        "16>16: 264,540 240x180"),
                row(
                        11,
                        "",
                        "1280x720",
                        25,
                        "640x360",
                        "5x5",
                        "256x144",
                        "0,0",
                        "1024,576",
                        "0>0: 0,0 256x144",
                        "24>24: 1024,576 256x144"),
                row(
                        12,
                        "",
                        "1280x720",
                        50,
                        "640x360",
                        "8x7",
                        "160x102",
                        "0,2",
                        "1120,614",
                        "0>0: 0,8 160x90",
                        "49>49: 160,620 160x90"),
                row(
                        13,
                        "'max_rows':1",
                        "1280x160",
                        5,
                        "640x480",
                        "5x1",
                        "256x160",
                        "0,0",
                        "1024,0",
                        "0>0: 22,0 212x160",
                        "4>4: 1046,0 212x160"),
                row(
                        14,
                        "'width':320,'height':720,'max_columns':1",
                        "1280x720",
                        3,
                        "640x480",
                        "1x3",
                        "320x240",
                        "0,0",
                        "0,480",
                        "0>0: 0,0 320x240",
                        "1>1: 0,240 320x240",
                        "2>2: 0,480 320x240"),
                row(
                        15,
                        "'x_pos':10,'y_pos':530,'width':1260,'height':160,'max_rows':1",
                        "1280x720",
                        4,
                        "640x480",
                        "4x1",
                        "314x160",
                        "12,530",
                        "954,530",
                        "0>0: 62,530 212x160",
                        "3>3: 1004,530 212x160"),
                row(
                        16,
                        "'x_pos':1040,'y_pos':10,'width':240,'height':180,'z_pos':1",
                        "1280x720",
                        1,
                        "640x480",
                        "1x1",
                        "240x180",
                        "1040,10",
                        "1040,10",
                        "0>0: 1040,10 240x180"),
                row(
                        17,
                        "'cells_excluded':[0,4]",
                        "640x480",
                        3,
                        "640x480",
                        "2x2",
                        "320x240",
                        "0,0",
                        "320,240",
                        "0>1: 320,0 320x240",
                        "1>2: 0,240 320x240",
                        "2>3: 320,240 320x240"),
                row(
                        18,
                        "'cells_excluded':[2,3],'max_columns':3,'max_rows':2",
                        "1280x720",
                        6,
                        "1280x720",
                        "3x2",
                        "426x360",
                        "0,0",
                        "852,360",
                        "0>0: 0,60 426x240",
                        "1>1: 426,60 426x240",
                        "2>4: 426,420 426x240",
                        "3>5: 852,420 426x240"),
                row(
                        19,
                        "'x_pos':5,'y_pos':7,'width':333,'height':201",
                        "640x480",
                        2,
                        "641x481",
                        "2x1",
                        "166x200",
                        "4,6",
                        "170,6",
                        "0>0: 4,44 166x124",
                        "1>1: 170,44 166x124"),
                row(
                        20,
                        "",
                        "640x480",
                        2,
                        "480x640",
                        "2x1",
                        "320x480",
                        "0,0",
                        "320,0",
                        "0>0: 0,26 320x426",
                        "1>1: 320,26 320x426"),
                row(21, "", "641x479", 1, "640x480", "1x1", "640x478", "0,0", "0,0", "0>0: 2,0 636x478"));
    }

    private static Row row(
            int number,
            String keys,
            String resolution,
            int sources,
            String sizes,
            String grid,
            String cell,
            String firstCell,
            String lastCell,
            String... pictures) {
        return new Row(
                number,
                keys.replace('\'', '"'),
                resolution,
                sources,
                List.of(sizes.split(" ", -1)),
                grid,
                cell,
                firstCell,
                lastCell,
                List.of(pictures));
    }

    @MethodSource("rows")
    @ParameterizedTest
    void placesTheSourcesOfTheRow(Row row) {
        CompositionPlan plan = Rooms.plan(row.keys, row.resolution, Rooms.videos(row.sources));
        RegionPlan region = plan.regions().get(0);
        assertThat(region.grid().columns() + "x" + region.grid().rows()).isEqualTo(row.grid);
        assertThat(region.cellWidth() + "x" + region.cellHeight()).isEqualTo(row.cell);
        assertThat(region.box().cell(region.grid(), 0).toString()).isEqualTo(row.firstCell + " " + row.cell);
        assertThat(region.box().cell(region.grid(), region.grid().cells() - 1).toString())
                .isEqualTo(row.lastCell + " " + row.cell);
        List<String> pictures = plan.pictures().stream()
                .map(each -> {
                    int source = region.trackSids().indexOf(each.trackSid());
                    String[] size = row.sizes
                            .get(Math.min(source, row.sizes.size() - 1))
                            .split("x", -1);
                    Box picture = each.box().picture(Integer.parseInt(size[0]), Integer.parseInt(size[1]));
                    return source + ">" + each.cell() + ": " + picture;
                })
                .toList();
        assertThat(pictures).containsAll(row.pictures).hasSize(row.number == 18 ? 4 : row.sources);
        assertThat(region.hiddenTrackSids()).hasSize(row.number == 18 ? 2 : 0);
    }

    @Test
    void cutsTheResolutionToEvenNumbers() {
        CompositionPlan plan = Rooms.plan("", "641x479", Rooms.videos(1));
        assertThat(plan.width()).isEqualTo(640);
        assertThat(plan.height()).isEqualTo(478);
    }

    @CsvSource({"1,1,1", "2,2,1", "3,2,2", "4,2,2", "5,3,2", "7,3,3", "10,4,3", "13,4,4", "17,5,4", "50,8,7"})
    @ParameterizedTest
    void isMostNearlySquare(int cells, int columns, int rows) {
        assertThat(Grid.forCells(cells, null, null)).isEqualTo(new Grid(columns, rows));
    }

    @CsvSource({
        "5,,1,5,1",
        "5,,2,3,2",
        "5,1,,1,5",
        "5,2,,2,3",
        "5,2,2,2,2",
        "5,1,1,1,1",
        "9,,2,5,2",
        "9,2,3,2,3",
        "1,7,9,1,1",
        "200,1000,1,200,1"
    })
    @ParameterizedTest
    void keepsItsLimits(int cells, Integer maxColumns, Integer maxRows, int columns, int rows) {
        assertThat(Grid.forCells(cells, maxColumns, maxRows)).isEqualTo(new Grid(columns, rows));
    }

    @Test
    void growsUntilEnoughCellsAreLeft() {
        for (int cells = 1; cells < 60; cells++) {
            for (List<Integer> excluded : List.of(List.of(0), List.of(0, 0, 1), List.of(5, 3, 999_999, 8, 1, 2))) {
                Grid grid = Grid.forUsableCells(cells, null, null, excluded);
                long gone = excluded.stream()
                        .distinct()
                        .filter(i -> i < grid.cells())
                        .count();
                assertThat(grid.cells() - gone).isGreaterThanOrEqualTo(cells);
            }
        }
    }

    @Test
    void showsNothingInCellsThatAreTooSmall() {
        CompositionPlan plan = Rooms.plan("\"width\":16,\"height\":16,\"max_columns\":1", "640x480", Rooms.videos(9));
        assertThat(plan.pictures()).isEmpty();
        assertThat(plan.regions().get(0).hiddenTrackSids()).hasSize(9);
        assertThat(PlanText.of(plan)).contains("never seen, because no cell was free or the cells are too small");
    }

    @Test
    void hasNoCellsWithoutSources() {
        CompositionPlan plan = Rooms.plan("\"cells_excluded\":[0]", "640x480", List.of(Rooms.audio("a", 0, 2)));
        assertThat(plan.pictures()).isEmpty();
        assertThat(plan.regions().get(0).grid()).isEqualTo(Grid.NONE);
        assertThat(plan.frames()).isEqualTo(50);
    }
}
