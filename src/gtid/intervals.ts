/**
 * Sets of numbers as half-open intervals in one flat, ascending array: `[start, end, start, end, …]`, with
 * `start < end` and a gap between neighbours (touching intervals are merged). An empty array is the empty set.
 */
export type Intervals = bigint[];

/** Index of the first interval whose end is at or above `value`, as an index of its start in the array. */
function firstEndingFrom(intervals: Intervals, value: bigint): number {
  let low = 0;
  let high = intervals.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (intervals[2 * middle + 1]! < value) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

export function intervalsContain(intervals: Intervals, value: bigint): boolean {
  const at = firstEndingFrom(intervals, value + 1n);
  return at < intervals.length && intervals[at]! <= value;
}

/** Adds `[start, end)` in place. */
export function addInterval(intervals: Intervals, start: bigint, end: bigint): void {
  if (start >= end) return;
  const last = intervals.length - 1;
  // A stream of transactions almost always continues the last interval.
  if (last > 0 && intervals[last] === start) {
    intervals[last] = end;
    return;
  }
  const from = firstEndingFrom(intervals, start);
  let to = from;
  let mergedStart = start;
  let mergedEnd = end;
  for (; to < intervals.length && intervals[to]! <= end; to += 2) {
    if (intervals[to]! < mergedStart) mergedStart = intervals[to]!;
    if (intervals[to + 1]! > mergedEnd) mergedEnd = intervals[to + 1]!;
  }
  intervals.splice(from, to - from, mergedStart, mergedEnd);
}

export function uniteIntervals(a: Intervals, b: Intervals): Intervals {
  const result: Intervals = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const fromA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const start = fromA ? a[i]! : b[j]!;
    const end = fromA ? a[i + 1]! : b[j + 1]!;
    if (fromA) i += 2;
    else j += 2;
    const last = result.length - 1;
    if (last > 0 && start <= result[last]!) {
      if (end > result[last]!) result[last] = end;
    } else result.push(start, end);
  }
  return result;
}

export function subtractIntervals(a: Intervals, b: Intervals): Intervals {
  const result: Intervals = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let start = a[i]!;
    const end = a[i + 1]!;
    while (j < b.length && b[j + 1]! <= start) j += 2;
    for (let k = j; k < b.length && b[k]! < end; k += 2) {
      if (start < b[k]!) result.push(start, b[k]!);
      start = b[k + 1]!;
    }
    if (start < end) result.push(start, end);
  }
  return result;
}

export function intersectIntervals(a: Intervals, b: Intervals): Intervals {
  const result: Intervals = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const start = a[i]! > b[j]! ? a[i]! : b[j]!;
    const end = a[i + 1]! < b[j + 1]! ? a[i + 1]! : b[j + 1]!;
    if (start < end) result.push(start, end);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return result;
}

/** Whether every number of `a` is in `b`. */
export function isIntervalsSubset(a: Intervals, b: Intervals): boolean {
  for (let i = 0; i < a.length; i += 2) {
    const at = firstEndingFrom(b, a[i + 1]!);
    if (at >= b.length || b[at]! > a[i]!) return false;
  }
  return true;
}

export function countIntervals(intervals: Intervals): bigint {
  let count = 0n;
  for (let i = 0; i < intervals.length; i += 2) count += intervals[i + 1]! - intervals[i]!;
  return count;
}
