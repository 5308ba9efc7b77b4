// Countries as a flat map needs them.

/** A country's polygons without leaps from 180 to -180 degrees: what crosses the date line goes on beyond it, and stands on both sides of the map. */
export function flat(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : (geometry.coordinates ?? []);
  return polygons.flatMap((polygon) => {
    const rings = polygon.map(unwrapped);
    const lons = rings[0].map(([lon]) => lon);
    const shifts = [0];
    if (Math.max(...lons) > 180) shifts.push(-360);
    if (Math.min(...lons) < -180) shifts.push(360);
    return shifts.map((shift) => rings.map((ring) => ring.map(([lon, lat]) => [lon + shift, lat])));
  });
}

function unwrapped(ring) {
  let turn = 0;
  const points = ring.map(([lon, lat], i) => {
    const leap = i === 0 ? 0 : lon - ring[i - 1][0];
    if (leap > 180) turn -= 360;
    else if (leap < -180) turn += 360;
    return [lon + turn, lat];
  });
  if (turn !== 0) {
    // Around a pole: along the edge of the map, and back.
    const pole = ring[0][1] < 0 ? -89.9 : 89.9;
    points.push([points.at(-1)[0], pole], [points[0][0], pole], points[0]);
  }
  return points;
}
