// The arithmetic of the stage. It uses no document and keeps no state.

/** Pixels between two tiles. */
export const GAP = 8;

/**
 * The bounds of a tile's shape, as width divided by height. A picture is cropped to the shape of its tile, and between
 * these bounds a face stays in the picture.
 */
const WIDEST = 16 / 9;
const NARROWEST_ON_WIDE_STAGE = 5 / 4;
const NARROWEST_ON_TALL_STAGE = 4 / 5;

/** The least size of a tile. A smaller tile has no room for a name, so the stage scrolls instead. */
const WIDTH_MIN = 96;
const HEIGHT_MIN = 60;

/** The shape and least width of tiles on a stage that scrolls. */
const SCROLLED_WIDTH_MIN = 112;
const SCROLLED_SHAPE = 4 / 3;

/**
 * Returns the numbers of columns and rows with which the tiles are largest, and the size of each tile in whole pixels.
 * If `fits` is true, all tiles fit into the given size. If `fits` is false, the tiles fit only into the given width,
 * and the stage has to scroll.
 */
export function tiles(count, width, height) {
  if (count < 1 || width < 1 || height < 1) {
    return { columns: 0, rows: 0, width: 0, height: 0, fits: true };
  }
  const narrowest = width >= height ? NARROWEST_ON_WIDE_STAGE : NARROWEST_ON_TALL_STAGE;
  let best = null;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - GAP * (columns - 1)) / columns;
    const cellHeight = (height - GAP * (rows - 1)) / rows;
    const tileWidth = Math.floor(Math.min(cellWidth, cellHeight * WIDEST));
    const tileHeight = Math.floor(Math.min(cellHeight, tileWidth / narrowest));
    if (tileWidth < WIDTH_MIN || tileHeight < HEIGHT_MIN) {
      continue;
    }
    if (best === null || tileWidth * tileHeight > best.width * best.height) {
      best = { columns, rows, width: tileWidth, height: tileHeight, fits: true };
    }
  }
  return best || scrolled(count, width);
}

function scrolled(count, width) {
  const columns = Math.min(count, Math.max(1, Math.floor((width + GAP) / (SCROLLED_WIDTH_MIN + GAP))));
  const tileWidth = Math.floor((width - GAP * (columns - 1)) / columns);
  return {
    columns,
    rows: Math.ceil(count / columns),
    width: tileWidth,
    height: Math.floor(tileWidth / SCROLLED_SHAPE),
    fits: false,
  };
}
