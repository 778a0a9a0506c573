package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests the layout of the demo page on screens of many sizes, with few and many people. One person is in a real call.
 * The other people are plain objects, which the page renders like participants of the SDK.
 */
@Tag("browser")
@ExtendWith(RigExtension.class)
class DemoPageLayoutTest {
    private static final double PATIENCE_MS = 30_000;
    private static final List<Integer> COUNTS = List.of(1, 2, 3, 4, 5, 6, 9, 12, 16, 20, 25);
    private static final String WORD = "n".repeat(128);
    private static final String WORDS = "long name ".repeat(12) + "12345678";

    /**
     * A script that adds people until there are {@code count} tiles. The names alternate between one long word, many
     * words, and a short name.
     */
    private static final String FILL = """
            ([count, word, words]) => {
              for (let i = document.querySelectorAll('#tiles .tile').length; i < count; i++) {
                rotunda.people.put({
                  key: 'PA' + i, name: [word, words, 'Bo'][i % 3], isAudioOn: i % 2 === 0, isVideoOn: false,
                  isReconnecting: i % 5 === 4, video: null, level: i % 6,
                });
              }
            }
            """;

    /** A script that returns the faults of the layout in words. */
    private static final String PROBLEMS = """
            async () => {
              await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))); // Sizes have been observed.
              const problems = [];
              const box = element => element.getBoundingClientRect();
              const say = element => element.id || element.dataset.key || element.className;
              const isInside = (inner, outer) => inner.left >= outer.left - 0.5 && inner.right <= outer.right + 0.5
                && inner.top >= outer.top - 0.5 && inner.bottom <= outer.bottom + 0.5;
              const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
              const overlap = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;

              const tiles = [...document.querySelectorAll('.tile')].filter(tile => tile.getClientRects().length > 0);
              tiles.forEach((tile, i) => tiles.slice(i + 1).forEach(other => {
                if (overlap(box(tile), box(other))) problems.push(`${say(tile)} and ${say(other)} overlap`);
              }));
              for (const tile of tiles) {
                const area = tile.closest('.area');
                const outer = box(area);
                const inner = box(tile);
                if (!isInside(outer, screen)) problems.push(`${say(area)} leaves the screen`);
                // An area that scrolls has all its tiles between its first and its last line.
                const shown = area.classList.contains('scrolls')
                  ? { left: outer.left, right: outer.left + area.clientWidth, top: outer.top - area.scrollTop,
                      bottom: outer.top - area.scrollTop + area.scrollHeight }
                  : outer;
                if (!isInside(inner, shown)) problems.push(`${say(tile)} leaves its area`);
                if (!isInside(box(tile.querySelector('.label')), inner)) problems.push(`the label of ${say(tile)} leaves it`);
                if (inner.width < 60 || inner.height < 45) problems.push(`${say(tile)} is tiny: ${inner.width} × ${inner.height}`);
              }
              const controls = [...document.querySelectorAll('#call button, #call input, header button')]
                .filter(control => control.getClientRects().length > 0);
              for (const control of controls) {
                const { left, top, width, height } = box(control);
                if (!isInside(box(control), screen)) problems.push(`${say(control)} leaves the screen`);
                const hit = document.elementFromPoint(left + width / 2, top + height / 2);
                if (!hit || hit.closest('button, input') !== control) problems.push(`${say(control)} is covered by ${hit && say(hit)}`);
                if (width < 32 || height < 32) problems.push(`${say(control)} is too small to hit: ${width} × ${height}`);
              }
              const page = document.scrollingElement;
              if (page.scrollWidth > innerWidth) problems.push(`the page is ${page.scrollWidth} wide`);
              if (page.scrollHeight > innerHeight) problems.push(`the page is ${page.scrollHeight} high`);
              for (const name of document.querySelectorAll('.name, #title, .row-state')) {
                if (name.getClientRects().length > 0 && box(name).right > box(name.parentElement).right + 0.5)
                  problems.push(`${say(name)} is wider than its place`);
              }
              return { problems, tiles: tiles.length, controls: controls.length,
                scrolls: document.getElementById('tile-area').classList.contains('scrolls') };
            }
            """;

    private static Page joined(Rig rig) {
        String room = rig.freshRoom();
        Page page = rig.demoPage(WORD, room + "-".repeat(128 - room.length()));
        page.waitForFunction(
                "() => window.rotunda && window.rotunda.room",
                null,
                new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MS));
        return page;
    }

    private static Map<String, Object> look(Page page) {
        return CallPage.cast(page.evaluate(PROBLEMS));
    }

    @ParameterizedTest
    @CsvSource({"1280, 800", "1280, 600", "390, 844", "844, 390"})
    void everyTileAndEveryControlHasItsPlace(int width, int height, Rig rig) {
        Page page = joined(rig);
        page.setViewportSize(width, height);
        for (int count : COUNTS) {
            page.evaluate(FILL, List.of(count, WORD, WORDS));
            Map<String, Object> seen = look(page);
            assertThat(CallPage.<String>list(seen, "problems"))
                    .as("%d people on %d × %d", count, width, height)
                    .isEmpty();
            assertThat(seen)
                    .containsEntry("tiles", count)
                    .containsEntry("scrolls", false)
                    .containsEntry("controls", 8);
        }
    }

    @ParameterizedTest
    @CsvSource({"1280, 800", "1280, 600", "390, 844", "844, 390", "320, 480"})
    void thePanelAndASharedScreenLeaveTheControlsFree(int width, int height, Rig rig) {
        Page page = joined(rig);
        page.setViewportSize(width, height);
        page.evaluate(
                "name => rotunda.people.put({ key: 'PS/screen', name, isScreen: true, isVideoOn: true, video: null })",
                WORD);
        for (int count : List.of(1, 4, 25)) {
            page.evaluate(FILL, List.of(count, WORD, WORDS));
            assertThat(CallPage.<String>list(look(page), "problems"))
                    .as("a screen and %d people on %d × %d", count, width, height)
                    .isEmpty();
        }
        page.locator("#toggle-panel").click();
        assertThat(CallPage.<String>list(look(page), "problems"))
                .as("the panel on %d × %d", width, height)
                .isEmpty();
        page.locator("#close-panel").click();
        page.evaluate("() => rotunda.people.remove('PS/screen')");
        Map<String, Object> after = look(page);
        assertThat(CallPage.<String>list(after, "problems")).isEmpty();
        assertThat(after).containsEntry("tiles", 25);
    }

    @Test
    void theFormIsReachableOnEveryScreen(Rig rig) {
        Page page = rig.demoLobby(WORD, WORD);
        for (int[] size : new int[][] {{1280, 800}, {1280, 600}, {390, 844}, {844, 390}, {320, 400}}) {
            page.setViewportSize(size[0], size[1]);
            for (String control : List.of("#name", "#room", "#with-microphone", "#with-camera", "#enter")) {
                page.locator(control).scrollIntoViewIfNeeded();
                assertThat(
                                page.locator(control)
                                        .evaluate(
                                                "control => { const { left, top, width, height } = control.getBoundingClientRect();"
                                                        + " return document.elementFromPoint(left + width / 2, top + height / 2) === control; }"))
                        .as("%s on %d × %d", control, size[0], size[1])
                        .isEqualTo(true);
            }
            assertThat(page.evaluate("() => document.scrollingElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
        }
    }

    /**
     * Tests the computed layout for many numbers of tiles and many sizes of the area. A layout that is higher than the
     * area must not claim to fit.
     */
    @Test
    void theArithmeticFillsEveryStage(Rig rig) {
        Page page = rig.demoLobby("alice", "daily");
        Object wrong = page.evaluate("""
                () => {
                  const wrong = [];
                  for (let count = 1; count <= 50; count++)
                    for (let width = 80; width <= 1600; width += 76)
                      for (let height = 80; height <= 1000; height += 46) {
                        const layout = rotunda.tiles(count, width, height);
                        const usedWidth = layout.columns * (layout.width + 8) - 8;
                        const usedHeight = layout.rows * (layout.height + 8) - 8;
                        if (layout.columns * layout.rows < count || (layout.rows - 1) * layout.columns >= count
                            || usedWidth > width || layout.width < 1 || layout.height < 1 || (layout.fits && usedHeight > height))
                          wrong.push([count, width, height, JSON.stringify(layout)].join(' '));
                      }
                  return wrong.slice(0, 10);
                }
                """);
        assertThat(CallPage.<String>castList(wrong)).isEmpty();
        assertThat(page.evaluate("() => rotunda.tiles(0, 100, 100).columns")).isEqualTo(0);
        assertThat(page.evaluate("() => rotunda.tiles(3, 0, 0).columns")).isEqualTo(0);
    }

    @Test
    void initialsAreThoseOfTheFirstAndTheLastWord(Rig rig) {
        Map<String, String> table = new LinkedHashMap<>();
        table.put("alice", "A");
        table.put("Alice", "A");
        table.put("alice bob", "AB");
        table.put("Ludwig van Beethoven", "LB");
        table.put("  Ada \t Lovelace  ", "AL");
        table.put("Jean-Luc Picard", "JP");
        table.put("(bob) \"the builder\"", "BB");
        table.put("R2-D2", "R");
        table.put("42", "4");
        table.put("élodie Ångström", "ÉÅ");
        table.put("e\u0301lodie", "É"); // A letter with a combining accent.
        table.put("Владимир Петров", "ВП");
        table.put("李小龙", "李");
        table.put("محمد علي", "مع");
        table.put("ßeta", "ß");
        table.put("\uD835\uDC9C\uD835\uDCB7", "\uD835\uDC9C"); // Letters outside the basic plane.
        table.put("\uD801\uDC37x", "\uD801\uDC0F"); // A small letter outside the basic plane that has a capital form.
        table.put("\uD83C\uDF89", "\uD83C\uDF89"); // An emoji.
        table.put("\uD83C\uDF89 Party", "\uD83C\uDF89P");
        // An emoji that is composed of two emoji.
        table.put("\uD83D\uDC69\u200D\uD83D\uDE80", "\uD83D\uDC69\u200D\uD83D\uDE80");
        table.put("\uD83C\uDDE9\uD83C\uDDEA", "\uD83C\uDDE9\uD83C\uDDEA"); // A flag consists of two code points.
        table.put("?!", "?");
        table.put("\u200B", "?"); // The name has no visible character.
        table.put("", "?");
        Page page = rig.demoLobby("alice", "daily");
        Map<String, String> made = new LinkedHashMap<>();
        table.keySet()
                .forEach(name -> made.put(name, (String) page.evaluate("name => rotunda.initialsOf(name)", name)));
        assertThat(made).containsExactlyEntriesOf(table);
        assertThat(page.evaluate("() => [rotunda.initialsOf(undefined), rotunda.initialsOf(null)].join()"))
                .isEqualTo("?,?");
    }
}
